"""Send a letter to somebody who wants to see it."""

from datetime import datetime

from backhaul.domain.identity import queries as identity_queries
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.notify import catalog, rendering
from backhaul.domain.notify.model import Channel, MessageId
from backhaul.domain.notify.operations.deciding import decide
from backhaul.domain.notify.recipients import parse
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database


async def send_test(
    db: Database,
    *,
    actor: Actor,
    template: str,
    to: str,
    now: datetime,
    locale: str = rendering.DEFAULT_LOCALE,
    channel: Channel = Channel.EMAIL,
    region: str | None = None,
) -> MessageId:
    """Send a letter of sample values in the organization's name, marked as a test; each call sends another one.

    Letters speak for the organization: whoever manages it may send them to anybody.
    """
    scope = actor.scope(Right.ORGANIZATION_MANAGE)
    catalog.require(template, channel)
    recipient = parse(to, channel=channel, region=region)
    async with db.transaction(scope) as tx:
        organization = await identity_queries.get_organization(tx, scope)
        [message_id] = await decide(
            tx,
            key=f"test:{new_id()}",
            template=template,
            to=[recipient],
            about=("organization", scope.org_id),
            context=catalog.sample(template, organization_name=organization.name),
            at=now,
            locale=locale,
            channel=channel,
            is_test=True,
        )
        history.note(
            tx,
            actor.author,
            subject=("message", message_id),
            action="test_decided",
            at=now,
            reason=f"{template} to {recipient}",
        )
    return message_id
