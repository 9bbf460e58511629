"""Pages with a form about one transfer: its address, its pickup, what a carrier said of its parcels."""

from datetime import UTC, date, datetime

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.shipping.model import ShipmentId, Tracking
from backhaul.domain.shipping.operations import record_scan, replace_tracking_number
from backhaul.domain.transfers.errors import PickupDateRefused
from backhaul.domain.transfers.operations import change_address, possible_pickup_days, schedule_pickup
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.countries import COUNTRIES
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.transfers import words
from backhaul.web.console.transfers.addresses import PERSON, address_of, values_of
from backhaul.web.console.transfers.filtering import PATH
from backhaul.web.console.transfers.reading import parcel_of, path_of, read_full, title_of, transfer_id_of
from backhaul.web.console.visiting import Visit

LONGEST_INSTRUCTIONS = 300
LONGEST_TEXT = 200
LONGEST_URL = 500


async def view_address(visit: Visit) -> ASGIResponse:
    """Show the person's address to be changed."""
    full = await read_full(visit)
    return visit.page(
        "transfers/address.html",
        title="Change the address",
        name=title_of(full),
        transfer=full.transfer,
        case=full.case,
        values=values_of(PERSON, full.transfer.employee_address),
        countries=COUNTRIES,
    )


async def set_address(visit: Visit, form: Form) -> ASGIResponse:
    """Write the person's address anew."""
    transfer_id = transfer_id_of(visit)
    await change_address(
        visit.db,
        actor=visit.actor,
        transfer_id=transfer_id,
        employee_address=address_of(PERSON, form),
        now=visit.now,
    )
    return visit.go(path_of(transfer_id), notice="transfers.address_changed")


async def view_pickup(visit: Visit) -> ASGIResponse:
    """Show the days on which the carrier can come."""
    full = await read_full(visit)
    days = possible_pickup_days(visit.now.date(), full.transfer.sender.country_code)
    return visit.page(
        "transfers/pickup.html",
        title="Book a pickup",
        name=title_of(full),
        transfer=full.transfer,
        days=[(day.isoformat(), f"{day:%A}, {day.day} {day:%B}") for day in days],
        longest=LONGEST_INSTRUCTIONS,
    )


async def book_pickup(visit: Visit, form: Form) -> ASGIResponse:
    """Ask the carrier to come."""
    transfer_id, instructions = transfer_id_of(visit), form.optional("instructions")
    if instructions is not None and len(instructions) > LONGEST_INSTRUCTIONS:
        text = f"may have at most {LONGEST_INSTRUCTIONS} characters"
        raise InvalidInput([FieldProblem("instructions", "length", text)])
    try:
        day = date.fromisoformat(form["day"])
    except ValueError:
        raise InvalidInput([FieldProblem("day", "blank", "choose a day")]) from None
    try:
        await schedule_pickup(
            visit.db,
            actor=visit.actor,
            transfer_id=transfer_id,
            on_date=day,
            instructions=instructions,
            now=visit.now,
        )
    except PickupDateRefused as refusal:
        raise InvalidInput([FieldProblem("day", "pickup_date", refusal.data["reason"])]) from None
    return visit.go(path_of(transfer_id), notice="transfers.pickup_requested", about=transfer_id)


async def view_parcel(visit: Visit) -> ASGIResponse:
    """Show what can be written down about a parcel."""
    full = await read_full(visit)
    parcel = parcel_of(visit, full)
    return visit.page(
        "transfers/parcel.html",
        title=f"{words.LEGS[parcel.leg]}: what the carrier says",
        name=title_of(full),
        transfer=full.transfer,
        parcel=parcel,
        moment=f"{visit.now.astimezone(visit.zone):%Y-%m-%dT%H:%M}",
        longest=LONGEST_TEXT,
        words=words,
    )


async def set_number(visit: Visit, form: Form) -> ASGIResponse:
    """Enter the number of a label that was bought elsewhere."""
    shipment_id = await _shipment_of(visit)
    url = form.optional("tracking_url")
    if url is not None and not _is_web_address(url):
        text = "must be a web address that begins with https://"
        raise InvalidInput([FieldProblem("tracking_url", "shape", text)])
    number = form["tracking_number"]
    if not number.isprintable():
        raise InvalidInput(
            [FieldProblem("tracking_number", "characters", "may hold letters and digits alone")]
        )
    await replace_tracking_number(
        visit.db,
        actor=visit.actor,
        shipment_id=shipment_id,
        tracking_number=number,
        tracking_url=url,
        now=visit.now,
    )
    return visit.go(path_of(transfer_id_of(visit)), notice="transfers.number_replaced")


async def add_scan(visit: Visit, form: Form) -> ASGIResponse:
    """Write down what a carrier reported."""
    shipment_id = await _shipment_of(visit)
    problems = []
    recordable = {value for value, _ in words.RECORDABLE}
    if form["status"] not in recordable:
        problems.append(FieldProblem("status", "inclusion", "choose what happened"))
    text = form["text"] or "Recorded by hand"
    if len(text) > LONGEST_TEXT or not text.isprintable():
        problems.append(
            FieldProblem("text", "length", f"may have at most {LONGEST_TEXT} characters on one line")
        )
    moment = _moment(form["happened_at"], visit)
    if moment is None:
        problems.append(FieldProblem("happened_at", "shape", "must be a day and a time"))
    if problems or moment is None:
        raise InvalidInput(problems)
    await record_scan(
        visit.db,
        actor=visit.actor,
        shipment_id=shipment_id,
        status=Tracking(form["status"]),
        text=text,
        happened_at=moment,
        now=visit.now,
    )
    return visit.go(path_of(transfer_id_of(visit)), notice="transfers.scan_recorded")


async def _shipment_of(visit: Visit) -> ShipmentId:
    return parcel_of(visit, await read_full(visit)).id


def _moment(text: str, visit: Visit) -> datetime | None:
    """Return an instant that was typed in the viewer's zone; None for what is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=visit.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _is_web_address(url: str) -> bool:
    return (
        url.startswith(("https://", "http://"))
        and url.isprintable()
        and " " not in url
        and len(url) <= LONGEST_URL
    )


_WRITE = Right.TRANSFERS_WRITE
_ONE = f"{PATH}/{{transfer:str}}"
_PARCEL = f"{_ONE}/parcels/{{leg:str}}"
HANDLERS = [
    shows(f"{_ONE}/address", view_address, right=_WRITE),
    takes(f"{_ONE}/address", set_address, right=_WRITE, again=view_address),
    shows(f"{_ONE}/pickup", view_pickup, right=_WRITE),
    takes(f"{_ONE}/pickup", book_pickup, right=_WRITE, again=view_pickup),
    shows(_PARCEL, view_parcel, right=_WRITE),
    takes(f"{_PARCEL}/number", set_number, right=_WRITE, again=view_parcel),
    takes(f"{_PARCEL}/scan", add_scan, right=_WRITE, again=view_parcel),
]
