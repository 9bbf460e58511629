"""People, places, devices and an import: what the pages of the inventory are about."""

import io

from backhaul.domain.bulk.model import Kind
from backhaul.domain.bulk.operations import open_batch
from backhaul.domain.bulk.reading import open_source
from backhaul.domain.directory import PostalAddress, add_employee
from backhaul.domain.directory.model import Details, LocationType
from backhaul.domain.directory.places import LocationDetails, add_location
from backhaul.domain.inventory.model import NewAsset
from backhaul.domain.inventory.operations import add_asset
from backhaul.kernel.addresses import Address

STREET = PostalAddress(
    line_1="123 Market Street", city="San Francisco", state="CA", postal_code="94103", country_code="US"
)
OFFICE = Address(
    name="Maas Biolabs", line_1="555 Nondescript Road", city="Maricopa", state_code="AZ", country_code="US"
)
FILE = b"""serial_number,product_type,product_name,manufacturer,asset_status
IMPORTED-1,Laptop,Book 13,Apple,Available
IMPORTED-2,Laptop,Book 13,Apple,No such status
"""


async def furnish(console, whose, name):
    """Return the ids of what pages of the inventory need: a person with a laptop, a phone in stock, and so on."""
    db, actor, now = console.db, console.actors[name], console.clock.now()
    ada = await add_employee(
        db,
        actor=actor,
        details=Details(
            first_name="Ada",
            last_name="Lovelace",
            email=f"ada@{whose}.example",
            address=STREET,
            department_name="Science",
            location_name="Head office",
        ),
        now=now,
    )
    bob = await add_employee(
        db,
        actor=actor,
        details=Details(first_name="Bob", last_name="Adams", email=f"bob@{whose}.example", address=STREET),
        now=now,
    )
    laptop = await add_asset(
        db,
        actor=actor,
        new=device(f"{whose}-LAPTOP", status_name="In Use", assign_to_email=ada.email),
        now=now,
    )
    phone = await add_asset(
        db, actor=actor, new=device(f"{whose}-PHONE", product_name="Pixel", imei="356938035643809"), now=now
    )
    office = await add_location(
        db,
        actor=actor,
        details=LocationDetails(name="Depot", type=LocationType.WAREHOUSE, address=OFFICE),
        now=now,
    )
    opened = await open_batch(
        db,
        actor=actor,
        kind=Kind.ASSETS,
        source=open_source(io.BytesIO(FILE), name="devices.csv"),
        skips_errors=True,
        now=now,
    )
    return {
        "person": str(ada.number),
        "other_person": str(bob.number),
        "asset": str(laptop.asset.number),
        "asset_in_stock": str(phone.asset.number),
        "location": str(office.number),
        "import": str(opened.batch.number),
    }


def device(serial_number, **changes):
    """A valid device to add."""
    values = {
        "product_type": "Laptop",
        "product_name": "Book 13",
        "manufacturer": "Apple",
        "status_name": "Available",
    }
    return NewAsset(**{**values, "serial_number": serial_number, **changes})
