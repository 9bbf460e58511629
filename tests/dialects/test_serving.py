"""Whose word counts about a caller's address."""

from ipaddress import ip_network

import pytest

from backhaul.dialects.serving import Serving

PROXIES = ("10.0.0.0/8", "2001:db8::/32")


def address(peer, *forwarded, proxies=PROXIES):
    serving = Serving(
        db=None,
        clock=None,
        authenticator=None,
        trusted_proxies=tuple(ip_network(network) for network in proxies),
    )
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    scope = {"client": None if peer is None else (peer, 1234), "headers": [(b"host", b"x"), *headers]}
    return serving.remote_address(scope)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7, 10.0.0.2, 10.0.0.3"], "198.51.100.7"),
        ("2001:db8::1", ["198.51.100.7"], "198.51.100.7"),
        ("::ffff:10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["2001:ffff::7"], "2001:ffff::7"),
        ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7, "], "198.51.100.7"),
        (None, ["198.51.100.7"], None),
    ],
)
def test_the_address_is_the_last_one_nobody_we_trust_vouches_for(peer, forwarded, expected):
    assert address(peer, *forwarded) == expected


def test_a_stranger_cannot_speak_for_others():
    assert address("198.51.100.7", "192.0.2.1") == "198.51.100.7"


def test_nobody_is_believed_unless_the_settings_say_so():
    assert address("10.0.0.1", "198.51.100.7", proxies=()) == "10.0.0.1"


def test_what_a_client_wrote_before_the_proxy_does_not_count():
    assert address("10.0.0.1", "192.0.2.1, 198.51.100.7") == "198.51.100.7"


def test_a_proxy_that_adds_a_line_of_its_own_is_read_to_its_end():
    """The first line is the client's own invention; HAProxy, for one, adds a second."""
    assert address("10.0.0.1", "192.0.2.1", "198.51.100.7") == "198.51.100.7"
    assert address("10.0.0.1", "192.0.2.1", "198.51.100.7, 10.0.0.2") == "198.51.100.7"


def test_what_is_no_address_is_not_trusted():
    assert address("10.0.0.1", "192.0.2.1, unknown") == "unknown"
