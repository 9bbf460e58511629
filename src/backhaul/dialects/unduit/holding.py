"""Bodies of legal-hold/submit and /active: every documented field is required (contract §2.6)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from backhaul.dialects.unduit.checking import Check
from backhaul.dialects.unduit.refusals import PageNumberInvalid
from backhaul.domain.holds import NewSubject, SubjectKind
from backhaul.domain.holds.model import MAX_SUBJECTS
from backhaul.domain.identity.spelling import clean_email
from backhaul.kernel.errors import FieldProblem, InvalidInput

USER = ("serialNumber", "name", "email", "recoveryNumber", "assetName", "assetId")
MAX_CASE_NUMBER = 100
MAX_NAME = 200
MAX_LIMIT = 100
PER_PAGE = 10
_MAX_BIGINT = 2**63 - 1
_MAX_DIGITS = 19


class Submission(msgspec.Struct, frozen=True):
    """What is to be held, and why."""

    summary: str
    description: str
    subjects: tuple[NewSubject, ...]


class ReleaseWish(msgspec.Struct, frozen=True):
    """The line of `active-holds` that is to be released, and why."""

    summary: str
    description: str
    subject: int
    serial_number: str | None  # None: the line is no device's


def submission_of(values: Mapping[str, Any]) -> Submission:
    """Return what `legal-hold/submit` asks for; `assetName` and `assetId` add nothing to the serial number."""
    check = Check(values)
    summary = check.text("summary", is_required=True) or ""
    description = check.text("description", is_required=True) or ""
    entries = _entries(values, check)
    subjects = []
    for position, entry in enumerate(entries):
        if not isinstance(entry, dict):
            check.refuse(f"users[{position}]", "type", "must be an object")
            continue
        user = Check(entry, within=f"users[{position}].")
        subjects.append(_subject(user))
        check.problems += user.problems
    check.done()
    return Submission(summary, description, tuple(subjects))


def _entries(values: Mapping[str, Any], check: Check) -> Sequence[Any]:
    users = values.get("users")
    if users is None:
        check.refuse("users", "missing", "can't be blank")
        return ()
    if not isinstance(users, list):
        check.refuse("users", "type", "must be a list")
        return ()
    if not 1 <= len(users) <= MAX_SUBJECTS:
        check.refuse("users", "length", f"must have 1 to {MAX_SUBJECTS} entries, not {len(users)}")
        return ()
    return users


def _subject(user: Check) -> NewSubject:
    serial = _named(user, "serialNumber", MAX_NAME)
    name = _named(user, "name", MAX_NAME)
    email = _named(user, "email", MAX_NAME)
    if email:
        try:
            clean_email(email)
        except InvalidInput:
            user.refuse("email", "email", "must be an e-mail address like ada@example.com")
    case_number = _text_or_number(user, "recoveryNumber", MAX_CASE_NUMBER)
    _named(user, "assetName", MAX_NAME)
    _text_or_number(user, "assetId", MAX_NAME)
    return NewSubject(
        kind=SubjectKind.ASSET,
        name=serial,
        custodian_email=email or None,
        custodian_name=name or None,
        case_number=case_number or None,
    )


def _named(check: Check, name: str, longest: int) -> str:
    text = check.text(name, is_required=True) or ""
    if len(text) > longest:
        check.refuse(name, "length", f"must have at most {longest} characters")
    return text


def _text_or_number(check: Check, name: str, longest: int) -> str:
    value = check.sent(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _named(check, name, longest)


def release_wish_of(values: Mapping[str, Any]) -> ReleaseWish:
    """Return what `legal-hold/active` asks for; `status_name` is required and says nothing the records do not.

    The lines of people and cases have neither a serial number nor a status: their id alone names them.
    """
    check = Check(values)
    summary = check.text("summary", is_required=True) or ""
    description = check.text("description", is_required=True) or ""
    user = values.get("user")
    number: str = "0"
    serial: str | None = None
    if user is None:
        check.refuse("user", "missing", "can't be blank")
    elif not isinstance(user, dict):
        check.refuse("user", "type", "must be an object")
    else:
        below = Check(user, within="user.")
        number = below.digits("id", is_required=True) or "0"
        if number == "0" or any(
            user.get(name) not in (None, "") for name in ("serial_number", "status_name")
        ):
            serial = _named(below, "serial_number", MAX_NAME)
            _named(below, "status_name", MAX_NAME)
        check.problems += below.problems
    check.done()
    is_possible = len(number) <= _MAX_DIGITS and int(number) <= _MAX_BIGINT
    return ReleaseWish(summary, description, int(number) if is_possible else 0, serial)


def page_of(page: str | None, limit: str | None) -> tuple[int, int]:
    """Return the page, which has to be asked for, and how many it holds: 10 unless said, 100 at most."""
    if page is None or not page.strip():
        raise InvalidInput([FieldProblem("page", "missing", "can't be blank")])
    per_page = PER_PAGE if limit is None else _number(limit, most=MAX_LIMIT)
    if per_page is None:
        raise InvalidInput([FieldProblem("limit", "range", f"must be a whole number from 1 to {MAX_LIMIT}")])
    number = _number(page, most=_MAX_BIGINT // MAX_LIMIT)
    if number is None:
        text = f"must be a whole number from 1 to {_MAX_BIGINT // MAX_LIMIT}"
        raise PageNumberInvalid([FieldProblem("page", "page", text)])
    return number, per_page


def _number(text: str, *, most: int) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS and 1 <= int(text) <= most:
        return int(text)
    return None
