"""The form that changes a campaign."""

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain import ladders, recovery
from backhaul.domain.directory.places import Location, find_addresses
from backhaul.domain.identity import Right
from backhaul.domain.ladders import BUILT_IN_NAME
from backhaul.domain.recovery.browsing import list_owners
from backhaul.domain.recovery.model import CampaignChanges, ReturnAddress
from backhaul.kernel.countries import country_name
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.campaigns import typing
from backhaul.web.console.campaigns.creating import owner_text
from backhaul.web.console.campaigns.listing import PATH
from backhaul.web.console.campaigns.showing import path_of
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.visiting import Visit


async def view(visit: Visit) -> ASGIResponse:
    """Show what can be changed of a campaign."""
    number = visit.named("campaign")
    found = await recovery.get_campaign(visit.db, actor=visit.actor, number=number, per_page=0)
    campaign = found.campaign
    own = await ladders.list_ladders(visit.db, actor=visit.actor)
    owners = [(one.email, owner_text(one)) for one in await list_owners(visit.db, actor=visit.actor)]
    if campaign.owner_email not in {email for email, _ in owners}:
        owners.append((campaign.owner_email, f"{campaign.owner_email} (no member any more)"))
    ladder = next((one.name for one in own if one.id == campaign.ladder_id), BUILT_IN_NAME)
    return visit.page(
        "campaigns/edit.html",
        title="Change the campaign",
        campaign=campaign,
        base=path_of(campaign.public_number),
        values={
            "version": campaign.version,
            "name": campaign.name,
            "description": campaign.description,
            "helpdesk_email": campaign.helpdesk_email,
            "deadline_on": "" if campaign.deadline_on is None else campaign.deadline_on.isoformat(),
            "ladder": ladder,
            "owner_email": campaign.owner_email,
        },
        owners=owners,
        country_name=country_name,
        ladder_options=[(one.name, one.name) for one in own] + [(BUILT_IN_NAME, "Built-in: three reminders")],
    )


async def change(visit: Visit, form: Form) -> ASGIResponse:
    """Write the campaign anew."""
    problems: list[FieldProblem] = []
    number = visit.named("campaign")
    places = await _places(visit, form, number, problems)
    deadline_on = typing.day_of({"deadline_on": form["deadline_on"]}, "deadline_on", problems)
    if problems:
        raise InvalidInput(problems)
    changes = CampaignChanges(
        name=form["name"],
        description=form.optional("description"),
        deadline_on=deadline_on,
        helpdesk_email=form.optional("helpdesk_email"),
        owner_email=form["owner_email"],
        ladder=form["ladder"] or BUILT_IN_NAME,
        return_addresses=places,
    )
    try:
        await recovery.change_campaign(
            visit.db,
            actor=visit.actor,
            campaign_number=number,
            version=number_or_none(form["version"]) or 0,
            changes=changes,
            now=visit.now,
        )
    except InvalidInput as refusal:
        raise InvalidInput(typing.beside_fields(refusal.problems)) from refusal
    return visit.go(path_of(number), notice="campaigns.changed")


async def _places(
    visit: Visit, form: Form, number: str, problems: list[FieldProblem]
) -> tuple[ReturnAddress, ...]:
    """Return where things go from now on: each address as it is, or that of the location which was chosen."""
    found = await recovery.get_campaign(visit.db, actor=visit.actor, number=number, per_page=0)
    places = []
    for position, place in enumerate(found.campaign.return_addresses, 1):
        path, address, phone = f"place-{position}", place.address, form.optional(f"phone-{position}")
        if form[path]:
            named = await _named(visit, form[path])
            address = typing.address_at(path, form[path].casefold(), named, problems) or address
            phone = None if phone == place.phone else phone  # the other place's telephone, by default its own
        if address.country_code != place.address.country_code:
            text = f"must be in {country_name(place.address.country_code)}: parcels were packed by it"
            problems.append(FieldProblem(path, "recovery.packed_otherwise", text))
        places.append(msgspec.structs.replace(place, address=address, phone=phone))
    return tuple(places)


async def _named(visit: Visit, text: str) -> dict[str, Location]:
    """Return the locations that a text may mean, by name and by number."""
    number = number_or_none(text)
    numbers = [] if number is None else [number]
    found = await find_addresses(visit.db, actor=visit.actor, text=text, numbers=numbers)
    named = {one.name.casefold(): one for one in found.places}
    return named | {str(one.number): one for one in found.places if one.number == number}


_ONE = f"{PATH}/{{campaign:str}}/edit"
HANDLERS = [
    shows(_ONE, view, right=Right.RECOVERY_WRITE),
    takes(_ONE, change, right=Right.RECOVERY_WRITE, again=view),
]
