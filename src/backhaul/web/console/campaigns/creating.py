"""The form of a new campaign: its calendar of reminders can be looked at before it is made."""

from collections.abc import Mapping

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain import ladders, recovery
from backhaul.domain.directory.places import Addresses, find_addresses
from backhaul.domain.identity import Right
from backhaul.domain.ladders import BUILT_IN_NAME, Ladder
from backhaul.domain.recovery.browsing import Owner, list_owners
from backhaul.domain.recovery.reminding import Preview
from backhaul.kernel.errors import InvalidInput
from backhaul.web.console.campaigns import typing
from backhaul.web.console.campaigns.listing import PATH
from backhaul.web.console.campaigns.measures import UNITS
from backhaul.web.console.campaigns.previewing import preview_of
from backhaul.web.console.campaigns.showing import path_of
from backhaul.web.console.cases import words
from backhaul.web.console.countries import COUNTRIES
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.locations.choosing import MORE, grouped
from backhaul.web.console.settings.ladders import words as ladder_words
from backhaul.web.console.visiting import Visit


class Offered(msgspec.Struct, frozen=True):
    """What the form offers."""

    addresses: Addresses
    owners: list[tuple[str, str]]
    ladders: list[tuple[str, str]]


async def view(visit: Visit) -> ASGIResponse:
    """Show the form of a new campaign; after a refusal, with what was typed."""
    values = typing.blank(visit.browsing.email)
    if visit.trouble is not None:
        values = typing.typed(visit.trouble.form)
    return await _form(visit, values)


async def create(visit: Visit, form: Form) -> ASGIResponse:
    """Make the campaign; or show the form with one box more, or with its calendar."""
    values = typing.typed(form)
    if form["do"] == "place":
        return await _form(visit, typing.with_place(values))
    if form["do"] == "find":
        return await _form(visit, values)
    if form["do"] == "box":
        return await _form(visit, typing.with_box(values))
    if form["do"] == "preview":
        preview = await preview_of(visit, values)
        return await _form(visit, values, preview)
    found = await _addresses(visit, values)
    new = typing.campaign_of(values, {str(place.number): place for place in found.places})
    try:
        campaign = await recovery.create_campaign(visit.db, actor=visit.actor, new=new, now=visit.now)
    except InvalidInput as refusal:
        raise InvalidInput(typing.beside_fields(refusal.problems)) from refusal
    return visit.go(f"{path_of(campaign.public_number)}/people", notice="campaigns.created")


async def _form(visit: Visit, values: Mapping[str, str], preview: Preview | None = None) -> ASGIResponse:
    offered = await _offered(visit, values)
    return visit.page(
        "campaigns/new.html",
        title="New campaign",
        values=values,
        preview=preview,
        offered=offered,
        place_options=grouped(offered.addresses.places),
        more_text=MORE,
        place_count=typing.count_of(values, "places"),
        box_count=typing.count_of(values, "boxes"),
        most_places=typing.MOST_PLACES,
        most_boxes=typing.MOST_BOXES,
        units=UNITS,
        countries=COUNTRIES,
        words=words,
        ladder_words=ladder_words,
    )


async def _addresses(visit: Visit, values: Mapping[str, str]) -> Addresses:
    """Return the locations that the form offers: those that were looked for, and those that were chosen."""
    chosen = [number_or_none(text) for name, text in values.items() if name.startswith("place-")]
    return await find_addresses(
        visit.db,
        actor=visit.actor,
        text=values["location"],
        numbers=[number for number in chosen if number is not None],
    )


async def _offered(visit: Visit, values: Mapping[str, str]) -> Offered:
    addresses = await _addresses(visit, values)
    owners = await list_owners(visit.db, actor=visit.actor)
    own = await ladders.list_ladders(visit.db, actor=visit.actor)
    return Offered(
        addresses,
        [(owner.email, owner_text(owner)) for owner in owners],
        [(ladder.name, _ladder_text(ladder)) for ladder in own]
        + [(BUILT_IN_NAME, "Built-in: three reminders")],
    )


def owner_text(owner: Owner) -> str:
    """Return what a form calls somebody who can own a campaign."""
    return owner.email if owner.name == owner.email else f"{owner.name} ({owner.email})"


def _ladder_text(ladder: Ladder) -> str:
    return f"{ladder.name} (default)" if ladder.is_default else ladder.name


HANDLERS = [
    shows(f"{PATH}/new", view, right=Right.RECOVERY_WRITE),
    takes(f"{PATH}/new", create, right=Right.RECOVERY_WRITE, again=view),
]
