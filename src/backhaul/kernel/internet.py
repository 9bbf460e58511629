"""Which internet addresses belong to the public internet; what a host in a URL stands for. Nothing is looked up.

A server that calls addresses strangers choose must not become their way into the network it stands in. The rule is a
list of our own (IANA's special-purpose registries) rather than `ipaddress.is_global`, whose answer changes with
Python's version.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Networks = tuple[Network, ...]

# Everything else of IPv4 is global unicast.
_SPECIAL_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT (RFC 6598)
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: the metadata services of clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Of IPv6 only this is global unicast …
_UNICAST_V6 = IPv6Network("2000::/3")
# … except for
_SPECIAL_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 holds an IPv4 address that a relay would call
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that is called

_LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"})
_LOOPBACK: tuple[Address, ...] = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_MAX_NAME_LENGTH = 253
_MOST_PARTS = 4  # of an IPv4 address


class NotAHost(ValueError):
    """The text is neither an address nor a name that could be looked up."""


def networks(texts: Iterable[str]) -> Networks:
    """Return networks in CIDR form; raises ValueError for the first that is none."""
    return tuple(ip_network(text) for text in texts)


def is_global(address: Address) -> bool:
    """Return whether an address is one of the public internet; addresses that hold an IPv4 address stand for it."""
    address = plain(address)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_V4)
    if address in _NAT64:
        return is_global(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _UNICAST_V6 and not any(address in network for network in _SPECIAL_V6)


def is_allowed(address: Address, allowed: Networks) -> bool:
    """Return whether an address may be called: it is global, or lies in a network that is allowed by name."""
    address = plain(address)
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return False  # means something else on every machine
    return is_global(address) or any(address in network for network in allowed)


def plain(address: Address) -> Address:
    """Return the IPv4 address of an IPv4-mapped one (::ffff:a.b.c.d), any other address as it is."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def read_host(host: str) -> str | Address:
    """Return what a URL's host stands for: an address, in every spelling that resolvers take, or a name.

    `127.1`, `0x7f000001`, `2130706433` and `0177.0.0.1` are 127.0.0.1 (WHATWG URL, inet_aton). An IPv6 address comes
    in brackets. A name is returned in lower-case ASCII without its final dot; raises NotAHost for anything else.
    """
    if host.startswith("["):
        return _read_v6(host)
    name = _ascii(host).lower().removesuffix(".")
    if _NUMBER.fullmatch(name.rpartition(".")[2]):  # a top-level domain is never a number
        return _read_v4(name)
    if len(name) > _MAX_NAME_LENGTH or not all(map(_LABEL.fullmatch, name.split("."))):
        raise NotAHost(f"{host} is not a host name")
    return name


def is_local_name(name: str) -> bool:
    """Return whether a name means the machine itself by definition (RFC 6761 §6.3)."""
    return name in _LOCAL_NAMES or name.endswith(".localhost")


def may_be_called(host: str | Address, allowed: Networks) -> bool:
    """Return whether a host may be called as far as its spelling tells; other names are judged when resolved."""
    if isinstance(host, str):
        return not is_local_name(host) or any(is_allowed(address, allowed) for address in _LOOPBACK)
    return is_allowed(host, allowed)


def _read_v6(host: str) -> IPv6Address:
    if not host.endswith("]"):
        raise NotAHost(f"{host} is not an address")
    try:
        return IPv6Address(host[1:-1])
    except ValueError as error:
        raise NotAHost(str(error)) from error


def _read_v4(host: str) -> IPv4Address:
    parts = host.split(".")
    if len(parts) > _MOST_PARTS or not all(map(_NUMBER.fullmatch, parts)):
        raise NotAHost(f"{host} is not an address")
    try:
        *high, low = (_read_number(part) for part in parts)
        if any(part > 0xFF for part in high):  # noqa: PLR2004 -- one byte
            raise NotAHost(f"{host} is not an address")
        value = low + sum(part << 8 * (3 - place) for place, part in enumerate(high))
        if low >= 1 << 8 * (_MOST_PARTS - len(high)):
            raise NotAHost(f"{host} is not an address")
        return IPv4Address(value)
    except ValueError as error:
        raise NotAHost(str(error)) from error


def _read_number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if part.startswith("0") else int(part)


def _ascii(host: str) -> str:
    # First of all: other scripts' digits, dots and invisible signs turn into an address here.
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise NotAHost(f"{host} is not a host name") from error
