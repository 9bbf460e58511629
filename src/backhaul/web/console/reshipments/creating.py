"""A new reshipment: which returns, where to, and what it is about to cost before it is asked for.

The first step chooses returns and changes nothing. The second shows the address and the price; only the button beneath
the price asks for it. A form that is sent twice is refused the second time: its returns are being sent on by then.
"""

from collections.abc import Sequence

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain import reshipping
from backhaul.domain.billing.model import Quote
from backhaul.domain.billing.rates import RateCard, quote_reship
from backhaul.domain.identity import Right
from backhaul.domain.reshipping import Consignee, NewReshipment
from backhaul.domain.reshipping.checking import LONGEST, MAX_CONTENTS, checked
from backhaul.domain.returns import list_warehouses
from backhaul.domain.returns.browsing import ListedReturn, ReturnFilter, browse_returns, list_of_numbers
from backhaul.domain.transfers.choosing import Parts, find_parts
from backhaul.domain.transfers.spelling import advice
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.money import Money
from backhaul.web.console.countries import COUNTRIES
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.locations.choosing import MORE, grouped
from backhaul.web.console.money.amounts import minor_in
from backhaul.web.console.reshipments.reading import PATH, path_of
from backhaul.web.console.returns import words
from backhaul.web.console.visiting import Visit

NEW = f"{PATH}/new"
_TO = tuple(f"to.{name}" for name in (*LONGEST, "country_code"))
_NAMES = ("contents", "value", *_TO)


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown before somebody asks for it: the price, and what the country's rules say of the address."""

    quote: Quote
    is_final: bool  # False: the warehouse packs several returns together and quotes that
    to: Consignee
    better: Address | None
    warnings: tuple[str, ...]


async def choose(visit: Visit) -> ASGIResponse:
    """Show the first step, or the second for the returns that were chosen in it."""
    if visit.trouble is not None:
        form = visit.trouble.form
        return await _details(visit, _numbers(form.all("returns")), _sent(form))
    numbers = _numbers([str(one) for one in visit.request.query_params.getall("returns", [])])
    if not numbers:
        return await _first(visit)
    person, place = visit.asked("person"), number_or_none(visit.asked("place"))
    parts = await find_parts(
        visit.db,
        actor=visit.actor,
        person=person,
        device=None,
        place=visit.asked("location"),
        place_number=place,
    )
    return await _details(visit, numbers, _filled(parts, place), parts=parts, person=person, place=place)


async def _first(visit: Visit) -> ASGIResponse:
    before = number_or_none(visit.asked("before"))
    found = await browse_returns(
        visit.db, actor=visit.actor, wanted=ReturnFilter(can_be_sent_on=True), before=before
    )
    return visit.page(
        "reshipments/choose.html", title="New reshipment", found=found, path_here=NEW, words=words
    )


async def _details(
    visit: Visit,
    numbers: Sequence[int],
    values: dict[str, str],
    *,
    parts: Parts | None = None,
    person: str | None = None,
    place: int | None = None,
    review: Review | None = None,
    lines: Sequence[ListedReturn] | None = None,
) -> ASGIResponse:
    if parts is None:
        parts = await find_parts(visit.db, actor=visit.actor, person=None, device=None)
    if lines is None:
        lines = await list_of_numbers(visit.db, actor=visit.actor, numbers=numbers)
    return visit.page(
        "reshipments/new.html",
        title="New reshipment",
        numbers=numbers,
        lines=lines,
        unknown=sorted(set(numbers) - {line.one.number for line in lines}),
        values=values,
        parts=parts,
        person=person,
        place=place,
        places=grouped(parts.places),
        location=visit.asked("location"),
        more_text=MORE,
        review=review,
        countries=COUNTRIES,
        Money=Money,
        longest={**LONGEST, "contents": MAX_CONTENTS},
        words=words,
    )


async def take(visit: Visit, form: Form) -> ASGIResponse:
    """Show the price, take a better spelling over, or ask for the reshipment."""
    numbers, values = _numbers(form.all("returns")), _sent(form)
    new = _new(values, numbers)
    if form["do"] == "place":
        placed = await reshipping.create_reshipment(
            visit.db,
            actor=visit.actor,
            new=new,
            card=visit.port(RateCard),
            policy=visit.port(reshipping.Policy),
            now=visit.now,
        )
        return visit.go(path_of(placed.number), notice="reshipments.created")
    better, _ = advice(new.to.address)
    if form["do"] == "adopt" and better is not None:
        parts = {name: getattr(better, name) for name in _POSTAL}
        new = msgspec.structs.replace(new, to=msgspec.structs.replace(new.to, **parts))
        values |= {f"to.{name}": text or "" for name, text in parts.items()}
    lines = await list_of_numbers(visit.db, actor=visit.actor, numbers=numbers)
    review = await _review(visit, new, lines)
    return await _details(visit, numbers, values, review=review, lines=lines)


_POSTAL = ("line_1", "line_2", "city", "state_code", "postal_code")


async def _review(visit: Visit, new: NewReshipment, lines: Sequence[ListedReturn]) -> Review | None:
    """Return what it is about to cost; None where its returns are not all there, which the page says."""
    if len(lines) < len(new.return_numbers) or len({line.one.warehouse_id for line in lines}) != 1:
        return None
    places = {one.id: one.address for one in await list_warehouses(visit.db)}
    better, warnings = advice(new.to.address)
    quote = quote_reship(
        visit.port(RateCard),
        origin_country=places[lines[0].one.warehouse_id].country_code,
        to_country=new.to.country_code,
        weight_grams=sum(line.one.weight_grams for line in lines),
        parcels=len(lines),
    )
    return Review(quote=quote, is_final=len(lines) == 1, to=new.to, better=better, warnings=warnings)


def _new(values: dict[str, str], numbers: Sequence[int]) -> NewReshipment:
    """Return what a form asks for, or refuse it with everything that is wrong."""
    problems: list[FieldProblem] = []
    value_minor = 1
    try:
        value_minor = minor_in(values["value"], path="value")
    except InvalidInput as refused:
        problems += refused.problems
    to = {name.removeprefix("to."): values[name] for name in _TO}
    new = NewReshipment(
        contents=values["contents"],
        return_numbers=tuple(numbers),
        to=Consignee(**to),
        value_minor=value_minor,
    )
    try:
        new = checked(new)
    except InvalidInput as refused:
        problems += [_placed(problem) for problem in refused.problems]
    if problems:
        raise InvalidInput(problems)
    return new


def _placed(problem: FieldProblem) -> FieldProblem:
    """Return a problem beside the field it is about: amounts are typed with their hundredths."""
    if problem.path != "value_minor":
        return problem
    return FieldProblem("value", problem.code, "must be from 0.01 to 1,000,000")


def _numbers(texts: Sequence[str]) -> tuple[int, ...]:
    found = (number for text in texts if (number := number_or_none(text.strip())) is not None)
    return tuple(dict.fromkeys(found))


def _sent(form: Form) -> dict[str, str]:
    return {name: form[name] for name in _NAMES}


def _filled(parts: Parts, place: int | None) -> dict[str, str]:
    """Return the fields as they are filled at first: from the only person that was found, or the chosen location."""
    values = dict.fromkeys(_NAMES, "") | {"contents": "Laptop computer", "to.country_code": "US"}
    chosen = next((one for one in parts.places if one.number == place), None)
    if len(parts.people) == 1:
        someone = parts.people[0]
        return values | _written(someone.address, name=someone.address.name, email=someone.email)
    if chosen is not None:
        there = chosen.address
        company = there.name or chosen.name
        return values | _written(there, name=there.attention, company_name=company)
    return values


def _written(address: Address, **people: str | None) -> dict[str, str]:
    parts = {name: getattr(address, name) for name in (*_POSTAL, "country_code")}
    return {f"to.{name}": text or "" for name, text in {**parts, **people}.items()}


HANDLERS = [
    shows(NEW, choose, right=Right.RETURNS_WRITE),
    takes(NEW, take, right=Right.RETURNS_WRITE, again=choose),
]
