"""Refusals: a stable code for machines, a sentence for people, data apart, and no word of HTTP.

Every refusal subclasses `DomainError` and renders in every dialect; `REGISTRY` lets the tests prove it.
"""

from enum import StrEnum
from typing import Any, ClassVar

import msgspec

from backhaul.kernel.money import Money

REGISTRY: dict[str, type["DomainError"]] = {}
SHOWN = 20  # problems in a refusal's sentence: every field of one record, but not of 500


class Kind(StrEnum):
    """What sort of refusal: the edge turns it into its protocol's status."""

    MALFORMED = "malformed"  # cannot be read at all
    INVALID = "invalid"  # read, but a value is wrong
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"  # right in itself, wrong in the present state
    PAYMENT_REQUIRED = "payment_required"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"  # try again later
    UNSUPPORTED = "unsupported"  # known and not offered here


class DomainError(Exception):
    """A named refusal. Nothing was changed by the refused call."""

    code: ClassVar[str]
    kind: ClassVar[Kind]
    message: ClassVar[str]  # may hold {placeholders} filled from `data`; {left} shows `left_minor` as money
    is_repeatable: ClassVar[bool] = True  # False: something may have been changed, so repeat with care

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        code = cls.__dict__.get("code")
        if code is not None:
            taken = REGISTRY.setdefault(code, cls)
            if taken is not cls and taken.__qualname__ != cls.__qualname__:
                raise TypeError(f"error code {code} is taken by {taken.__qualname__}")

    def __init__(self, **data: Any) -> None:
        self.data = data
        super().__init__(self.text)

    @property
    def text(self) -> str:
        """The sentence a person reads: what happened and what to do."""
        return self.message.format_map(_Shown(self.data))


class _Missing(str):
    """Stands for a value that was not given, whatever format the message asks for."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return str(self)


class _Shown(dict[str, Any]):
    """Fill a message even if a value is missing: an error must never hide behind another."""

    def __missing__(self, key: str) -> str:
        amount_minor = self.get(f"{key}_minor")
        if amount_minor is not None and "currency" in self:
            return str(Money(amount_minor, self["currency"]))
        return _Missing(f"<{key}>")


class FieldProblem(msgspec.Struct, frozen=True):
    """One wrong value: where (dotted path), which rule, and a sentence that says what to do."""

    path: str
    code: str
    text: str


class InvalidInput(DomainError):
    """One or more values were refused; all problems are listed at once."""

    code = "input.invalid"
    kind = Kind.INVALID
    message = "Some values were refused: {summary}"

    def __init__(self, problems: list[FieldProblem]) -> None:
        self.problems = problems
        shown = [f"{p.path} {p.text}".strip() for p in problems[:SHOWN]]
        if len(problems) > SHOWN:
            shown.append(f"and {len(problems) - SHOWN} more")
        super().__init__(summary="; ".join(shown))


class MalformedInput(DomainError):
    """The input could not be read at all."""

    code = "input.malformed"
    kind = Kind.MALFORMED
    message = "The request body is not valid JSON: {reason}"


class Unavailable(DomainError):
    """Something this call needs does not answer at the moment."""

    code = "service.unavailable"
    kind = Kind.UNAVAILABLE
    message = "{what} does not answer at the moment. Nothing was changed; please try again."
