"""Every page of the console that is opened by GET: what the sweeps run over. Each area adds its lines."""

from dataclasses import dataclass

from backhaul.domain.identity.model import RIGHTS, Right, Role


@dataclass(frozen=True)
class Page:
    """A page; `{kind}` in its path stands for an id of the organization that is looked at (`Console.ids`)."""

    path: str
    right: Right | None = None  # what the viewer needs; None: to be signed in
    # Whether ids of another organization in the path are refused: pages without ids have none.
    leads_to: str | None = None  # a page that only leads on, and where to

    route: str | None = None  # where the path names something that every organization has

    def of(self, ids):
        """The address of the page for some organization's ids."""
        return self.path.format(**ids)

    @property
    def who(self):
        """Who looks at it where one is enough: an owner, or the operator where owners have no right to it."""
        return "owner" if self.right is None or self.right in RIGHTS[Role.OWNER] else "operator"

    @property
    def is_about_something(self):
        return "{" in self.path


PAGES = [
    Page("/"),
    Page("/search"),
    Page("/search?q=ada"),
    Page("/saved-views"),
    Page("/account"),
    Page("/account/totp"),
    Page("/settings", leads_to="/settings/organization"),
    Page("/settings/organization", right=Right.ORGANIZATION_MANAGE),
    Page("/settings/keys", right=Right.KEYS_MANAGE),
    Page("/settings/members", right=Right.MEMBERS_MANAGE),
    Page("/settings/clients", right=Right.KEYS_MANAGE),
    Page("/settings/webhooks", right=Right.WEBHOOKS_READ),
    Page("/settings/webhooks/{endpoint}", right=Right.WEBHOOKS_READ),
    Page("/settings/webhooks/deliveries", right=Right.WEBHOOKS_READ),
    Page("/settings/webhooks/callbacks", right=Right.WEBHOOKS_READ),
    Page("/settings/webhooks/deliveries/{delivery}", right=Right.WEBHOOKS_READ),
    Page("/settings/webhooks/deliveries/{callback}", right=Right.WEBHOOKS_READ),
    Page("/settings/ladders", right=Right.ORGANIZATION_MANAGE),
    Page("/settings/ladders/new", right=Right.ORGANIZATION_MANAGE),
    Page("/settings/ladders/built-in", right=Right.ORGANIZATION_MANAGE, route="/settings/ladders/{}"),
    Page("/settings/ladders/{ladder}", right=Right.ORGANIZATION_MANAGE),
    Page("/settings/ladders/{ladder}/edit", right=Right.ORGANIZATION_MANAGE),
    Page("/settings/ladders/{ladder}/edit?as=document", right=Right.ORGANIZATION_MANAGE),
    Page("/settings/letters", right=Right.ORGANIZATION_MANAGE),
    Page(
        "/settings/letters/recovery/reminder",
        right=Right.ORGANIZATION_MANAGE,
        route="/settings/letters/{}/{}",
    ),
    Page(
        "/settings/letters/recovery/reminder?locale=de&channel=text",
        right=Right.ORGANIZATION_MANAGE,
        route="/settings/letters/{}/{}",
    ),
    Page("/settings/audit", right=Right.ORGANIZATION_MANAGE),
    Page("/settings/customers", right=Right.INSTALLATION_OPERATE),
    Page("/settings/customers?q=maas&wallet=empty", right=Right.INSTALLATION_OPERATE),
    Page("/settings/customers/{customer}", right=Right.INSTALLATION_OPERATE),
    Page("/settings/customers/{customer}/charges/{charge}", right=Right.INSTALLATION_OPERATE),
    Page("/settings/customers/{customer}/fees/{fee}", right=Right.INSTALLATION_OPERATE),
    Page("/settings/carriers", right=Right.INSTALLATION_OPERATE),
    Page("/settings/prices", right=Right.INSTALLATION_OPERATE),
    Page("/settings/mail", right=Right.INSTALLATION_OPERATE),
    Page("/settings/mail/texts", right=Right.INSTALLATION_OPERATE),
    Page("/settings/jobs", right=Right.INSTALLATION_OPERATE),
    Page("/money", right=Right.BILLING_READ),
    Page("/money/quotes", right=Right.RETURNS_READ),
    Page("/money/holds", right=Right.BILLING_READ),
    Page("/money/fees", right=Right.BILLING_READ),
    Page("/money/charges", right=Right.BILLING_READ),
    Page("/money/charges/{charge}", right=Right.BILLING_READ),
    Page("/money/refunds", right=Right.BILLING_READ),
    Page("/money/invoices", right=Right.BILLING_READ),
    Page("/money/invoices/{invoice}", right=Right.BILLING_READ),
    Page("/people", right=Right.DIRECTORY_READ),
    Page("/people/new", right=Right.DIRECTORY_WRITE),
    Page("/people/departments", right=Right.DIRECTORY_READ),
    Page("/people/{person}", right=Right.DIRECTORY_READ),
    Page("/people/{person}/edit", right=Right.DIRECTORY_WRITE),
    Page("/assets", right=Right.INVENTORY_READ),
    Page("/assets/new", right=Right.INVENTORY_WRITE),
    Page("/assets/{asset}", right=Right.INVENTORY_READ),
    Page("/assets/{asset}/edit", right=Right.INVENTORY_WRITE),
    Page("/locations", right=Right.DIRECTORY_READ),
    Page("/locations/new", right=Right.DIRECTORY_WRITE),
    Page("/locations/{location}/edit", right=Right.DIRECTORY_WRITE),
    Page("/imports", right=Right.INVENTORY_READ),
    Page("/imports/{import}", right=Right.INVENTORY_READ),
    Page("/scan"),
    Page("/transfers", right=Right.TRANSFERS_READ),
    Page("/transfers?status=open&q=christopher&attention=1", right=Right.TRANSFERS_READ),
    Page("/transfers/new", right=Right.TRANSFERS_WRITE),
    Page("/transfers/new?person=a&device=c&step=details", right=Right.TRANSFERS_WRITE),
    Page("/transfers/{transfer}", right=Right.TRANSFERS_READ),
    Page("/transfers/{lost}", right=Right.TRANSFERS_READ),
    Page("/transfers/{transfer}/address", right=Right.TRANSFERS_WRITE),
    Page("/transfers/{waived}/pickup", right=Right.TRANSFERS_WRITE),
    Page("/transfers/{transfer}/parcels/{leg}", right=Right.TRANSFERS_WRITE),
    Page("/exceptions", right=Right.TRANSFERS_READ),
    Page("/exceptions/{exception}", right=Right.TRANSFERS_READ),
    Page("/campaigns", right=Right.RECOVERY_READ),
    Page("/campaigns?q=refresh&overdue=1", right=Right.RECOVERY_READ),
    Page("/campaigns/new", right=Right.RECOVERY_WRITE),
    Page("/campaigns/{campaign}", right=Right.RECOVERY_READ),
    Page("/campaigns/{campaign}?stage=person&open=1&country=US", right=Right.RECOVERY_READ),
    Page("/campaigns/{empty_campaign}", right=Right.RECOVERY_READ),
    Page("/campaigns/{campaign}/edit", right=Right.RECOVERY_WRITE),
    Page("/campaigns/{campaign}/people", right=Right.RECOVERY_WRITE),
    Page("/campaigns/{campaign}/calendar", right=Right.RECOVERY_READ),
    Page("/cases", right=Right.RECOVERY_READ),
    Page("/cases?q=marlowe&overdue=1&contact=none", right=Right.RECOVERY_READ),
    Page("/cases/{case}", right=Right.RECOVERY_READ),
    Page("/cases/{code}", right=Right.RECOVERY_READ),
    Page("/cases/{asking_case}", right=Right.RECOVERY_READ),
    Page("/cases/{ended_case}", right=Right.RECOVERY_READ),
    Page("/cases/{held_case}", right=Right.RECOVERY_READ),
    Page("/returns", right=Right.RETURNS_READ),
    Page("/returns?q=1Z999&status=processed&warehouse=WH0CVG01", right=Right.RETURNS_READ),
    Page("/returns/{return}", right=Right.RETURNS_READ),
    Page("/returns/{verifying}", right=Right.RETURNS_READ),
    Page("/reshipments", right=Right.RETURNS_READ),
    Page("/reshipments?status=answer", right=Right.RETURNS_READ),
    Page("/reshipments/new", right=Right.RETURNS_WRITE),
    Page("/reshipments/new?returns=1&person=ada&place=1", right=Right.RETURNS_WRITE),
    Page("/reshipments/{reshipment}", right=Right.RETURNS_READ),
    Page("/reshipments/{quoting}", right=Right.RETURNS_READ),
    Page("/reshipments/{sent}", right=Right.RETURNS_READ),
    Page("/warehouse", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/scanned?scan=nobody&at=WH0CVG01", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/scanned?scan=ours-laptop&at=WH0CVG01", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/queues/unidentified", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/queues/open", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/queues/verify", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/queues/quotes", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/queues/weigh", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/queues/dispatch", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/parcels/{opening}", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/parcels/{verifying}", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/parcels/{unidentified}?customer=maas", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/parcels/{return}/sanitise", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/reshipments/{quoting}", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/reshipments/{approved}", right=Right.WAREHOUSE_OPERATE),
    Page("/warehouse/reshipments/{sent}", right=Right.WAREHOUSE_OPERATE),
    Page("/holds", right=Right.HOLDS_READ),
    Page("/holds/new", right=Right.HOLDS_WRITE),
    Page("/holds/{hold}", right=Right.HOLDS_READ),
]

# Routes that are no pages, and why they are in no sweep.
NO_PAGES = {
    "/returns/{number:str}/certificate": "a file: returns/test_files",
    "/returns/{number:str}/photos/{photo:str}": "a file: returns/test_files",
    "/warehouse/parcels/{number:str}/certificate": "a file: returns/test_files",
    "/warehouse/parcels/{number:str}/photos/{photo:str}": "a file: returns/test_files",
    "/warehouse/reshipments/{number:str}/label/{form:str}": "a label to print: warehouse/test_reshipments",
    "/assets/export": "a file: inventory/test_listing",
    "/campaigns/template": "a file: campaigns/test_people",
    "/campaigns/{campaign:str}/export": "a file: campaigns/test_campaigns",
    "/cases/export": "a file: cases/test_listing",
    "/people/export": "a file: people/test_people",
    "/imports/template": "a file: imports/test_imports",
    "/imports/{number:str}/refused": "a file: imports/test_imports",
    "/invitation/{token:str}": "for who was invited: settings/test_invitations",
    "/money/invoices/{invoice:str}/pdf": "a file: money/test_invoices",
    "/money/ledger": "a file: money/test_invoices",
    "/settings/audit/export": "a file: settings/test_audit",
    "/settings/letters/{family:str}/{letter:str}/frame": "for a frame of its page: settings/test_letters",
    "/settings/mail/{mail:str}": "of a file, for the operator: settings/test_mail",
    "/settings/mail/{mail:str}/frame": "for a frame of its page: settings/test_mail",
    "/settings/mail/texts/{text:str}": "of a file, for the operator: settings/test_mail",
    "/sign-in": "for who is not signed in: test_entrance",
    "/sign-in/totp": "between password and code: test_second_factor",
    "/sign-in/oidc": "leads to the identity provider: test_oidc",
    "/sign-in/oidc/return": "comes from the identity provider: test_oidc",
    "/transfers/{transfer:str}/labels/{label:str}": "labels to print: transfers/test_acting",
    "/static/console/{name:str}": "style and scripts: test_assets",
}
