"""The outside world as the settings describe it, the part that webhooks and callbacks need: `main` hands it on."""

from pathlib import Path

import msgspec

from backhaul.adapters.outgoing import HttpCourier
from backhaul.adapters.papers import PaperWriter
from backhaul.adapters.texting import TextFolder
from backhaul.dialects.reready import webhooks as reready_webhooks
from backhaul.dialects.unduit.callbacks import Wording as UnduitCallbacks
from backhaul.domain import radar, webhooks
from backhaul.domain.announcing import Wordings
from backhaul.domain.notify import Texter
from backhaul.domain.recovery import CallbackWording
from backhaul.domain.recovery.person import Limits, Pages
from backhaul.kernel.internet import networks
from backhaul.kernel.ports import Ports
from backhaul.settings import RecoverySettings, Settings, TextingSettings, WebhookSettings

__all__ = ["PaperWriter", "announcements", "page_limits", "person_ports", "webhook_policy", "webhook_ports"]

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


def person_ports(settings: RecoverySettings, *, base_url: str) -> Ports:
    """Return where people's own pages are, and how long links to them are good."""
    return {Pages: Pages(person_page=f"{base_url}/return/", link_days=settings.link_days)}


def page_limits(settings: RecoverySettings) -> Limits:
    """Return how often people's own pages may be asked for."""
    return Limits(
        link_burst=settings.link_burst,
        link_per_minute=settings.link_per_minute,
        client_burst=settings.client_burst,
        client_per_minute=settings.client_per_minute,
    )


def radar_ports(settings: Settings) -> Ports:
    """Return how long a parcel may be quiet; days are as long as those of the reminder ladder."""
    thresholds = msgspec.structs.asdict(settings.radar)
    return {radar.Policy: radar.Policy(**thresholds, day_seconds=settings.transfers.day_seconds)}


def text_ports(settings: TextingSettings, data_dir: Path) -> Ports:
    """Return who carries text messages."""
    return {Texter: TextFolder(Path(settings.folder) if settings.folder else data_dir / "texts")}


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
