"""Values of a body, each read by a rule; everything that is wrong is gathered, so that it is told at once."""

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, Self, TypeVar

from backhaul.dialects.reading import read_object
from backhaul.kernel.errors import FieldProblem, InvalidInput

MAX_AMOUNT = 999_999_999  # whole units; far from the end of a bigint of cents
MAX_BIGINT = 2**63 - 1

_CENT = Decimal("0.01")
_exact = Context(prec=60, traps=[Inexact, InvalidOperation])

Choice = TypeVar("Choice")


class Check:
    """Reads the values of one object. A refused value is noted and reads as absent."""

    def __init__(
        self, values: Mapping[str, Any], *, within: str = "", problems: list[FieldProblem] | None = None
    ) -> None:
        self._values = values
        self._within = within
        self.problems = [] if problems is None else problems

    @classmethod
    def of_body(cls, raw: bytes, name: str) -> Self:
        """Return the object that a body holds under its name (contract §3.1), whatever type the body calls itself."""
        values = read_object(raw).get(name)
        if not isinstance(values, dict):
            problem = (
                FieldProblem(name, "missing", "is missing")
                if values is None
                else FieldProblem(name, "type", "must be an object")
            )
            raise InvalidInput([problem])
        return cls(values, within=f"{name}.")

    def refuse(self, name: str, code: str, text: str) -> None:
        """Note a problem."""
        self.problems.append(FieldProblem(f"{self._within}{name}", code, text))

    def done(self) -> None:
        """Refuse the body if anything is wrong with it."""
        if self.problems:
            raise InvalidInput(self.problems)

    def has(self, name: str) -> bool:
        """Tell whether the key was sent with a value."""
        return self._values.get(name) is not None

    def within(self, name: str, *, is_required: bool = False) -> "Check":
        """Return the object below; its problems are gathered with these. An absent one reads as an empty one."""
        value = self._values.get(name)
        if value is None and is_required:
            self._miss(name)
            return Check({}, within=f"{self._within}{name}.")  # that it is absent is said once
        if value is not None and not isinstance(value, dict):
            self.refuse(name, "type", "must be an object")
            return Check({}, within=f"{self._within}{name}.")
        return Check(value or {}, within=f"{self._within}{name}.", problems=self.problems)

    def text(self, name: str, *, longest: int, is_required: bool = False) -> str | None:
        """Return the text without outer blanks; a blank one counts as absent."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            self.refuse(name, "type", "must be a text")
            return None
        stripped = (value or "").strip()
        if len(stripped) > longest:
            self.refuse(name, "length", f"must have at most {longest} characters")
            return None
        if "\x00" in stripped:
            self.refuse(name, "characters", "must not contain the character U+0000")
            return None
        if not stripped and is_required:
            if value is None:
                self._miss(name)
            else:
                self.refuse(name, "blank", "can't be blank")
        return stripped or None

    def choice(self, name: str, choices: Mapping[str, Choice], *, is_required: bool = False) -> Choice | None:
        """Return one of some values, named exactly."""
        value = self._values.get(name)
        if value is None:
            if is_required:
                self._miss(name)
            return None
        if not isinstance(value, str) or value not in choices:
            self.refuse(name, "inclusion", f"must be one of {', '.join(choices)}")
            return None
        return choices[value]

    def flag(self, name: str) -> bool | None:
        """Return true or false."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            self.refuse(name, "type", "must be true or false")
            return None
        return value

    def amount_minor(self, name: str, *, is_required: bool = False) -> int | None:
        """Return an amount of money, sent as a number, in hundredths."""
        value = self._values.get(name)
        if value is None:
            if is_required:
                self._miss(name)
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.refuse(name, "type", "must be a number")
        elif not 0 <= value <= MAX_AMOUNT:
            self.refuse(name, "range", f"must be from 0 to {MAX_AMOUNT}")
        else:
            try:
                return int(Decimal(value).quantize(_CENT, context=_exact).scaleb(2))
            except Inexact:
                self.refuse(name, "precision", "must have at most two decimals")
        return None

    def numbers(self, name: str, *, most: int, is_required: bool = False) -> list[int]:
        """Return a list of ids, at least one where it is required."""
        value = self._values.get(name)
        if value is None:
            if is_required:
                self._miss(name)
            return []
        if not isinstance(value, list):
            self.refuse(name, "type", "must be a list of numbers")
            return []
        if len(value) > most or (is_required and not value):
            self.refuse(name, "length", f"must have 1 to {most} entries")
            return []
        for position, entry in enumerate(value):
            if isinstance(entry, bool) or not isinstance(entry, int) or not 0 < entry <= MAX_BIGINT:
                self.refuse(f"{name}[{position}]", "type", "must be a whole number")
        return [entry for entry in value if isinstance(entry, int) and not isinstance(entry, bool)]

    def _miss(self, name: str) -> None:
        self.refuse(name, "missing", "is missing")
