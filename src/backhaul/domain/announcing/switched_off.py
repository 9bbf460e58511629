"""What an organization is told about its endpoints themselves, by mail: there is nobody else left to tell."""

from backhaul.domain.identity.model import Right
from backhaul.domain.identity.queries import get_organization, list_addresses_with
from backhaul.domain.notify import WebhookLetter, decide
from backhaul.domain.webhooks import EndpointId, EndpointStatus
from backhaul.domain.webhooks import tables as webhook_tables
from backhaul.domain.webhooks.events import EndpointDisabled
from backhaul.storage.database import Scope, Tx
from backhaul.storage.outbox import Aftermath, reacts_to

# An organization has no language of its own; its address tells which one is read there.
_LANGUAGES = {"AT": "de", "DE": "de", "LI": "de"}


@reacts_to(EndpointDisabled)
async def warn_of_disabled(tx: Tx, disabled: EndpointDisabled, then: Aftermath) -> None:
    """Write to everybody who may repair an endpoint that was switched off; once each time it was.

    One that somebody has switched on again or removed meanwhile is no news.
    """
    endpoint = await webhook_tables.lock_endpoint(tx, EndpointId(disabled.subject_id))
    if endpoint.status is not EndpointStatus.DISABLED:
        return
    scope = Scope(tx.org_id)
    organization = await get_organization(tx, scope)
    address = organization.default_address
    await decide(
        tx,
        key=f"webhook_disabled:{endpoint.id}:{endpoint.version}",
        template="webhooks/disabled",
        to=await list_addresses_with(tx, scope, Right.WEBHOOKS_WRITE),
        about=("webhook_endpoint", endpoint.id),
        context=WebhookLetter(
            endpoint=endpoint.url,
            is_gone=disabled.is_gone,
            failures=disabled.failures,
            cancelled=disabled.cancelled,
            organization_name=organization.name,
            reference=str(endpoint.id),
        ),
        at=then.now,
        locale=_LANGUAGES.get(address.country_code, "en") if address is not None else "en",
    )
