"""Recorded cases of this dialect: how they are written and read.

`cases/*.json` are lists of cases. A case names its request, the whole answer, and what it left behind:

    {"name": "…", "request": {"line": "GET /v1/users/me", …}, "answer": {"status": 200, …}, "left": {…}}

request   `line`; `caller` ("owner" unless said, "client" sends its id and secret, null nothing); `headers`; and one
          of `form` (fields), `body` (JSON), `text`.
answer    `status`; `headers` (each must be there, as written); and one of `body`, `empty` (no body at all), `refusal`
          (`code`, `message`, and `errors` where they are not the message once more).
left      table → how many rows more there are; no other table may have changed. Nothing unless said.

Bodies are compared as `tests/dialects/replaying.py` says; in lines, fields and texts {{name}} is an id of the
installation, and the text "#{{name}}" of a body is sent as a number.
"""

import json
import re
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from tests.dialects.replaying import filled

NUMBER = re.compile(r'"#\{\{(\w+)\}\}"')
HERE = Path(__file__).parent
# Where a case may leave rows.
WRITTEN = (
    "history",
    "outbox",
    "jobs.pgqueuer",
    "oauth_clients",
    "authorization_codes",
    "client_tokens",
    "return_messages",
    "wallet_fees",
    "wallet_holds",
    "ledger_transactions",
    "webhook_endpoints",
    "webhook_secrets",
    "webhook_deliveries",
)


class Request(msgspec.Struct, forbid_unknown_fields=True):
    line: str
    caller: str | None = "owner"
    headers: dict[str, str] = {}
    form: dict[str, str] | None = None
    body: object = msgspec.UNSET
    text: str | None = None


class Refusal(msgspec.Struct, forbid_unknown_fields=True):
    code: int
    message: str
    errors: list[str] | None = None


class Answer(msgspec.Struct, forbid_unknown_fields=True):
    status: int
    headers: dict[str, str] = {}
    body: object = msgspec.UNSET
    empty: bool = False
    refusal: Refusal | None = None


class Case(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    request: Request
    answer: Answer
    left: dict[str, int] = {}


def read_cases():
    """Every recorded case with its id, file/name."""
    for path in sorted((HERE / "cases").glob("*.json")):
        for case in msgspec.json.decode(path.read_bytes(), type=list[Case]):
            yield f"{path.stem}/{case.name}", case


def content_of(case, ids):
    """The request's body as bytes; None sends none."""
    request = case.request
    if request.form is not None:
        return urlencode({name: filled(value, ids) for name, value in request.form.items()}).encode()
    if request.body is not msgspec.UNSET:
        return filled(NUMBER.sub(r"{{\1}}", json.dumps(request.body)), ids).encode()
    return None if request.text is None else filled(request.text, ids).encode()


def expected_body(case):
    """The whole body the answer must have."""
    refusal = case.answer.refusal
    if refusal is None:
        return case.answer.body
    texts = refusal.errors or [refusal.message.removeprefix("Validation Error. ")]
    return {"status": "error", "code": refusal.code, "message": refusal.message, "errors": texts}
