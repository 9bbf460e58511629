"""Whoever changes what signs them in proves first that it is them: an open browser is not enough."""

from datetime import datetime, timedelta

from backhaul.domain.identity.authentication import Authenticator
from backhaul.domain.identity.browsing.errors import SignInTooOld
from backhaul.domain.identity.browsing.model import Browsing
from backhaul.domain.identity.browsing.queries import find_proved_at, has_password
from backhaul.domain.identity.errors import SignInRefused
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage.database import Database

FRESH = timedelta(minutes=10)  # how long having signed in anew elsewhere stands in for a password


async def require_presence(
    db: Database,
    *,
    authenticator: Authenticator,
    browsing: Browsing,
    password: str,
    remote_address: str | None,
    now: datetime,
) -> None:
    """Refuse unless this is the person themselves: by their password, as `require_password` does.

    Whoever has none, because an identity provider vouches for them, was made to sign in anew there within the last ten
    minutes; refused with `SignInTooOld` otherwise. That the provider knew them is not enough: its own session answers
    for whoever sits at the browser.
    """
    if await has_password(db, browsing=browsing):
        await require_password(
            authenticator, browsing=browsing, password=password, remote_address=remote_address
        )
        return
    if await find_fresh_until(db, browsing=browsing, now=now) is None:
        raise SignInTooOld(minutes=FRESH // timedelta(minutes=1))


async def find_fresh_until(db: Database, *, browsing: Browsing, now: datetime) -> datetime | None:
    """Return until when having signed in anew stands in for a password; None: it does not, or no longer."""
    proved_at = await find_proved_at(db, browsing=browsing)
    return None if proved_at is None or now - proved_at >= FRESH else proved_at + FRESH


async def require_password(
    authenticator: Authenticator, *, browsing: Browsing, password: str, remote_address: str | None
) -> None:
    """Refuse at `current_password` unless this is the person's password; slowed like a sign-in."""
    try:
        await authenticator.check_password(
            email=browsing.email, password=password, remote_address=remote_address
        )
    except SignInRefused:
        text = "is not your present password"
        problem = FieldProblem("current_password", "identity.password_wrong", text)
        raise InvalidInput([problem]) from None
