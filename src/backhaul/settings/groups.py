"""What can be set, group by group: the units are in the names, and the reason stands where a number is not obvious."""

import msgspec


class DatabaseSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: str | None = None  # None: the embedded PostgreSQL in the data directory
    app_url: str | None = None  # a login of its own for requests; None: `url` with SET ROLE
    worker_url: str | None = None
    app_connections: int = 16  # per process; two cores are busy with fewer
    lookup_connections: int = 4  # credentials and tracking numbers; one listens for revocations
    worker_connections: int = 8
    connect_timeout_seconds: float = 10.0
    command_timeout_seconds: float = 60.0
    statement_timeout_seconds: float = 30.0


class HttpSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    base_url: str | None = None  # what others reach us by; None: host and port
    max_body_bytes: int = 1_048_576
    drain_seconds: float = 10.0  # how long SIGTERM waits for requests
    trusted_proxies: tuple[str, ...] = ()  # CIDR; whose X-Forwarded-For is believed


class ShippingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    carriers: dict[str, str] = {}  # carrier → adapter; a carrier not named here is simulated
    day_seconds: float = 86_400.0  # of the simulated carrier alone


class TransferSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reminder_days: tuple[int, ...] = (3, 6, 9)  # contract §1.8
    give_up_days: int = 30
    day_seconds: float = 86_400.0  # of the reminder ladder; shortened in demonstrations only
    box_carrier: str = "USPS"  # a carrier's name, or "cheapest"
    device_carrier: str = "FedEx"
    depot_name: str = "Backhaul Depot"  # where empty boxes are sent from
    depot_line_1: str = "100 Logistics Way"
    depot_city: str = "Columbus"
    depot_state_code: str = "OH"
    depot_postal_code: str = "43215"
    depot_country_code: str = "US"


class RadarSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label_never_scanned_days: int = 7  # since the sender could use it
    no_movement_days: int = 5  # calendar days: a weekend is part of every week, and a customer's device
    delivered_not_received_days: int = 3
    look_back_days: int = 30  # what has been over for longer gets no exception any more
    label_never_scanned_due_hours: int = 48
    no_movement_due_hours: int = 24
    delivered_not_received_due_hours: int = 24
    address_exception_due_hours: int = 24  # carriers keep such a parcel for a few days
    box_undeliverable_due_hours: int = 48
    box_not_needed_due_hours: int = 24  # a parcel on its way can still be stopped


class ReturnSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    max_photos: int = 20  # of one return
    max_photo_bytes: int = 15_000_000  # as sent; telephones make 3 to 12
    max_photo_pixels: int = 50_000_000  # telephones make 12 to 50 million
    photo_side: int = 2048  # pixels; what is larger is made smaller


class FileSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    storage: str = "disk"  # or "s3"
    folder: str | None = None  # None: `files` in the data directory
    bucket: str | None = None
    endpoint_url: str | None = None  # None: Amazon's of the region
    region: str | None = None  # None: as AWS_DEFAULT_REGION says
    timeout_seconds: float = 10.0  # of the bucket: to connect, and between two pieces of an answer


class ReshippingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    expiry_days: int = 15  # contract BoxC §3.7
    tolerance_percent: int = 10  # unless an organization has its own (contract BoxC §3.9, B22)
    hold_days: int = 60  # how long the money of an approved one stays set aside


class BillingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    price_list: str | None = None  # path of a TOML file; None: the packaged one
    rate_card: str | None = None  # the same, for the warehouse's fees and rates
    gateway: str = "simulated"  # or "stripe"


class StripeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    secret_key: str | None = None
    api_base: str = "https://api.stripe.com"
    timeout_seconds: float = 30.0
    customers: dict[str, str] = {}  # organization's id → its customer at Stripe


class MailSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    transport: str = "folder"  # or "smtp"
    folder: str | None = None  # None: `mail` in the data directory
    sender: str = "Backhaul <no-reply@backhaul.invalid>"
    smtp_host: str = "localhost"
    smtp_port: int = 587
    smtp_username: str | None = None
    smtp_password: str | None = None
    smtp_tls: str = "starttls"  # or "tls", "none"
    smtp_timeout_seconds: float = 30.0


class TextingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    transport: str = "folder"  # nothing else yet: text messages are simulated
    folder: str | None = None  # None: `texts` in the data directory


class WebhookSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    timeout_seconds: float = 10.0  # for one attempt, from the look-up of the name to the end of the answer
    connect_timeout_seconds: float = 5.0
    # Pauses after failed attempts: ten attempts in three days (Standard Webhooks).
    retry_seconds: tuple[int, ...] = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
    at_once: int = 32  # requests in flight in one worker; they wait more than they work
    at_once_per_host: int = 2  # of those; a slow receiver then holds up nobody else
    allowed_private_networks: tuple[str, ...] = ()  # CIDR; may be called though they are not public
    kept_days: int = 90  # how long what ended can still be looked at, and be replayed


class RecoverySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    link_days: int = 90  # how long a link to a person's page is good: longer than any ladder of reminders
    # Requests for a person's page: one visit is some ten, and an office of hundreds may share one address.
    link_burst: int = 60
    link_per_minute: int = 30
    client_burst: int = 300
    client_per_minute: int = 120


class JobSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at_once: int = 8  # jobs running at the same time in one worker
    drain_seconds: float = 20.0  # how long SIGTERM waits for jobs
    heartbeat_timeout_seconds: float = 10.0  # a job whose worker is silent for so long is given to another
    max_crashes: int = 5  # a job that takes its worker down so often is parked
    metrics_port: int | None = None  # where a separate `work` process serves /metrics; None: nowhere


class IdentitySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    held_seconds: float = 30.0  # how long a key's answer is trusted; design rule 13: never more than 30
    token_seconds: int = 14_400  # an access token's lifetime; contract Unduit C2: 4 hours
    refresh_grace_seconds: int = 86_400  # how long an expired token can still be refreshed: a night's pause
    client_token_seconds: int = 315_360_000  # of a client's access token; contract BoxC §3.2: 10 years
    code_seconds: int = 60  # an authorization code's: the browser carries it to the client at once
    clients_per_account: int = 2  # contract BoxC §3.2


class RereadySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    state_follows_example: bool = False  # contract R2


class UnduitSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    adds_to_campaigns_by_get: bool = True  # contract C5: the documented curl is a GET with a body


class BoxcSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rate_limit_requests: int = 30  # of one user at once, over all clients; contract §3.4
    rate_limit_per_second: float = 2.0  # what leaks out of that bucket


class ConsoleSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    idle_hours: float = 12.0  # a browser that is quiet for so long is signed out: a working day, not a night
    session_days: float = 30.0  # and after so long in any case


class OidcSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    issuer: str | None = None  # None: nobody signs in elsewhere
    client_id: str = ""
    client_secret: str | None = None
    name: str = "single sign-on"  # as the button says it: "Continue with …"
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    allowed_private_networks: tuple[
        str, ...
    ] = ()  # CIDR; where the provider may be though they are not public


class LogSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    level: str = "info"
    form: str = "auto"  # "json", "text", or by whether a person is watching


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    database: DatabaseSettings = DatabaseSettings()
    http: HttpSettings = HttpSettings()
    shipping: ShippingSettings = ShippingSettings()
    transfers: TransferSettings = TransferSettings()
    radar: RadarSettings = RadarSettings()
    reshipping: ReshippingSettings = ReshippingSettings()
    billing: BillingSettings = BillingSettings()
    stripe: StripeSettings = StripeSettings()
    returns: ReturnSettings = ReturnSettings()
    files: FileSettings = FileSettings()
    mail: MailSettings = MailSettings()
    texting: TextingSettings = TextingSettings()
    webhooks: WebhookSettings = WebhookSettings()
    recovery: RecoverySettings = RecoverySettings()
    jobs: JobSettings = JobSettings()
    identity: IdentitySettings = IdentitySettings()
    reready: RereadySettings = RereadySettings()
    unduit: UnduitSettings = UnduitSettings()
    boxc: BoxcSettings = BoxcSettings()
    console: ConsoleSettings = ConsoleSettings()
    oidc: OidcSettings = OidcSettings()
    log: LogSettings = LogSettings()
    data_dir: str = "var"
