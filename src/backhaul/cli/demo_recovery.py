"""The demo's campaign: eight people of the directory give back their laptops, and each has got further than the next.

How far somebody has got follows from when their part of the story begins: the simulated carrier takes two to three and
a half days for each way. A box that begins three days ago has arrived, and usually nobody has handed it over yet; every
other status is certain.
"""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from backhaul.cli.demo_devices import Device
from backhaul.cli.demo_people import PEOPLE
from backhaul.domain import recovery
from backhaul.domain.identity import Actor
from backhaul.domain.recovery import Case, NewCampaign, NewCase, NewItem, Outcome, Reason, Shipping, person
from backhaul.domain.recovery.errors import OutcomeRefused, PersonThereAlready
from backhaul.domain.recovery.person import Choice, GoneReason, Linked, Pages
from backhaul.domain.recovery.person.errors import CaseEndedAlready, ChosenAlready, ClaimRefused
from backhaul.storage.database import Database

NAME = "Laptop refresh 2026"
BEGINS = 8.5  # days ago
DEADLINE_DAYS = 14  # from today
WHOLE = 100  # more than there are campaigns, and people in this one


class Desk(NamedTuple):
    """Who runs the campaign, and what for."""

    db: Database
    owner: Actor
    pages: Pages
    devices: dict[int, Device]  # each person's laptop

    async def campaign(self) -> str | None:
        """Return the campaign's number, if it is there."""
        found = await recovery.list_campaigns(self.db, actor=self.owner, per_page=WHOLE)
        return next((one.public_number for one in found.items if one.name == NAME), None)

    async def case(self, number: int) -> Case:
        """Return somebody's recovery."""
        campaign = await self.campaign()
        assert campaign is not None
        found = await recovery.get_campaign(self.db, actor=self.owner, number=campaign, per_page=WHOLE)
        return next(one.case for one in found.cases if one.case.email == PEOPLE[number].email)

    async def visit(self, number: int, now: datetime) -> Linked:
        """Return somebody's visit to their page."""
        case = await self.case(number)
        url = await person.make_link(self.db, actor=self.owner, case=case.code, pages=self.pages, now=now)
        return await person.follow(self.db, token=url.removeprefix(self.pages.person_page), now=now)


Act = Callable[[Desk, int, datetime], Awaitable[None]]


def _ask(shipping: Shipping, *also: str) -> Act:
    """Return the act of asking somebody for their laptop and other things."""

    async def act(desk: Desk, number: int, now: datetime) -> None:
        details, device = PEOPLE[number], desk.devices[number]
        laptop = NewItem(name=device.model.name, serial_number=device.serial_number)
        new = NewCase(
            email=details.email,
            first_name=details.first_name,
            last_name=details.last_name,
            phone=details.phone or "",
            address=details.address,
            items=(laptop, *(NewItem(name=name) for name in also)),
            shipping=shipping,
            reason=Reason.REFRESH,
        )
        campaign = await desk.campaign()
        assert campaign is not None
        with contextlib.suppress(PersonThereAlready):
            await recovery.add_case(desk.db, actor=desk.owner, campaign_number=campaign, new=new, now=now)

    return act


async def _answer_with_a_loss(desk: Desk, number: int, now: datetime) -> None:
    visit = await desk.visit(number, now)
    with contextlib.suppress(ClaimRefused):
        await person.claim_item(
            desk.db, linked=visit, position=2, reason=GoneReason.LOST, note="Left in a hotel.", now=now
        )
    await _choose(desk, visit, number, Choice.KIT, now)


async def _answer_with_a_label(desk: Desk, number: int, now: datetime) -> None:
    await _choose(desk, await desk.visit(number, now), number, Choice.LABEL, now)


async def _choose(desk: Desk, visit: Linked, number: int, choice: Choice, now: datetime) -> None:
    address = PEOPLE[number].address
    await person.correct_address(desk.db, linked=visit, address=address, is_certain=False, now=now)
    with contextlib.suppress(ChosenAlready):
        await person.choose(desk.db, linked=visit, choice=choice, now=now)


async def _buy_out(desk: Desk, number: int, now: datetime) -> None:
    case, reason = await desk.case(number), "Bought by the employee, invoice 4711."
    with contextlib.suppress(OutcomeRefused):
        await recovery.close_case(
            desk.db, actor=desk.owner, case=case.code, outcome=Outcome.KEPT, reason=reason, now=now
        )


# (days ago, person, what happens). Nobody here is in the story of the transfers.
STORY: list[tuple[float, int, Act]] = [
    (BEGINS, 16, _ask(Shipping.KIT)),  # Completed
    (BEGINS, 20, _ask(Shipping.ASK, "USB-C charger")),
    (8.0, 20, _answer_with_a_loss),  # Received: what became of the charger, nobody has said yet
    (7.0, 19, _ask(Shipping.ASK)),
    (4.5, 18, _ask(Shipping.KIT)),  # In Transit
    (3.0, 22, _ask(Shipping.KIT)),  # Kit Delivered, usually
    (2.0, 19, _buy_out),  # Not Returned
    (1.5, 21, _ask(Shipping.KIT)),  # Kit Shipped
    (1.0, 17, _ask(Shipping.ASK)),  # Order Received: the page waits for an answer
    (0.5, 23, _ask(Shipping.ASK)),
    (0.0, 23, _answer_with_a_label),  # Label Created
]


async def play_due(
    desk: Desk, waiting: list[tuple[float, int, Act]], *, today: datetime, day: timedelta, now: datetime
) -> None:
    """Play what has come up by `now` and take it from `waiting`; a day lasts `day`. What was played changes nothing."""
    while waiting and now >= today - waiting[0][0] * day:
        _, number, act = waiting.pop(0)
        if await desk.campaign() is None:
            await _create(desk, today=today, now=now)
        with contextlib.suppress(CaseEndedAlready):
            await act(desk, number, now)


async def _create(desk: Desk, *, today: datetime, now: datetime) -> None:
    new = NewCampaign(
        name=NAME,
        description="Everybody on an older laptop gets a new one and sends the old one back.",
        deadline_on=today.date() + timedelta(days=DEADLINE_DAYS),
        helpdesk_email="it@demo.example",
    )
    await recovery.create_campaign(desk.db, actor=desk.owner, new=new, now=now)
