"""A campaign with people in several stages, and a legal hold on one of them whose release is asked for."""

from datetime import timedelta

from backhaul.domain.directory import add_employee
from backhaul.domain.directory.model import Details
from backhaul.domain.holds import NewSubject, SubjectKind, place_hold, request_release
from backhaul.domain.inventory.operations import add_asset
from backhaul.domain.recovery import Outcome, ReturnAddress, Shipping, close_case
from tests.domain.recovery.desk import Desk
from tests.making import OFFICE
from tests.web.console.inventory.furnish import STREET, device
from tests.web.console.transfers.furnish import ACTORS, world_of


async def furnish(console, whose):
    """Return the ids of what the pages of campaigns, cases and holds need."""
    desk = Desk(world_of(console, ACTORS[whose]))
    db, actor, now = console.db, desk.actor, desk.now
    cara = await add_employee(
        db,
        actor=actor,
        details=Details(
            first_name="Cara",
            last_name="Stone",
            email=f"cara@{whose}.example",
            phone="4125550188",
            address=STREET,
        ),
        now=now,
    )
    await add_asset(
        db,
        actor=actor,
        new=device(f"{whose}-CARA", status_name="In Use", assign_to_email=cara.email),
        now=now,
    )
    campaign = await desk.create(
        name="Spring refresh",
        return_addresses=(ReturnAddress(address=OFFICE),),
        deadline_on=now.date() + timedelta(days=30),
        helpdesk_email="help@maas.example",
    )
    empty = await desk.create(name="Autumn refresh", return_addresses=(ReturnAddress(address=OFFICE),))
    kit = await desk.add(
        campaign=campaign, email=f"kit@{whose}.example", first_name="Kit", last_name="Marlowe"
    )
    ask = await desk.add(
        "Laptop", "Monitor", campaign=campaign, shipping=Shipping.ASK, email=f"ask@{whose}.example"
    )
    kept = await desk.add(campaign=campaign, email=f"kept@{whose}.example", last_name="Keeper")
    await close_case(
        db, actor=actor, case=kept.code, outcome=Outcome.KEPT, reason="Bought it.", now=now,
        evidence={"note": "Receipt 17"},
    )  # fmt: skip
    held = await desk.add(campaign=campaign, email=f"held@{whose}.example", last_name="Held")
    await desk.world.settle()
    hold = await place_hold(
        db,
        actor=actor,
        summary="Smith v. Maas",
        description="Keep everything of this case.",
        subjects=[NewSubject(kind=SubjectKind.CASE, name=held.public_number)],
        now=now,
    )
    await request_release(
        db, actor=actor, hold=hold.number, summary="Settled", description="The court is done.", now=now
    )
    return {
        "campaign": campaign.public_number,
        "empty_campaign": empty.public_number,
        "case": kit.public_number,
        "code": kit.code,
        "asking_case": ask.public_number,
        "ended_case": kept.public_number,
        "held_case": held.public_number,
        "hold": str(hold.number),
        "holder": str(cara.number),
    }
