"""Change a ladder: campaigns that use it follow it from then on."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.ladders import tables
from backhaul.domain.ladders.errors import LadderChangedMeanwhile
from backhaul.domain.ladders.events import LadderChanged
from backhaul.domain.ladders.model import Ladder, Policy
from backhaul.domain.ladders.spelling import check_policy, clean_name
from backhaul.kernel.errors import InvalidInput
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def change_ladder(
    db: Database,
    *,
    actor: Actor,
    name: str,
    version: int,
    policy: Policy,
    now: datetime,
    new_name: str | None = None,
) -> Ladder:
    """Give a ladder another policy, another name or both; refused when it is not of this version any more.

    Running campaigns follow it: what was decided stays, steps not yet taken are those of the new policy. A step is
    known by its name; one whose time has passed already is taken at once.
    """
    scope = actor.scope(Right.RECOVERY_WRITE)
    problems = check_policy(policy)
    if problems:
        raise InvalidInput(problems)
    clean = None if new_name is None else clean_name(new_name)
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, name)
        if before.version != version:
            raise LadderChangedMeanwhile(name=before.name, version=before.version)
        changed = msgspec.structs.replace(before, name=clean or before.name, policy=policy)
        if changed == before:
            return before
        after = msgspec.structs.replace(changed, updated_at=now, version=before.version + 1)
        await tables.save(tx, after)
        subject = ("ladder", after.id)
        history.note(tx, actor.author, subject=subject, action="changed", at=now, before=before, after=after)
        if after.policy != before.policy:
            outbox.record(tx, LadderChanged(subject_id=after.id), at=now)
    return after
