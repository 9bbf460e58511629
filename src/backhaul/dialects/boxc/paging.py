"""Pages by token (contract §3.5): a token holds everything that was asked for, and is signed.

It is bound to the list and to the organization: anywhere else it is as good as an altered one (code 1025).
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar import Request

from backhaul.dialects.boxc.calling import Call
from backhaul.dialects.boxc.refusals import PageTokenInvalid, QueryParameterInvalid

DEFAULT_LIMIT, MAX_LIMIT = 50, 100
MAX_TOKEN_LENGTH = 4096
MAX_FILTER_LENGTH = 200
ORDERS = ("asc", "desc")
MAX_BIGINT = 2**63 - 1

_SIGNATURE_LENGTH = 32


class Page(msgspec.Struct, frozen=True):
    """Which part of a list is asked for."""

    limit: int = DEFAULT_LIMIT
    order: str = "desc"
    last_id: int | None = None  # the last one seen; None: from the beginning
    filters: dict[str, str] = {}

    @property
    def is_ascending(self) -> bool:
        """Whether the oldest come first."""
        return self.order == "asc"


async def page_asked_for(
    request: Request[Any, Any, Any], call: Call, *, name: str, filters: Collection[str] = ()
) -> Page:
    """Return the page of the list `name`, or refuse: `QueryParameterInvalid`, `PageTokenInvalid`.

    With a token everything else that was sent is checked and means nothing. Unknown parameters are passed over (B19).
    """
    page = _page_of(request.query_params, filters)
    token = request.query_params.get("page_token")
    if token is None:
        return page
    return decode(token, secret=await _secret(call), bound_to=_bound_to(call, name))


async def next_page(call: Call, page: Page, *, name: str, last_id: int | None) -> str | None:
    """Return the token of the page that follows the entry `last_id`; None says that there is none."""
    if last_id is None:
        return None
    following = msgspec.structs.replace(page, last_id=last_id)
    return encode(following, secret=await _secret(call), bound_to=_bound_to(call, name))


def encode(page: Page, *, secret: bytes, bound_to: str) -> str:
    """Return a page as a token: a query string with a signature, in base64 without padding."""
    fields = {"limit": page.limit, "order": page.order, "last_id": page.last_id, **page.filters}
    query = urlencode({name: value for name, value in fields.items() if value is not None})
    signed = query.encode() + _signature(query.encode(), secret, bound_to)
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def decode(token: str, *, secret: bytes, bound_to: str) -> Page:
    """Return the page of a token, or refuse it with `PageTokenInvalid`."""
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        raise PageTokenInvalid
    bare = token.rstrip("=")
    try:
        signed = base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise PageTokenInvalid from None
    query, signature = signed[:-_SIGNATURE_LENGTH], signed[-_SIGNATURE_LENGTH:]
    if not hmac.compare_digest(signature, _signature(query, secret, bound_to)):
        raise PageTokenInvalid
    if base64.urlsafe_b64encode(signed).rstrip(b"=").decode() != bare:
        raise PageTokenInvalid  # the last character has bits to spare: one page has one token
    fields = dict(parse_qsl(query.decode(), keep_blank_values=True))
    last_id = fields.pop("last_id", None)
    return Page(
        limit=int(fields.pop("limit")),
        order=fields.pop("order"),
        last_id=None if last_id is None else int(last_id),
        filters=fields,
    )


def _page_of(sent: Mapping[str, str], filters: Collection[str]) -> Page:
    limit, order = sent.get("limit"), sent.get("order")
    is_number = limit is None or (limit.isascii() and limit.isdigit() and len(limit) <= len(str(MAX_LIMIT)))
    if not is_number or not 1 <= int(limit or DEFAULT_LIMIT) <= MAX_LIMIT:
        raise QueryParameterInvalid(name="limit", problem=f"must be a whole number from 1 to {MAX_LIMIT}")
    if order is not None and order.lower() not in ORDERS:
        raise QueryParameterInvalid(name="order", problem="must be asc or desc")
    return Page(
        limit=int(limit or DEFAULT_LIMIT),
        order=(order or "desc").lower(),
        filters={name: _filter(name, sent[name]) for name in filters if name in sent},
    )


def _filter(name: str, text: str) -> str:
    if not 1 <= len(text) <= MAX_FILTER_LENGTH or not text.isprintable():
        raise QueryParameterInvalid(
            name=name, problem=f"must have 1 to {MAX_FILTER_LENGTH} printable characters"
        )
    return text


def _signature(query: bytes, secret: bytes, bound_to: str) -> bytes:
    return hmac.digest(secret, bound_to.encode() + b"\0" + query, hashlib.sha256)


def _bound_to(call: Call, name: str) -> str:
    return f"{call.actor.org_id} {name}"


async def _secret(call: Call) -> bytes:
    kept = call.serving.page_secret
    assert kept is not None, "main gives every process one"
    return await kept.get()
