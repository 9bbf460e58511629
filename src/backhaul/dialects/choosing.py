"""Which dialect words a refusal when no route did: by path first, then by the credentials' scheme."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from backhaul.dialects.answering import HTTP_STATUS, Answer, answer
from backhaul.dialects.boxc import errors as boxc
from backhaul.dialects.boxc import oauth_errors
from backhaul.dialects.boxc.limiting import headers_in
from backhaul.dialects.reready import errors as reready
from backhaul.dialects.unduit import errors as unduit
from backhaul.kernel.errors import DomainError

Render = Callable[[DomainError, int | None], Answer]

# The longest known resource decides; two dialects share /api/v1.
RESOURCES: dict[str, Render] = {
    "/api/v1/device_transfers": reready.render,
    "/api/v1/device_returns": reready.render,
    "/api/v1/auth": unduit.render,
    "/api/v1/refresh-token": unduit.render,
    "/api/v1/employee": unduit.render,
    "/api/v1/employees": unduit.render,
    "/api/v1/users": unduit.render,
    "/api/v1/assets": unduit.render,
    "/api/v1/recover": unduit.render,
    "/api/v1/recoveries": unduit.render,
    "/api/v1/legal-hold": unduit.render,
    "/legal-hold": unduit.render,
    "/api/v2": unduit.render,
    "/v1": boxc.render,
    "/auth/v1": oauth_errors.render,
    "/.well-known": boxc.render,
}
SCHEMES: dict[str, Render] = {"token": reready.render}  # of whoever names no known resource under /api/v1
ELSEWHERE: Render = unduit.render


def renderer(scope: Mapping[str, Any]) -> Render:
    """Return who words a refusal of this request."""
    path: str = scope["path"]
    for resource in sorted(RESOURCES, key=len, reverse=True):
        if path == resource or path.startswith(resource + "/"):
            chosen = RESOURCES[resource]
            if chosen is boxc.render:  # its refusals, too, say how full the caller's bucket is
                return partial(boxc.render, headers=headers_in(scope))
            return chosen
    if path == "/api/v1" or path.startswith("/api/v1/"):
        for name, value in scope["headers"]:
            if name == b"authorization":
                scheme = value.split(b" ", 1)[0].decode("latin-1").lower()
                return SCHEMES.get(scheme, ELSEWHERE)
        return ELSEWHERE
    return plain


def plain(error: DomainError, status: int | None) -> Answer:
    """Word a refusal where no dialect is spoken."""
    return answer({"error": error.text, "code": error.code}, status=status or HTTP_STATUS[error.kind])
