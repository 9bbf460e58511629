"""A world with a campaign in it."""

import pytest
from tests.domain.recovery.desk import Desk
from tests.domain.returns.depot import Depot


@pytest.fixture
async def desk(world):
    """An organization with a default address and one campaign."""
    return await Desk(world).furnished()


@pytest.fixture
async def depot(desk):
    """The warehouse that opens the parcels of the desk's cases."""
    return await Depot(desk.world).furnished()


@pytest.fixture
def open_parcel(depot):
    """Receive a transfer's parcel, scan what is in it (serial numbers, or with a checklist), and process it."""

    async def open_(transfer, *scans):
        device = await depot.world.device(transfer)
        number = (await depot.receive(device.tracking_number)).one.number
        for scan in scans:
            serial_number, seen = (scan, {}) if isinstance(scan, str) else scan
            await depot.scan(number, serial_number, **seen)
        await depot.process(number)
        await depot.world.settle()
        return number

    return open_
