"""Writing the catalogue. Two who make the same name at once end up with one row."""

from datetime import datetime
from uuid import UUID

import asyncpg

from backhaul.domain.inventory.errors import StatusLabelTaken
from backhaul.domain.inventory.model import StatusLabel, StatusType
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Tx
from backhaul.storage.rows import record

# Everybody in the same order: types, then manufacturers, then models.
_ENSURE = """
INTO {table} (org_id, id, name, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (org_id, name_key) DO NOTHING RETURNING id
"""
ENSURE_PRODUCT_TYPE = f"INSERT {_ENSURE.format(table='product_types')}"
ENSURE_MANUFACTURER = f"INSERT {_ENSURE.format(table='manufacturers')}"

ENSURE_MODEL = """
INSERT INTO models (org_id, id, name, created_at, product_type_id, manufacturer_id)
SELECT $1, $2, $3, $4, t.id, f.id
FROM product_types AS t JOIN manufacturers AS f ON f.org_id = $1 AND f.name_key = name_key($6)
WHERE t.org_id = $1 AND t.name_key = name_key($5)
ON CONFLICT (org_id, product_type_id, manufacturer_id, name_key) DO NOTHING RETURNING id
"""

ADD_STATUS_LABEL = """
INSERT INTO status_labels (org_id, id, name, type, created_at) VALUES ($1, $2, $3, $4, $5)
RETURNING id, number, name, type
"""


async def ensure_product_type(tx: Tx, name: str, at: datetime) -> UUID | None:
    """Make a product type of this name unless there is one; returns its id when it is new."""
    made: UUID | None = await tx.fetchval(ENSURE_PRODUCT_TYPE, tx.org_id, new_id(), name, at)
    return made


async def ensure_manufacturer(tx: Tx, name: str, at: datetime) -> UUID | None:
    """Make a manufacturer of this name unless there is one; returns its id when it is new."""
    made: UUID | None = await tx.fetchval(ENSURE_MANUFACTURER, tx.org_id, new_id(), name, at)
    return made


async def ensure_model(
    tx: Tx, name: str, *, product_type: str, manufacturer: str, at: datetime
) -> UUID | None:
    """Make a model of this name unless there is one; both others exist. Returns its id when it is new."""
    made: UUID | None = await tx.fetchval(
        ENSURE_MODEL, tx.org_id, new_id(), name, at, product_type, manufacturer
    )
    return made


async def add_status_label(tx: Tx, *, name: str, kind: StatusType, at: datetime) -> StatusLabel:
    """Add a status; refuses a name that is taken, in whatever letter case."""
    try:
        row = await tx.fetchrow(ADD_STATUS_LABEL, tx.org_id, new_id(), name, kind.value, at)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "status_labels_name":
            raise StatusLabelTaken(name=name) from error
        raise
    return record(StatusLabel, row)
