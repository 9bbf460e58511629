"""What of the demo's returns is sent on, and how far: from one that waits for a quote to one that has arrived."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from backhaul.cli.demo_people import PEOPLE
from backhaul.cli.demo_returns import Bench
from backhaul.domain import reshipping
from backhaul.domain.billing.rates import RateCard
from backhaul.domain.reshipping import Decision, NewReshipment, Reshipment

Settle = Callable[[], Awaitable[None]]


class Goal(IntEnum):
    """How far a reshipment is brought."""

    CREATED = 0
    DECLINED = 1
    APPROVED = 2
    DISPATCHED = 3


class Sending(NamedTuple):
    """Parcels of the demo's warehouse that are sent on together, to somebody of its directory."""

    tracking_numbers: tuple[str, ...]
    goal: Goal
    person: int
    value_minor: int


DISPATCHED_BEFORE = Sending(("9400100000000000000134",), Goal.DISPATCHED, 11, 119_900)
TODAY = [
    Sending(("9400100000000000000080",), Goal.CREATED, 5, 89_900),  # its estimate waits for an answer
    Sending(
        ("9400100000000000000097", "9400100000000000000103"), Goal.CREATED, 9, 154_000
    ),  # waits for a quote
    Sending(("9400100000000000000110",), Goal.DECLINED, 10, 20_000),
    Sending(("9400100000000000000127",), Goal.APPROVED, 13, 139_900),  # waits to be packed and weighed
    Sending(("9400100000000000000141",), Goal.DISPATCHED, 12, 104_900),  # on its way
]


async def send_on(
    bench: Bench, sending: Sending, numbers: Sequence[int], *, settle: Settle, now: datetime
) -> None:
    """Bring a reshipment as far as it is to be; `settle` lets the worker's jobs run meanwhile."""
    one = await _find(bench, numbers[0])
    if one is None:
        one = await reshipping.create_reshipment(
            bench.db,
            actor=bench.owner,
            new=_new(sending, numbers),
            card=bench.ports[RateCard],
            policy=bench.ports[reshipping.Policy],
            now=now,
        )
    if sending.goal is not Goal.CREATED and one.answered_at is None:
        one = await reshipping.answer_estimate(
            bench.db,
            actor=bench.owner,
            number=one.number,
            decision=Decision.DECLINE if sending.goal is Goal.DECLINED else Decision.APPROVE,
            policy=bench.ports[reshipping.Policy],
            now=now,
        )
    if sending.goal is not Goal.DISPATCHED or one.dispatched_at is not None:
        return
    if one.final_fee_minor is None:
        await reshipping.weigh_and_label(
            bench.db,
            actor=bench.operator,
            number=one.number,
            weight_grams=one.weight_grams,
            card=bench.ports[RateCard],
            policy=bench.ports[reshipping.Policy],
            now=now,
        )
    await settle()
    await reshipping.dispatch_reshipment(bench.db, actor=bench.operator, number=one.number, now=now)


async def _find(bench: Bench, number: int) -> Reshipment | None:
    reshipment_id = (await bench.detail(number)).one.reshipment_id
    if reshipment_id is None:
        return None
    known = await reshipping.list_numbers(bench.db, actor=bench.owner, reshipment_ids=[reshipment_id])
    return await reshipping.get_reshipment(bench.db, actor=bench.owner, number=known[reshipment_id])


def _new(sending: Sending, numbers: Sequence[int]) -> NewReshipment:
    person = PEOPLE[sending.person]
    to = reshipping.Consignee(
        name=f"{person.first_name} {person.last_name}",
        email=person.email,
        phone=person.phone,
        line_1=person.address.line_1,
        city=person.address.city,
        state_code=person.address.state,
        postal_code=person.address.postal_code,
        country_code=person.address.country_code,
    )
    return NewReshipment(
        contents="Laptop computers" if len(numbers) > 1 else "Laptop computer",
        return_numbers=tuple(numbers),
        to=to,
        value_minor=sending.value_minor,
    )
