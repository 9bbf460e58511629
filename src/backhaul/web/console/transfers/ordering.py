"""A new transfer: whom and what it is about, then its details with the price, then the order.

The first step finds people and devices and changes nothing. The second shows everything again with what it costs, and
only the button beneath the price orders it; the form's own key keeps a form that is sent twice from ordering twice.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain.billing.model import Quote
from backhaul.domain.billing.prices import PriceList
from backhaul.domain.identity import Right
from backhaul.domain.shipping.model import REQUIRABLE, CarrierCode
from backhaul.domain.transfers.choosing import OpenTransfer, Parts, find_parts, list_open_of_device
from backhaul.domain.transfers.model import Direction, Order
from backhaul.domain.transfers.operations import Repeatable, place_transfer
from backhaul.domain.transfers.reactions.placing import priced_items
from backhaul.domain.transfers.spelling import advice, objections
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import DomainError, FieldProblem, InvalidInput, Kind
from backhaul.kernel.money import Money
from backhaul.storage import idempotency
from backhaul.web.console.countries import COUNTRIES
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.locations.choosing import MORE, grouped
from backhaul.web.console.transfers import words
from backhaul.web.console.transfers.addresses import OFFICE, PERSON, values_of
from backhaul.web.console.transfers.filtering import PATH
from backhaul.web.console.transfers.orders import TYPES, known_values, order_of, placed, sent_values
from backhaul.web.console.transfers.reading import path_of
from backhaul.web.console.trouble import Trouble, sentence
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
    open_transfers: tuple[OpenTransfer, ...]  # of the same device

    @property
    def is_doubtful(self) -> bool:
        """Whether it is ordered only by who says so once more."""
        return bool(self.person_warnings or self.office_warnings or self.open_transfers)


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
    if visit.trouble is not None:
        values = sent_values(visit.trouble.form)
        return _details(visit, await _parts(visit, values), values)
    parts = await find_parts(visit.db, actor=visit.actor, person=person, device=device)
    values = known_values(parts, direction=visit.asked("direction"), person=person, device=device)
    return _details(visit, parts, values)


async def take(visit: Visit, form: Form) -> ASGIResponse:
    """Show the price, take a better spelling over, or place the order; what is doubtful is asked about once more."""
    values = sent_values(form)
    parts = await _parts(visit, values)
    if form["do"] == "find":
        return _details(visit, parts, values)
    order = order_of(values, parts)
    if form["do"] == "place":
        before = await _placed_before(visit, order, key=values["key"])
        if before is not None:
            return before
    review = await _review(visit, order)
    if form["do"] == "place":
        if not review.is_doubtful or form.is_ticked("confirmed"):
            return await _place(visit, order, key=values["key"])
        before = await _placed_before(visit, order, key=values["key"])  # by the same form, a moment ago
        if before is not None:
            return before
        visit.trouble = Trouble.of(InvalidInput(_doubts(order, values, review)), form)
    if form["do"] == "adopt":
        order = msgspec.structs.replace(
            order,
            employee_address=review.better_person or order.employee_address,
            organization_address=review.better_office or order.organization_address,
        )
        values |= values_of(PERSON, order.employee_address)
        if review.better_office is not None:
            values |= {**values_of(OFFICE, order.organization_address), "office": "other"}
        review = await _review(visit, order)
    return _details(visit, parts, values, review=review, doubts=_doubts(order, values, review))


async def _parts(visit: Visit, values: dict[str, str]) -> Parts:
    """Return the places that the form offers: those that were looked for, and the chosen one."""
    return await find_parts(
        visit.db,
        actor=visit.actor,
        person=None,
        device=None,
        place=values["location"] or None,
        place_number=number_or_none(values["office"].removeprefix("place-")),
    )


def _doubts(order: Order, values: dict[str, str], review: Review) -> list[FieldProblem]:
    """Return what is doubtful beside its field, and last that it is to be confirmed."""
    if not review.is_doubtful:
        return []
    found = objections(order.employee_address, path=PERSON)
    found += [placed(one, values) for one in objections(order.organization_address, path=OFFICE)]
    if review.open_transfers:
        text = "is in a transfer already that is not over: see the link above"
        found.append(FieldProblem("device_serial_number", "transfer.open_already", text))
    return [*found, FieldProblem("confirmed", "unconfirmed", "tick this if it is to be sent all the same")]


def _details(
    visit: Visit,
    parts: Parts,
    values: dict[str, str],
    *,
    review: Review | None = None,
    doubts: Sequence[FieldProblem] = (),
) -> ASGIResponse:
    offices: list[tuple[str, Any]] = []
    if parts.default_address is not None:
        offices.append(("default", "The organization's default address"))
    offices += grouped(parts.places, lambda number: f"place-{number}")
    return visit.page(
        "transfers/details.html",
        title="New transfer",
        values=values,
        review=review,
        doubts={one.path: sentence(one.text) for one in doubts} if visit.trouble is None else {},
        is_cut=parts.has_more_places,
        more_text=MORE,
        path_of=path_of,
        words=words,
        offices=[*offices, ("other", "Another address, typed below")],
        countries=COUNTRIES,
        carriers=[(code.value, code.value) for code in CarrierCode if code in REQUIRABLE],
        types=TYPES,
        Direction=Direction,
        Money=Money,
    )


async def _review(visit: Visit, order: Order) -> Review:
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
        open_transfers=await list_open_of_device(
            visit.db, actor=visit.actor, serial_number=order.device_serial_number
        ),
    )


def _mark(visit: Visit, order: Order) -> bytes:
    return idempotency.fingerprint(str(visit.actor.user_id).encode(), msgspec.json.encode(order))


async def _placed_before(visit: Visit, order: Order, *, key: str) -> ASGIResponse | None:
    """Return the way to the transfer that this very form has placed, if it has."""
    scope = visit.actor.scope(Right.TRANSFERS_WRITE)
    try:
        async with visit.db.read(scope) as reader:
            given = await idempotency.find(reader, scope, key=_named(key), mark=_mark(visit, order))
    except idempotency.IdempotencyKeyReused:
        raise OrderFormUsed from None
    return None if given is None else visit.go(f"{PATH}/{given.body.decode()}", notice="transfers.placed")


def _named(key: str) -> str:
    return f"console:{key}"


async def _place(visit: Visit, order: Order, *, key: str) -> ASGIResponse:
    """Place the order once: the same form again leads to the transfer that it placed."""
    repeatable = Repeatable(
        key=_named(key),
        mark=_mark(visit, order),
        answer=lambda placed: idempotency.Answer(_PLACED, str(placed.id).encode()),
    )
    for _ in range(2):
        placed_before = await _placed_before(visit, order, key=key)
        if placed_before is not None:
            return placed_before
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
