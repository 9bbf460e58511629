"""What a test of deliveries works with: an organization, a sender that may call this machine, and its papers."""

from backhaul.domain import webhooks
from backhaul.domain.webhooks import Message, sending
from backhaul.main import make_ports
from backhaul.settings import Settings, WebhookSettings
from backhaul.storage import history
from backhaul.storage.database import Scope

HERE = ("127.0.0.0/8",)
BODY = b'{"z": 1, "a": "\xc3\xbc"}'  # bytes that no encoder of ours would write


class Office:
    def __init__(self, db, clock, make, actor, folder, **settings):
        self.db, self.clock, self.make, self.actor, self.folder = db, clock, make, actor, folder
        self.scope = Scope(actor.org_id)
        chosen = {"allowed_private_networks": HERE, "timeout_seconds": 10.0, **settings}
        self.settings = Settings(webhooks=WebhookSettings(**chosen))
        self.ports = make_ports(self.settings, db, folder)
        self.policy = self.ports[webhooks.Policy]
        self.terms = self.ports[webhooks.Catalog].get("device_transfers")
        self.sender = sending.Sender(db, clock=clock, ports=self.ports)

    @property
    def now(self):
        return self.clock.now()

    async def elsewhere(self):
        """The same, of another organization."""
        return Office(self.db, self.clock, self.make, await self.make.organization(), self.folder)

    async def endpoint(self, url, *, terms=None):
        """An endpoint and its secret."""
        return await webhooks.add_endpoint(
            self.db, actor=self.actor, url=url, terms=terms or self.terms, policy=self.policy, now=self.now
        )

    async def deliver(self, to, *, body=BODY, topic="test.topic", once_key=None):
        """A decided delivery's id, or None."""
        async with self.db.transaction(self.scope) as tx:
            return await webhooks.deliver(
                tx, to=to, message=Message(topic=topic, body=body), at=self.now, once_key=once_key
            )

    async def send(self):
        """Send what is due now; return how many attempts were made."""
        return await self.sender.send_due()

    async def detail(self, delivery_id):
        return await webhooks.get_delivery(self.db, actor=self.actor, delivery_id=delivery_id)

    async def delivery(self, delivery_id):
        return (await self.detail(delivery_id)).delivery

    async def deliveries(self, **options):
        return await webhooks.list_deliveries(self.db, actor=self.actor, **options)

    async def find(self, endpoint):
        return await webhooks.get_endpoint(self.db, actor=self.actor, endpoint_id=endpoint.id)

    async def history(self, kind, subject_id):
        async with self.db.read(self.scope) as reader:
            entries = await history.of_subject(reader, self.scope, kind=kind, subject_id=subject_id)
        return [entry.action for entry in entries]

    async def events(self, subject_id):
        async with self.db.read(self.scope) as reader:
            rows = await reader.fetch(
                "SELECT type FROM outbox WHERE org_id = $1 AND subject_id = $2 ORDER BY id",
                self.scope.org_id,
                subject_id,
            )
        return [row["type"] for row in rows]

    async def traces(self):
        """Everything that is written down; a refused call leaves this as it was."""
        tables = (
            "webhook_endpoints",
            "webhook_secrets",
            "webhook_deliveries",
            "webhook_attempts",
            "history",
            "outbox",
        )
        async with self.db.read(self.scope) as reader:
            return {
                name: [
                    row["whole"]
                    for row in await reader.fetch(
                        f"SELECT {name}::text AS whole FROM {name} WHERE org_id = $1 ORDER BY 1",
                        self.scope.org_id,
                    )
                ]
                for name in tables
            }
