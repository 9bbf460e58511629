"""A warehouse as this dialect shows it."""

from typing import Any

from backhaul.domain.returns import Warehouse
from backhaul.kernel.addresses import Address


def warehouse(found: Warehouse) -> dict[str, Any]:
    """Return a warehouse; its address is one text of several lines."""
    return {
        "id": found.code,
        "name": found.name,
        "address": _lines(found.address),
        "country": found.address.country_code,
        "entry_point": found.entry_point,
        "language": found.language,
        "language_code": found.language_code,
    }


def _lines(address: Address) -> str:
    place = " ".join(part for part in (address.city, address.state_code, address.postal_code) if part)
    lines = (address.name, address.line_1, address.line_2, place, address.country_code)
    return "\n".join(line for line in lines if line)
