"""Make a ladder."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.ladders import tables
from backhaul.domain.ladders.model import Ladder, LadderId, Policy
from backhaul.domain.ladders.spelling import check_policy, clean_name
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database


async def create_ladder(db: Database, *, actor: Actor, name: str, policy: Policy, now: datetime) -> Ladder:
    """Make a ladder that campaigns can name; refuses a name that is taken."""
    scope = actor.scope(Right.RECOVERY_WRITE)
    problems = check_policy(policy)
    if problems:
        raise InvalidInput(problems)
    ladder = Ladder(
        id=LadderId(new_id()),
        org_id=scope.org_id,
        number=0,
        name=clean_name(name),
        policy=policy,
        is_default=False,
        created_at=now,
        updated_at=now,
        version=1,
    )
    async with db.transaction(scope) as tx:
        ladder = await tables.insert(tx, ladder)
        history.note(tx, actor.author, subject=("ladder", ladder.id), action="created", at=now, after=ladder)
    return ladder
