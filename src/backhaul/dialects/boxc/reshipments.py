"""Reshipments as they come in: the body in the domain's terms, and the domain's complaints in the body's."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from backhaul.dialects.boxc.checking import Check
from backhaul.domain.reshipping import Consignee, Decision, NewReshipment
from backhaul.domain.reshipping.checking import MAX_CONTENTS, MAX_VALUE_MINOR
from backhaul.domain.reshipping.model import MAX_RETURNS
from backhaul.kernel.errors import InvalidInput

NAME = "reshipment"
MAX_STREET = 50  # the reference text says 40, the schema 50 (B7)
DECISIONS = {"Approved": Decision.APPROVE, "Declined": Decision.DECLINE}
# The domain's names → this dialect's, where they differ.
_NAMES = {
    "value_minor": "value",
    "return_numbers": "returns",
    "to.line_1": "to.street1",
    "to.line_2": "to.street2",
    "to.state_code": "to.province",
    "to.country_code": "to.country",
}


def new_reshipment(raw: bytes) -> NewReshipment:
    """Return what a body asks for, or refuse it with all that is wrong."""
    check = Check.of_body(raw, NAME)
    contents = check.text("contents", longest=MAX_CONTENTS, is_required=True)
    numbers = check.numbers("returns", most=MAX_RETURNS, is_required=True)
    value_minor = check.amount_minor("value", is_required=True)
    if value_minor is not None and not 0 < value_minor <= MAX_VALUE_MINOR:
        check.refuse("value", "range", f"must be from 0.01 to {MAX_VALUE_MINOR // 100}")
    to = _consignee(check.within("to", is_required=True))
    check.done()
    assert contents is not None
    assert value_minor is not None, "what is required and absent was refused"
    return NewReshipment(contents=contents, return_numbers=tuple(numbers), to=to, value_minor=value_minor)


def decision(raw: bytes) -> Decision:
    """Return the answer to an estimate that a body holds: the only change there is."""
    check = Check.of_body(raw, NAME)
    made = check.choice("status", DECISIONS, is_required=True)
    check.done()
    assert made is not None
    return made


@contextmanager
def in_the_bodys_terms() -> Iterator[None]:
    """Name the fields that the domain refuses as the client named them."""
    try:
        yield
    except InvalidInput as refused:
        problems = [
            msgspec.structs.replace(problem, path=f"{NAME}.{_named(problem.path)}")
            for problem in refused.problems
        ]
        raise InvalidInput(problems) from refused


def _consignee(to: Check) -> Consignee:
    return Consignee(
        company_name=to.text("company_name", longest=40),
        name=to.text("name", longest=40, is_required=True) or "",
        phone=to.text("phone", longest=20),
        email=to.text("email", longest=64),
        line_1=to.text("street1", longest=MAX_STREET, is_required=True) or "",
        line_2=to.text("street2", longest=MAX_STREET),
        city=to.text("city", longest=40, is_required=True) or "",
        state_code=to.text("province", longest=40),
        postal_code=to.text("postal_code", longest=10),
        country_code=to.text("country", longest=2, is_required=True) or "",
    )


def _named(path: str) -> str:
    name, bracket, rest = path.partition("[")
    return _NAMES.get(name, name) + bracket + rest
