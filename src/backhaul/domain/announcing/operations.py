"""A test event: shows an endpoint's owner that requests arrive and their signatures hold."""

from datetime import datetime

from backhaul.domain.announcing.ports import Wordings
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.webhooks import DeliveryId, EndpointId, EndpointMoveRefused, EndpointStatus, deliver
from backhaul.domain.webhooks import tables as webhook_tables
from backhaul.domain.webhooks.errors import VersionUnknown
from backhaul.storage import history
from backhaul.storage.database import Database


async def send_test(
    db: Database, *, actor: Actor, endpoint_id: EndpointId, wordings: Wordings, now: datetime
) -> DeliveryId:
    """Have a test event sent to an active endpoint; return the delivery that tells what came of it."""
    scope = actor.scope(Right.WEBHOOKS_WRITE)
    async with db.transaction(scope) as tx:
        endpoint = await webhook_tables.lock_endpoint(tx, endpoint_id)
        if endpoint.status is not EndpointStatus.ACTIVE:
            raise EndpointMoveRefused(
                endpoint_id=endpoint_id, status=endpoint.status.value, action="be tested"
            )
        message = wordings.find_test(endpoint)
        if message is None:
            known = ", ".join(sorted(wordings.catalog().terms))
            raise VersionUnknown(version=endpoint.wording, known=known)
        delivery_id = await deliver(tx, to=endpoint, message=message, at=now)
        assert delivery_id is not None, "without a key nothing was decided before"
        subject = ("webhook_endpoint", endpoint_id)
        history.note(tx, actor.author, subject=subject, action="tested", at=now)
    return delivery_id
