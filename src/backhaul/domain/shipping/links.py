"""Links for people without an account: 256 random bits for one parcel and one purpose, valid for a while."""

import hashlib
import secrets
from datetime import datetime, timedelta

import msgspec

from backhaul.domain.shipping import tables
from backhaul.domain.shipping.errors import LinkInvalid
from backhaul.domain.shipping.model import LabelFormat, LinkPurpose, Shipment, ShipmentId, Tracking
from backhaul.domain.shipping.queries import FIND_LINK, find_shipment, get_label
from backhaul.storage.database import Database, Scope, Tx

VALID_FOR = timedelta(days=60)  # longer than any transfer waits for its device
MAX_TOKEN_LENGTH = 64


class Linked(msgspec.Struct, frozen=True):
    """Where a link leads."""

    scope: Scope
    shipment: Shipment


async def issue_link(tx: Tx, shipment_id: ShipmentId, *, purpose: LinkPurpose, at: datetime) -> str:
    """Return a new link's token; it is not kept and cannot be shown again."""
    token = secrets.token_urlsafe(32)
    await tables.keep_link(
        tx, shipment_id, token_hash=_hash(token), purpose=purpose, expires_at=at + VALID_FOR
    )
    return token


async def follow_link(db: Database, *, token: str, purpose: LinkPurpose, now: datetime) -> Linked:
    """Return the parcel behind a token; refuses unknown and expired tokens and cancelled parcels alike."""
    if len(token) > MAX_TOKEN_LENGTH:
        raise LinkInvalid
    async with db.lookup() as reader:
        found = await reader.fetchrow(FIND_LINK, _hash(token), purpose.value)
    if found is None or found["expires_at"] <= now:
        raise LinkInvalid
    scope = Scope(found["org_id"])
    async with db.read(scope) as reader:
        shipment = await find_shipment(reader, scope, shipment_id=found["shipment_id"])
    if shipment is None or shipment.status is Tracking.CANCELLED:
        raise LinkInvalid
    return Linked(scope, shipment)


async def print_label(db: Database, *, token: str, form: LabelFormat, now: datetime) -> bytes:
    """Return the label behind a token."""
    linked = await follow_link(db, token=token, purpose=LinkPurpose.LABEL, now=now)
    async with db.read(linked.scope) as reader:
        return await get_label(reader, linked.scope, shipment_id=linked.shipment.id, form=form)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
