"""What a new reshipment may say: its limits (contract §3.7), all problems at once. Pure."""

import re
from collections.abc import Iterable

import msgspec

from backhaul.domain.reshipping.model import MAX_NUMBER, MAX_RETURNS, Consignee, NewReshipment
from backhaul.kernel.countries import country_name, is_country, misfitting_parts, missing_parts
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.money import Money
from backhaul.kernel.writing import is_writable

MAX_CONTENTS = 60
MAX_VALUE_MINOR = 100_000_000  # a million dollars: a slip of the finger, not a laptop
LONGEST = {
    "company_name": 40,
    "name": 40,
    "phone": 20,
    "email": 64,
    "line_1": 50,
    "line_2": 50,
    "city": 40,
    "state_code": 40,
    "postal_code": 10,
}
REQUIRED = frozenset({"name", "line_1", "city"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def checked(new: NewReshipment) -> NewReshipment:
    """Return it without surrounding space, blank optional parts as none; refuses with everything that is wrong."""
    cleaned = msgspec.structs.replace(new, contents=new.contents.strip(), to=_stripped(new.to))
    problems = list(_problems(cleaned))
    if problems:
        raise InvalidInput(problems)
    return cleaned


def _stripped(to: Consignee) -> Consignee:
    parts = {name: (getattr(to, name) or "").strip() for name in LONGEST}
    return msgspec.structs.replace(
        to, **{name: text if name in REQUIRED else text or None for name, text in parts.items()}
    )


def _problems(new: NewReshipment) -> Iterable[FieldProblem]:
    yield from _text("contents", new.contents, MAX_CONTENTS, is_required=True)
    yield from _numbers(new.return_numbers)
    for name, longest in LONGEST.items():
        yield from _text(f"to.{name}", getattr(new.to, name) or "", longest, is_required=name in REQUIRED)
    if new.to.email and _EMAIL.fullmatch(new.to.email) is None:
        yield FieldProblem("to.email", "email", "must be an email address")
    if not is_country(new.to.country_code):
        yield FieldProblem("to.country_code", "iso_3166", "must be an ISO 3166-1 code such as US")
    for part in missing_parts(new.to.address):
        text = f"is required in {country_name(new.to.country_code)}"
        yield FieldProblem(f"to.{part}", "required", text)
    for part in misfitting_parts(new.to.address):
        yield FieldProblem(
            f"to.{part}", "address", f"does not fit an address in {country_name(new.to.country_code)}"
        )
    if not 0 < new.value_minor <= MAX_VALUE_MINOR:
        yield FieldProblem("value_minor", "range", f"must be from {Money(1)} to {Money(MAX_VALUE_MINOR)}")


def _text(path: str, text: str, longest: int, *, is_required: bool) -> Iterable[FieldProblem]:
    if is_required and not text:
        yield FieldProblem(path, "required", "is required")
    elif len(text) > longest or not is_writable(text):
        yield FieldProblem(path, "length", f"must have at most {longest} characters on one line")


def _numbers(numbers: tuple[int, ...]) -> Iterable[FieldProblem]:
    if not 1 <= len(numbers) <= MAX_RETURNS:
        yield FieldProblem("return_numbers", "count", f"must name 1 to {MAX_RETURNS} returns")
    elif len(set(numbers)) < len(numbers):
        yield FieldProblem("return_numbers", "unique", "must name each return once")
    elif not all(0 < number <= MAX_NUMBER for number in numbers):
        yield FieldProblem("return_numbers", "range", "must be numbers of returns")
