"""backhaul org …"""

from typing import Annotated

import typer

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Session, run
from backhaul.domain.identity import (
    Plan,
    create_organization,
    list_organizations,
    set_default_address,
    set_plan,
)
from backhaul.kernel.addresses import Address

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The organization's slug, number or id.")]


@app.command()
def create(
    name: str,
    plan: Annotated[Plan, typer.Option()] = Plan.FREE,
    slug: Annotated[str | None, typer.Option(help="Short name; made of the name by default.")] = None,
    parent: Annotated[str | None, typer.Option(help="The organization this is a sub-account of.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Create an organization."""

    async def work(session: Session) -> None:
        above = None if parent is None else (await session.organization(parent)).id
        made = await create_organization(
            session.db,
            actor=session.operator,
            name=name,
            slug=slug,
            plan=plan,
            parent_id=above,
            now=session.clock.now(),
        )
        print(f"{made.slug}  {made.id}  plan {made.plan.value}")

    run(data_dir, work)


@app.command("list")
def list_all(data_dir: DataDir = None) -> None:
    """List the organizations."""

    async def work(session: Session) -> None:
        table = Listing("number", "slug", "name", "plan", "id")
        after = 0
        while page := await list_organizations(session.db, after_number=after):
            for found in page:
                table.add_row(str(found.number), found.slug, found.name, found.plan.value, str(found.id))
            after = page[-1].number
        table.show()

    run(data_dir, work)


@app.command("plan")
def change_plan(organization: Name, plan: Plan, data_dir: DataDir = None) -> None:
    """Put an organization on a plan; the API belongs to enterprise and custom."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(organization)
        changed = await set_plan(session.db, actor=actor, plan=plan, now=session.clock.now())
        print(f"{changed.slug} is on the {changed.plan.value} plan.")

    run(data_dir, work)


@app.command()
def address(
    organization: Name,
    line_1: Annotated[str, typer.Option()],
    city: Annotated[str, typer.Option()],
    country_code: Annotated[str, typer.Option()],
    line_2: Annotated[str | None, typer.Option()] = None,
    state_code: Annotated[str | None, typer.Option()] = None,
    postal_code: Annotated[str | None, typer.Option()] = None,
    name: Annotated[str | None, typer.Option()] = None,
    attention: Annotated[str | None, typer.Option()] = None,
    phone: Annotated[str | None, typer.Option(help="Answered with return addresses.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Set an organization's default address."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(organization)
        new = Address(
            name=name,
            attention=attention,
            line_1=line_1,
            line_2=line_2,
            city=city,
            state_code=state_code,
            postal_code=postal_code,
            country_code=country_code.upper(),
            phone=phone,
        )
        changed = await set_default_address(session.db, actor=actor, address=new, now=session.clock.now())
        print(f"{changed.slug} has a new default address.")

    run(data_dir, work)
