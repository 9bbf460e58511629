"""Forms of several parts: whatever stands in them is taken or refused as what it is meant to be, and is no defect."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dialects.unduit.furnishing import WRITTEN

LINE = ("POST", "/api/v1/assets/assign/user")
UNREADABLE = {
    "message": "Invalid asset number or user email",
    "success": False,
    "error": {
        "code": "INPUT_ASSIGNMENT_MALFORMED",
        "message": "Invalid asset number or user email.",
        "details": [{"field": "", "message": "must be a form of at most 1000 parts, with texts in UTF-8"}],
    },
}


def part(name, value, headers=b""):
    return (
        b'--x\r\ncontent-disposition: form-data; name="'
        + name
        + b'"\r\n'
        + headers
        + b"\r\n"
        + value
        + b"\r\n"
    )


def form(*parts):
    return b"".join(parts) + b"--x--\r\n"


def charset(name):
    return b"content-type: text/plain; charset=" + name + b"\r\n"


async def send(office, content, content_type="multipart/form-data; boundary=x"):
    return await office.call_as("owner", *LINE, content=content, headers={"content-type": content_type})


@pytest.mark.parametrize(
    "content",
    [
        form(part(b"asset_number", b"5", charset(b"nope"))),
        form(part(b"asset_number", b"5", charset(b"hex"))),
        form(part(b"asset_number", b"\xff")),
        form(part(b"asset_number", b"\xff", charset(b"ascii"))),
        form(part(b"asset_number", b"5", charset(b"undefined"))),
        form(part(b"\xff", b"5")),
        form(*[part(b"a", b"5")] * 1001),
        form(b'--x\r\ncontent-disposition: form-data; name="a"\r\n' + b"x: y\r\n" * 100 + b"\r\n\r\n"),
        b"--x\r\n\r\n5\r\n--x--\r\n",
        b"--y\r\n",
        b"--x\r\n",
        b"x",
    ],
)
async def test_a_form_that_cannot_be_read_is_refused(office, described, content):
    before = await office.traces(WRITTEN)
    answer = await send(office, content)
    assert (answer.status_code, answer.json()) == (400, UNREADABLE)
    described(*LINE, 400, answer.json())
    assert await office.traces(WRITTEN) == before


async def test_a_form_above_one_mebibyte_is_too_large(office):
    answer = await send(office, form(part(b"asset_number", b"5" * 1_048_576)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "HTTP_BODY_TOO_LARGE")


async def test_texts_may_name_their_charset(own_office):
    number, email = own_office.ids["give_0"], "john.doe@unduit.com"
    content = form(
        part(b"asset_number", number.encode("utf-16"), charset(b"utf-16")),
        part(b"assign_to_email", email.encode(), charset(b"iso-8859-1")),
        part(b"asset_status", b"\xe4", charset(b"iso-8859-1")),
    )
    answer = await send(own_office, content)
    assert (answer.status_code, answer.json()) == (200, {"message": "Asset assigned successfully."})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    boundary=st.sampled_from(["x", '""', '"x y"', "\\", "x" * 100, "--", '"', "é"]),
    name=st.sampled_from([b"asset_number", b"assign_to_email", b"asset_status", b"", b'"', b"\xff", b"\x00"]),
    encoding=st.sampled_from([b"utf-7", b"unicode_escape", b"idna", b"punycode", b"utf-16", b"", b"a\x00b"]),
    value=st.one_of(st.binary(max_size=30), st.sampled_from([b"+2AA-@x.com", b"\\ud800@x.com", b"xn--a@b"])),
)
async def test_no_form_is_a_defect(office, boundary, name, encoding, value):
    content = form(
        part(b"asset_number", office.ids["on_hold"].encode()),
        part(b"assign_to_email", b"nobody@example.com"),
        part(name, value, charset(encoding)),
    )
    answer = await send(office, content, f"multipart/form-data; boundary={boundary}".encode("latin-1"))
    assert answer.status_code in {400, 404, 422}, answer.text


async def test_a_byte_order_mark_is_passed_over(office):
    for content, content_type in (
        (b'{"asset_number": "1", "assign_to_email": "a@example.com"}', "application/json"),
        (b'{"asset_number": "1", "assign_to_email": "a@example.com"}', "text/plain"),
        (b"asset_number=1&assign_to_email=a@example.com", "application/x-www-form-urlencoded"),
    ):
        answer = await send(office, b"\xef\xbb\xbf" + content, content_type)
        assert (answer.status_code, answer.json()["message"]) == (404, "Asset or user not found")
