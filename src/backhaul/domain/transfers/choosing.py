"""What an order is put together from: somebody of the directory, a device of the inventory, places of one's own."""

from datetime import datetime
from typing import Any

import msgspec

from backhaul.domain.directory.model import LocationType
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.transfers import statements
from backhaul.domain.transfers.model import Direction, TransferId
from backhaul.kernel.addresses import Address
from backhaul.storage.database import Database
from backhaul.storage.rows import record

MOST_SHOWN = 8  # people or devices that a text finds
MOST_PLACES = 200
_LONGEST_TEXT = 200
_LAST_SIGN = "\U0010ffff"


class FoundPerson(msgspec.Struct, frozen=True, kw_only=True):
    """An employee that a text finds."""

    number: int
    first_name: str
    last_name: str
    email: str
    line_1: str
    line_2: str | None
    city: str
    state: str | None
    postal_code: str | None
    country_code: str

    @property
    def address(self) -> Address:
        """Where they are, as an order names it."""
        return Address(
            name=f"{self.first_name} {self.last_name}",
            line_1=self.line_1,
            line_2=self.line_2,
            city=self.city,
            state_code=self.state,
            postal_code=self.postal_code,
            country_code=self.country_code,
            notification_emails=(self.email,),
        )


class FoundAsset(msgspec.Struct, frozen=True, kw_only=True):
    """An asset that a text finds."""

    number: int
    serial_number: str
    tag: str | None
    product_type: str
    manufacturer: str
    model_name: str
    holder_number: int | None  # the employee who has it


class FoundPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A location with an address."""

    number: int
    name: str
    type: LocationType | None
    address: Address


class OpenTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer that a device is in already."""

    id: TransferId
    direction: Direction
    created_at: datetime
    person_name: str | None


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What was found for an order."""

    people: tuple[FoundPerson, ...]
    assets: tuple[FoundAsset, ...]
    places: tuple[FoundPlace, ...]
    has_more_places: bool  # the rest is found by how its names begin
    default_address: Address | None  # of the organization


async def find_parts(
    db: Database,
    *,
    actor: Actor,
    person: str | None,
    device: str | None,
    place: str | None = None,
    place_number: int | None = None,
) -> Parts:
    """Return whom and what two texts find: the start of an e-mail address, name or surname; a serial number or tag.

    The places are those whose names begin with `place`, and the one with a number, at most `MOST_PLACES` and that one.
    A viewer who may not read the directory or the inventory finds nobody or nothing there.
    """
    scope = actor.scope(Right.TRANSFERS_WRITE)
    folded = " ".join((person or "").split()).lower()[:_LONGEST_TEXT]
    serial = "".join((device or "").split()).upper()[:_LONGEST_TEXT]
    tag = " ".join((device or "").split()).lower()[:_LONGEST_TEXT]
    arguments: list[Any] = [
        scope.org_id,
        (folded or None) if Right.DIRECTORY_READ in actor.rights else None,
        folded + _LAST_SIGN,
        (serial or None) if Right.INVENTORY_READ in actor.rights else None,
        serial + _LAST_SIGN,
        tag,
        MOST_SHOWN,
        MOST_PLACES + 2
        if Right.DIRECTORY_READ in actor.rights
        else 0,  # the one with a number may be among them
        (place or "").replace("\x00", "").strip()[:_LONGEST_TEXT] or None,
        place_number if place_number is not None and 0 < place_number < 2**63 else None,
    ]
    async with db.read(scope) as reader:
        row = await reader.fetchrow(statements.FIND_PARTS, *arguments)
    places = msgspec.convert(row["places"] or (), tuple[FoundPlace, ...])
    others = [one.number for one in places if one.number != place_number]
    cut = set(others[MOST_PLACES:])
    return Parts(
        people=msgspec.convert(row["people"] or (), tuple[FoundPerson, ...]),
        assets=msgspec.convert(row["assets"] or (), tuple[FoundAsset, ...]),
        places=tuple(one for one in places if one.number not in cut),
        has_more_places=bool(cut),
        default_address=msgspec.convert(row["default_address"], Address | None),
    )


async def list_open_of_device(
    db: Database, *, actor: Actor, serial_number: str | None
) -> tuple[OpenTransfer, ...]:
    """Return the transfers that a device is in and that are not over yet, the latest three."""
    scope = actor.scope(Right.TRANSFERS_WRITE)
    if not serial_number:
        return ()
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.OPEN_OF_DEVICE, scope.org_id, serial_number)
    return tuple(record(OpenTransfer, row) for row in rows)
