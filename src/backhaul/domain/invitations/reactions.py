"""What follows for invitations when somebody leaves."""

from backhaul.domain.identity.events import MemberRemoved
from backhaul.domain.invitations import tables
from backhaul.domain.invitations.model import is_given
from backhaul.domain.invitations.operations.withdraw import end_invitation
from backhaul.kernel.ids import UserId
from backhaul.storage.author import SYSTEM
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(MemberRemoved)
async def withdraw_theirs(tx: Tx, removed: MemberRemoved, then: Aftermath) -> None:
    """Withdraw the open invitations of who left. Those they may give after all stay: they came back meanwhile."""
    for one in await tables.lock_open_of(tx, UserId(removed.subject_id)):
        role = await tables.inviter_role(tx, one.id)
        if not is_given(one.role, by=one.invited_by, role_of_inviter=role):
            await end_invitation(tx, SYSTEM, one, at=then.now, reason="who sent it has left")
