"""Recorded cases: how they are written, read and compared.

`cases/*.json` are lists of cases. A case names its request and the whole answer:

    {"name": "…", "request": {"line": "POST /api/v1/device_transfers", …}, "answer": {"status": 201, …}}

request   `line`; `key`: the caller (conftest.py; "owner" unless said, null sends none); `headers`; and one of
          `body` (JSON), `text`, `base64`, `changes` (dotted path → value, laid over the reference request;
          "{{absent}}" takes the key out).
answer    `status`; `headers` (each must be there, as written; null: must not be there); and one of
          `body`, `changes` (laid over the reference answer), `errors` (422: path → sentences; the rest of the
          body follows from them), `refusal` ([code, sentence]; no fields to name).

Bodies are compared as `tests/dialects/replaying.py` says. In expected texts {{own}} and {{theirs}} are the ids of a
transfer of the caller's organization and of somebody else's.
"""

import base64
import json
from pathlib import Path

import msgspec

from tests.dialects.replaying import changed

HERE = Path(__file__).parent
OLDER = "/api/v1/device_returns"


class Request(msgspec.Struct, forbid_unknown_fields=True):
    line: str
    key: str | None = "owner"
    headers: dict[str, str] = {}
    body: object = msgspec.UNSET
    text: str | None = None
    base64: str | None = None
    changes: dict[str, object] | None = None


class Answer(msgspec.Struct, forbid_unknown_fields=True):
    status: int
    headers: dict[str, str | None] = {}
    body: object = msgspec.UNSET
    changes: dict[str, object] | None = None
    errors: dict[str, list[str]] | None = None
    refusal: tuple[str, str] | None = None


class Case(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    request: Request
    answer: Answer

    @property
    def method(self):
        return self.request.line.split(" ", 1)[0]

    @property
    def path(self):
        return self.request.line.split(" ", 1)[1]

    @property
    def is_older(self):
        return self.path.startswith(OLDER)


def read_cases():
    """Every recorded case with its id, file/name."""
    for path in sorted((HERE / "cases").glob("*.json")):
        for case in msgspec.json.decode(path.read_bytes(), type=list[Case]):
            yield f"{path.stem}/{case.name}", case


def reference(name):
    """One of the reference bodies."""
    return json.loads((HERE / "reference" / f"{name}.json").read_text(encoding="utf-8"))


def content_of(case):
    """The request's body as bytes; None sends none."""
    request = case.request
    if request.text is not None:
        return request.text.encode()
    if request.base64 is not None:
        return base64.b64decode(request.base64)
    if request.body is not msgspec.UNSET:
        return json.dumps(request.body).encode()
    if request.changes is not None:
        base = reference("older_request" if case.is_older else "request")
        return json.dumps(changed(base, request.changes)).encode()
    return None


def expected_body(case):
    """The whole body the answer must have."""
    answer = case.answer
    if answer.changes is not None:
        return changed(reference("older_answer" if case.is_older else "answer"), answer.changes)
    if answer.errors is not None:
        listed = "; ".join(
            f"{'' if path == 'base' else path} {text}".strip()
            for path, texts in answer.errors.items()
            for text in texts
        )
        sentence = f"Some values were refused: {listed}"
        return {"error": sentence, "code": "input.invalid", "errors": answer.errors}
    if answer.refusal is not None:
        code, sentence = answer.refusal
        return {"error": sentence, "code": code, "errors": {}}
    return answer.body
