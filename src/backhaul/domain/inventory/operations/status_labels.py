"""What an organization calls the states of its devices."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory import spelling
from backhaul.domain.inventory.catalogue import tables as catalogue
from backhaul.domain.inventory.model import StatusLabel, StatusType
from backhaul.storage import history
from backhaul.storage.database import Database


async def add_status_label(
    db: Database, *, actor: Actor, name: str, kind: StatusType, now: datetime
) -> StatusLabel:
    """Add a status of a type. Refuses a name that is taken, in whatever letter case."""
    scope = actor.scope(Right.INVENTORY_WRITE)
    name = spelling.clean_status_name(name)
    async with db.transaction(scope) as tx:
        label = await catalogue.add_status_label(tx, name=name, kind=kind, at=now)
        history.note(
            tx, actor.author, subject=("status_label", label.id), action="added", at=now, after=label
        )
    return label
