"""Tracking numbers with true check digits, made from a key: the same key always gives the same number.

For our own numbers only. A number from outside is never refused for its check digit: carriers print others
too.
"""

import hashlib
from itertools import cycle

from backhaul.domain.shipping.model import CarrierCode

# No 0, 1, I and O, which people mistake for one another.
_LEGIBLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def seed_of(*parts: str) -> int:
    """Return a large number that depends on the parts alone."""
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest())


def number_for(carrier: CarrierCode, key: str, *, service_digits: str = "") -> str:
    """Return the tracking number that a key stands for."""
    seed = seed_of("number", carrier.value, key)
    match carrier:
        case CarrierCode.USPS:
            # Application identifier 94, service type 001, a mailer id that begins with 00.
            body = "9400100" + _digits(seed, 14)
            return body + str(gs1_check_digit(body))
        case CarrierCode.UPS:
            body = "SIM" + _letters(seed, 3) + (service_digits or "03") + _digits(seed >> 64, 7)
            return "1Z" + body + str(ups_check_digit(body))
        case CarrierCode.FEDEX:
            body = "0" + _digits(seed, 10)  # numbers in use begin with other digits
            return body + str(fedex_check_digit(body))
        case CarrierCode.DHL_EXPRESS:
            body = _digits(seed, 9)  # all ten digits are in use: nothing is left for a range of our own
            return body + str(dhl_check_digit(body))
        case CarrierCode.SENDLE:
            return "S1M" + _letters(seed, 7)  # begins with S, six characters or more, no check digit


def grouped(carrier: CarrierCode, number: str) -> str:
    """Return a number in groups, as the carrier prints it."""
    match carrier:
        case CarrierCode.USPS | CarrierCode.FEDEX:
            sizes = [4] * 6
        case CarrierCode.UPS:
            sizes = [2, 3, 3, 2, 4, 4]
        case CarrierCode.DHL_EXPRESS:
            sizes = [2, 4, 4]
        case CarrierCode.SENDLE:
            sizes = [len(number)]
    groups, rest = [], number
    for size in sizes:
        groups.append(rest[:size])
        rest = rest[size:]
    return " ".join(group for group in (*groups, rest) if group)


def gs1_check_digit(digits: str) -> int:
    """Return the modulo 10 digit of GS1 General Specifications §7.9, as USPS Publication 199 asks."""
    weighted = sum(int(d) * weight for d, weight in zip(reversed(digits), cycle((3, 1)), strict=False))
    return -weighted % 10


def ups_check_digit(body: str) -> int:
    """Return the digit after `1Z` and fifteen characters: each second doubled, letters as code less 63."""
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    return -(sum(values[0::2]) + 2 * sum(values[1::2])) % 10


def fedex_check_digit(digits: str) -> int:
    """Return the twelfth digit: weights 1, 3, 7 from the right, modulo 11, of which 10 becomes 0."""
    weighted = sum(int(d) * weight for d, weight in zip(reversed(digits), cycle((1, 3, 7)), strict=False))
    return weighted % 11 % 10


def dhl_check_digit(digits: str) -> int:
    """Return the tenth digit of an air waybill: the first nine modulo 7."""
    return int(digits) % 7


def _digits(seed: int, count: int) -> str:
    return f"{seed % 10**count:0{count}d}"


def _letters(seed: int, count: int) -> str:
    return "".join(_LEGIBLE[(seed >> (5 * place)) % 32] for place in range(count))
