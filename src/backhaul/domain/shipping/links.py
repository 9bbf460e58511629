"""Links that print one label without an account: 256 random bits, valid for a while, dead with the label."""

import hashlib
import secrets
from datetime import datetime, timedelta

from backhaul.domain.shipping import tables
from backhaul.domain.shipping.errors import LabelLinkInvalid
from backhaul.domain.shipping.model import LabelFormat, ShipmentId, Tracking
from backhaul.domain.shipping.queries import FIND_LABEL_LINK, find_shipment, get_label
from backhaul.storage.database import Database, Scope, Tx

VALID_FOR = timedelta(days=60)  # longer than any transfer waits for its device
MAX_TOKEN_LENGTH = 64


async def issue_link(tx: Tx, shipment_id: ShipmentId, *, at: datetime) -> str:
    """Return a new link's token for a parcel's label; it is not kept and cannot be shown again."""
    token = secrets.token_urlsafe(32)
    await tables.keep_link(tx, shipment_id, token_hash=_hash(token), expires_at=at + VALID_FOR)
    return token


async def follow_link(db: Database, *, token: str, form: LabelFormat, now: datetime) -> bytes:
    """Return the label behind a token; refuses unknown and expired tokens and voided labels alike."""
    if len(token) > MAX_TOKEN_LENGTH:
        raise LabelLinkInvalid
    async with db.lookup() as reader:
        found = await reader.fetchrow(FIND_LABEL_LINK, _hash(token))
    if found is None or found["expires_at"] <= now:
        raise LabelLinkInvalid
    scope = Scope(found["org_id"])
    async with db.read(scope) as reader:
        shipment = await find_shipment(reader, scope, shipment_id=found["shipment_id"])
        if shipment is None or shipment.status is Tracking.CANCELLED:
            raise LabelLinkInvalid
        return await get_label(reader, scope, shipment_id=shipment.id, form=form)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
