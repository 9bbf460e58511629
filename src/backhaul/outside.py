"""Who may call and who is called, as the settings describe it: `main` hands it on."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec

from backhaul.adapters.documents import PdfInvoices
from backhaul.adapters.documents.certificates import PdfCertificates
from backhaul.adapters.files import DiskFiles, Links, ShownFiles
from backhaul.adapters.mail import KeptMails
from backhaul.adapters.outgoing import CheckedBackend, HttpCourier, OidcProvider, SafeCaller
from backhaul.adapters.papers import PaperWriter
from backhaul.adapters.payments.simulated import SimulatedGateway
from backhaul.adapters.payments.stripe import StripeGateway
from backhaul.adapters.texting import KeptTexts, TextFolder
from backhaul.dialects.boxc import webhooks as boxc_webhooks
from backhaul.dialects.reready import webhooks as reready_webhooks
from backhaul.dialects.unduit.callbacks import Wording as UnduitCallbacks
from backhaul.domain import radar, reshipping, returns, webhooks
from backhaul.domain.announcing import Wordings
from backhaul.domain.billing import prices, rates
from backhaul.domain.billing.invoices import InvoicePrinter
from backhaul.domain.billing.ports import PaymentGateway
from backhaul.domain.billing.prices import PriceList
from backhaul.domain.billing.rates import RateCard
from backhaul.domain.billing.wallet import FeeKind
from backhaul.domain.identity import AuthenticationSettings, SessionSettings
from backhaul.domain.identity.browsing import Terms
from backhaul.domain.identity.clients import ClientSettings, ClientTerms
from backhaul.domain.identity.federation import IdentityProvider, ProviderSettings
from backhaul.domain.notify import Mailboxes, Texter
from backhaul.domain.recovery import CallbackWording
from backhaul.domain.recovery.person import Limits, PackingListWriter, Pages
from backhaul.domain.returns import sanitisation
from backhaul.domain.shipping.ports import Carriers
from backhaul.kernel.internet import networks
from backhaul.kernel.ports import Ports
from backhaul.settings import (
    BillingSettings,
    BoxcSettings,
    ConsoleSettings,
    FileSettings,
    IdentitySettings,
    OidcSettings,
    RecoverySettings,
    ReshippingSettings,
    SettingRefused,
    Settings,
    StripeSettings,
    TextingSettings,
    WebhookSettings,
)
from backhaul.storage.database import Database
from backhaul.storage.installation_secrets import KeptSecret
from backhaul.storage.rate_limits import Bucket
from backhaul.web.console.visiting import Installed

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


def packing_lists() -> PackingListWriter:
    """Return who writes packing lists."""
    return PaperWriter()


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


def mailboxes(settings: Settings, data_dir: Path) -> Mailboxes:
    """Return what the simulators of mail and text messages kept, to be read in the console."""
    mail, texting = settings.mail, settings.texting
    kept = KeptMails(Path(mail.folder) if mail.folder else data_dir / "mail")
    return Mailboxes(
        mail=kept if mail.transport == "folder" else None,
        texts=KeptTexts(Path(texting.folder) if texting.folder else data_dir / "texts"),
    )


def announcements(*, base_url: str) -> Wordings:
    """Return in which versions endpoints can be told news."""
    return msgspec.structs.replace(
        reready_webhooks.wordings(base_url=base_url), of_parcels=boxc_webhooks.wordings()
    )


def webhook_policy(settings: WebhookSettings) -> webhooks.Policy:
    """Return how this installation delivers, and which private networks it may deliver to."""
    return webhooks.Policy(
        allowed_networks=networks(settings.allowed_private_networks),
        retry_seconds=settings.retry_seconds,
        lease_seconds=settings.timeout_seconds + LEASE_MARGIN_SECONDS,
        at_once=settings.at_once,
        at_once_per_host=settings.at_once_per_host,
        kept_days=settings.kept_days,
    )


def warehouse_ports(settings: Settings, db: Database, *, data_dir: Path, base_url: str) -> Ports:
    """Return what a warehouse needs: its terms, and where pictures lie and how they are shown."""
    links = Links(f"{base_url}/files/", KeptSecret(db, "file_links").get)
    chosen, card = settings.returns, rate_card(settings.billing)
    files = kept_files(settings.files, links, data_dir=data_dir)
    return {
        returns.Policy: returns.Policy(
            process_fee_minor=card.fee(FeeKind.PROCESS).amount_minor,
            verify_fee_minor=card.fee(FeeKind.VERIFY).amount_minor,
            currency=card.currency,
            max_photos=chosen.max_photos,
            max_photo_bytes=chosen.max_photo_bytes,
            max_photo_pixels=chosen.max_photo_pixels,
            photo_side=chosen.photo_side,
        ),
        returns.Files: files,
        returns.ShownFiles: ShownFiles(files, links),
        sanitisation.CertificateKey: sanitisation.CertificateKey(partial(sanitisation.find_seeds, db)),
        sanitisation.CertificatePrinter: PdfCertificates(),
        reshipping.Policy: reshipping_policy(settings.reshipping),
    }


def kept_files(settings: FileSettings, links: Links, *, data_dir: Path) -> returns.Files:
    """Return where files are kept; refuses a bucket where the package that speaks to it is not installed."""
    if settings.storage == "disk":
        folder = Path(settings.folder) if settings.folder else data_dir / "files"
        return DiskFiles(folder, links, must_exist=settings.folder is not None)
    assert settings.bucket is not None  # the settings were checked
    try:
        from backhaul.adapters.files import s3  # noqa: PLC0415 -- only who asked for it has its package
    except ModuleNotFoundError as missing:
        reason = f"it needs the package {missing.name}: pip install 'backhaul[s3]'"
        raise SettingRefused(name="files.storage", reason=reason) from missing
    bucket = s3.Bucket(
        name=settings.bucket,
        endpoint_url=settings.endpoint_url,
        region=settings.region,
        timeout_seconds=settings.timeout_seconds,
    )
    return s3.S3Files(bucket, links)


def reshipping_policy(settings: ReshippingSettings) -> reshipping.Policy:
    """Return under which terms this installation ships on."""
    return reshipping.Policy(
        expiry_days=settings.expiry_days,
        tolerance_percent=settings.tolerance_percent,
        hold_days=settings.hold_days,
    )


def authentication(settings: IdentitySettings, *, base_url: str) -> AuthenticationSettings:
    """Return how long credentials live and are trusted, and in whose name tokens are issued."""
    return AuthenticationSettings(
        held_seconds=settings.held_seconds,
        sessions=SessionSettings(
            token_seconds=settings.token_seconds, refresh_grace_seconds=settings.refresh_grace_seconds
        ),
        clients=ClientSettings(
            issuer=base_url.rstrip("/"),
            token_seconds=settings.client_token_seconds,
            code_seconds=settings.code_seconds,
        ),
    )


def boxc_bucket(settings: BoxcSettings) -> Bucket:
    """Return the bucket that each user of the BoxC dialect has (contract BoxC §3.4)."""
    return Bucket(
        key="boxc",
        capacity=settings.rate_limit_requests,
        per_second=settings.rate_limit_per_second,
    )


def money_ports(billing: BillingSettings, stripe: StripeSettings, db: Database) -> Ports:
    """Return what money needs: who takes it, what things cost, and how an invoice is printed."""
    return {
        PaymentGateway: _gateway(billing, stripe, db),
        PriceList: price_list(billing),
        RateCard: rate_card(billing),
        InvoicePrinter: invoice_printer(),
    }


def _gateway(billing: BillingSettings, stripe: StripeSettings, db: Database) -> PaymentGateway:
    if billing.gateway == "simulated":
        return SimulatedGateway(db)
    assert stripe.secret_key is not None  # the settings were checked
    return StripeGateway.of(
        secret_key=stripe.secret_key,
        api_base=stripe.api_base,
        timeout_seconds=stripe.timeout_seconds,
        customers=stripe.customers,
    )


def serving_ports(
    settings: Settings, db: Database, data_dir: Path, base_url: str, carriers: Carriers
) -> Ports:
    """Return what routes need themselves."""
    return {
        **warehouse_ports(settings, db, data_dir=data_dir, base_url=base_url),
        **person_ports(settings.recovery, base_url=base_url),
        InvoicePrinter: invoice_printer(),
        PriceList: price_list(settings.billing),
        RateCard: rate_card(settings.billing),
        Wordings: announcements(base_url=base_url),
        Carriers: carriers,
        Mailboxes: mailboxes(settings, data_dir),
        ClientTerms: ClientTerms(most=settings.identity.clients_per_account),
        webhooks.Policy: webhook_policy(settings.webhooks),
        Installed: Installed(
            base_url=base_url, provider_name=settings.oidc.name if settings.oidc.issuer else None
        ),
        **identity_provider(settings.oidc, base_url=base_url),
    }


def identity_provider(settings: OidcSettings, *, base_url: str) -> Ports:
    """Return who else vouches for people, where one is set up."""
    if settings.issuer is None:
        return {}
    assert settings.client_secret is not None  # the settings were checked
    caller = SafeCaller(CheckedBackend(allowed=networks(settings.allowed_private_networks)))
    asked = ProviderSettings(
        issuer=settings.issuer,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        scopes=settings.scopes,
        redirect_uri=f"{base_url.rstrip('/')}/sign-in/oidc/return",
    )
    return {IdentityProvider: OidcProvider(caller, asked)}


def browsing_terms(settings: ConsoleSettings) -> Terms:
    """Return how long sessions of browsers last."""
    return Terms(idle=timedelta(hours=settings.idle_hours), lasting=timedelta(days=settings.session_days))


def price_list(settings: BillingSettings) -> PriceList:
    """Return what transfers cost."""
    return prices.load(Path(settings.price_list)) if settings.price_list else prices.load()


def rate_card(settings: BillingSettings) -> RateCard:
    """Return what the warehouse's work costs."""
    return rates.load(Path(settings.rate_card)) if settings.rate_card else rates.load()


def invoice_printer() -> InvoicePrinter:
    """Return what puts invoices on paper."""
    return PdfInvoices()
