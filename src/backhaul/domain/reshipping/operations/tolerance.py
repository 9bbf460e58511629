"""Say how much more than its estimate a reshipment may cost before anybody is asked again."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.reshipping import tables
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history
from backhaul.storage.database import Database

MOST = 100


class Terms(msgspec.Struct, frozen=True):
    """An organization's own terms."""

    tolerance_percent: int


async def set_tolerance(db: Database, *, actor: Actor, percent: int, now: datetime) -> None:
    """Set an organization's own tolerance (contract §3.9, B22): from 0, always ask, to 100 percent."""
    if not 0 <= percent <= MOST:
        raise InvalidInput([FieldProblem("percent", "range", f"must be from 0 to {MOST}")])
    async with db.transaction(actor.scope(Right.ORGANIZATION_MANAGE)) as tx:
        await tables.set_tolerance(tx, percent, at=now)
        subject = ("organization", actor.org_id)
        history.note(
            tx, actor.author, subject=subject, action="reship_tolerance_set", at=now, after=Terms(percent)
        )
