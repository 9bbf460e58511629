"""Who gets or gives back which asset: JSON, a form or the query, whatever a client sends (contract C7, C8)."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from backhaul.dialects.reading import read_object
from backhaul.dialects.unduit.checking import Check
from backhaul.dialects.unduit.refusals import AssignmentMalformed
from backhaul.domain.identity.spelling import clean_email
from backhaul.kernel.errors import FieldProblem, InvalidInput

NAMES = {"status_name": "asset_status", "email": "assign_to_email"}
_SHAPED = ("asset_number", "assign_to_email")
_MAX_FIELDS = 100


class Assignment(msgspec.Struct, frozen=True):
    """An asset by its public number, a person by address, and the status the asset is to get."""

    asset_number: str
    email: str
    status_name: str | None


async def assignment_of(request: Request[Any, Any, Any], *, status_is_required: bool) -> Assignment:
    """Return the parameters of `assign/user` and `unassign/user`; those of the body come before the query's.

    Refuses with `AssignmentMalformed` when asset or person is absent or cannot be one: that is told before
    anything that the records would say.
    """
    values = {**dict(request.query_params.items()), **await _body(request)}
    check = Check(values)
    number = check.digits("asset_number", is_required=True)
    email = check.text("assign_to_email", is_required=True)
    if email is not None:
        _check_email(check, email)
    status_name = check.text("asset_status", is_required=status_is_required)
    if any(problem.path in _SHAPED for problem in check.problems):
        raise AssignmentMalformed(check.problems)
    check.done()
    return Assignment(number or "", email or "", status_name)


def _check_email(check: Check, email: str) -> None:
    try:
        clean_email(email)
    except InvalidInput:
        check.refuse("assign_to_email", "email", "must be an e-mail address like ada@example.com")


async def _body(request: Request[Any, Any, Any]) -> Mapping[str, Any]:
    kind, _ = request.content_type
    if kind == RequestEncodingType.MULTI_PART:
        return await _parts(request)
    raw = (await request.body()).removeprefix(BOM_UTF8)
    if "json" in kind or raw.lstrip()[:1] in {b"{", b"["}:
        return read_object(raw)
    try:
        # What a form holds twice counts once: the last.
        return dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    except ValueError as error:  # no UTF-8, or too many fields
        raise AssignmentMalformed([FieldProblem("", "form", f"is no form: {error}")]) from error


async def _parts(request: Request[Any, Any, Any]) -> Mapping[str, Any]:
    try:
        form = await request.form()
    except RequestEntityTooLarge:
        raise
    # LookupError: a part names a charset that is none. ValueError: its bytes are not of its charset.
    except (ClientException, LookupError, ValueError) as error:
        text = f"must be a form of at most {request.app.multipart_form_part_limit} parts, with texts in UTF-8"
        raise AssignmentMalformed([FieldProblem("", "form", text)]) from error
    return {name: value for name, value in form.items() if isinstance(value, str)}
