"""Amounts as people type them."""

from decimal import Decimal, InvalidOperation

from backhaul.kernel.errors import FieldProblem, InvalidInput

_LONGEST = 20
_MOST = 10**15  # hundredths: sums of such amounts are far from what a column holds


def minor_in(text: str, *, path: str) -> int:
    """Return an amount such as `1,250.00` in hundredths; refuses what is none, at `path`."""
    plain = text.replace(",", "").replace("\N{NO-BREAK SPACE}", "").removeprefix("$").strip()
    try:
        amount = Decimal(plain) * 100 if len(plain) <= _LONGEST and plain.isascii() else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount != amount.to_integral_value() or abs(amount) > _MOST:
        raise InvalidInput([FieldProblem(path, "billing.amount_shape", "must be an amount such as 250.00")])
    return int(amount)
