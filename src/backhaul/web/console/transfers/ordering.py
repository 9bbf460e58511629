"""A new transfer: whom and what it is about, then its details with the price, then the order.

The first step finds people and devices and changes nothing. The second shows everything again with what it costs, and
only the button beneath the price orders it; the form's own key keeps a form that is sent twice from ordering twice.
"""

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain.billing.model import Quote
from backhaul.domain.billing.prices import PriceList
from backhaul.domain.identity import Right
from backhaul.domain.shipping.model import REQUIRABLE, CarrierCode
from backhaul.domain.transfers.choosing import Parts, find_parts
from backhaul.domain.transfers.model import Direction, Order
from backhaul.domain.transfers.operations import Repeatable, place_transfer
from backhaul.domain.transfers.reactions.placing import priced_items
from backhaul.domain.transfers.spelling import advice
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import DomainError, Kind
from backhaul.kernel.money import Money
from backhaul.storage import idempotency
from backhaul.web.console.countries import COUNTRIES
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.transfers.addresses import OFFICE, PERSON, values_of
from backhaul.web.console.transfers.filtering import PATH
from backhaul.web.console.transfers.orders import TYPES, known_values, order_of, sent_values
from backhaul.web.console.transfers.reading import path_of
from backhaul.web.console.visiting import Visit

NEW = f"{PATH}/new"
_PLACED = 303


class OrderFormUsed(DomainError):
    """A form that has ordered a transfer already was sent again with other values."""

    code = "console.order_form_used"
    kind = Kind.CONFLICT
    message = "This form has ordered a transfer already. Begin a new one for another order."


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown before somebody confirms: the price, and what the countries' rules say of the addresses."""

    quote: Quote
    person: Address
    better_person: Address | None
    person_warnings: tuple[str, ...]
    office: Address
    better_office: Address | None
    office_warnings: tuple[str, ...]


async def choose(visit: Visit) -> ASGIResponse:
    """Show the first step, or the second for who and what was chosen in it."""
    if visit.asked("step") != "details" and visit.trouble is None:
        return await _first(visit)
    return await _second(visit)


async def _first(visit: Visit) -> ASGIResponse:
    person, device = visit.asked("person"), visit.asked("device")
    parts = await find_parts(visit.db, actor=visit.actor, person=person, device=device)
    return visit.page(
        "transfers/new.html",
        title="New transfer",
        direction=visit.asked("direction") or Direction.RETURN.value,
        person=person,
        device=device,
        parts=parts,
        has_asked=person is not None or device is not None,
    )


async def _second(visit: Visit) -> ASGIResponse:
    """Show the details, filled with what is known of the chosen person and device."""
    person, device = visit.asked("person"), visit.asked("device")
    parts = await find_parts(visit.db, actor=visit.actor, person=person, device=device)
    values = known_values(parts, direction=visit.asked("direction"), person=person, device=device)
    if visit.trouble is not None:
        values = sent_values(visit.trouble.form)
    return _details(visit, parts, values)


async def take(visit: Visit, form: Form) -> ASGIResponse:
    """Show the price, take a better spelling over, or place the order."""
    values = sent_values(form)
    parts = await find_parts(visit.db, actor=visit.actor, person=None, device=None)
    order = order_of(values, parts)
    review = _review(visit, order)
    if form["do"] == "place":
        return await _place(visit, order, key=values["key"])
    if form["do"] == "adopt":
        order = msgspec.structs.replace(
            order,
            employee_address=review.better_person or order.employee_address,
            organization_address=review.better_office or order.organization_address,
        )
        values |= values_of(PERSON, order.employee_address)
        if review.better_office is not None:
            values |= {**values_of(OFFICE, order.organization_address), "office": "other"}
        review = _review(visit, order)
    return _details(visit, parts, values, review=review)


def _details(
    visit: Visit, parts: Parts, values: dict[str, str], *, review: Review | None = None
) -> ASGIResponse:
    offices = [(f"place-{place.number}", place.name) for place in parts.places]
    if parts.default_address is not None:
        offices.insert(0, ("default", "The organization's default address"))
    return visit.page(
        "transfers/details.html",
        title="New transfer",
        values=values,
        review=review,
        offices=[*offices, ("other", "Another address, typed below")],
        countries=COUNTRIES,
        carriers=[(code.value, code.value) for code in CarrierCode if code in REQUIRABLE],
        types=TYPES,
        Direction=Direction,
        Money=Money,
    )


def _review(visit: Visit, order: Order) -> Review:
    prices: PriceList = visit.port(PriceList)
    better_person, person_warnings = advice(order.employee_address)
    better_office, office_warnings = advice(order.organization_address)
    return Review(
        quote=prices.quote(visit.actor.plan, priced_items(order)),
        person=order.employee_address,
        better_person=better_person,
        person_warnings=person_warnings,
        office=order.organization_address,
        better_office=better_office,
        office_warnings=office_warnings,
    )


async def _place(visit: Visit, order: Order, *, key: str) -> ASGIResponse:
    """Place the order once: the same form again leads to the transfer that it placed."""
    scope = visit.actor.scope(Right.TRANSFERS_WRITE)
    named = f"console:{key}"
    mark = idempotency.fingerprint(str(visit.actor.user_id).encode(), msgspec.json.encode(order))
    repeatable = Repeatable(
        key=named, mark=mark, answer=lambda placed: idempotency.Answer(_PLACED, str(placed.id).encode())
    )
    for _ in range(2):
        try:
            async with visit.db.read(scope) as reader:
                given = await idempotency.find(reader, scope, key=named, mark=mark)
        except idempotency.IdempotencyKeyReused:
            raise OrderFormUsed from None
        if given is not None:
            return visit.go(f"{PATH}/{given.body.decode()}", notice="transfers.placed")
        try:
            placed = await place_transfer(
                visit.db, actor=visit.actor, order=order, now=visit.now, repeatable=repeatable
            )
        except idempotency.RaceLost:
            continue
        return visit.go(path_of(placed.id), notice="transfers.placed")
    raise AssertionError("an idempotency key was taken and yet not found")


HANDLERS = [
    shows(NEW, choose, right=Right.TRANSFERS_WRITE),
    takes(NEW, take, right=Right.TRANSFERS_WRITE, again=choose),
]
