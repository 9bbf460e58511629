"""What a scanner reads off a label: the carrier's barcode holds more than the tracking number. Pure."""

import re

from backhaul.domain.returns.model import MAX_TRACKING_LENGTH
from backhaul.kernel.errors import FieldProblem, InvalidInput

# USPS IMpb: application identifier 420, the destination's ZIP code of five or nine digits, then the number (USPS
# Publication 199). FedEx Ground 96: 34 digits, the last 14 of them the number, padded with zeros to the left.
_USPS = re.compile(r"420(?:\d{5}|\d{9})(9\d{19}(?:\d{2})?)")
_FEDEX = re.compile(r"\d{20}(\d{14})")
_FEDEX_DIGITS = 12  # of a printed number; only some of Ground's have more


def clean_number(scan: str) -> str:
    """Return a scanned or typed number without space, hyphens and function characters, or refuse."""
    number = re.sub(r"[\s\-\x1d]+", "", scan).upper()
    if not number.isascii() or not number.isalnum() or len(number) > MAX_TRACKING_LENGTH:
        text = f"must be 1 to {MAX_TRACKING_LENGTH} letters and digits"
        raise InvalidInput([FieldProblem("tracking_number", "returns.tracking_number", text)])
    return number


def printed_number(number: str) -> str:
    """Return the tracking number of a cleaned scan as the label prints it, so that scanned and typed are one parcel."""
    if usps := _USPS.fullmatch(number):
        return usps[1]
    if fedex := _FEDEX.fullmatch(number):
        return fedex[1].lstrip("0").zfill(_FEDEX_DIGITS)
    return number


def numbers_in(number: str) -> list[str]:
    """Return every tracking number that a cleaned scan may stand for, the likeliest first."""
    found = [number]
    if usps := _USPS.fullmatch(number):
        found.append(usps[1])
    elif fedex := _FEDEX.fullmatch(number):
        found += [fedex[1].lstrip("0"), fedex[1][-12:]]
    return list(dict.fromkeys(found))
