"""What stands on a label, before anybody thinks about paper."""

from datetime import date
from math import ceil

import msgspec

from backhaul.kernel.addresses import Address
from backhaul.kernel.measures import Dimensions, inches_from_mm, ounces_from_grams

TRACKING_PAGE_BYTES = 152  # QR version 8, level M: above it the modules would be too fine for a label printer
_IMPERIAL = frozenset({"US", "LR", "MM"})


class Barcode(msgspec.Struct, frozen=True, kw_only=True):
    """The carrier's barcode: Code 128, or GS1-128 when it consists of GS1 element strings."""

    caption: str  # "USPS TRACKING #"
    text: str  # the number as people read it, in groups
    elements: tuple[str, ...]  # ASCII letters and digits; GS1 strings have an even number of digits each
    is_gs1: bool = False  # FNC1 before every element

    def __post_init__(self) -> None:
        for element in self.elements:
            if not (element.isascii() and element.isalnum()):
                raise ValueError(f"a barcode holds letters and digits only, not {element!r}")
            if self.is_gs1 and (not element.isdigit() or len(element) % 2):
                raise ValueError(f"a GS1 element string here is an even number of digits, not {element!r}")


class LabelSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One label."""

    letter: str  # one large letter, by which people sort parcels
    carrier: str
    service: str
    banner: str | None  # white on black across the label, "SIMULATED …"
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    details: tuple[tuple[str, str], ...]  # name and value: date, weight, size
    reference: str
    barcode: Barcode
    tracking_page: str  # the address inside the QR code, at most TRACKING_PAGE_BYTES long
    footer: str

    def __post_init__(self) -> None:
        if len(self.tracking_page.encode()) > TRACKING_PAGE_BYTES:
            raise ValueError(f"the QR code has no room for the address {self.tracking_page}")


def address_lines(address: Address, *, seen_from: str) -> tuple[str, ...]:
    """Return an address as printed; the country stands below only on mail that leaves `seen_from`."""
    place = " ".join(part for part in (address.state_code, address.postal_code) if part)
    town = ", ".join(part for part in (address.city, place) if part)
    country = address.country_code if address.country_code.upper() != seen_from.upper() else None
    lines = (address.name, address.attention, address.line_1, address.line_2, town, country)
    return tuple(line for line in lines if line and line.strip())


def weight_text(size: Dimensions, *, country_code: str) -> str:
    """Return a weight as the country reads it: pounds and ounces, or kilograms."""
    if country_code.upper() not in _IMPERIAL:
        return f"{size.weight_grams / 1000:.2f} kg"
    pounds, ounces = divmod(ceil(ounces_from_grams(size.weight_grams)), 16)  # a carrier weighs upwards
    return f"{pounds} lb {ounces} oz"


def size_text(size: Dimensions, *, country_code: str) -> str:
    """Return length × width × height as the country reads it: inches or centimetres."""
    sides = (size.length_mm, size.width_mm, size.height_mm)
    if country_code.upper() in _IMPERIAL:
        return " x ".join(f"{inches_from_mm(side):.0f}" for side in sides) + " in"
    return " x ".join(f"{side / 10:.0f}" for side in sides) + " cm"


def details_of(size: Dimensions, *, country_code: str, dated: date | None) -> tuple[tuple[str, str], ...]:
    """Return the small facts at the label's right edge."""
    facts = [] if dated is None else [("DATE", dated.strftime("%d %b %Y").upper())]
    facts.append(("WEIGHT", weight_text(size, country_code=country_code)))
    facts.append(("SIZE", size_text(size, country_code=country_code)))
    return tuple(facts)
