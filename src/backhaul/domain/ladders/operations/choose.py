"""Choose the ladder of campaigns that name none."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.identity.tables import lock_organization
from backhaul.domain.ladders import tables
from backhaul.domain.ladders.model import BUILT_IN_NAME, Ladder
from backhaul.storage import history
from backhaul.storage.database import Database, Tx


async def choose_default(db: Database, *, actor: Actor, name: str, now: datetime) -> Ladder | None:
    """Make a ladder the default of new campaigns; None for the built-in one. Campaigns there are keep theirs."""
    scope = actor.scope(Right.RECOVERY_WRITE)
    async with db.transaction(scope) as tx:
        await lock_organization(tx, scope.org_id)  # two defaults chosen at once: one after the other
        former = await tables.lock_default(tx)
        chosen = None if name.strip().lower() == BUILT_IN_NAME else await tables.lock(tx, name)
        if former is not None and (chosen is None or chosen.id != former.id):
            await _save(tx, actor, former, is_default=False, now=now)
        if chosen is None or chosen.is_default:
            return chosen
        return await _save(tx, actor, chosen, is_default=True, now=now)


async def _save(tx: Tx, actor: Actor, before: Ladder, *, is_default: bool, now: datetime) -> Ladder:
    after = msgspec.structs.replace(before, is_default=is_default, updated_at=now, version=before.version + 1)
    await tables.save(tx, after)
    action = "made_default" if is_default else "default_no_more"
    subject = ("ladder", after.id)
    history.note(tx, actor.author, subject=subject, action=action, at=now, before=before, after=after)
    return after
