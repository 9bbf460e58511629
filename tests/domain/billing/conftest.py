"""A workbench: one organization, a simulated gateway, and the few verbs the tests are written in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from tests.domain.billing.purse import Purse

from backhaul.adapters.payments.simulated import SimulatedGateway
from backhaul.domain.billing import jobs, operations, queries, tables
from backhaul.domain.billing.model import Account, ChargeId, Quote, QuoteLine
from backhaul.domain.billing.ports import PaymentGateway
from backhaul.jobqueue import Run
from backhaul.jobqueue.draining import drain
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage import history
from backhaul.storage.database import Scope


class WorkerDied(Exception):
    """Stands for `kill -9`."""


class MortalGateway:
    """Passes calls on; while `is_fatal`, the worker dies before it can write down what the gateway did."""

    def __init__(self, real):
        self.real = real
        self.name = real.name
        self.is_fatal = False
        self.calls = 0
        self.asked = {}

    async def charge(self, **arguments):
        return await self._call(self.real.charge, arguments)

    async def refund(self, **arguments):
        return await self._call(self.real.refund, arguments)

    async def _call(self, call, arguments):
        self.calls += 1
        self.asked = arguments
        answer = await call(**arguments)
        if self.is_fatal:
            raise WorkerDied
        return answer


class Workbench:
    def __init__(self, db, clock, make, actor):
        self.db, self.clock, self.make, self.actor = db, clock, make, actor
        self.scope = Scope(actor.org_id)
        self.gateway = MortalGateway(SimulatedGateway(db))
        self.ports = {PaymentGateway: self.gateway}
        self.run = Run(db, clock, self.ports)

    async def open(self, *, amount_minor=8500, reference="TICKET-1", subject_id=None, purpose="transfer"):
        quote = Quote((QuoteLine("transfer.flat", "Flat", amount_minor),), Money(amount_minor))
        async with self.transaction() as tx:
            return await operations.open_charge(
                tx,
                charge_id=ChargeId(new_id()),
                subject_kind="transfer",
                subject_id=subject_id or new_id(),
                purpose=purpose,
                quote=quote,
                reference=reference,
                at=self.clock.now(),
            )

    async def elsewhere(self):
        """The same bench for another organization."""
        return Workbench(self.db, self.clock, self.make, await self.make.organization())

    async def post(self, posting):
        async with self.transaction() as tx:
            tables.post(tx, posting, at=self.clock.now())

    async def execute(self, statement, *values):
        async with self.transaction() as tx:
            await tx.execute(statement, *values)

    async def execute_as_owner(self, statement, *values):
        async with self.db.system_transaction() as tx:
            await tx.execute("SET LOCAL ROLE NONE")
            await tx.execute(statement, *values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator:
        async with self.db.transaction(self.scope) as tx:
            yield tx

    async def collect(self, charge):
        await jobs.collect(self.run, org_id=self.actor.org_id, charge_id=charge.id)
        return await self.reload(charge)

    async def refund(self, charge, amount_minor=None):
        async with self.transaction() as tx:
            return await operations.refund(
                tx, charge_id=charge.id, amount_minor=amount_minor, reason="box lost", at=self.clock.now()
            )

    async def retry(self, charge):
        return await operations.retry_declined(
            self.db, actor=self.actor, charge_id=charge.id, now=self.clock.now()
        )

    async def begin(self, charge):
        """Start an attempt whose answer never arrives by itself."""
        return await operations.begin_attempt(
            self.db, scope=self.scope, charge_id=charge.id, gateway=self.gateway.name, now=self.clock.now()
        )

    async def drain(self):
        return await drain(self.db, clock=self.clock, ports=self.ports)

    async def pass_time(self, **span):
        """Move on, let the periodic job look, and run what it found."""
        self.clock.advance(timedelta(**span))
        await jobs.collect_due(self.run)
        await self.drain()

    async def reload(self, charge):
        async with self.db.read(self.scope) as reader:
            return await queries.get_charge(reader, self.scope, charge_id=charge.id)

    async def refunds_of(self, charge):
        async with self.db.read(self.scope) as reader:
            return await queries.list_refunds_of(reader, self.scope, charge_id=charge.id)

    async def balances(self):
        async with self.db.read(self.scope) as reader:
            found = await queries.ledger_balance(reader, self.scope)
        named = (Account.RECEIVABLE, Account.GATEWAY_CLEARING, Account.REVENUE, Account.REFUNDS)
        return dict.fromkeys(named, 0) | {line.account: line.amount_minor for line in found}

    async def audit(self):
        async with self.db.system() as reader:
            return await queries.audit(reader)

    async def events(self, charge):
        async with self.db.read(self.scope) as reader:
            rows = await reader.fetch(
                "SELECT type FROM outbox WHERE org_id = $1 AND subject_id = $2 ORDER BY id",
                self.scope.org_id,
                charge.subject_id,
            )
        return [row["type"] for row in rows]

    async def history(self, charge):
        async with self.db.read(self.scope) as reader:
            lines = await history.of_subject(reader, self.scope, kind="charge", subject_id=charge.id)
        return [line.action for line in lines]

    async def payments(self, charge):
        """What the gateway itself remembers of a charge: [(outcome, taken, given back)]."""
        async with self.db.system() as reader:
            rows = await reader.fetch(
                "SELECT outcome, amount_minor, refunded_minor FROM simulated_payments "
                "WHERE reference LIKE '%' || $1 ORDER BY idempotency_key",
                str(charge.id),
            )
        return [tuple(row) for row in rows]


@pytest.fixture
async def bench(db, clock, make):
    return Workbench(db, clock, make, await make.organization())


@pytest.fixture
async def purse(db, clock, make):
    return Purse(db, clock, make, await make.organization())


@pytest.fixture
def statements():
    """Of a transaction: the list of what it sends from now on."""

    def watch(tx):
        sent = []

        def told(send):
            async def sending(statement, *values):
                sent.append(statement)
                return await send(statement, *values)

            return sending

        for name in ("fetch", "fetchrow", "fetchval", "execute"):
            setattr(tx, name, told(getattr(tx, name)))
        return sent

    return watch
