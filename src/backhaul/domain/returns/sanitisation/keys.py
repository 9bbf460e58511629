"""The installation's keys of certificates: read them, and replace the one that signs."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.returns.operations.working import operator_scope
from backhaul.domain.returns.sanitisation import statements
from backhaul.storage import history
from backhaul.storage.database import Database


async def find_seeds(db: Database) -> list[bytes]:
    """Return the seeds of all keys, the newest first."""
    async with db.lookup() as lookup:
        return [row["secret"] for row in await lookup.fetch(statements.SEEDS)]


async def rotate_certificate_key(db: Database, *, actor: Actor, now: datetime) -> int:
    """Sign certificates with a new key from now on, and return how many there are; what others signed is believed.

    A certificate that is printed again has the new key's signature. The operator's alone.
    """
    scope = operator_scope(actor, Right.INSTALLATION_OPERATE)
    async with db.transaction(scope) as tx:
        count: int = await tx.fetchval(statements.ROTATE, scope.org_id)
        subject = ("organization", scope.org_id)
        history.note(tx, actor.author, subject=subject, action="certificate_key_rotated", at=now)
    return count
