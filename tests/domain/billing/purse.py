"""A purse: an organization's wallet and the few verbs the tests are written in."""

from datetime import timedelta

from backhaul.adapters.payments.simulated import SimulatedGateway
from backhaul.domain.billing import operations as charging
from backhaul.domain.billing import queries, wallet
from backhaul.domain.billing.jobs import collect_due
from backhaul.domain.billing.ports import PaymentGateway
from backhaul.domain.billing.wallet import FeeKind, FeeLine
from backhaul.domain.billing.wallet.jobs import release_expired_holds
from backhaul.domain.identity.model import OPERATOR_ORG_ID, operator_actor, system_actor
from backhaul.domain.identity.queries import find_organization
from backhaul.jobqueue import Run
from backhaul.jobqueue.draining import drain
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage import history
from backhaul.storage.database import Scope


class Purse:
    def __init__(self, db, clock, make, actor):
        self.db, self.clock, self.make, self.actor = db, clock, make, actor
        self.scope = Scope(actor.org_id)
        self.gateway = SimulatedGateway(db)

    @property
    def now(self):
        return self.clock.now()

    @property
    def ports(self):
        return {PaymentGateway: self.gateway}

    @property
    def run(self):
        return Run(self.db, self.clock, self.ports)

    async def elsewhere(self):
        """The same purse of another organization."""
        return Purse(self.db, self.clock, self.make, await self.make.organization())

    async def operator(self):
        return operator_actor(await find_organization(self.db, name=str(self.actor.org_id)))

    # Verbs

    async def top_up(self, minor, *, key=None, reference="TOP-UP"):
        return await wallet.top_up(
            self.db,
            actor=self.actor,
            amount=Money(minor),
            key=key or str(new_id()),
            reference=reference,
            now=self.now,
        )

    async def fill(self, minor):
        """Top up, and have the job do its part."""
        charge = await self.top_up(minor)
        await self.drain()
        return charge

    async def limit(self, minor):
        return await wallet.set_credit_limit(
            self.db,
            actor=system_actor(OPERATOR_ORG_ID),
            org_id=self.actor.org_id,
            limit=Money(minor),
            now=self.now,
        )

    async def hold(self, minor, *, hours=24, once_key=None, subject=None):
        async with self.db.transaction(self.scope) as tx:
            return await wallet.require_and_hold(
                tx,
                amount=Money(minor),
                reason="reshipment",
                subject=subject or ("reshipment", new_id()),
                expires_at=self.now + timedelta(hours=hours),
                at=self.now,
                once_key=once_key,
            )

    async def release(self, hold):
        async with self.db.transaction(self.scope) as tx:
            return await wallet.release_hold(tx, hold.id, self.now)

    async def capture(self, hold, *minors):
        lines = [FeeLine(FeeKind.RESHIP, minor, "Label") for minor in minors]
        async with self.db.transaction(self.scope) as tx:
            return await wallet.capture_hold(tx, hold.id, lines, self.now)

    async def charge(self, minor, *, once_key=None, kind=FeeKind.PROCESS, subject=None):
        async with self.db.transaction(self.scope) as tx:
            return await wallet.charge_fee(
                tx,
                kind=kind,
                amount=Money(minor),
                subject=subject or ("return", new_id()),
                once_key=once_key or str(new_id()),
                at=self.now,
            )

    async def refund(self, fee):
        async with self.db.transaction(self.scope) as tx:
            return await wallet.refund(tx, fee_id=fee.id, reason="photo missing", at=self.now)

    async def refund_charge(self, charge, minor=None):
        async with self.db.transaction(self.scope) as tx:
            return await charging.refund(
                tx, charge_id=charge.id, amount_minor=minor, reason="asked for", at=self.now
            )

    async def expire(self):
        await release_expired_holds(self.run)

    async def drain(self):
        return await drain(self.db, clock=self.clock, ports=self.ports)

    async def look_again(self, **span):
        """Move on, let the periodic job look for lost work, and run what it found."""
        self.clock.advance(timedelta(**span))
        await collect_due(self.run)
        await self.drain()

    # What became of it

    async def balance(self):
        return await wallet.get_balance(self.db, actor=self.actor)

    async def standing(self):
        """(available, held)"""
        found = await self.balance()
        return found.available_minor, found.held_minor

    async def reload_charge(self, charge):
        async with self.db.read(self.scope) as reader:
            return await queries.get_charge(reader, self.scope, charge_id=charge.id)

    async def reload(self, hold):
        return next(one for one in await self.holds() if one.id == hold.id)

    async def holds(self, **wanted):
        return await wallet.list_holds(self.db, actor=self.actor, limit=500, **wanted)

    async def fees_of(self, subject):
        async with self.db.read(self.scope) as reader:
            return await wallet.list_fees_of(reader, self.scope, subject=subject)

    async def books(self):
        """Account → what stands on it."""
        async with self.db.read(self.scope) as reader:
            found = await queries.ledger_balance(reader, self.scope)
        return {line.account.value: line.amount_minor for line in found if line.amount_minor}

    async def audit(self):
        async with self.db.system() as reader:
            return await queries.audit(reader)

    async def trace(self):
        """How much is written down of anything: what a refusal must not change."""
        async with self.db.read(self.scope) as reader:
            return [
                await reader.fetchval(f"SELECT count(*) FROM {table} WHERE org_id = $1", self.scope.org_id)
                for table in ("history", "outbox", "ledger_entries", "wallet_holds", "wallet_fees", "charges")
            ]

    async def events(self, subject_id):
        async with self.db.read(self.scope) as reader:
            rows = await reader.fetch(
                "SELECT type FROM outbox WHERE org_id = $1 AND subject_id = $2 AND type LIKE 'billing.%' ORDER BY id",
                self.scope.org_id,
                subject_id,
            )
        return [row["type"] for row in rows]

    async def history(self, kind, subject_id):
        async with self.db.read(self.scope) as reader:
            lines = await history.of_subject(reader, self.scope, kind=kind, subject_id=subject_id)
        return [line.action for line in lines]
