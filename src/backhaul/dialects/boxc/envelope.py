"""What goes out: one object under its name, lists under theirs with `next_page`, money and kilograms as numbers.

Amounts become `Decimal` here, never a float: 1437 cents are 14.37, 1420 are 14.2 and none are 0, as the documented
examples write them (contract B20).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from backhaul.dialects.answering import Answer, answer_bytes
from backhaul.dialects.boxc.calling import Call

KEPT_NUMBERS = 4096  # fees and weights are few, pages show fifty of each, and decimals are slow to make

_encoder = msgspec.json.Encoder(decimal_format="number")


def one(call: Call, name: str, content: Any, *, status: int = 200) -> Answer:
    """Return an answer with one object under its name."""
    return answer_bytes(_encoder.encode({name: content}), status=status, headers=call.headers)


def listed(call: Call, name: str, contents: Sequence[Any], *, next_page: str | None) -> Answer:
    """Return an answer with a page of a list."""
    return answer_bytes(_encoder.encode({name: contents, "next_page": next_page}), headers=call.headers)


def empty(call: Call) -> Answer:
    """Return an answer that says no more than that it is done."""
    return answer_bytes(b"", headers=call.headers)


@lru_cache(maxsize=KEPT_NUMBERS)
def amount(minor: int) -> Decimal:
    """Return an amount of hundredths as a number with at most two decimals."""
    return _short(Decimal(minor).scaleb(-2))


@lru_cache(maxsize=KEPT_NUMBERS)
def kilograms(grams: int) -> Decimal:
    """Return a weight as a number with at most three decimals."""
    return _short(Decimal(grams).scaleb(-3))


def moment(at: datetime) -> str:
    """Return an instant as this dialect writes it, in UTC: `2016-06-30 12:34:55`."""
    return at.astimezone(UTC).isoformat(" ", "seconds")[: len("2016-06-30 12:34:55")]


def _short(number: Decimal) -> Decimal:
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()
