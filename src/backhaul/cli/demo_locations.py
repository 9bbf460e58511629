"""Where the demo's people work and its devices lie: invented streets, in towns that are there."""

from datetime import datetime

import msgspec

from backhaul.cli.demo_people import OFFICE, SITES
from backhaul.domain.directory.places import LocationDetails, add_location, list_locations
from backhaul.domain.identity import Actor
from backhaul.kernel.addresses import Address
from backhaul.storage.database import Database

# Who works at home has an address of their own: the place of that name has none.
ADDRESSES = {
    "hq": OFFICE,
    "stock": msgspec.structs.replace(
        OFFICE,
        attention="Goods In",
        line_1="1850 Alkali Flat Road",
        city="Reno",
        state_code="NV",
        postal_code="89502",
    ),
    "london": Address(
        name="Maas Biolabs",
        attention="Front Desk",
        line_1="40 Lantern Yard",
        city="London",
        postal_code="E1 6AN",
        country_code="GB",
    ),
    "berlin": Address(
        name="Maas Biolabs",
        attention="Warenannahme",
        line_1="Laternenweg 80",
        city="Berlin",
        postal_code="10115",
        country_code="DE",
    ),
    "lyon": Address(
        name="Maas Biolabs",
        attention="Accueil",
        line_1="60 rue des Tisserands",
        city="Lyon",
        postal_code="69002",
        country_code="FR",
    ),
    "bengaluru": Address(
        name="Maas Biolabs",
        attention="IT Stores",
        line_1="5 Lotus Pond Road",
        city="Bengaluru",
        state_code="Karnataka",
        postal_code="560001",
        country_code="IN",
    ),
    "toronto": Address(
        name="Maas Biolabs",
        attention="Store Manager",
        line_1="300 Maple Lantern Street",
        city="Toronto",
        state_code="ON",
        postal_code="M5V 2T6",
        country_code="CA",
    ),
}
LOCATIONS = tuple(
    LocationDetails(name=name, type=kind, address=ADDRESSES.get(site)) for site, (name, kind) in SITES.items()
)


async def add_locations(db: Database, owner: Actor, *, now: datetime) -> None:
    """Write down where parcels go; what is there already stays."""
    there = {listed.location.name for listed in await list_locations(db, actor=owner)}
    for details in LOCATIONS:
        if details.name not in there:
            await add_location(db, actor=owner, details=details, now=now)
