"""Settings of an organization: a client, an endpoint that was told something, a callback, a ladder, an invitation."""

import msgspec

from backhaul.domain import invitations, ladders
from backhaul.domain.identity import Role
from backhaul.domain.identity.clients import add_client
from tests.domain.webhooks.office import Office

ENDPOINT, CALLBACK = "https://hooks.{}.example/in", "https://calls.{}.example/back"
PAGE = "https://backhaul.test/invitation/"


async def furnish(console, whose, name):
    """Return the ids of what pages about settings need."""
    db, actor, now = console.db, console.actors[name], console.clock.now()
    client, _ = await add_client(
        db, actor=actor, name="Payroll", scopes=["returns"], redirect_uris=["https://pay.example/back"], most=9,
        now=now,
    )  # fmt: skip
    office = office_of(console, name)
    endpoint, _ = await office.endpoint(ENDPOINT.format(whose))
    told = await office.deliver(endpoint)
    called = await office.deliver(CALLBACK.format(whose), topic="recovery.label")
    policy = msgspec.structs.replace(ladders.BUILT_IN, it_email="it@example.com")
    ladder = await ladders.create_ladder(db, actor=actor, name="Patient", policy=policy, now=now)
    await invitations.invite(
        db, actor=actor, email=f"new@{whose}.example", role=Role.MEMBER, page=PAGE, now=now
    )
    return {
        "client": client.client_id,
        "endpoint": str(endpoint.id),
        "delivery": str(told),
        "callback": str(called),
        "ladder": str(ladder.number),
    }


def office_of(console, name):
    """What is told to endpoints of somebody's organization."""
    return Office(console.db, console.clock, console.make, console.actors[name], console.app.place.data_dir)
