"""Values of a body, each read by a rule; everything that is wrong is gathered, so that it is told at once."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, TypeVar

from backhaul.kernel.errors import FieldProblem, InvalidInput

MAX_AMOUNT = (
    999_999_999_999  # whole units; room for every currency, and far from the end of a bigint of cents
)

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)
_CENT = Decimal("0.01")
_exact = Context(prec=60, traps=[Inexact, InvalidOperation])

Choice = TypeVar("Choice")


class Check:
    """Reads the values of one object. A refused value is noted and reads as absent."""

    def __init__(self, values: Mapping[str, Any], *, within: str = "") -> None:
        self._values = values
        self.within = within
        self.problems: list[FieldProblem] = []

    def has(self, name: str) -> bool:
        """Tell whether the key was sent at all."""
        return name in self._values

    def sent(self, name: str) -> Any:
        """Return what was sent, whatever it is; None when nothing was."""
        return self._values.get(name)

    def refuse(self, name: str, code: str, text: str) -> None:
        """Note a problem."""
        self.problems.append(FieldProblem(f"{self.within}{name}", code, text))

    def done(self) -> None:
        """Refuse the body if anything is wrong with it."""
        if self.problems:
            raise InvalidInput(self.problems)

    def text(self, name: str, *, is_required: bool = False) -> str | None:
        """Return the text without outer blanks; a blank one counts as absent."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            self.refuse(name, "type", "must be a text")
            return None
        stripped = (value or "").strip()
        if "\x00" in stripped:
            self.refuse(name, "characters", "must not contain the character U+0000")
            return None
        if not stripped and is_required:
            self.refuse(name, "missing" if value is None else "blank", "can't be blank")
        return stripped or None

    def secret(self, name: str) -> str:
        """Return a text exactly as it was sent; an empty one counts as absent."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            self.refuse(name, "type", "must be a text")
            return ""
        if not value:
            self.refuse(name, "missing", "can't be blank")
        return value or ""

    def digits(self, name: str, *, is_required: bool = False) -> str | None:
        """Return a text of digits, which may be sent as a number too (contract C13)."""
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            text: str | None = str(value)
        elif value is None or isinstance(value, str):
            text = self.text(name, is_required=is_required)
        else:
            self.refuse(name, "type", "must be a text of digits, or a whole number")
            return None
        if text is not None and not (text.isascii() and text.isdigit()):
            self.refuse(name, "digits", "must contain only numbers")
            return None
        return text

    def day(self, name: str) -> date | None:
        """Return a day, written 2023-01-15."""
        text = self.text(name)
        if text is None:
            return None
        if _DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        self.refuse(name, "date", "must be a date like 2023-01-15")
        return None

    def amount_minor(self, name: str) -> int | None:
        """Return an amount of money in hundredths; it is sent as a number or as a text."""
        value = self._values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        number = _number(value)
        if number is None:
            self.refuse(name, "type", "must be a number")
        elif not 0 <= number <= MAX_AMOUNT:
            self.refuse(name, "range", f"must be from 0 to {MAX_AMOUNT}")
        else:
            try:
                return int(number.quantize(_CENT, context=_exact).scaleb(2))
            except Inexact:
                self.refuse(name, "precision", "must have at most two decimals")
        return None

    def choice(
        self, name: str, choices: Mapping[str, Choice], *, shown: str, is_required: bool = False
    ) -> Choice | None:
        """Return one of some values, named in any letter case."""
        text = self.text(name, is_required=is_required)
        if text is None:
            return None
        chosen = choices.get(" ".join(text.lower().split()))
        if chosen is None:
            self.refuse(name, "inclusion", f"must be one of {shown}")
        return chosen


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, str) and _AMOUNT.fullmatch(value.strip()):
        return Decimal(value.strip())
    return None
