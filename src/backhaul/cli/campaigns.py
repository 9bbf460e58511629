"""backhaul campaign …"""

from datetime import date, datetime
from typing import Annotated

import msgspec
import typer

from backhaul.cli import (
    campaign_links,
    campaign_places,
    campaign_reminders,
    campaign_settling,
    campaign_starting,
)
from backhaul.cli.campaign_settling import print_items
from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain import recovery
from backhaul.domain.directory import PostalAddress, find_employee
from backhaul.domain.directory.errors import EmployeeUnknown
from backhaul.domain.identity import Actor
from backhaul.domain.recovery import (
    NewCampaign,
    NewCase,
    NewItem,
    Outcome,
    Reason,
    Shipping,
)
from backhaul.domain.recovery.inspecting import list_found
from backhaul.kernel.internet import networks

app = typer.Typer(no_args_is_help=True)
campaign_links.add_to(app)
campaign_places.add_to(app)
campaign_reminders.add_to(app)
campaign_settling.add_to(app)
campaign_starting.add_to(app)
PER_PAGE = 100
Number = Annotated[str, typer.Argument(help="The campaign's number.")]
Recovery = Annotated[str, typer.Argument(help="The recovery id or recovery code.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="No other campaign of the organization may have it.")],
    org: Org,
    owner: Annotated[str, typer.Option("--owner", help="A member in whose name parcels are ordered.")],
    description: Annotated[str | None, typer.Option("--description")] = None,
    country: Annotated[str | None, typer.Option("--country", help="By default the return address's.")] = None,
    starts_on: Day = None,
    deadline_on: Day = None,
    helpdesk: Annotated[str | None, typer.Option("--helpdesk", help="Whom people write to.")] = None,
    ladder: Annotated[str | None, typer.Option("--ladder", help="Of reminders; see `ladder list`.")] = None,
    return_addresses: campaign_places.File = None,
    data_dir: DataDir = None,
) -> None:
    """Make a campaign. Without a file of others, things go to the organization's default address, in laptop boxes."""
    new = NewCampaign(
        name=name,
        description=description,
        country_code=country,
        starts_on=starts_on and starts_on.date(),
        deadline_on=deadline_on and deadline_on.date(),
        helpdesk_email=helpdesk,
        owner_email=owner,
        ladder=ladder,
    )

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        places = await campaign_places.read_places(session, actor, org, return_addresses)
        whole = msgspec.structs.replace(new, return_addresses=places)
        made = await recovery.create_campaign(session.db, actor=actor, new=whole, now=session.clock.now())
        print(f"{made.name} is campaign {made.public_number} of {org}.")
        campaign_starting.print_start(made, session.clock.now())

    run(data_dir, work)


@app.command("list")
def list_all(
    org: Org, page: Annotated[int, typer.Option("--page", min=1)] = 1, data_dir: DataDir = None
) -> None:
    """List an organization's campaigns, newest first."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        found = await recovery.list_campaigns(session.db, actor=actor, page=page, per_page=PER_PAGE)
        table = Listing("starts on", "status", "country", "people", "items", "deadline", "name", "number")
        for campaign in found.items:
            table.add_row(
                _day(campaign.starts_on),
                campaign.status.value,
                campaign.country_code,
                str(campaign.case_count),
                str(campaign.item_count),
                _day(campaign.deadline_on),
                campaign.name,
                campaign.public_number,
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(
    org: Org,
    number: Number,
    page: Annotated[int, typer.Option("--page", min=1)] = 1,
    data_dir: DataDir = None,
) -> None:
    """Show a campaign and the people in it, newest first."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        found = await recovery.get_campaign(
            session.db, actor=actor, number=number, page=page, per_page=PER_PAGE
        )
        campaign = found.campaign
        print(f"{campaign.public_number}: {campaign.name}, {campaign.status.value}")
        campaign_starting.print_start(campaign, session.clock.now())
        campaign_places.print_places(campaign.return_addresses)
        print(f"owner: {campaign.owner_email}; people: {campaign.case_count}, items: {campaign.item_count}")
        table = Listing("name", "e-mail", "items", "back", "status", "code", "recovery id")
        for detail in found.cases:
            case = detail.case
            table.add_row(
                f"{case.first_name} {case.last_name}",
                case.email,
                str(len(detail.items)),
                str(sum(item.outcome is Outcome.RETURNED for item in detail.items)),
                detail.status.value,
                case.code,
                case.public_number,
            )
        table.show()

    run(data_dir, work)


@app.command()
def person(org: Org, case: Recovery, data_dir: DataDir = None) -> None:
    """Show one recovery: its items and what became of them, its parcels."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        found = await recovery.get_case(session.db, actor=actor, ref=case)
        one = found.detail.case
        print(f"{one.public_number} ({one.code}): {one.first_name} {one.last_name} <{one.email}>")
        print(f"in {found.campaign.name}: {found.detail.status.value}")
        if one.begins_at is not None and one.outcome is None:
            print(f"waits until the campaign starts at {one.begins_at:%Y-%m-%d %H:%M} UTC")
        print_items(found.detail, await list_found(session.db, actor=actor, case_id=one.id))
        for parcel in found.detail.parcels:
            for name, way in (("box", parcel.box), ("back", parcel.back)):
                if way is not None:
                    carrier = way.carrier.value if way.carrier else "a carrier"
                    print(
                        f"parcel {parcel.position}, {name}: {carrier} {way.tracking_number or 'no label yet'}"
                    )
            print(f"parcel {parcel.position}: transfer {parcel.transfer_id}, {parcel.status.value}")
        await campaign_links.print_said(session, await session.operator_in(org), one)

    run(data_dir, work)


@app.command()
def add(
    org: Org,
    number: Number,
    email: Annotated[str, typer.Option("--email", help="Of somebody in the directory.")],
    item: Annotated[list[str], typer.Option("--item", help="What is expected, as NAME or NAME:SERIAL.")],
    phone: Annotated[str | None, typer.Option("--phone", help="By default the directory's.")] = None,
    shipping: Annotated[Shipping, typer.Option("--shipping")] = Shipping.KIT,
    callback_url: Annotated[str | None, typer.Option("--callback-url", help="Needed for a label.")] = None,
    reason: Annotated[Reason | None, typer.Option("--reason")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Needed for another reason.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Add somebody of the directory to a campaign, with one to five items."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        name, given, address = await _person(session, actor, email)
        new = NewCase(
            email=email,
            first_name=name[0],
            last_name=name[1],
            phone=phone or given or "",
            address=address,
            items=tuple(_item(text) for text in item),
            shipping=shipping,
            callback_url=callback_url,
            reason=reason,
            reason_note=note,
        )
        added = await recovery.add_case(
            session.db,
            actor=actor,
            campaign_number=number,
            new=new,
            now=session.clock.now(),
            allowed=networks(session.settings.webhooks.allowed_private_networks),
        )
        print(f"{email} is recovery {added.public_number}, code {added.code}.")
        if added.begins_at is not None:
            print(
                f"Nothing is sent to them before {added.begins_at:%Y-%m-%d %H:%M} UTC, when the campaign starts."
            )

    run(data_dir, work)


@app.command()
def diagnose(org: Org, case: Recovery, data_dir: DataDir = None) -> None:
    """Note that what came back was looked at."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        done = await recovery.record_diagnosis(session.db, actor=actor, case=case, now=session.clock.now())
        print(f"Recovery {done.public_number} is diagnosed.")

    run(data_dir, work)


@app.command()
def close(org: Org, number: Number, data_dir: DataDir = None) -> None:
    """Complete a campaign; refused while a recovery is open."""

    async def work(session: Session) -> None:
        actor, now = await session.operator_in(org), session.clock.now()
        done = await recovery.complete_campaign(session.db, actor=actor, campaign_number=number, now=now)
        print(f"{done.name} is completed.")

    run(data_dir, work)


async def _person(
    session: Session, actor: Actor, email: str
) -> tuple[tuple[str, str], str | None, PostalAddress]:
    found = await find_employee(session.db, actor=actor, email=email)
    if found is None:
        raise EmployeeUnknown(employee=email)
    one = found.employee
    address = PostalAddress(**{name: getattr(one, name) for name in PostalAddress.__struct_fields__})
    return (one.first_name, one.last_name), one.phone, address


def _item(text: str) -> NewItem:
    name, _, serial_number = text.partition(":")
    return NewItem(name=name, serial_number=serial_number or None)


def _day(day: date | None) -> str:
    return "–" if day is None else day.isoformat()
