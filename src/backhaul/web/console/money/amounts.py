"""Amounts as people type them."""

from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.numerals import Unread, number_in

_HUNDREDTHS = 2  # decimals


def minor_in(text: str, *, path: str) -> int:
    """Return an amount such as `1,250.00` in hundredths; refuses what is none, or may be another, at `path`.

    How large it may be is the operation's to say. `1,00` and `1.250,00` are refused with what to write: a comma stands
    between thousands, never before cents.
    """
    amount = number_in(text.removeprefix("$"), decimals=_HUNDREDTHS)
    if isinstance(amount, Unread):
        advice = amount.advice(least_decimals=_HUNDREDTHS)
        said = "must be an amount such as 250.00" if advice is None else f"write it as {advice}"
        raise InvalidInput([FieldProblem(path, "billing.amount_shape", said)])
    return int(amount.scaleb(_HUNDREDTHS))
