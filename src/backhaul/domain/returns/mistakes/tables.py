"""Reading what a mistaken receipt did: each statement's rows, and nothing decided."""

from backhaul.domain.inventory.model import AssetId
from backhaul.domain.returns.mistakes import statements
from backhaul.domain.returns.model import Intake, Return
from backhaul.storage.database import Tx
from backhaul.storage.rows import optional


async def keep_intake(tx: Tx, one: Intake) -> bool:
    """Keep an intake from being dropped until the owner's transaction ends; False when it was dropped."""
    return await tx.fetchval(statements.KEEP_INTAKE, tx.org_id, one.org_id, one.id) is not None


async def is_return_there(tx: Tx, one: Intake) -> bool:
    """Tell whether the return of a locked intake is there: until the transaction ends, nobody opens it."""
    return bool(await tx.fetchval(statements.IS_RETURN_THERE, tx.org_id, one.id))


async def list_received(tx: Tx, one: Return) -> list[AssetId]:
    """Return the assets that are in the warehouse because of a return, in the order of their ids."""
    rows = await tx.fetch(statements.RECEIVED_IN, tx.org_id, one.warehouse_id, str(one.number))
    return [AssetId(row["id"]) for row in rows]


async def find_other(tx: Tx, one: Return, asset_id: AssetId) -> Return | None:
    """Return another return that has a return's asset in the same warehouse, if there is one."""
    row = await tx.fetchrow(statements.ALSO_IN, tx.org_id, asset_id, one.number, one.warehouse_id)
    return optional(Return, row)
