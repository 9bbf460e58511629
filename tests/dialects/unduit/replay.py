"""Recorded cases of this dialect: how they are written, read and compared.

`cases/*.json` are lists of cases. A case names its request, the whole answer, and what it left behind:

    {"name": "…", "request": {"line": "POST /api/v1/employee/add", …}, "answer": {"status": 200, …}, "left": {…}}

request   `line`; `caller` ("owner" unless said, null sends no token); `headers`; and one of `body` (JSON), `text`,
          `base64`, `changes` (dotted path → value, laid over the reference request of the route; "{{absent}}" takes
          the key out).
answer    `status`; `headers` (each must be there, as written); and one of
          `body`, `changes` (laid over the reference answer of the route),
          `refusal` (`message`, `code`, and `says` where `error.message` differs; `details`: field → sentence),
          `refused` (422: field → sentence; the rest follows from them),
          `missing` (400: fields that were not sent; the rest follows from them).
left      table → how many rows more there are; no other table may have changed. Nothing unless said.

Bodies are compared as `tests/dialects/replaying.py` says; in lines, bodies and texts {{name}} is an id of
`furnishing.py`.
"""

import base64
import json
from pathlib import Path

import msgspec

from tests.dialects.replaying import changed, filled

HERE = Path(__file__).parent
REFERENCES = {"/api/v1/employee/": "employee", "/api/v1/assets": "asset", "/api/v1/recover/": "recovery"}


class Request(msgspec.Struct, forbid_unknown_fields=True):
    line: str
    caller: str | None = "owner"
    headers: dict[str, str] = {}
    body: object = msgspec.UNSET
    text: str | None = None
    base64: str | None = None
    changes: dict[str, object] | None = None


class Refusal(msgspec.Struct, forbid_unknown_fields=True):
    message: str
    code: str
    says: str | None = None
    details: dict[str, str] = {}


class Answer(msgspec.Struct, forbid_unknown_fields=True):
    status: int
    headers: dict[str, str] = {}
    body: object = msgspec.UNSET
    changes: dict[str, object] | None = None
    refusal: Refusal | None = None
    refused: dict[str, str] | None = None
    missing: list[str] | None = None


class Case(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    request: Request
    answer: Answer
    left: dict[str, int] = {}

    @property
    def method(self):
        return self.request.line.split(" ", 1)[0]

    @property
    def path(self):
        return self.request.line.split(" ", 1)[1]


def read_cases():
    """Every recorded case with its id, file/name."""
    for path in sorted((HERE / "cases").glob("*.json")):
        for case in msgspec.json.decode(path.read_bytes(), type=list[Case]):
            yield f"{path.stem}/{case.name}", case


def reference(name):
    """One of the reference bodies."""
    return json.loads((HERE / "reference" / f"{name}.json").read_text(encoding="utf-8"))


def content_of(case, ids):
    """The request's body as bytes; None sends none."""
    request = case.request
    if request.base64 is not None:
        return base64.b64decode(request.base64)
    if request.text is not None:
        return filled(request.text, ids).encode()
    if request.body is not msgspec.UNSET:
        return filled(json.dumps(request.body), ids).encode()
    if request.changes is not None:
        return filled(json.dumps(changed(reference(_reference_of(case)), request.changes)), ids).encode()
    return None


def expected_body(case):
    """The whole body the answer must have."""
    answer = case.answer
    if answer.changes is not None:
        return changed(reference(f"{_reference_of(case)}_answer"), answer.changes)
    if answer.refusal is not None:
        refusal = answer.refusal
        return _refusal(refusal.message, refusal.code, refusal.says or refusal.message, refusal.details)
    if answer.refused is not None:
        says = _listed(answer.refused)
        return _refusal(says, "INPUT_INVALID", says, answer.refused)
    if answer.missing is not None:
        details = dict.fromkeys(answer.missing, "can't be blank")
        plural = "" if answer.missing == ["refresh_token"] else "s"
        message = f"Missing required field{plural}: {', '.join(answer.missing)}"
        return _refusal(message, "INPUT_INVALID", _listed(details), details)
    return answer.body


def _reference_of(case):
    return next(name for prefix, name in REFERENCES.items() if case.path.startswith(prefix))


def _listed(details):
    return "Some values were refused: " + "; ".join(
        f"{name} {text}".strip() for name, text in details.items()
    )


def _refusal(message, code, says, details):
    return {
        "message": message,
        "success": False,
        "error": {
            "code": code,
            "message": says,
            "details": [{"field": name, "message": text} for name, text in details.items()],
        },
    }
