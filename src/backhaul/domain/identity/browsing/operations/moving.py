"""Working in another organization."""

from datetime import datetime

from backhaul.domain.identity.browsing import tables
from backhaul.domain.identity.browsing.model import Browsing
from backhaul.domain.identity.errors import OrganizationUnknown
from backhaul.kernel.ids import OrgId
from backhaul.storage import history
from backhaul.storage.database import Database, Scope


async def enter_organization(db: Database, *, browsing: Browsing, org_id: OrgId, now: datetime) -> None:
    """Work in another organization: as its member, or as owner or admin of its parent.

    Refused with `OrganizationUnknown`, whether there is none or the person has no way in. A parent's people are
    noted in the child's history.
    """
    async with db.transaction(Scope(org_id)) as tx:
        allowed_by = await tables.move_session(tx, browsing.session_id, user_id=browsing.user_id)
        if allowed_by is None:
            raise OrganizationUnknown(organization=org_id)
        if allowed_by != org_id:
            history.note(
                tx,
                browsing.actor.author,
                subject=("organization", org_id),
                action="entered_by_parent",
                at=now,
                reason=browsing.email,
            )
