"""Fees are charged once and given back whole."""

import asyncio

import asyncpg
import pytest

from backhaul.domain.billing import wallet
from backhaul.domain.billing.wallet import (
    BalanceUnchargeable,
    BalanceUnreadable,
    CreditLimitTooLow,
    FeeKind,
    FeeUnknown,
    InsufficientFunds,
    OnceKeyReused,
)
from backhaul.domain.identity.errors import RightMissing
from backhaul.kernel.errors import InvalidInput, Kind, Unavailable
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money


async def test_a_fee_is_taken_from_the_wallet(purse):
    await purse.fill(1000)
    subject = ("return", new_id())
    fee = await purse.charge(250, kind=FeeKind.VERIFY, subject=subject, once_key="verify:1")
    assert await purse.fees_of(subject) == [fee]
    assert (fee.text, fee.charged_at) == ("Verification of a return", purse.now)
    assert await purse.standing() == (750, 0)
    assert await purse.books() == {"gateway_clearing": 1000, "wallet_available": -750, "revenue": -250}
    assert await purse.events(subject[1]) == ["billing.fee_charged"]
    assert await purse.history("fee", fee.id) == ["charged"]


async def test_a_fee_is_charged_once_for_its_key_even_when_the_wallet_is_empty_by_then(purse):
    await purse.fill(250)
    fee = await purse.charge(250, once_key="verify:1")
    before = await purse.trace()
    assert await purse.charge(250, once_key="verify:1") == fee
    for amount in (0, 300):
        with pytest.raises(OnceKeyReused):
            await purse.charge(amount, once_key="verify:1")
    assert await purse.trace() == before


async def test_of_many_at_once_with_one_key_one_is_charged(purse):
    await purse.fill(250)
    fees = await asyncio.gather(*(purse.charge(250, once_key="verify:1") for _ in range(10)))
    assert len({fee.id for fee in fees}) == 1
    assert await purse.standing() == (0, 0)
    assert (await purse.audit()).holds


async def test_a_fee_that_is_not_covered_is_refused_unless_there_is_credit(purse):
    await purse.fill(100)
    before = await purse.trace()
    with pytest.raises(InsufficientFunds):
        await purse.charge(101)
    assert await purse.trace() == before
    await purse.limit(1)
    await purse.charge(101)
    assert await purse.standing() == (-1, 0)
    assert (await purse.balance()).spendable_minor == 0


async def test_held_money_pays_no_fee(purse):
    await purse.fill(100)
    await purse.hold(60)
    with pytest.raises(InsufficientFunds):
        await purse.charge(41)
    await purse.charge(40)
    assert await purse.standing() == (0, 60)


async def test_a_fee_of_nothing_is_noted_and_not_booked(purse):
    subject = ("return", new_id())
    fee = await purse.charge(0, subject=subject)
    assert await purse.fees_of(subject) == [fee]
    assert await purse.books() == {}
    assert (await purse.refund(fee)).refunded_at == purse.now
    assert (await purse.audit()).holds
    with pytest.raises(ValueError, match="never less than nothing"):
        await purse.charge(-1)


async def test_a_refund_reverses_the_fee_once(purse):
    await purse.fill(1000)
    fee = await purse.charge(250)
    refunded = await purse.refund(fee)
    assert (refunded.refunded_at, refunded.refund_reason) == (purse.now, "photo missing")
    before = await purse.trace()
    assert await purse.refund(fee) == refunded
    assert await purse.trace() == before
    assert await purse.standing() == (1000, 0)
    assert await purse.books() == {"gateway_clearing": 1000, "wallet_available": -1000}
    assert await purse.events(fee.subject_id) == ["billing.fee_charged", "billing.fee_refunded"]
    async with purse.db.read(purse.scope) as reader:
        reverses = await reader.fetchval(
            "SELECT reverses_id FROM ledger_transactions WHERE org_id = $1 AND kind = 'fee_refunded'",
            purse.scope.org_id,
        )
    assert reverses == fee.id


async def test_ten_refunds_at_once_give_back_once(purse):
    await purse.fill(1000)
    fee = await purse.charge(250)
    await asyncio.gather(*(purse.refund(fee) for _ in range(10)))
    assert await purse.standing() == (1000, 0)
    assert (await purse.audit()).holds


async def test_giving_a_discount_back_needs_its_money(purse):
    await purse.fill(1400)
    subject = ("reshipment", new_id())
    hold = await purse.hold(1400, subject=subject)
    await purse.capture(hold, 1400, -20)
    discount = (await purse.fees_of(subject))[1]
    await purse.charge(10)
    with pytest.raises(InsufficientFunds):
        await purse.refund(discount)
    assert await purse.standing() == (10, 0)
    await purse.fill(10)
    await purse.refund(discount)
    assert await purse.standing() == (0, 0)
    assert (await purse.audit()).holds


async def test_another_organizations_fee_is_an_unknown_one(purse):
    await purse.fill(1000)
    fee = await purse.charge(250)
    stranger = await purse.elsewhere()
    with pytest.raises(FeeUnknown):
        await stranger.refund(fee)
    assert await stranger.fees_of(("return", fee.subject_id)) == []
    assert await purse.standing() == (750, 0)


async def test_the_credit_limit_is_the_operators_and_covers_what_is_overdrawn(purse):
    await purse.limit(500)
    await purse.charge(300)
    with pytest.raises(CreditLimitTooLow) as refusal:
        await purse.limit(299)
    assert refusal.value.data["owed_minor"] == 300
    assert (await purse.limit(300)).credit_limit_minor == 300
    with pytest.raises(InvalidInput):
        await purse.limit(-1)
    with pytest.raises(RightMissing):
        await wallet.set_credit_limit(
            purse.db, actor=purse.actor, org_id=purse.actor.org_id, limit=Money(9), now=purse.now
        )
    assert await purse.history("wallet", purse.actor.org_id) == ["credit_limit_set", "credit_limit_set"]


async def test_the_database_refuses_what_the_code_must_not_do(purse):
    await purse.fill(1000)
    for change in ("available_minor = -1", "held_minor = -1", "credit_limit_minor = -1"):
        with pytest.raises(asyncpg.CheckViolationError):
            async with purse.db.transaction(purse.scope) as tx:
                await tx.execute(f"UPDATE wallets SET {change} WHERE org_id = $1", purse.scope.org_id)
    assert await purse.standing() == (1000, 0)


@pytest.mark.parametrize("change", ["available_minor = available_minor + 1", "held_minor = held_minor + 1"])
async def test_the_audit_notices_a_wallet_that_says_something_else_than_the_ledger(purse, change):
    await purse.fill(1000)
    assert (await purse.audit()).holds
    async with purse.db.transaction(purse.scope) as tx:
        await tx.execute(f"UPDATE wallets SET {change} WHERE org_id = $1", purse.scope.org_id)
    audit = await purse.audit()
    assert (audit.holds, audit.wrong_wallets, audit.disagreements) == (False, 1, 0)


@pytest.mark.parametrize(
    "change",
    ["wallet_fees SET amount_minor = 7", "wallet_holds SET amount_minor = 7", "charges SET amount_minor = 7"],
)
async def test_the_audit_notices_what_the_ledger_was_not_told(purse, change):
    await purse.fill(1000)
    await purse.charge(100)
    await purse.hold(100)
    assert (await purse.audit()).holds
    async with purse.db.system_transaction() as tx:
        await tx.execute("SET LOCAL ROLE NONE")
        await tx.execute(f"UPDATE {change}")
    audit = await purse.audit()
    assert (audit.holds, audit.wrong_wallets) == (False, 0)


async def test_a_wallet_that_others_keep_locked_cannot_be_charged_now(purse):
    await purse.fill(1000)
    async with purse.db.transaction(purse.scope) as other:
        await other.fetchval(
            "SELECT held_minor FROM wallets WHERE org_id = $1 FOR UPDATE", purse.scope.org_id
        )
        async with purse.db.transaction(purse.scope) as tx:
            await tx.execute("SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(BalanceUnchargeable) as refusal:
                await wallet.charge_fee(
                    tx,
                    kind=FeeKind.PROCESS,
                    amount=Money(1),
                    subject=("return", new_id()),
                    once_key="once",
                    at=purse.now,
                )
            await tx.execute("ROLLBACK")
            await tx.execute("BEGIN")
    assert refusal.value.kind is Kind.UNAVAILABLE
    assert await purse.standing() == (1000, 0)


async def test_a_balance_that_cannot_be_read_is_called_that(purse, monkeypatch):
    def unreachable(scope):
        raise Unavailable(what="The database")

    monkeypatch.setattr(purse.db, "read", unreachable)
    with pytest.raises(BalanceUnreadable):
        await purse.balance()


async def test_charging_costs_a_callers_transaction_two_statements(purse, statements):
    await purse.fill(1000)
    async with purse.db.transaction(purse.scope) as tx:
        sent = statements(tx)
        await wallet.charge_fee(
            tx,
            kind=FeeKind.PROCESS,
            amount=Money(100),
            subject=("return", new_id()),
            once_key="once",
            at=purse.now,
        )
        assert len(sent) == 2
