"""Money is set aside, and ends in exactly one way."""

import asyncio
from datetime import timedelta

import pytest

from backhaul.domain.billing import wallet
from backhaul.domain.billing.wallet import (
    HoldMoveRefused,
    HoldStatus,
    InsufficientFunds,
    OnceKeyReused,
    WalletHoldUnknown,
)
from backhaul.domain.billing.wallet.model import HoldId
from backhaul.kernel.errors import Kind
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money


async def test_a_hold_moves_money_from_available_to_held(purse):
    await purse.fill(5000)
    hold = await purse.hold(1420)
    assert await purse.standing() == (3580, 1420)
    assert await purse.books() == {
        "gateway_clearing": 5000, "wallet_available": -3580, "wallet_held": -1420,
    }  # fmt: skip
    assert (hold.status, hold.amount_minor) == (HoldStatus.HELD, 1420)
    assert await purse.reload(hold) == hold
    assert await purse.events(hold.subject_id) == ["billing.funds_held"]
    assert await purse.history("hold", hold.id) == ["placed"]


async def test_what_is_not_covered_is_refused_and_leaves_no_trace(purse):
    await purse.fill(1000)
    before = await purse.trace()
    with pytest.raises(InsufficientFunds) as refusal:
        await purse.hold(1001)
    assert refusal.value.kind is Kind.PAYMENT_REQUIRED
    assert refusal.value.data == {"needed_minor": 1001, "spendable_minor": 1000, "currency": "USD"}
    assert await purse.trace() == before
    assert await purse.standing() == (1000, 0)


async def test_an_organization_without_a_wallet_has_nothing_to_hold(purse):
    before = await purse.trace()
    with pytest.raises(InsufficientFunds):
        await purse.hold(1)
    assert await purse.trace() == before


async def test_held_money_is_not_held_again(purse):
    await purse.fill(1000)
    await purse.hold(600)
    with pytest.raises(InsufficientFunds):
        await purse.hold(401)
    await purse.hold(400)
    assert await purse.standing() == (0, 1000)


async def test_credit_covers_a_hold_up_to_its_limit(purse):
    await purse.limit(500)
    await purse.hold(500)
    with pytest.raises(InsufficientFunds):
        await purse.hold(1)
    assert await purse.standing() == (-500, 500)
    assert (await purse.balance()).balance_minor == 0


async def test_nothing_cannot_be_held(purse):
    await purse.fill(1000)
    with pytest.raises(ValueError, match="more than nothing"):
        await purse.hold(0)


async def test_the_same_key_holds_once_even_when_the_wallet_is_empty_by_then(purse):
    await purse.fill(1000)
    subject = ("reshipment", new_id())
    hold = await purse.hold(1000, once_key="approval-1", subject=subject)
    before = await purse.trace()
    assert await purse.hold(1000, once_key="approval-1", subject=subject) == hold
    assert await purse.trace() == before
    await purse.release(hold)
    assert (await purse.hold(1000, once_key="approval-1")).status is HoldStatus.RELEASED
    assert await purse.standing() == (1000, 0)


async def test_the_same_key_for_another_amount_is_refused(purse):
    await purse.fill(1000)
    await purse.hold(400, once_key="approval-1")
    for amount in (300, 1000):
        with pytest.raises(OnceKeyReused) as refusal:
            await purse.hold(amount, once_key="approval-1")
        assert refusal.value.data["booked_minor"] == 400
    assert await purse.standing() == (600, 400)


async def test_a_release_gives_everything_back_once(purse):
    await purse.fill(1000)
    hold = await purse.hold(400)
    released = await purse.release(hold)
    assert (released.status, released.settled_at) == (HoldStatus.RELEASED, purse.now)
    before = await purse.trace()
    assert await purse.release(hold) == released
    assert await purse.trace() == before
    assert await purse.standing() == (1000, 0)
    assert await purse.books() == {"gateway_clearing": 1000, "wallet_available": -1000}
    assert await purse.events(hold.subject_id) == ["billing.funds_held", "billing.hold_released"]


async def test_a_capture_below_the_hold_gives_the_rest_back(purse):
    await purse.fill(5000)
    hold = await purse.hold(1420)
    captured = await purse.capture(hold, 1300)
    assert (captured.status, captured.captured_minor) == (HoldStatus.CAPTURED, 1300)
    assert await purse.standing() == (3700, 0)
    assert await purse.books() == {"gateway_clearing": 5000, "wallet_available": -3700, "revenue": -1300}


async def test_a_capture_above_the_hold_takes_the_difference_as_a_line_of_its_own(purse):
    await purse.fill(5000)
    subject = ("reshipment", new_id())
    hold = await purse.hold(1420, subject=subject)
    await purse.capture(hold, 1420, 17)
    assert [(fee.amount_minor, fee.hold_id) for fee in await purse.fees_of(subject)] == [
        (1420, hold.id),
        (17, hold.id),
    ]
    assert await purse.standing() == (3563, 0)
    assert await purse.events(subject[1]) == ["billing.funds_held", "billing.hold_captured"]


async def test_a_difference_below_zero_lowers_the_bill(purse):
    await purse.fill(5000)
    hold = await purse.hold(1420)
    await purse.capture(hold, 1420, -20)
    assert await purse.standing() == (3600, 0)
    assert await purse.books() == {"gateway_clearing": 5000, "wallet_available": -3600, "revenue": -1400}
    with pytest.raises(ValueError, match="never less than nothing"):
        await purse.capture(hold, 1420, -1421)


async def test_a_difference_that_is_not_covered_leaves_the_hold_as_it_was(purse):
    await purse.fill(1430)
    hold = await purse.hold(1420)
    before = await purse.trace()
    with pytest.raises(InsufficientFunds):
        await purse.capture(hold, 1420, 17)
    assert await purse.trace() == before
    assert await purse.standing() == (10, 1420)
    assert await purse.reload(hold) == hold


async def test_a_capture_is_repeated_without_effect_and_not_with_another_amount(purse):
    await purse.fill(5000)
    hold = await purse.hold(1420)
    captured = await purse.capture(hold, 1400)
    before = await purse.trace()
    assert await purse.capture(hold, 1400) == captured
    with pytest.raises(HoldMoveRefused):
        await purse.capture(hold, 1399)
    with pytest.raises(HoldMoveRefused):
        await purse.release(hold)
    assert await purse.trace() == before


async def test_a_capture_of_nothing_ends_the_hold(purse):
    await purse.fill(500)
    hold = await purse.hold(500)
    assert (await purse.capture(hold, 0)).captured_minor == 0
    assert await purse.standing() == (500, 0)
    assert (await purse.audit()).holds


@pytest.mark.parametrize("end", ["release", "expire"])
async def test_what_was_given_back_cannot_be_captured(purse, end):
    await purse.fill(500)
    hold = await purse.hold(500, hours=1)
    if end == "release":
        await purse.release(hold)
    else:
        purse.clock.advance(timedelta(hours=1))
        await purse.expire()
    with pytest.raises(HoldMoveRefused):
        await purse.capture(hold, 500)
    assert await purse.standing() == (500, 0)


async def test_a_hold_expires_at_its_moment_and_not_before(purse):
    await purse.fill(500)
    hold = await purse.hold(500, hours=1)
    purse.clock.advance(timedelta(minutes=59))
    await purse.expire()
    assert (await purse.reload(hold)).status is HoldStatus.HELD
    purse.clock.advance(timedelta(minutes=1))
    await purse.expire()
    await purse.expire()
    expired = await purse.reload(hold)
    assert (expired.status, expired.settled_at) == (HoldStatus.EXPIRED, purse.now)
    assert await purse.standing() == (500, 0)
    assert await purse.events(hold.subject_id) == ["billing.funds_held", "billing.hold_expired"]
    assert await purse.release(hold) == expired


async def test_a_hold_does_not_expire_before_its_time_whoever_asks(purse):
    await purse.fill(500)
    hold = await purse.hold(500, hours=1)
    left = await wallet.expire_hold(
        purse.db, scope=purse.scope, hold_id=hold.id, now=hold.expires_at - timedelta(microseconds=1)
    )
    assert left == hold
    assert await purse.standing() == (0, 500)


async def test_a_hold_whose_time_is_over_can_be_captured_until_somebody_gives_it_back(purse):
    await purse.fill(500)
    hold = await purse.hold(500, hours=1)
    purse.clock.advance(timedelta(hours=2))
    assert (await purse.capture(hold, 500)).status is HoldStatus.CAPTURED
    await purse.expire()
    assert await purse.standing() == (0, 0)


async def test_an_unknown_hold_is_refused(purse):
    nobodys = HoldId(new_id())
    async with purse.db.transaction(purse.scope) as tx:
        with pytest.raises(WalletHoldUnknown):
            await wallet.release_hold(tx, nobodys, purse.now)
        with pytest.raises(WalletHoldUnknown):
            await wallet.capture_hold(tx, nobodys, [], purse.now)


async def test_another_organizations_hold_is_an_unknown_one(purse):
    await purse.fill(500)
    hold = await purse.hold(500)
    stranger = await purse.elsewhere()
    await stranger.fill(700)
    with pytest.raises(WalletHoldUnknown):
        await stranger.release(hold)
    with pytest.raises(WalletHoldUnknown):
        await stranger.capture(hold, 500)
    assert await stranger.holds() == []
    assert await stranger.standing() == (700, 0)
    assert await purse.standing() == (0, 500)


async def test_of_a_hundred_at_once_exactly_those_that_are_covered_get_it(purse):
    await purse.fill(1000)
    answers = await asyncio.gather(*(purse.hold(100) for _ in range(100)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, InsufficientFunds)]
    assert len(refused) == 90
    assert len(await purse.holds(status=HoldStatus.HELD)) == 10
    assert await purse.standing() == (0, 1000)
    assert (await purse.audit()).holds


async def test_of_many_with_one_key_one_holds_and_the_others_get_that_one(purse):
    await purse.fill(100)
    answers = await asyncio.gather(*(purse.hold(100, once_key="once") for _ in range(10)))
    assert len({answer.id for answer in answers}) == 1
    assert await purse.standing() == (0, 100)


@pytest.mark.parametrize("turn", range(8))
async def test_capture_release_and_expiry_at_once_end_a_hold_in_one_way(purse, turn):
    await purse.fill(1000)
    hold = await purse.hold(600, hours=1)
    purse.clock.advance(timedelta(hours=2))
    work = [purse.capture(hold, 700), purse.release(hold), purse.expire()]
    done = await asyncio.gather(*work[turn % 3 :], *work[: turn % 3], return_exceptions=True)
    assert all(not isinstance(one, Exception) or isinstance(one, HoldMoveRefused) for one in done)
    ended = await purse.reload(hold)
    assert await purse.standing() == ((300, 0) if ended.status is HoldStatus.CAPTURED else (1000, 0))
    audit = await purse.audit()
    assert audit.holds
    assert len(await purse.events(hold.subject_id)) == 2


async def test_holding_costs_a_callers_transaction_two_statements(purse, statements):
    await purse.fill(1000)
    async with purse.db.transaction(purse.scope) as tx:
        sent = statements(tx)
        hold = await wallet.require_and_hold(
            tx,
            amount=Money(100),
            reason="reshipment",
            subject=("reshipment", new_id()),
            expires_at=purse.now,
            at=purse.now,
        )
        assert len(sent) == 2
        sent.clear()
        await wallet.capture_hold(tx, hold.id, [], purse.now)
        assert len(sent) == 3
