"""Devices that were sent on are gone: nothing is looked at on them, and nothing is done to them any more."""

from datetime import timedelta

import pytest
from tests.domain.returns.test_sanitising import wipe

from backhaul.domain import returns
from backhaul.domain.returns.sanitisation import list_sanitisations
from backhaul.kernel.ids import new_id


@pytest.fixture
async def sent_on(depot):
    """A return whose device was handed over an hour ago, and when that was."""
    one = await depot.parcel(serial_number="GONE-1")
    depot.world.clock.advance(timedelta(hours=1))
    reshipment_id = new_id()
    await depot.take([one.number], reshipment_id)
    async with depot.db.transaction(returns_scope(depot)) as tx:
        await returns.mark_reshipped(tx, reshipment_id, depot.now)
    sent_at = depot.now
    depot.world.clock.advance(timedelta(hours=1))
    return one, sent_at


def returns_scope(depot):
    from backhaul.storage.database import Scope

    return Scope(depot.customer.org_id)


async def test_a_checklist_of_what_is_gone_is_refused(depot, sent_on):
    one, _ = sent_on
    async with depot.refused("returns.devices_gone"):
        await returns.check_device(
            depot.db,
            actor=depot.operator,
            number=one.number,
            serial_number="GONE-1",
            seen=returns.Checklist(has_charger=True),
            now=depot.now,
        )


async def test_a_sanitisation_after_the_dispatch_is_refused_and_one_before_it_written_down(depot, sent_on):
    one, sent_at = sent_on
    late = sent_at + timedelta(minutes=1)
    async with depot.refused("input.invalid") as refused:
        await wipe(depot, one, "GONE-1", performed_at=late, verified_at=late)
    (problem,) = refused.value.problems
    assert (problem.path, problem.code) == ("performed_at", "returns.order_of_times")
    assert "after the device was sent on" in problem.text
    await wipe(depot, one, "GONE-1", performed_at=sent_at, verified_at=late)
    (kept,) = await list_sanitisations(depot.db, actor=depot.customer, number=one.number)
    assert kept.performed_at == sent_at
