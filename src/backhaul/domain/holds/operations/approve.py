"""Approve the release of a hold: the second person."""

from datetime import datetime

from backhaul.domain.holds import lifecycle, tables
from backhaul.domain.holds.events import HoldReleased
from backhaul.domain.holds.model import Release
from backhaul.domain.holds.operations.authorizing import require_present_right
from backhaul.domain.holds.spelling import person_of
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def approve_release(db: Database, *, actor: Actor, release: int, now: datetime) -> Release:
    """Release what somebody else asked for. A device is free when no other hold covers it, and gets its status back.

    Refused with `SecondPersonNeeded` for whoever asked, by whatever key. The approver's membership and role are looked
    at in the transaction itself: here no half minute of an older truth counts (design rule 13).
    """
    scope = actor.scope(Right.HOLDS_WRITE)
    async with db.transaction(scope) as tx:
        await require_present_right(tx, actor)
        before = await tables.lock_release(tx, release)
        after = lifecycle.approve(before, person=person_of(actor), at=now)
        assets, labels = await tables.lock_released_assets(tx, before.id)
        statuses = {asset.id: lifecycle.status_when_freed(asset, labels) for asset in assets}
        freed = await tables.approve(tx, after, actor.author, statuses, at=now)
        history.note(
            tx, actor.author, subject=("hold", after.hold_id), action="released", at=now, before=before, after=after
        )  # fmt: skip
        told = HoldReleased(
            subject_id=after.hold_id,
            release_id=after.id,
            asset_ids=freed.assets,
            employee_ids=freed.people,
            case_numbers=freed.cases,
        )
        outbox.record(tx, told, at=now)
    return after
