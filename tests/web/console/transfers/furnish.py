"""Transfers of an organization in several states, and one that needs somebody."""

from backhaul.domain.shipping.model import Fault, Tracking
from backhaul.domain.transfers.model import Direction
from backhaul.jobqueue import PERIODICS
from tests.domain.transfers.world import World

ACTORS = {"ours": "owner", "theirs": "stranger"}


async def furnish(console, whose):
    """Place them and let everything happen that follows at once; returns ids by kind."""
    world = world_of(console, ACTORS[whose])
    fresh = await world.place(
        device_make="Apple",
        device_model="MacBook Pro 16",
        device_serial_number=f"C02{whose.upper()}",
        ticket_reference=f"HELP-{whose}",
    )
    waived = await world.place(is_box_waived=True, device_type="monitor", pickup_wish=True)
    out = await world.place(direction=Direction.DEPLOYMENT, device_type="phone")
    lost = await world.place(ticket_reference="lost-box")
    await world.settle()
    await world.report(await world.box(lost), Tracking.FAILURE, fault=Fault.LOST, text="Lost in transit")
    await world.settle()
    await PERIODICS["radar.look"](world.run)
    async with world.db.read(world.scope) as reader:
        number = await reader.fetchval(
            "SELECT number FROM parcel_exceptions WHERE org_id = $1 AND transfer_id = $2",
            world.scope.org_id,
            lost.id,
        )
    return {
        "transfer": str(fresh.id),
        "waived": str(waived.id),
        "deployment": str(out.id),
        "lost": str(lost.id),
        "exception": str(number),
        "leg": "device",
    }


def world_of(console, name):
    """What happens by itself, for the organization of somebody."""
    return World(
        console.db,
        console.clock,
        console.make,
        actor=console.actors[name],
        folder=console.app.place.data_dir,
    )
