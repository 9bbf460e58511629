"""Whether somebody signed in anew at the identity provider, or its own session answered for them."""

from datetime import UTC, datetime, timedelta

from backhaul.domain.identity.federation.errors import SignInNotFresh
from backhaul.domain.identity.federation.model import Attempt

LEEWAY = timedelta(minutes=3)  # between our clock and theirs


def proved_at(attempt: Attempt, auth_time: object, *, now: datetime) -> datetime | None:
    """Return when the person signed in anew, never later than `now`; None where the attempt does not ask for it.

    `auth_time` is the token's claim as it came: seconds since 1970. Refuses with `SignInNotFresh` one that is missing,
    lies before the attempt or in the future (OpenID Connect Core §3.1.2.1 and §3.1.3.7, step 13).
    """
    if attempt.fresh_after is None:
        return None
    if isinstance(auth_time, bool) or not isinstance(auth_time, int | float):
        raise SignInNotFresh(reason="the identity provider does not say when you did")
    earliest, latest = attempt.fresh_after - LEEWAY, now + LEEWAY
    if not earliest.timestamp() <= auth_time <= latest.timestamp():  # so is "not a number"
        raise SignInNotFresh(reason="the identity provider only knew you from before")
    return min(datetime.fromtimestamp(auth_time, UTC), now)
