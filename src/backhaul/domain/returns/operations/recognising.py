"""What a scanned text is, before it becomes a parcel: an expected one's number, a device's, or nobody's."""

import msgspec

from backhaul.domain.returns import statements
from backhaul.domain.returns.errors import DeviceScanned, Unannounced
from backhaul.domain.returns.model import ScannedDevice
from backhaul.domain.returns.queries import find_intake, list_scanned_devices
from backhaul.domain.returns.scanning import clean_number, numbers_in, printed_number
from backhaul.domain.shipping.model import ShipmentId
from backhaul.domain.transfers.model import TransferId
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Database, Scope
from backhaul.storage.rows import optional


class ExpectedParcel(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel that is on its way to us, or was: the device's parcel of a transfer."""

    org_id: OrgId
    shipment_id: ShipmentId
    transfer_id: TransferId
    tracking_number: str


async def find_expected(db: Database, number: str) -> ExpectedParcel | None:
    """Return the parcel that a cleaned scan is the number of, if somebody expects it."""
    async with db.lookup() as reader:
        row = await reader.fetchrow(statements.FIND_EXPECTED, numbers_in(number))
    return optional(ExpectedParcel, row)


async def require_announced(db: Database, *, scope: Scope, scan: str) -> None:
    """Refuse a scan that is neither an expected parcel's number nor that of one received before."""
    try:
        number = clean_number(scan)
    except InvalidInput:
        await _refuse_device(db, scope=scope, scan=scan)
        raise
    if await find_expected(db, number) is not None:
        return
    if await find_intake(db, scope=scope, tracking_number=printed_number(number)) is not None:
        return
    await _refuse_device(db, scope=scope, scan=scan)
    raise Unannounced(tracking_number=printed_number(number))


async def _refuse_device(db: Database, *, scope: Scope, scan: str) -> None:
    devices = await list_scanned_devices(db, scope=scope, scan=scan)
    if devices:
        first = devices[0]
        parcels = _parcels(devices)
        raise DeviceScanned(scan=scan.strip(), called=first.called, owner=first.owner_name, parcels=parcels)


def _parcels(devices: tuple[ScannedDevice, ...]) -> str:
    numbers = [one.tracking_number for device in devices for one in device.parcels]
    return f": {' or '.join(dict.fromkeys(numbers))}" if numbers else ""
