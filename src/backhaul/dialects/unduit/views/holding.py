"""Legal holds as this contract shows them."""

from datetime import datetime

import msgspec

from backhaul.dialects.unduit.views.writing import pages, stamp, text
from backhaul.domain.holds import ActivePage, ActiveSubject, Hold, Release
from backhaul.domain.inventory.model import asset_number


class Submitted(msgspec.Struct, frozen=True, rename="camel"):
    """The answer to `legal-hold/submit`."""

    success: bool
    ticket_number: str
    ticket_id: int


class ReleaseAsked(msgspec.Struct, frozen=True):
    """The answer to `legal-hold/active`: the ticket of the request, and whether it was there before."""

    success: bool
    ticket_exists: bool
    message: str
    ticket_id: int = msgspec.field(name="ticketId")
    ticket_number: str = msgspec.field(name="ticketNumber")
    existing_serial_numbers: tuple[str, ...] = msgspec.field(name="existingSerialNumbers")


class HeldLine(msgspec.Struct, frozen=True):
    """A device on hold; or a person or a case, which has no more than an id, dates and a name."""

    id: int
    asset_id: str
    customer_asset_id: str
    placed_on: str
    age_on_hold: str
    serial_number: str
    asset_name: str
    manufacturer_name: str
    product_type_name: str
    status_name: str
    status_type_name: str
    asset_location: str
    last_assignee: str


class ActiveHolds(msgspec.Struct, frozen=True):
    """A page of `legal-hold/active-holds`."""

    data: tuple[HeldLine, ...]
    current_page: int
    per_page: int
    total: int
    last_page: int


def submitted(hold: Hold) -> Submitted:
    """Return the ticket of a hold."""
    return Submitted(success=True, ticket_number=hold.ticket, ticket_id=hold.number)


def release_asked(release: Release, serial_number: str | None, *, is_new: bool) -> ReleaseAsked:
    """Return the ticket of a request for a release."""
    message = "Release requested. Another person has to approve it."
    earlier = "A release was requested before and waits for approval."
    return ReleaseAsked(
        success=True,
        ticket_exists=not is_new,
        message=message if is_new else earlier,
        ticket_id=release.number,
        ticket_number=release.ticket,
        existing_serial_numbers=() if is_new or serial_number is None else (serial_number,),
    )


def active_holds(found: ActivePage, page: int, per_page: int, *, now: datetime) -> ActiveHolds:
    """Return a page of what is on hold."""
    return ActiveHolds(
        data=tuple(held_line(one, now=now) for one in found.items),
        current_page=page,
        per_page=per_page,
        total=found.total,
        last_page=pages(found.total, per_page=per_page),
    )


def held_line(held: ActiveSubject, *, now: datetime) -> HeldLine:
    """Return one of them."""
    number, created_at = held.asset_number, held.asset_created_at
    return HeldLine(
        id=held.number,
        asset_id="" if number is None or created_at is None else asset_number(number, created_at),
        customer_asset_id=text(held.tag),
        placed_on=stamp(held.held_at),
        age_on_hold=_age((now - held.held_at).days),
        serial_number=text(held.serial_number),
        asset_name=text(held.model_name),
        manufacturer_name=text(held.manufacturer),
        product_type_name=text(held.product_type),
        status_name=text(held.status_name),
        status_type_name=text(held.status_type).capitalize(),
        asset_location=text(held.location_name),
        last_assignee=text(held.last_assignee),
    )


def _age(days: int) -> str:
    return "1 day" if days == 1 else f"{max(days, 0)} days"
