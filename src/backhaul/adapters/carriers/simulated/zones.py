"""How far a parcel has to go, as far as its price is concerned; the rules stand in rates.toml."""

from math import hypot

import msgspec

from backhaul.kernel.addresses import Address

_NEIGHBOURS = frozenset({"US", "CA", "MX"})
_REMOTE_STATES = frozenset({"AK", "HI", "PR", "GU", "VI", "AS", "MP", "AA", "AE", "AP"})


class ZoneLimits(msgspec.Struct, frozen=True):
    """Distances in degrees."""

    near: float
    middle: float


class Remote(msgspec.Struct, frozen=True):
    """Where ships and planes deliver."""

    prefixes: tuple[str, ...]


class Geography(msgspec.Struct, frozen=True, kw_only=True):
    """The part of the rate card that says what lies where."""

    zip_regions: dict[str, tuple[float, float]]
    zone_limits: ZoneLimits
    remote: Remote
    regions: dict[str, frozenset[str]]


def zone_of(where: Geography, origin: Address, destination: Address) -> str:
    """Return the zone between two addresses."""
    start, end = origin.country_code.upper(), destination.country_code.upper()
    if start != end:
        return _abroad(where, {start, end})
    first, last = (_code(address) for address in (origin, destination))
    if start != "US":
        return "local" if first[:2] and first[:2] == last[:2] else "middle"
    return _within_us(where, origin, destination)


def _abroad(where: Geography, countries: set[str]) -> str:
    if countries <= _NEIGHBOURS:
        return "neighbour"
    if any(countries <= region for region in where.regions.values()):
        return "region"
    return "world"


def _within_us(where: Geography, origin: Address, destination: Address) -> str:
    first, last = _code(origin), _code(destination)
    if first[:3] and first[:3] == last[:3]:
        return "local"
    if any(_is_remote(where, address) for address in (origin, destination)):
        return "remote"
    places = [where.zip_regions.get(code[:1]) for code in (first, last)]
    if places[0] is None or places[1] is None:
        return "middle"  # an incomplete address, which costs no more than the average
    distance = hypot(places[0][0] - places[1][0], places[0][1] - places[1][1])
    limits = where.zone_limits
    return "near" if distance <= limits.near else "middle" if distance <= limits.middle else "far"


def _is_remote(where: Geography, address: Address) -> bool:
    state = (address.state_code or "").strip().upper()
    return state in _REMOTE_STATES or _code(address)[:3] in where.remote.prefixes


def _code(address: Address) -> str:
    return (address.postal_code or "").strip().upper()
