"""A warehouse and those whose parcels come in there, as tests see them: every operation in a word."""

import contextlib

import pytest
from tests.making import COUNTER, HOME, OFFICE

from backhaul.domain import returns
from backhaul.domain.billing import wallet
from backhaul.domain.identity import OPERATOR_ORG_ID, Role, create_user, system_actor
from backhaul.domain.identity.model import Actor, Plan, rights_of
from backhaul.domain.inventory import queries as inventory
from backhaul.domain.shipping.model import Leg, Tracking, TrackingEvent, TrackResult
from backhaul.domain.shipping.operations import ingest
from backhaul.kernel.errors import DomainError
from backhaul.kernel.money import Money
from backhaul.storage.author import Author
from backhaul.storage.database import Scope

TABLES = (
    "warehouses", "intakes", "returns", "return_items", "return_messages", "return_photos", "sanitisations", "assets",
    "custody_events", "history", "outbox", "wallet_fees", "wallets", "ledger_entries",
)  # fmt: skip


class Depot:
    """An operator at a table in a warehouse, and one customer of theirs."""

    def __init__(self, world):
        self.world, self.db, self.make = world, world.db, world.make
        self.customer = world.actor
        self.policy = world.ports[returns.Policy]

    @property
    def now(self):
        return self.world.now

    async def furnished(self):
        user = await create_user(
            self.db,
            actor=system_actor(OPERATOR_ORG_ID),
            email=f"op{next(COUNTER)}@depot.example",
            name="Op",
            now=self.now,
        )
        self.operator = Actor(
            org_id=OPERATOR_ORG_ID,
            plan=Plan.CUSTOM,
            user_id=user.id,
            user_email=user.email,
            rights=rights_of(Role.OPERATOR, ()),
            author=Author(kind="user", id=user.id),
        )
        self.warehouse = await self.add_warehouse("WH0CVG01")
        return self

    async def add_warehouse(self, code, **changes):
        values = {"name": "Cincinnati", "address": OFFICE, "entry_point": "CVG001", **changes}
        return await returns.add_warehouse(
            self.db, actor=system_actor(OPERATOR_ORG_ID), code=code, now=self.now, **values
        )

    async def neighbour(self):
        """The same warehouse, and another customer."""
        other = type(self)(await self.world.elsewhere())
        other.operator, other.warehouse = self.operator, self.warehouse
        return other

    # Money

    async def fund(self, minor=100_000, actor=None):
        """As much credit as that."""
        org_id, limit = (actor or self.customer).org_id, Money(minor)
        await wallet.set_credit_limit(
            self.db, actor=system_actor(OPERATOR_ORG_ID), org_id=org_id, limit=limit, now=self.now
        )

    async def spent(self, actor=None):
        balance = await wallet.get_balance(self.db, actor=actor or self.customer)
        return -balance.balance_minor

    # Parcels

    async def on_its_way(self, *, serial_number=None, actor=None, **changes):
        """A transfer home whose parcel has a number; returns transfer and number."""
        world = self.world if actor is None else self.world_of(actor)
        transfer = await world.order(
            device_serial_number=serial_number, is_box_waived=True, employee_address=HOME, **changes
        )
        parcels = await world.parcels(transfer)
        return transfer, parcels[Leg.DEVICE].tracking_number

    def world_of(self, actor):
        return type(self.world)(self.db, self.world.clock, self.make, actor=actor, folder=self.world.folder)

    async def scan_parcel(self, transfer, status, *, at=None, text="Scanned"):
        """The carrier reports something about a transfer's device parcel."""
        shipment = (await self.world.parcels(transfer))[Leg.DEVICE]
        event = TrackingEvent(status=status, at=at or self.now, carrier_status=status.value, text=text)
        await ingest(
            self.db,
            scope=Scope(shipment.org_id),
            shipment_id=shipment.id,
            tracking_number=shipment.tracking_number,
            result=TrackResult(events=(event,)),
            now=self.now,
        )
        await self.world.relay()

    async def laptop(self, **changes):
        """A device in use by the person who sends parcels in these tests; returns the asset."""
        if "assign_to_email" not in changes and "status_name" not in changes:
            ada = await self.person()
            changes |= {"status_name": "In Use", "assign_to_email": ada.email}
        return (await self.make.asset(self.customer, **changes)).asset

    async def person(self, email="christopher@home.example"):
        try:
            return await self.make.employee(self.customer, email=email)
        except DomainError:
            return next(
                one.employee
                for one in (
                    await inventory.list_people(self.db, actor=self.customer, page=1, email=email)
                ).items
            )

    async def receive(self, number, *, actor=None, warehouse="WH0CVG01"):
        return await returns.receive_parcel(
            self.db, actor=actor or self.operator, warehouse=warehouse, tracking_number=number, now=self.now
        )

    async def unplanned(self):
        """A processed return of a parcel that nobody announced."""
        number = (await self.receive(f"UNPLANNED{next(COUNTER)}")).intake.number
        owner = {"owner_org_id": self.customer.org_id, "rma_number": None}
        await returns.identify_intake(self.db, actor=self.operator, number=number, now=self.now, **owner)
        return await self.process(number)

    async def scan(self, number, serial_number, **seen):
        return await returns.scan_device(
            self.db,
            actor=self.operator,
            number=number,
            serial_number=serial_number,
            seen=returns.Checklist(**seen),
            now=self.now,
        )

    async def process(self, number, **changes):
        values = {"weight_grams": 1500, **changes}
        return await returns.process_return(
            self.db, actor=self.operator, number=number, policy=self.policy, now=self.now, **values
        )

    async def ask(self, number, actor=None):
        return await returns.request_verification(
            self.db, actor=actor or self.customer, number=number, policy=self.policy, now=self.now
        )

    async def verify(self, number):
        return await returns.verify_return(self.db, actor=self.operator, number=number, now=self.now)

    async def discard(self, number, actor=None):
        return await returns.discard_return(
            self.db, actor=actor or self.customer, number=number, now=self.now
        )

    async def write(self, number, body="Hello", actor=None):
        return await returns.add_message(
            self.db, actor=actor or self.customer, number=number, body=body, now=self.now
        )

    async def parcel(
        self, *, status="processed", laptop=None, is_funded=True, reshipment_id=None, serial_number=None
    ):
        """A return of the customer that has come so far."""
        if is_funded:
            await self.fund()
        serial_number = serial_number or (laptop.serial_number if laptop else f"PARCEL-{next(COUNTER)}")
        _, tracking = await self.on_its_way(serial_number=serial_number)
        one = (await self.receive(tracking)).one
        if status == "received":
            return one
        await self.scan(one.number, serial_number)
        one = await self.process(one.number)
        if status in ("verifying", "verified"):
            one = await self.ask(one.number)
        if status == "verified":
            one = await self.verify(one.number)
        if status in ("reshipping", "reshipped"):
            await self.take([one.number], reshipment_id)
        if status == "reshipped":
            async with self.db.transaction(Scope(self.customer.org_id)) as tx:
                await returns.mark_reshipped(tx, reshipment_id, self.now)
        if status == "discarded":
            await self.discard(one.number)
        return await self.reload(one)

    async def take(self, numbers, reshipment_id, actor=None):
        async with self.db.transaction(Scope((actor or self.customer).org_id)) as tx:
            found = await returns.lock_many(tx, numbers)
            return await returns.take_for_reshipping(tx, found, reshipment_id, self.now)

    async def give_back(self, reshipment_id):
        async with self.db.transaction(Scope(self.customer.org_id)) as tx:
            return await returns.give_back(tx, reshipment_id, self.now)

    async def photograph(self, number, content=None, policy=None):
        return await returns.add_photo(
            self.db,
            self.world.ports[returns.Files],
            actor=self.operator,
            number=number,
            content=picture() if content is None else content,
            policy=policy or self.policy,
            now=self.now,
        )

    # What became of it

    async def reload(self, one):
        return (await self.any_detail(one.number, Scope(one.org_id))).one

    async def any_detail(self, number, scope=None):
        from backhaul.domain.returns.queries import get_any_return

        scope = scope or Scope(self.customer.org_id)
        return await get_any_return(self.db, scope=scope, number=number)

    async def detail(self, number, actor=None):
        return await returns.get_return(self.db, actor=actor or self.customer, number=number)

    async def listed(self, actor=None, **how):
        page = await returns.list_returns(self.db, actor=actor or self.customer, **how)
        return [one.number for one in page.items]

    async def asset(self, laptop):
        return (
            await inventory.get_asset(self.db, actor=self.customer, serial_number=laptop.serial_number)
        ).asset

    async def status_of(self, laptop):
        detail = await inventory.get_asset(self.db, actor=self.customer, serial_number=laptop.serial_number)
        return detail.status.name

    async def custody_of(self, laptop):
        return (await self.asset(laptop)).custody.value

    async def hand_overs(self, laptop):
        """The ledger in words: reason and where to."""
        lines = await inventory.list_custody(self.db, actor=self.customer, asset=laptop.serial_number)
        return [(line.reason.value, line.to_custody and line.to_custody.value) for line in lines]

    async def everything(self):
        """How many rows there are of everything that these operations write."""
        async with self.db.system() as reader:
            return {
                table: await reader.fetchval(f"SELECT count(*) FROM {table}")
                + (
                    await reader.fetchval("SELECT coalesce(sum(version), 0) FROM returns")
                    if table == "returns"
                    else 0
                )
                for table in TABLES
            }

    @contextlib.asynccontextmanager
    async def refused(self, code):
        """The block is refused with this code, and nothing is changed."""
        before = await self.everything()
        with pytest.raises(DomainError) as caught:
            yield caught
        assert caught.value.code == code
        assert await self.everything() == before

    async def history_of(self, one):
        from backhaul.storage.history import of_subject

        scope = Scope(one.org_id)
        async with self.db.read(scope) as reader:
            return [
                entry.action for entry in await of_subject(reader, scope, kind="return", subject_id=one.id)
            ]


DELIVERED, IN_TRANSIT = Tracking.DELIVERED, Tracking.IN_TRANSIT


def picture(form="JPEG", size=(40, 30), **options):
    """The bytes of a picture with some colours in it."""
    from io import BytesIO

    from PIL import Image

    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, size[0] // 2, size[1] // 2))
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
