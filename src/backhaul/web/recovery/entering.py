"""Who comes in: a link that is good, not too often, and at what page everybody else ends."""

import hashlib
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address
from typing import Any

from litestar import Request
from litestar.response.base import ASGIResponse

from backhaul.domain.recovery import person
from backhaul.domain.recovery.person import Limits, Linked
from backhaul.domain.recovery.person.errors import ParcelUnavailable, PersonLinkInvalid
from backhaul.kernel.errors import DomainError, Kind
from backhaul.storage.rate_limits import Bucket, RateLimited, take
from backhaul.web.recovery.showing import PATH, notice

Work = Callable[[Linked], Awaitable[ASGIResponse]]

_STATUS = {Kind.NOT_FOUND: 404, Kind.TOO_LARGE: 413, Kind.TOO_MANY: 429, Kind.UNAVAILABLE: 503}
_IPV6_PREFIX = 64  # one line at home has as many addresses as it likes
_SECONDS_A_MINUTE = 60


async def entered(request: Request[Any, Any, Any], token: str, work: Work) -> ASGIResponse:
    """Do something for whoever follows a link, or answer with the page that says why not.

    A link that is malformed, unknown, too old or revoked gets the same answer, and is counted like any other: nobody
    learns which it was. One that cannot be ours is not even looked up.
    """
    try:
        return await work(await _linked(request, token))
    except PersonLinkInvalid as refusal:
        return notice("This link does not work", refusal.text, status=404)
    except ParcelUnavailable as refusal:
        return notice("Nothing to do here", refusal.text, status=404, back=f"{PATH}{token}")
    except RateLimited as refusal:
        seconds = str(refusal.data["retry_after_seconds"])
        return notice("Too many requests", refusal.text, status=429, headers={"retry-after": seconds})
    except DomainError as refusal:
        status = _STATUS.get(refusal.kind, 422)
        return notice("That did not work", refusal.text, status=status, back=f"{PATH}{token}")


async def _linked(request: Request[Any, Any, Any], token: str) -> Linked:
    serving = request.app.state.serving
    limits: Limits = serving.page_limits
    now = serving.clock.now()
    client = Bucket(
        f"person-client:{_digest(client_of(request))}",
        limits.client_burst,
        limits.client_per_minute / _SECONDS_A_MINUTE,
    )
    try:
        linked = await person.follow(serving.db, token=token, now=now)
    except PersonLinkInvalid:
        if person.is_well_formed(token):
            await take(serving.db, client, now=now)
        raise
    link = Bucket(
        f"person-link:{linked.link_id}", limits.link_burst, limits.link_per_minute / _SECONDS_A_MINUTE
    )
    await take(serving.db, link, client, now=now)
    return linked


def client_of(request: Request[Any, Any, Any]) -> str:
    """Return the caller's address, of an IPv6 one its network."""
    text: str = request.app.state.serving.remote_address(request.scope) or "unknown"
    try:
        address = ip_address(text)
    except ValueError:
        return text[:64]
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> (128 - _IPV6_PREFIX) << (128 - _IPV6_PREFIX)))
    return str(address)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
