"""What a decision on a release asks of whoever makes it, in the transaction itself."""

from backhaul.domain.identity import tables as identity_tables
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import RIGHTS, Actor, Right
from backhaul.storage.database import Tx


async def require_present_right(tx: Tx, actor: Actor) -> None:
    """Refuse whoever may not release holds at this moment: no half minute of an older truth counts (design rule 13)."""
    if actor.user_id is None:
        return
    role = await identity_tables.hold_enabled_member(tx, tx.org_id, actor.user_id)
    if role is None or Right.HOLDS_WRITE not in RIGHTS[role]:
        raise RightMissing(right=Right.HOLDS_WRITE.value)
