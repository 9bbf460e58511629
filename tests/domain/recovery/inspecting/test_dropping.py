"""A recovery's parcel that was received by mistake is dropped."""

from tests.domain.recovery.inspecting.test_opening import sent

from backhaul.domain import returns
from backhaul.domain.inventory.queries import get_asset
from backhaul.domain.recovery import Outcome


async def test_a_device_that_is_not_expected_any_more_is_given_back_all_the_same(desk, depot):
    case, (transfer,) = await sent(desk)
    laptop = (await get_asset(desk.db, actor=desk.actor, serial_number="MINE-1")).asset
    assert laptop.custody == "organization"
    number = (await depot.receive((await desk.world.device(transfer)).tracking_number)).one.number
    assert await depot.custody_of(laptop) == "warehouse"
    await desk.end_item(case, 1, Outcome.KEPT)
    await returns.drop_parcel(depot.db, actor=depot.operator, number=number, now=depot.now)
    assert await depot.custody_of(laptop) == "organization"
