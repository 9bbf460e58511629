"""What people change of their own accounts. History stands in the operator's scope: accounts are the installation's."""

from datetime import datetime
from zoneinfo import available_timezones

import msgspec

from backhaul.domain.identity import passwords, tables
from backhaul.domain.identity.authentication import Authenticator
from backhaul.domain.identity.browsing import tables as own_tables
from backhaul.domain.identity.browsing.model import Browsing, Theme
from backhaul.domain.identity.browsing.operations.proving import require_password
from backhaul.domain.identity.browsing.statements import PREFER
from backhaul.domain.identity.model import OPERATOR_ORG_ID, User
from backhaul.domain.identity.spelling import clean_name
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history
from backhaul.storage.database import Database, Scope

_OPERATOR_SCOPE = Scope(OPERATOR_ORG_ID)


async def change_password(
    db: Database,
    *,
    authenticator: Authenticator,
    browsing: Browsing,
    current: str,
    new: str,
    remote_address: str | None,
    now: datetime,
) -> None:
    """Replace one's own password, and end every session and token of the account, this one too.

    The present password is asked for and throttled like a sign-in; a wrong one is refused at `current_password`.
    An account without one gets none here: its identity provider would not be asked any more.
    """
    await require_password(authenticator, browsing=browsing, password=current, remote_address=remote_address)
    try:
        password_hash = await passwords.hash_password(new)
    except InvalidInput as refusal:
        problems = [msgspec.structs.replace(one, path="new_password") for one in refusal.problems]
        raise InvalidInput(problems) from refusal
    async with db.transaction(_OPERATOR_SCOPE) as tx:
        await tables.lock_user(tx, browsing.user_id)
        await tables.set_password(tx, browsing.user_id, password_hash=password_hash, at=now)
        await tables.tell_authenticators(tx, user_id=browsing.user_id)
        subject = ("user", browsing.user_id)
        history.note(tx, browsing.actor.author, subject=subject, action="password_set", at=now)


async def rename_account(db: Database, *, browsing: Browsing, name: str, now: datetime) -> User:
    """Change one's own name. The name it has already changes nothing."""
    cleaned = clean_name(name)
    async with db.transaction(_OPERATOR_SCOPE) as tx:
        before = await tables.lock_user(tx, browsing.user_id)
        if before.name == cleaned:
            return before
        after = msgspec.structs.replace(before, name=cleaned)
        await own_tables.rename_account(tx, browsing.user_id, cleaned)
        history.note(
            tx,
            browsing.actor.author,
            subject=("user", browsing.user_id),
            action="renamed",
            at=now,
            before=before,
            after=after,
        )
    return after


async def prefer(
    db: Database, *, browsing: Browsing, theme: Theme | None = None, time_zone: str | None = None
) -> None:
    """Remember how the person likes their pages; what is not named stays."""
    if time_zone is not None and time_zone not in available_timezones():
        problem = FieldProblem("time_zone", "identity.time_zone_unknown", "must be a zone of the list")
        raise InvalidInput([problem])
    async with db.lookup() as lookup:
        await lookup.execute(PREFER, browsing.user_id, theme, time_zone)
