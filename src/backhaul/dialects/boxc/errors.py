"""Numbered refusals (contract §3.3): the number is what clients look at, `errors` is a list of texts (B1, B2)."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from backhaul.dialects.answering import HTTP_STATUS, Answer, answer
from backhaul.kernel.errors import DomainError, FieldProblem, InvalidInput, Kind

VALIDATION, FAILURE, UNREACHABLE = 1000, 1001, 1010
MOST_TOLD = 5

_INDEX = re.compile(r"\[(\d+)\]")
_PREFIX = "Validation Error. "


class Wording(msgspec.Struct, frozen=True):
    """How this dialect says a refusal."""

    number: int
    status: int
    message: str | None = None  # None: our own sentence; %s stands for the value `filled_with`
    filled_with: str | None = None


SENTENCE = "."  # no name of a value: the refusal's own sentence
_UNDISCARDABLE = Wording(1122, 400, "Return can't be discarded")
_UNCHANGEABLE = Wording(1141, 400, "Reshipment can't be updated")
_TOKEN = Wording(1005, 401, "Invalid access token")
# Error code → how it is said. Whatever is not here is said by its kind.
WORDINGS: dict[str, Wording] = {
    "input.language_refused": Wording(1002, 400),
    "identity.credentials_missing": _TOKEN,
    "identity.credentials_invalid": _TOKEN,
    "identity.token_expired": _TOKEN,
    "identity.token_revoked": Wording(1008, 403, "Forbidden: Authorization revoked"),
    "identity.scope_missing": Wording(1009, 403, "Forbidden: Missing required scope '%s'", "scope"),
    "identity.right_missing": Wording(1009, 403, "Forbidden: Missing required scope '%s'", "right"),
    "input.page_token_invalid": Wording(1025, 400, "Invalid page token"),
    "input.query_parameter_invalid": Wording(1031, 400, "Query parameter '%s' is invalid", "name"),
    "billing.insufficient_funds": Wording(1080, 402, "Insufficient funds"),
    "billing.balance_unreadable": Wording(1081, 500, "Balance could not be read"),
    "billing.balance_unchargeable": Wording(1082, 500, "Balance could not be charged"),
    "billing.invoice_unknown": Wording(1090, 404, "Invoice not found"),
    "returns.return_unknown": Wording(1120, 404, "Return not found"),
    "returns.not_processed": Wording(1121, 400, "Return must be processed before verifying"),
    "returns.not_discardable": _UNDISCARDABLE,
    "holds.held": Wording(1144, 400, "Return can't be reshipped: %s", SENTENCE),
    "reshipping.reshipment_unknown": Wording(1140, 404, "Reshipment not found"),
    "reshipping.not_quoted": _UNCHANGEABLE,
    "reshipping.move_refused": _UNCHANGEABLE,
    "reshipping.expired": _UNCHANGEABLE,
    "reshipping.not_deletable": Wording(1142, 400, "Reshipment can't be deleted"),
    "reshipping.returns_unknown": Wording(1143, 400, "One or more returns can't be reshipped"),
    "returns.not_reshippable": Wording(1144, 400, "Return can't be reshipped: %s", SENTENCE),
    "billing.no_rate": Wording(1144, 400, "Return can't be reshipped: %s", SENTENCE),
    "reshipping.warehouses_differ": Wording(1145, 400, "All returns must ship from the same warehouse"),
    "webhook.endpoint_unknown": Wording(1400, 404, "Webhook not found"),
    "webhook.endpoint_taken": Wording(1401, 400, "Address is already subscribed to this topic"),
    "webhook.endpoint_move_refused": Wording(1405, 400, "Webhook event could not be queued"),
    "returns.warehouse_unknown": Wording(1360, 404, "Warehouse not found"),
    "service.outcome_unknown": Wording(FAILURE, 500),
    "http.internal_failure": Wording(FAILURE, 500),
}
_BY_KIND: dict[Kind, Wording] = {
    Kind.MALFORMED: Wording(VALIDATION, 400),
    Kind.INVALID: Wording(VALIDATION, 400),
    Kind.UNAUTHENTICATED: _TOKEN,
    Kind.FORBIDDEN: Wording(VALIDATION, 403),
    Kind.CONFLICT: Wording(VALIDATION, 400),
    Kind.PAYMENT_REQUIRED: Wording(1080, 402, "Insufficient funds"),
    Kind.TOO_MANY: Wording(1015, 429, "Too many requests. Please wait before trying again."),
    Kind.UNAVAILABLE: Wording(UNREACHABLE, 503),
}


def wording_of(error: DomainError) -> Wording:
    """Return how a refusal is said."""
    if error.code == "holds.held" and error.data.get("doing") == "discarded":
        return _UNDISCARDABLE
    by_kind = _BY_KIND.get(error.kind) or Wording(VALIDATION, HTTP_STATUS[error.kind])
    return WORDINGS.get(error.code, by_kind)


def body_of(error: DomainError) -> dict[str, Any]:
    """Return what a refusal says."""
    wording = wording_of(error)
    if isinstance(error, InvalidInput):
        told = told_of(error.problems)[:MOST_TOLD]
        message = _PREFIX + told[0]
    else:
        message = _message(error, wording)
        told = [message.removeprefix(_PREFIX)]
    return {"status": "error", "code": wording.number, "message": message, "errors": told}


def render(
    error: DomainError, status: int | None = None, *, headers: Mapping[str, str] | None = None
) -> Answer:
    """Return a refusal as an answer."""
    sent = dict(headers or {})
    if error.kind is Kind.UNAUTHENTICATED:
        sent["www-authenticate"] = 'Bearer realm="Backhaul"'
    if error.kind is Kind.TOO_MANY:
        sent["retry-after"] = str(error.data.get("retry_after_seconds", 1))
    if error.kind is Kind.UNAVAILABLE and error.is_repeatable:
        sent["retry-after"] = "2"
    return answer(body_of(error), status=status or wording_of(error).status, headers=sent)


def told_of(problems: list[FieldProblem]) -> list[str]:
    """Return one text for each problem, those of what is absent together: `/to: The required properties (city) …`."""
    absent: dict[str, list[str]] = {}
    others: list[str] = []
    for problem in problems:
        path = pointer(problem.path)
        if problem.code == "missing" and path != "/":
            parent, _, name = path.rpartition("/")
            absent.setdefault(parent or "/", []).append(name)
        else:
            others.append(f"{path}: {problem.text}")
    missing = [
        f"{parent}: The required properties ({', '.join(names)}) are missing"
        for parent, names in absent.items()
    ]
    return [*missing, *others] or ["/: The request was refused"]


def pointer(path: str) -> str:
    """Return a dotted path in this dialect's writing: `reshipment.returns[0]` is `/reshipment/returns/0`."""
    return "/" + _INDEX.sub(r".\1", path).strip(".").replace(".", "/")


def _message(error: DomainError, wording: Wording) -> str:
    if wording.message is None:
        return f"{_PREFIX}{error.text}" if error.kind in {Kind.MALFORMED, Kind.INVALID} else error.text
    if wording.filled_with is None:
        return wording.message
    if wording.filled_with == SENTENCE:
        return wording.message.replace("%s", error.text)
    return wording.message.replace("%s", str(error.data.get(wording.filled_with, "")))
