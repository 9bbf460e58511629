"""Paths as they were meant: what is routed, and what a segment really holds."""

import pytest

from backhaul.kernel.paths import SLASH_WITHIN, as_routed, segment_text


@pytest.mark.parametrize(
    ("raw", "routed"),
    [
        (b"/api/v1/assets//unassign/user", "/api/v1/assets/unassign/user"),
        (b"//api///v1/assets/", "/api/v1/assets"),
        (b"/api/v1/assets/a%2Fb/history", f"/api/v1/assets/a{SLASH_WITHIN}b/history"),
        (b"/api/v1/assets/%2f%2F/history", f"/api/v1/assets/{SLASH_WITHIN * 2}/history"),
        (b"/api/v1/assets/a%20b//history?x=//y", "/api/v1/assets/a b/history"),
        (b"/api/v1/assets/a%252Fb", "/api/v1/assets/a%2Fb"),
        ("/api/v1/assets/gerät".encode(), "/api/v1/assets/gerät"),
        (b"/api/v1/assets/a%00b%2F", f"/api/v1/assets/a\N{REPLACEMENT CHARACTER}b{SLASH_WITHIN}"),
        (b"/api/v1/assets/%C3%A4%FF", "/api/v1/assets/ä\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_an_api_path_is_made_of_what_was_sent(raw, routed):
    assert as_routed("/api/v1/whatever", raw) == routed


@pytest.mark.parametrize("path", ["/track//1", "/", "//", "/apis//v1", "/static//api/x"])
def test_other_paths_stay_as_they_are(path):
    assert as_routed(path, b"/api/v1/x") == path


@pytest.mark.parametrize("path", ["/track/\x00", "/api/v1/\x00", "/\x00api/v1"])
def test_a_nul_in_any_path_is_replaced(path):
    assert as_routed(path, path.replace("\x00", "%00").encode()) == path.replace(
        "\x00", "\N{REPLACEMENT CHARACTER}"
    )


def test_without_the_raw_path_the_decoded_one_is_routed():
    assert as_routed("/api//v1/a b", b"") == "/api/v1/a b"


def test_a_segment_gets_its_slashes_back():
    routed = as_routed("/api/v1/assets/A/1/history", b"/api/v1/assets/%2FA%2F1/history")
    assert routed.split("/")[:5] == ["", "api", "v1", "assets", f"{SLASH_WITHIN}A{SLASH_WITHIN}1"]
    assert segment_text(routed.split("/")[4]) == "/A/1"
