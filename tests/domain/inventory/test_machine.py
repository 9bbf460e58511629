"""Whatever is done in whatever order: at rest and in transit are all, the ledger is one chain, history replays."""

import asyncio
import itertools
from datetime import timedelta

import asyncpg
import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.conftest import NOON
from tests.domain.inventory.stock import Stock
from tests.making import Make

from backhaul.domain.inventory.lifecycle import STATUSES
from backhaul.domain.inventory.model import Asset, Custody, StatusLabel
from backhaul.kernel.clock import SteppedClock
from backhaul.kernel.errors import DomainError
from backhaul.kernel.ids import new_id
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database

STATUS_NAMES = ["In Use", "Available", "Ready to Deploy", "Pending", "Retired", "Legal Hold", "On the Moon"]
WHICH = st.integers(0, 9)
PEOPLE = 3
PARCELS = 4

TOTALS = """
SELECT count(*) AS everything,
    count(*) FILTER (WHERE custody = 'parcel') AS in_transit,
    count(*) FILTER (WHERE custody IN ('organization', 'employee', 'outside')) AS at_rest,
    (SELECT coalesce(sum(live), 0) FROM row_buckets WHERE org_id = $1 AND list = 'assets') AS counted
FROM assets WHERE org_id = $1
"""
ASSETS = "SELECT * FROM assets WHERE org_id = $1 ORDER BY number"
EVENTS = """
SELECT asset_id, sequence, from_custody, from_id, to_custody, to_id, at FROM custody_events
WHERE org_id = $1 ORDER BY asset_id, sequence
"""
CHANGES = """
SELECT subject_id, change FROM history WHERE org_id = $1 AND subject_kind = 'asset'
ORDER BY subject_id, (change->'version'->>1)::integer
"""


def replayed(changes) -> Asset:
    """The asset that its changes lead to, from nothing."""
    state = dict.fromkeys(Asset.__struct_fields__)
    for change in changes:
        for name, (old, new) in change.items():
            if name != "reason":
                assert state[name] == old
                state[name] = new
    return msgspec.convert(state, Asset)


class Devices(RuleBasedStateMachine):
    """A new organization of one database for every run."""

    def __init__(self, runner: asyncio.Runner, db: Database):
        super().__init__()
        self.runner, self.db = runner, db

    @initialize()
    def open(self):
        clock = SteppedClock(NOON)
        make = Make(self.db, clock)
        self.stock = Stock(self.db, clock, make, actor=self.done(make.organization()))
        self.people = [self.done(self.stock.employee()) for _ in range(PEOPLE)]
        self.parcels = [new_id() for _ in range(PARCELS)]
        self.assets = []

    def done(self, work):
        return self.runner.run(work)

    def attempt(self, work):
        """Do it, or have it refused, in which case nothing may have changed (the invariants would see it)."""
        try:
            return self.done(work)
        except DomainError:
            return None

    def asset(self, which):
        return self.assets[which % len(self.assets)] if self.assets else None

    @rule(
        status=st.sampled_from(STATUS_NAMES),
        who=st.none() | st.integers(0, PEOPLE - 1),
        same=st.booleans(),
    )
    def add(self, status, who, same):
        changes = {
            "status_name": status,
            "assign_to_email": None if who is None else self.people[who].email,
        }
        if same and self.assets:
            changes["serial_number"] = self.assets[0].serial_number.lower()
        added = self.attempt(self.stock.add(**changes))
        if added is not None:
            self.assets.append(added)

    @rule(which=WHICH, who=st.integers(0, PEOPLE - 1))
    def assign(self, which, who):
        if asset := self.asset(which):
            self.attempt(self.stock.assign(asset, self.people[who]))

    @rule(which=WHICH, who=st.integers(0, PEOPLE - 1), status=st.sampled_from(STATUS_NAMES))
    def unassign(self, which, who, status):
        if asset := self.asset(which):
            self.attempt(self.stock.unassign(asset, self.people[who], status))

    @rule(
        which=WHICH,
        status=st.none() | st.sampled_from(STATUS_NAMES),
        who=st.none() | st.integers(0, PEOPLE - 1),
        sku=st.none() | st.sampled_from(["A", "B"]),
        memory=st.none() | st.sampled_from(["8", "16"]),
    )
    def change(self, which, status, who, sku, memory):
        changes = {"sku": sku, "specs": {"memory": memory}}
        if status is not None:
            changes["status_name"] = status
        if who is not None:
            changes["assign_to_email"] = self.people[who].email
        if asset := self.asset(which):
            self.attempt(self.stock.change(asset, **changes))

    @rule(which=WHICH, parcel=st.integers(0, PARCELS - 1))
    def ship(self, which, parcel):
        if asset := self.asset(which):
            self.attempt(self.stock.ship(asset, self.parcels[parcel]))

    @rule(which=WHICH, parcel=st.integers(0, PARCELS - 1), who=st.none() | st.integers(0, PEOPLE))
    def deliver(self, which, parcel, who):
        asset = self.asset(which)
        if asset is None:
            return
        if who is None:
            self.attempt(self.stock.deliver(asset, self.parcels[parcel]))
        else:
            emails = [person.email for person in self.people[who : who + 1]]
            self.attempt(self.stock.deliver_to(asset, self.parcels[parcel], *emails))

    @rule(which=WHICH)
    def take_in(self, which):
        if asset := self.asset(which):
            self.attempt(self.stock.take_in(asset))

    @rule(
        which=WHICH,
        who=st.integers(0, PEOPLE - 1),
        hours=st.integers(1, 3),
        what=st.sampled_from(["assign", "unassign", "take_in"]),
    )
    def come_late(self, which, who, hours, what):
        """Somebody who looked at the clock and then waited hours for a lock."""
        asset, clock = self.asset(which), self.stock.clock
        if asset is None:
            return
        self.stock.clock = SteppedClock(clock.now() - timedelta(hours=hours))
        with_whom = [] if what == "take_in" else [self.people[who]]
        self.attempt(getattr(self.stock, what)(asset, *with_whom))
        self.stock.clock = clock

    @rule()
    def pass_time(self):
        self.stock.pass_time()

    @invariant()
    def everything_adds_up(self):
        if hasattr(self, "stock"):
            self.done(check(self.stock, len(self.assets)))


async def check(stock, expected):
    org_id = stock.scope.org_id
    async with stock.db.read(stock.scope) as reader:
        totals = await reader.fetchrow(TOTALS, org_id)
        assets = [msgspec.convert(dict(row), Asset) for row in await reader.fetch(ASSETS, org_id)]
        ledgers, changes = {}, {}
        for row in await reader.fetch(EVENTS, org_id):
            ledgers.setdefault(row["asset_id"], []).append(row)
        for row in await reader.fetch(CHANGES, org_id):
            changes.setdefault(row["subject_id"], []).append(row["change"])
    labels: dict[object, StatusLabel] = await stock.labels()
    assert totals["at_rest"] + totals["in_transit"] == totals["everything"] == totals["counted"] == expected
    assert {asset.id for asset in assets} == set(ledgers) == set(changes)
    for asset in assets:
        check_ledger(asset, ledgers[asset.id])
        assert labels[asset.status_id].type in STATUSES[asset.custody]
        assert replayed(changes[asset.id]) == asset


def check_ledger(asset, ledger):
    assert [event["sequence"] for event in ledger] == list(range(1, asset.custody_count + 1))
    assert (ledger[0]["from_custody"], ledger[0]["from_id"]) == (None, None)
    for one, two in itertools.pairwise(ledger):
        assert (two["from_custody"], two["from_id"]) == (one["to_custody"], one["to_id"])
        assert (two["to_custody"], two["to_id"]) != (one["to_custody"], one["to_id"])
        assert one["at"] <= two["at"]
    last = ledger[-1]
    holder = {Custody.EMPLOYEE: asset.employee_id, Custody.PARCEL: asset.shipment_id}.get(asset.custody)
    assert (last["to_custody"], last["to_id"], last["at"]) == (asset.custody, holder, asset.custody_since)


def test_any_course_of_events_leaves_custody_and_history_whole(cluster, template):
    """hypothesis drives this from outside any event loop: the machine has a loop and a database of its own."""
    name = "t_inventory_machine"

    async def administer(statement):
        admin = await asyncpg.connect(cluster.dsn("postgres"))
        await admin.execute(statement)
        await admin.close()

    with asyncio.Runner() as runner:
        runner.run(administer(f"CREATE DATABASE {name} TEMPLATE {template}"))
        db = runner.run(Database.open(DatabaseUrls.single(cluster.dsn(name)), Session(app_connections=2)))
        try:
            run_state_machine_as_test(
                lambda: Devices(runner, db),
                settings=settings(
                    max_examples=40,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(db.close())
            runner.run(administer(f"DROP DATABASE {name} WITH (FORCE)"))
