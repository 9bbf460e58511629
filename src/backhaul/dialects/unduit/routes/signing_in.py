"""POST /api/v1/auth/login and /api/v1/refresh-token: the two calls that need no token (contract §2.1, C1–C4)."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, post

from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.reading import read_object
from backhaul.dialects.serving import Serving
from backhaul.dialects.unduit.checking import Check
from backhaul.dialects.unduit.refusals import CredentialsDisagree
from backhaul.dialects.unduit.views.sentences import Token

_PAIRS = (("email", "client_id"), ("password", "client_secret"))  # the older names, the newer ones


@post("/api/v1/auth/login", status_code=200)
async def sign_in(request: Request[Any, Any, Any]) -> Answer:
    """Exchange an address and a password for a token of four hours."""
    serving: Serving = request.app.state.serving
    email, password = credentials_of(read_object(await request.body()))
    token = await serving.authenticator.sign_in(
        email=email, password=password, remote_address=serving.remote_address(request.scope)
    )
    return answer(Token("Login successful", token))


@post("/api/v1/refresh-token", status_code=200)
async def refresh_token(request: Request[Any, Any, Any]) -> Answer:
    """Exchange a token, valid or recently expired, for a new one."""
    serving: Serving = request.app.state.serving
    check = Check(read_object(await request.body()))
    given = check.secret("refresh_token")
    check.done()
    token = await serving.authenticator.refresh(
        token=given.strip(), remote_address=serving.remote_address(request.scope)
    )
    return answer(Token("Token has been refreshed successfully.", token))


def credentials_of(values: Mapping[str, Any]) -> tuple[str, str]:
    """Return address and password, under either pair of names; where both are sent they must agree (C1)."""
    is_newer = any(newer in values for _, newer in _PAIRS)
    check = Check(values)
    chosen = []
    for older, newer in _PAIRS:
        sent = [name for name in (older, newer) if values.get(name) is not None]
        texts = [check.secret(name) for name in sent or [newer if is_newer else older]]
        chosen.append(texts[0])
    check.done()
    for names in _PAIRS:
        if len({values[name] for name in names if values.get(name) is not None}) > 1:
            raise CredentialsDisagree(names=" and ".join(names))
    return chosen[0], chosen[1]
