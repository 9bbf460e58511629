"""Locations: listed by type, added, changed."""

from collections import defaultdict
from typing import Any

from litestar.response.base import ASGIResponse

from backhaul.domain.directory import LocationType, LocationUnknown
from backhaul.domain.directory.places import (
    MOST_COUNTED,
    Location,
    LocationDetails,
    add_location,
    change_location,
    get_location,
    list_locations,
)
from backhaul.domain.identity.model import Right
from backhaul.kernel.addresses import Address
from backhaul.kernel.countries import country_name
from backhaul.web.console import notices
from backhaul.web.console.countries import COUNTRIES
from backhaul.web.console.cursors import code_or_none, number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.paths import with_query
from backhaul.web.console.people.words import TYPES
from backhaul.web.console.visiting import Visit

PATH = "/locations"
PAGE = 50
_PARTS = (
    "name", "attention", "line_1", "line_2", "city", "state_code", "postal_code", "country_code", "phone",
)  # fmt: skip

notices.declare(
    {"locations.added": "The location is added.", "locations.changed": "The location is changed."}
)


async def view(visit: Visit) -> ASGIResponse:
    """Show a page of locations, by name."""
    kind, text = code_or_none(LocationType, visit.asked("type")), visit.asked("q")
    after = visit.asked("after")
    found = await list_locations(
        visit.db, actor=visit.actor, kind=kind, text=text, after=after, limit=PAGE + 1
    )
    items = found[:PAGE]
    asked = {"type": None if kind is None else kind.value, "q": text}
    last = items[-1].location.name if len(found) > PAGE else None
    return visit.page(
        "locations/list.html",
        title="Locations",
        items=items,
        most=MOST_COUNTED,
        kind=kind,
        text=text,
        types=TYPES,
        country_name=country_name,
        first=with_query(PATH, **asked) if after is not None else None,
        older=None if last is None else with_query(PATH, **asked, after=last),
    )


async def view_new(visit: Visit) -> ASGIResponse:
    """Show the empty form."""
    return _form(visit, "Add a location", {}, action=f"{PATH}/new")


async def add(visit: Visit, form: Form) -> ASGIResponse:
    """Add the location."""
    await add_location(visit.db, actor=visit.actor, details=_details(form), now=visit.now)
    return visit.go(PATH, notice="locations.added")


async def view_edit(visit: Visit) -> ASGIResponse:
    """Show the form with what is written down."""
    number = _number(visit)
    location = await get_location(visit.db, actor=visit.actor, number=number)
    return _form(visit, f"Change {location.name}", _values(location), action=f"{PATH}/{number}/edit")


async def change(visit: Visit, form: Form) -> ASGIResponse:
    """Replace what is written down."""
    await change_location(
        visit.db,
        actor=visit.actor,
        number=_number(visit),
        details=_details(form),
        version=number_or_none(form.optional("version")),
        now=visit.now,
    )
    return visit.go(PATH, notice="locations.changed")


def _form(visit: Visit, title: str, values: dict[str, Any], *, action: str) -> ASGIResponse:
    return visit.page(
        "locations/form.html",
        title=title,
        values=defaultdict(type(None), values),
        action=action,
        types=TYPES,
        countries=COUNTRIES,
    )


def _details(form: Form) -> LocationDetails:
    parts = {part: form[f"address.{part}"] for part in _PARTS}
    emails = tuple(form["address.notification_emails"].replace(",", " ").split())
    # The country stands in its list from the start; by itself it is no address.
    has_address = bool(emails) or any(value for part, value in parts.items() if part != "country_code")
    return LocationDetails(
        name=form["name"],
        type=code_or_none(LocationType, form["type"]),
        address=Address(**parts, notification_emails=emails) if has_address else None,
    )


def _values(location: Location) -> dict[str, Any]:
    address = location.address
    given = {} if address is None else {part: getattr(address, part) for part in _PARTS}
    return {
        "name": location.name,
        "type": None if location.type is None else location.type.value,
        "version": location.version,
        **{f"address.{part}": value for part, value in given.items()},
        "address.notification_emails": "" if address is None else " ".join(address.notification_emails),
    }


def _number(visit: Visit) -> int:
    number = number_or_none(visit.named("number"))
    if number is None:
        raise LocationUnknown(location=visit.named("number")[:20])
    return number


_WRITE = Right.DIRECTORY_WRITE
HANDLERS = [
    shows(PATH, view, right=Right.DIRECTORY_READ),
    shows(f"{PATH}/new", view_new, right=_WRITE),
    takes(f"{PATH}/new", add, right=_WRITE, again=view_new),
    shows(f"{PATH}/{{number:str}}/edit", view_edit, right=_WRITE),
    takes(f"{PATH}/{{number:str}}/edit", change, right=_WRITE, again=view_edit),
]
