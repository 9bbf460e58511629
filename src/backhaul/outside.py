"""The outside world as the settings describe it, the part that webhooks and callbacks need: `main` hands it on."""

from backhaul.adapters.outgoing import HttpCourier
from backhaul.dialects.reready import webhooks as reready_webhooks
from backhaul.dialects.unduit.callbacks import Wording as UnduitCallbacks
from backhaul.domain import webhooks
from backhaul.domain.announcing import Wordings
from backhaul.domain.recovery import CallbackWording
from backhaul.kernel.internet import networks
from backhaul.kernel.ports import Ports
from backhaul.settings import WebhookSettings

LEASE_MARGIN_SECONDS = 30.0  # for writing down what came of an attempt, and for clocks that differ


def webhook_ports(settings: WebhookSettings, *, base_url: str) -> Ports:
    """Return what deliveries need: how they are worded, under which terms, how many at once, and who carries them."""
    wordings = announcements(base_url=base_url)
    return {
        Wordings: wordings,
        CallbackWording: UnduitCallbacks(),
        webhooks.Catalog: wordings.catalog(),
        webhooks.Policy: webhook_policy(settings),
        webhooks.Courier: HttpCourier.within(
            networks(settings.allowed_private_networks),
            total_seconds=settings.timeout_seconds,
            connect_seconds=settings.connect_timeout_seconds,
        ),
    }


def announcements(*, base_url: str) -> Wordings:
    """Return in which versions endpoints can be told news."""
    return reready_webhooks.wordings(base_url=base_url)


def webhook_policy(settings: WebhookSettings) -> webhooks.Policy:
    """Return how this installation delivers, and which private networks it may deliver to."""
    return webhooks.Policy(
        allowed_networks=networks(settings.allowed_private_networks),
        retry_seconds=settings.retry_seconds,
        lease_seconds=settings.timeout_seconds + LEASE_MARGIN_SECONDS,
        at_once=settings.at_once,
        at_once_per_host=settings.at_once_per_host,
    )
