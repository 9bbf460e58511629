"""What belongs to the public internet, and what a host stands for, in every spelling."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.internet_hosts import GLOBAL, LOCAL_NAMES, LOOPBACK, NO_HOSTS, NOT_GLOBAL

from backhaul.kernel.internet import NotAHost, is_allowed, is_global, may_be_called, networks, read_host


@pytest.mark.parametrize("text", NOT_GLOBAL)
def test_what_is_special_is_not_global(text):
    assert not is_global(ip_address(text))
    assert not is_allowed(ip_address(text), ())


@pytest.mark.parametrize("text", GLOBAL)
def test_the_public_internet_is_global_up_to_its_borders(text):
    assert is_global(ip_address(text))
    assert is_allowed(ip_address(text), ())


@pytest.mark.parametrize("host", LOOPBACK)
def test_every_spelling_of_an_address_is_that_address(host):
    assert read_host(host) == IPv4Address("127.0.0.1")
    assert not may_be_called(read_host(host), ())


@given(
    st.integers(min_value=0, max_value=2**32 - 1), st.lists(st.sampled_from("dox"), min_size=4, max_size=4)
)
def test_an_address_is_read_in_any_mixture_of_decimal_octal_and_hexadecimal(value, bases):
    spell = {"d": str, "o": lambda n: f"0{n:o}", "x": hex}
    address = IPv4Address(value)
    for length in (1, 2, 3, 4):
        high = list(address.packed[: length - 1])
        low = int.from_bytes(address.packed[length - 1 :])
        host = ".".join(spell[base](part) for base, part in zip(bases, [*high, low], strict=False))
        assert read_host(host) == address


@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_what_is_mapped_or_translated_is_judged_by_the_address_within(value):
    inner = IPv4Address(value)
    for prefix in ("::ffff:", "64:ff9b::"):
        assert is_global(IPv6Address(f"{prefix}{inner}")) == is_global(inner)


@pytest.mark.parametrize("host", LOCAL_NAMES)
def test_names_of_the_machine_itself_are_not_called(host):
    assert not may_be_called(read_host(host), ())


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "EXAMPLE.com.",
        "ü.example",
        "a-b.c_d.example",
        "localhost.example",
        "1.2.3.4.example",
        "intranet",
    ],
)
def test_other_names_wait_until_they_are_resolved(host):
    assert isinstance(read_host(host), str)
    assert may_be_called(read_host(host), ())


@pytest.mark.parametrize("host", NO_HOSTS)
def test_what_cannot_be_a_host_is_refused(host):
    with pytest.raises(NotAHost):
        read_host(host)


def test_an_allowed_network_may_be_called_in_its_every_spelling():
    allowed = networks(["127.0.0.0/8", "fd00::/8"])
    for text in ("127.0.0.1", "::ffff:127.0.0.1", "fd00::1"):
        assert is_allowed(ip_address(text), allowed)
    assert may_be_called("localhost", allowed)
    assert not is_allowed(ip_address("10.0.0.1"), allowed)
    assert not is_allowed(
        ip_address("fe80::1%eth0"), networks(["fe80::/10"])
    )  # a zone means nothing elsewhere
