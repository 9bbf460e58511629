"""Holds fall due one by one: a defect in one leaves the others as they are."""

from datetime import timedelta

from backhaul.domain.billing.wallet import HoldStatus, jobs, operations


async def test_a_hold_that_does_not_expire_is_in_nobodys_way(purse, monkeypatch):
    await purse.fill(5000)
    failing, following = [await purse.hold(1000, hours=1) for _ in range(2)]
    expire = operations.expire_hold

    async def broken(db, *, hold_id, **asked):
        if hold_id == failing.id:
            raise RuntimeError("a defect")
        await expire(db, hold_id=hold_id, **asked)

    monkeypatch.setattr(jobs, "PER_PAGE", 1)
    monkeypatch.setattr(operations, "expire_hold", broken)
    purse.clock.advance(timedelta(hours=1))
    await purse.expire()
    assert [(await purse.reload(hold)).status for hold in (failing, following)] == [
        HoldStatus.HELD,
        HoldStatus.EXPIRED,
    ]
    assert await purse.standing() == (4000, 1000)
