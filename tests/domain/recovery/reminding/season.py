"""A campaign with many people, played: whoever does something does it at their moment, the job finds what is due."""

import asyncio
from collections import defaultdict

from tests.domain.recovery.reminding import crowd, expecting
from tests.domain.recovery.reminding.bell import NEXT

from backhaul.domain import directory, holds, ladders, recovery
from backhaul.domain.recovery import NewCase, NewItem, Outcome, person, reminding
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.model import Leg, Tracking
from backhaul.domain.shipping.operations import request_pickup
from backhaul.jobqueue import PERIODICS
from backhaul.storage.history import SYSTEM

CASES = "SELECT id, code, email, number FROM recovery_cases WHERE org_id = $1 ORDER BY number"
DEVICES = """
SELECT p.case_id, d.id FROM recovery_parcels AS p
JOIN shipments AS d ON d.org_id = p.org_id AND d.subject_kind = 'transfer' AND d.subject_id = p.transfer_id
WHERE p.org_id = $1 AND d.leg = $2
"""
CONTACTS = """
SELECT x.email, k.decided_at, k.step, k.occasion, k.outcome, k.reason, k.recipient, k.message_ids
FROM recovery_contacts AS k JOIN recovery_cases AS x ON x.org_id = k.org_id AND x.id = k.case_id WHERE k.org_id = $1
"""
MESSAGES = """
SELECT id, key, template, channel, locale, recipient, decided_at FROM messages
WHERE org_id = $1 AND subject_kind = 'recovery_case' AND template <> 'recovery/invited'
"""


class Season:
    """The people of `crowd` in a campaign."""

    def __init__(self, bell, people):
        self.bell, self.people = bell, people
        self.world, self.db, self.actor, self.scope = bell.world, bell.db, bell.actor, bell.world.scope
        self.moments = defaultdict(list)

    @property
    def now(self):
        return self.bell.now

    async def open(self):
        """Write down everybody, add them to a campaign, and have their parcels opened."""
        assert self.now == crowd.START
        await ladders.create_ladder(
            self.db, actor=self.actor, name="five hundred", policy=crowd.POLICY, now=self.now
        )
        self.campaign = await self.bell.desk.create(ladder="five hundred", deadline_on=crowd.DEADLINE)
        await self._employ()
        for first in range(0, len(self.people), 100):
            await recovery.add_cases(
                self.db,
                actor=self.actor,
                campaign_number=self.campaign.public_number,
                many=[_case(one) for one in self.people[first : first + 100]],
                now=self.now,
            )
        await self.bell.relay()
        async with self.db.read(self.scope) as reader:
            cases = await reader.fetch(CASES, self.actor.org_id)
            ids = {row["id"]: one for row, one in zip(cases, self.people, strict=True)}
            self.codes = {one.number: row["code"] for row, one in zip(cases, self.people, strict=True)}
            self.ids = {one.number: case_id for case_id, one in ids.items()}
            self.parcels = {
                leg: {ids[row["case_id"]].number: row["id"]
                      for row in await reader.fetch(DEVICES, self.actor.org_id, leg.value)}
                for leg in Leg
            }  # fmt: skip
        self._schedule()

    async def _employ(self):
        async def add(email, home, **options):
            details = directory.Details(
                first_name="Jo", last_name="Doe", email=email, address=home.address, **options
            )
            await directory.add_employee(self.db, actor=self.actor, details=details, now=self.now)

        for email, home in crowd.MANAGERS.items():
            await add(email, home)
        led = [one for one in self.people if one.manager is not None]
        for first in range(0, len(led), 100):
            await directory.add_employees(
                self.db,
                actor=self.actor,
                many=[
                    directory.Details(
                        first_name="Jo", last_name="Doe", email=one.email, address=one.home.address,
                        manager_email=one.manager,
                    )
                    for one in led[first : first + 100]
                ],
                now=self.now,
            )  # fmt: skip

    def _schedule(self):
        for one in self.people:
            self._at(one.box_at, self._scan, one, Leg.BOX, Tracking.DELIVERED)
            for scan in one.scans:
                self._at(scan, self._scan, one, Leg.DEVICE, Tracking.IN_TRANSIT)
            self._at(one.arrives_at, self._scan, one, Leg.DEVICE, Tracking.DELIVERED)
            self._at(one.ends_at, self._write_off, one)
            self._at(one.opts_out_at, self._opt_out, one)
            if one.muted is not None:
                self._at(one.muted[0], self._mute, one, True)
                self._at(one.muted[1], self._mute, one, False)
            self._at(one.held_at, self._hold, one)
            self._at(one.claims_at, self._claim, one)
            self._at(one.books_at, self._book, one)

    def _at(self, at, happen, *what):
        if at is not None:
            self.moments[at].append((happen, what))

    async def live(self, *, until=crowd.END):
        """Let everything happen up to a moment, and remind whoever is due."""
        moments = sorted(at for at in self.moments if at <= until)
        await self._look()
        while self.now < until:
            async with self.db.system() as reader:
                due = await reader.fetchval(NEXT, self.now)
            following = min(at for at in (due, moments[0] if moments else None, until) if at is not None)
            self.world.clock.advance(following - self.now)
            if moments and moments[0] == following:
                happening = [happen(*what) for happen, what in self.moments[moments.pop(0)]]
                await asyncio.gather(*happening)
                await self.bell.relay()
            await self._look()

    async def _look(self):
        for name in ("transfers.give_up_due", "recovery.remind_due"):
            await PERIODICS[name](self.world.run)

    # What people and carriers do

    async def _scan(self, one, leg, status):
        async with self.db.transaction(self.scope) as tx:
            shipment = await shipping_tables.lock(tx, self.parcels[leg][one.number])
        if not shipment.has_label:
            await self.bell.label(shipment)
            async with self.db.transaction(self.scope) as tx:
                shipment = await shipping_tables.lock(tx, shipment.id)
        await self.world.report(shipment, status, text=self.now.isoformat())

    async def _write_off(self, one):
        await recovery.close_case(
            self.db, actor=self.actor, case=self.codes[one.number], outcome=Outcome.WRITTEN_OFF, now=self.now
        )

    async def _opt_out(self, one):
        async with self.db.transaction(self.scope) as tx:
            await reminding.opt_out(tx, author=SYSTEM, case_id=self.ids[one.number], at=self.now)

    async def _mute(self, one, is_muted):
        await reminding.mute_case(
            self.db, actor=self.actor, case=self.codes[one.number], is_muted=is_muted, now=self.now
        )

    async def _hold(self, one):
        found = await recovery.get_case(self.db, actor=self.actor, ref=self.codes[one.number])
        subject = holds.NewSubject(kind=holds.SubjectKind.CASE, name=found.detail.case.public_number)
        await holds.place_hold(
            self.db, actor=self.actor, summary="Smith v. Maas", description="Keep.", subjects=[subject], now=self.now
        )  # fmt: skip

    async def _claim(self, one):
        token = await person.make_link(
            self.db, actor=self.actor, case=self.codes[one.number], pages=self.bell.pages, now=self.now
        )
        linked = await person.follow(
            self.db, token=token.removeprefix(self.bell.pages.person_page), now=self.now
        )
        await person.claim_item(
            self.db, linked=linked, position=1, reason=person.GoneReason.LOST, note=None, now=self.now
        )

    async def _book(self, one):
        device = self.parcels[Leg.DEVICE][one.number]
        async with self.db.transaction(self.scope) as tx:
            shipment = await shipping_tables.lock(tx, device)
        await self.bell.label(shipment)
        async with self.db.transaction(self.scope) as tx:
            await request_pickup(
                tx, author=SYSTEM, shipment=await shipping_tables.lock(tx, device), on_date=one.pickup_on,
                instructions=None, at=self.now,
            )  # fmt: skip

    # What came of it

    async def evidence(self):
        """Every contact, as `expecting.expected` words it; each message belongs to exactly one."""
        async with self.db.read(self.scope) as reader:
            contacts = await reader.fetch(CONTACTS, self.actor.org_id)
            messages = {row["id"]: row for row in await reader.fetch(MESSAGES, self.actor.org_id)}
        numbers = {one.email: one.number for one in self.people}
        claimed = []
        for row in contacts:
            for message_id in row["message_ids"]:
                message = messages[message_id]
                assert message["decided_at"] == row["decided_at"]
                assert "".join(message["recipient"].split()) == "".join(row["recipient"].split())
                claimed.append(message_id)
        assert sorted(claimed) == sorted(messages)
        assert len(set(claimed)) == len(claimed)
        return sorted(
            expecting.Expected(
                numbers[row["email"]],
                row["decided_at"].isoformat(),
                row["step"],
                row["occasion"],
                row["reason"] or row["outcome"],
                row["recipient"] or "",
                " ".join(
                    f"{messages[one]['template']} {messages[one]['channel']} {messages[one]['locale']}"
                    for one in row["message_ids"]
                ),
            )
            for row in contacts
        )


def _case(one):
    return NewCase(
        email=one.email,
        first_name="Jo",
        last_name="Doe",
        phone=one.home.phone,
        address=one.home.address,
        items=(NewItem(name="Laptop"),),
    )
