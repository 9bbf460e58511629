"""What a viewer sees of transfers and their money."""

import msgspec

from backhaul.domain.billing.queries import list_charges
from backhaul.domain.identity.model import RIGHTS, Role
from backhaul.domain.transfers.queries import find_linked_asset, get_detail, list_of_asset, list_recent


async def test_a_viewer_may_read(world):
    asset = (await world.make.asset(world.actor, serial_number="SN-1")).asset
    order = await world.order(device_serial_number="SN-1")
    reader = msgspec.structs.replace(world.actor, rights=RIGHTS[Role.VIEWER])

    assert (await get_detail(world.db, actor=reader, transfer_id=order.id)).transfer.id == order.id
    assert [found.id for found in await list_recent(world.db, actor=reader)] == [order.id]
    assert [found.id for found in await list_of_asset(world.db, actor=reader, asset_id=asset.id)] == [
        order.id
    ]
    assert (await find_linked_asset(world.db, actor=reader, transfer_id=order.id)).id == asset.id
    assert [found.subject_id for found in await list_charges(world.db, actor=reader)] == [order.id]
