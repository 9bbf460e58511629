"""What a route of this dialect has at hand, and how it reads what stands in paths and queries."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request

from backhaul.dialects.serving import Serving, header
from backhaul.dialects.unduit.auth import actor_of
from backhaul.dialects.unduit.refusals import PageNumberInvalid
from backhaul.domain.directory.errors import EmployeeUnknown
from backhaul.domain.directory.model import EmployeeId
from backhaul.domain.identity import Actor, Right
from backhaul.kernel.clock import Clock
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.paths import segment_text
from backhaul.storage.database import Database

PER_PAGE = 10
MAX_BIGINT = 2**63 - 1  # PostgreSQL's; offsets and numbers end there
MAX_PAGE = MAX_BIGINT // PER_PAGE
MAX_DIGITS = 19
_SHOWN = 64


class Call(msgspec.Struct, frozen=True):
    """One authenticated call."""

    db: Database
    clock: Clock
    actor: Actor


async def authenticate(request: Request[Any, Any, Any], *rights: Right) -> Call:
    """Return the call with its actor, or refuse. Who lacks a right is not told what is wrong with the body."""
    serving: Serving = request.app.state.serving
    actor = await actor_of(
        header(request.scope, b"authorization"),
        authenticator=serving.authenticator,
        remote_address=serving.remote_address(request.scope),
    )
    actor.require_all(rights)
    return Call(db=serving.db, clock=serving.clock, actor=actor)


def employee_ref(segment: str) -> EmployeeId | int:
    """Return the number or id that a path names; any other text names nobody (contract C26)."""
    text = segment_text(segment).strip()
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and int(text) <= MAX_BIGINT:
        return int(text)
    try:
        return EmployeeId(UUID(text))
    except ValueError:
        raise EmployeeUnknown(employee=text[:_SHOWN]) from None


def page_number(text: str | None) -> int:
    """Return the page asked for; without one the first."""
    if text is None:
        return 1
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        page = int(text)
        if 1 <= page <= MAX_PAGE:
            return page
    problem = FieldProblem("page", "page", f"must be a whole number from 1 to {MAX_PAGE}")
    raise PageNumberInvalid([problem])


def limit(text: str | None, *, most: int) -> int:
    """Return how many entries a page is to have; without a wish ten."""
    if text is None:
        return PER_PAGE
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and 1 <= int(text) <= most:
        return int(text)
    raise InvalidInput([FieldProblem("limit", "limit", f"must be a whole number from 1 to {most}")])


def filter_text(name: str, text: str | None) -> str | None:
    """Return what a list is to be filtered by; an empty text filters nothing."""
    stripped = (text or "").strip()
    if "\x00" in stripped:
        raise InvalidInput([FieldProblem(name, "characters", "must not contain the character U+0000")])
    return stripped or None


@contextlib.contextmanager
def worded(names: Mapping[str, str]) -> Iterator[None]:
    """Give the fields that the domain refuses the names that this contract has for them."""
    try:
        yield
    except InvalidInput as refused:
        if type(refused) is not InvalidInput:
            raise
        raise InvalidInput(renamed(refused.problems, names)) from refused


def renamed(
    problems: list[FieldProblem], names: Mapping[str, str], *, within: str = ""
) -> list[FieldProblem]:
    """Return the problems under this contract's names."""
    return [
        FieldProblem(f"{within}{names.get(problem.path, problem.path)}", problem.code, problem.text)
        for problem in problems
    ]
