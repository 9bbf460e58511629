"""What the pages before the session share: forms that are ours without a session, and the cookie of a new one."""

import base64
import binascii
import secrets
from datetime import datetime, timedelta
from typing import Any

from litestar import Request
from litestar.response.base import ASGIResponse

from backhaul.domain.identity.browsing import Device, NewSession, sign_out
from backhaul.kernel.errors import DomainError
from backhaul.web.console import answering, cookies, csrf
from backhaul.web.console.declaring import browsing_of, installed
from backhaul.web.console.forms import Form, read_form
from backhaul.web.console.paths import own_path
from backhaul.web.console.rendering import render
from backhaul.web.console.statuses import STATUS
from backhaul.web.console.trouble import Trouble

_LASTING = timedelta(hours=12)


def secret_of(request: Request[Any, Any, Any]) -> bytes | None:
    """Return what the browser's sign-in forms are recognised by; None where it has no such cookie."""
    kept = cookies.read(request.scope, cookies.ENTRANCE, is_secure=installed(request).is_secure)
    try:
        secret = base64.urlsafe_b64decode((kept or "") + "=")
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == csrf.LENGTH else None


def show_entrance(
    request: Request[Any, Any, Any],
    template: str,
    *,
    title: str,
    refusal: DomainError | None = None,
    form: Form | None = None,
    **values: Any,
) -> ASGIResponse:
    """Return a page for who is not signed in, and give the browser the cookie that its form is recognised by."""
    known = installed(request)
    secret, given = secret_of(request), []
    if secret is None:
        secret = secrets.token_bytes(csrf.LENGTH)
        kept = base64.urlsafe_b64encode(secret).decode().rstrip("=")
        given = [cookies.written(cookies.ENTRANCE, kept, is_secure=known.is_secure, lasting=_LASTING)]
    trouble = None if refusal is None or form is None else Trouble.of(refusal, form)
    shown = {
        "title": title,
        "theme": "system",
        "csrf": csrf.masked(secret),
        "trouble": trouble,
        "next": own_path(form["next"] if form else request.query_params.get("next")),
        "provider_name": known.provider_name,
        **values,
    }
    status = 200 if refusal is None else STATUS[refusal.kind]
    headers = {}
    if refusal is not None and "retry_after_seconds" in refusal.data:
        headers["retry-after"] = str(refusal.data["retry_after_seconds"])
    return answering.html(
        request.scope, render(template, shown), status=status, headers=headers, cookies=given
    )


async def checked_form(request: Request[Any, Any, Any]) -> Form:
    """Return a form that was sent before a session, or refuse one that is not ours (`FormForged`, `HostMismatch`)."""
    csrf.require_from_here(request.scope)
    secret = secret_of(request)
    if secret is None:
        raise csrf.FormForged
    form = await read_form(request)
    if not csrf.is_token_of(secret, form[csrf.FIELD]):
        raise csrf.FormForged
    return form


def device_of(request: Request[Any, Any, Any]) -> Device:
    """Return what a list of sessions shows of this browser."""
    address = request.app.state.serving.remote_address(request.scope) or "unknown"
    agent = request.headers.get("user-agent", "")
    shown = "".join(character for character in agent if character.isprintable())
    return Device(remote_address=address[:64], user_agent=shown[:200])


async def end_former(request: Request[Any, Any, Any], *, now: datetime) -> None:
    """End what the browser was signed in with until now: nobody could end it from there any more."""
    former = await browsing_of(request)
    if former is not None:
        await sign_out(request.app.state.serving.db, browsing=former, now=now)


def admitted(
    request: Request[Any, Any, Any], session: NewSession, path: str, *, now: datetime
) -> ASGIResponse:
    """Send the browser on with the cookie of its new session; what it held before is worth nothing any more."""
    is_secure = installed(request).is_secure
    lasting = session.expires_at - now
    given = [
        cookies.written(cookies.SESSION, session.token, is_secure=is_secure, lasting=lasting),
        cookies.written(cookies.ENTRANCE, "", is_secure=is_secure, lasting=timedelta(0)),
    ]
    return answering.see_other(path, cookies=given)
