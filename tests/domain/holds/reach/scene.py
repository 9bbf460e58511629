"""A person who owes a device: at home, on its way, in a warehouse; and everything a hold has to stop."""

import contextlib
from dataclasses import dataclass
from typing import Any

import pytest
from tests.domain.holds.court import case, person
from tests.domain.recovery.desk import Desk
from tests.domain.reshipping.bench import Bench
from tests.making import COUNTER

from backhaul.domain import holds
from backhaul.domain.directory import remove_employee
from backhaul.domain.holds import NewSubject, SubjectKind
from backhaul.domain.identity import Role, find_organization
from backhaul.domain.inventory.model import AssetPatch, asset_number
from backhaul.domain.inventory.operations import change_asset, unassign_asset
from backhaul.domain.recovery import NewItem, Outcome
from backhaul.domain.returns import sanitisation
from backhaul.domain.returns.sanitisation import LockStatus, Method
from backhaul.domain.shipping.model import Tracking
from backhaul.kernel.errors import DomainError

TABLES = (
    "assets", "employees", "custody_events", "holds", "hold_subjects", "hold_releases", "recovery_cases",
    "recovery_items", "transfers", "returns", "return_items", "return_photos", "sanitisations", "reshipments",
    "shipments", "wallets", "wallet_holds", "history", "outbox",
)  # fmt: skip


@dataclass
class Scene:
    desk: Desk
    bench: Bench
    ada: Any
    serial: str
    laptop: Any  # None: the inventory does not know it
    case: Any
    number: int = 0  # of the return

    @property
    def what(self):
        return {"db": self.desk.db, "actor": self.desk.actor, "now": self.desk.now}

    @classmethod
    async def open(cls, desk, bench, *, is_known=True, **item):
        make, actor, n = desk.world.make, desk.actor, next(COUNTER)
        await bench.fund()
        ada = await make.employee(actor, email=f"ada{n}@home.example")
        serial = f"OWED-{n}"
        laptop = None
        if is_known:
            owned = {"status_name": "In Use", "assign_to_email": ada.email}
            laptop = (await make.asset(actor, serial_number=serial, **owned)).asset
        owed = NewItem(name="MacBook", **(item or {"serial_number": serial}))
        found = await desk.add(owed, email=ada.email)
        await desk.world.settle()
        return cls(desk, bench, ada, serial, laptop, found)

    # Where the device is

    async def device(self):
        (transfer,) = await self.desk.transfers(self.case)
        return await self.desk.world.device(transfer)

    async def hand_over(self):
        await self.desk.world.report(await self.device(), Tracking.IN_TRANSIT)
        await self.desk.world.settle()

    async def arrive(self, *scans):
        tracking = (await self.device()).tracking_number
        self.number = (await self.bench.receive(tracking)).one.number
        for serial in scans or (self.serial,):
            await self.bench.scan(self.number, serial)
        await self.bench.process(self.number)
        await self.desk.world.settle()

    # What holds it

    def subject(self, kind):
        return {
            "asset": lambda: NewSubject(kind=SubjectKind.ASSET, name=self.serial),
            "person": lambda: person(self.ada),
            "case": lambda: case(self.case.public_number),
        }[kind]()

    async def place(self, *subjects, summary="Smith v. Maas"):
        return await holds.place_hold(
            **self.what, summary=summary, description="Keep everything.", subjects=subjects
        )

    async def release(self, hold, serial_number=None):
        colleague = await self.desk.world.make.member(
            await find_organization(self.desk.db, name=str(self.desk.actor.org_id)), role=Role.ADMIN
        )
        asked, _ = await holds.request_release(
            **self.what,
            summary="Over",
            description="Settled.",
            hold=hold.number,
            serial_number=serial_number,
        )
        await holds.approve_release(self.desk.db, actor=colleague, release=asked.number, now=self.desk.now)

    # What must not be done meanwhile

    async def retire(self):
        await change_asset(**self.what, asset=self.serial, patch=AssetPatch(status_name="Retired"))

    async def unassign(self):
        number = asset_number(self.laptop.number, self.laptop.created_at)
        await unassign_asset(**self.what, asset_number=number, email=self.ada.email, status_name="Retired")

    async def erase(self):
        await remove_employee(**self.what, employee=self.ada.id)

    async def settle(self):
        await self.desk.end(self.case, Outcome.WRITTEN_OFF)

    async def discard(self):
        await self.bench.discard(self.number)

    async def reship(self):
        return await self.bench.create(self.number)

    async def wipe(self):
        new = sanitisation.NewSanitisation(
            serial_number=self.serial,
            media_type="NVMe SSD",
            method=Method.PURGE,
            technique="Cryptographic erase",
            tool="nvme-cli",
            tool_version="2.8",
            lock_status=LockStatus.NOT_APPLICABLE,
            performed_by="Ada Lovelace",
            performed_at=self.bench.now,
            verified_by="Grace Hopper",
            verified_at=self.bench.now,
        )
        await sanitisation.record_sanitisation(
            self.bench.db, actor=self.bench.operator, number=self.number, new=new, now=self.bench.now
        )

    # What became of it

    async def traces(self):
        async with self.desk.db.system() as reader:
            return {
                name: [
                    row["whole"]
                    for row in await reader.fetch(f"SELECT {name}::text AS whole FROM {name} ORDER BY 1")
                ]
                for name in TABLES
            }

    @contextlib.asynccontextmanager
    async def held(self, what):
        """Expect the refusal of something on hold, and that nothing changed."""
        before = await self.traces()
        with pytest.raises(DomainError) as caught:
            yield
        assert (caught.value.code, caught.value.data.get("what")) == ("holds.held", what)
        assert await self.traces() == before

    @property
    def names(self):
        """What a refusal calls each."""
        return {
            "asset": f"Asset {self.serial}",
            "person": f"Employee {self.ada.number}",
            "case": f"Case {self.case.public_number}",
            "return": f"Return {self.number}",
        }
