"""What the person prints: the label of a parcel, and the list of what belongs into it."""

from datetime import datetime

from backhaul.domain.recovery.model import Item
from backhaul.domain.recovery.packing import destination_for
from backhaul.domain.recovery.person.agreement import marks_of
from backhaul.domain.recovery.person.errors import ParcelUnavailable
from backhaul.domain.recovery.person.model import Linked, Page
from backhaul.domain.recovery.person.ports import PackingLine, PackingSheet
from backhaul.domain.recovery.person.queries import look, read_page
from backhaul.domain.shipping.model import LabelFormat
from backhaul.domain.shipping.queries import get_label
from backhaul.kernel.addresses import Address
from backhaul.storage.database import Database

_LETTER_PAPER = frozenset({"US", "CA", "MX", "PH", "CL", "CO", "VE", "PR"})  # everywhere else: A4


async def print_label(db: Database, *, linked: Linked, parcel: int, now: datetime) -> bytes:
    """Return the label of a parcel as PDF, as long as the parcel waits to be handed over."""
    async with db.read(linked.scope) as reader:
        page = await read_page(reader, linked, now=now)
        found = [one for one in page.parcels if one.position == parcel and one.is_printable]
        if not found or found[0].back is None:
            raise ParcelUnavailable
        return await get_label(
            reader, linked.scope, shipment_id=found[0].back.shipment_id, form=LabelFormat.PDF
        )


async def print_packing_list(db: Database, *, linked: Linked, now: datetime) -> tuple[PackingSheet, ...]:
    """Return what stands on the packing list, a sheet for each parcel in which anything is expected."""
    return packing_sheets(await look(db, linked=linked, now=now))


def packing_sheets(page: Page) -> tuple[PackingSheet, ...]:
    """Return the packing list of what is expected, by parcel; refused when nothing is."""
    inside: dict[int, list[Item]] = {}
    for item in page.expected:
        inside.setdefault(item.parcel, []).append(item)
    if not inside or not page.is_open:
        raise ParcelUnavailable
    waived = {parcel.position: parcel.is_box_waived for parcel in page.parcels}
    return tuple(
        PackingSheet(
            organization_name=page.organization_name,
            campaign_name=page.campaign.name,
            person_name=f"{page.case.first_name} {page.case.last_name}",
            code=page.case.code,
            parcel=number,
            parcel_count=len(inside),
            lines=tuple(PackingLine(name=item.name, marks=marks_of(item)) for item in items),
            return_to=_lines(_destination(page, items[0])),
            helpdesk_email=page.campaign.helpdesk_email,
            has_box=not waived.get(position, True),
            is_letter=page.case.country_code in _LETTER_PAPER,
        )
        for number, (position, items) in enumerate(sorted(inside.items()), 1)
    )


def _destination(page: Page, item: Item) -> Address:
    ordered = next((parcel.return_to for parcel in page.parcels if parcel.position == item.parcel), None)
    if ordered is not None:
        return ordered  # as its label has it; the campaign's may have changed since
    places = page.campaign.return_addresses
    return destination_for(item.name, places, country_code=page.case.country_code).place.address


def _lines(address: Address) -> tuple[str, ...]:
    town = " ".join(part for part in (address.city, address.state_code, address.postal_code) if part)
    lines = (address.name, address.attention, address.line_1, address.line_2, town, address.country_code)
    return tuple(line for line in lines if line)
