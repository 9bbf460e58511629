"""Creating: what may be sent on, and what a request has to say."""

import asyncio
import itertools

import msgspec
import pytest

from backhaul.domain.billing.model import QuoteLine
from backhaul.domain.holds import NewSubject, SubjectKind, place_hold
from backhaul.domain.returns import Order
from backhaul.kernel.errors import DomainError, InvalidInput
from backhaul.storage.database import Tx


async def test_a_single_return_is_quoted_at_once_with_its_breakdown(bench):
    (number,) = await bench.lying()
    one = await bench.create(number)
    assert (one.status, one.return_numbers, one.warehouse_code) == ("pending", (number,), "WH0CVG01")
    assert (one.estimated_fee_minor, one.weight_grams) == (1730, 1500)
    assert one.estimate_lines == (
        QuoteLine("reship.label", "Label domestic, 1500 g", 1580),
        QuoteLine("reship.packaging", "Packaging", 150),
    )
    assert (one.reship_fee_minor, one.service, one.tracking_number) == (0, None, None)
    assert (one.expires_at - one.created_at).days == 15
    assert await bench.get(one.number) == one
    assert await bench.statuses(number) == ["reshipping"]
    assert (await bench.any_detail(number)).one.reshipment_id == one.id
    assert await bench.done_to(one) == [("created", "user")]
    assert await bench.told_of(one) == ["reshipping.created", "reshipping.quoted"]


async def test_several_wait_for_the_warehouse_to_quote_them(bench):
    numbers = await bench.lying(3)
    one = await bench.create(*numbers)
    assert (one.estimated_fee_minor, one.estimate_lines, one.weight_grams) == (0, (), 0)
    assert await bench.told_of(one) == ["reshipping.created"]
    assert await bench.statuses(*numbers) == ["reshipping"] * 3


@pytest.mark.parametrize("status", ["reshipping", "reshipped"])
async def test_what_cannot_go_keeps_the_others_where_they_are(bench, status):
    (free,) = await bench.lying()
    taken = await bench.reshipment("dispatched" if status == "reshipped" else "pending")
    async with bench.unchanged("returns.not_reshippable"):
        await bench.create(free, *taken.return_numbers)


@pytest.mark.parametrize("status", ["received", "discarded"])
async def test_what_is_on_no_list_is_not_there(bench, status):
    (free,) = await bench.lying()
    hidden = await bench.parcel(status=status)
    async with bench.unchanged("reshipping.returns_unknown") as caught:
        await bench.create(free, hidden.number, hidden.number + 1000)
    assert caught.value.data["numbers"] == f"{hidden.number}, {hidden.number + 1000}"


async def test_another_organizations_return_is_not_there(bench):
    other = await bench.make.organization()
    (number,) = await bench.lying()
    async with bench.unchanged("reshipping.returns_unknown"):
        await bench.create(number, actor=other)


async def test_one_warehouse_only(bench):
    await bench.add_warehouse("WH0LAX01")
    (here,) = await bench.lying()
    _, tracking = await bench.on_its_way(serial_number="ELSEWHERE")
    there = (await bench.receive(tracking, warehouse="WH0LAX01")).one.number
    await bench.process(there)
    async with bench.unchanged("reshipping.warehouses_differ") as caught:
        await bench.create(here, there)
    assert caught.value.data["warehouses"] == "WH0CVG01, WH0LAX01"


async def test_a_legal_hold_forbids_it(bench):
    laptop = await bench.laptop()
    (number,) = await bench.lying(laptop=laptop)
    await place_hold(
        bench.db,
        actor=bench.customer,
        summary="Litigation",
        description="A case",
        subjects=[NewSubject(kind=SubjectKind.ASSET, name=laptop.serial_number)],
        now=bench.now,
    )
    async with bench.unchanged("holds.held") as caught:
        await bench.create(number)
    assert caught.value.data["doing"] == "reshipped"


async def test_where_nothing_is_sent_to_nothing_is_taken(bench):
    (number,) = await bench.lying()
    async with bench.unchanged("billing.no_rate"):
        await bench.create(number, to={"country_code": "KP", "state_code": None, "postal_code": None})


LIMITS = {
    "company_name": 40, "name": 40, "phone": 20, "email": 64, "line_1": 50, "line_2": 50, "city": 40,
    "state_code": 40, "postal_code": 10,
}  # fmt: skip


async def test_everything_wrong_is_said_at_once(bench):
    to = {name: "x" * (longest + 1) for name, longest in LIMITS.items()}
    with pytest.raises(InvalidInput) as caught:
        await bench.create(5, 5, contents="y" * 61, value_minor=0, to=to | {"country_code": "us"})
    found = [problem.path for problem in caught.value.problems]
    assert sorted(found) == sorted(
        [
            "contents",
            "return_numbers",
            *(f"to.{name}" for name in LIMITS),
            "to.email",
            "to.country_code",
            "value_minor",
        ]
    )


async def test_the_longest_that_is_allowed_is_allowed(bench):
    (number,) = await bench.lying()
    to = {name: "x" * longest for name, longest in LIMITS.items()} | {"email": "e" * 60 + "@x.y"}
    to["country_code"] = "HK"  # whose postal codes may be anything
    one = await bench.create(number, contents="y" * 60, value_minor=1, to=to)
    assert len(one.to.email) == 64
    assert (one.to.line_1, one.contents, one.value_minor) == ("x" * 50, "y" * 60, 1)


@pytest.mark.parametrize(
    ("country", "required"),
    [
        ("US", ["to.state_code", "to.postal_code"]),
        ("CA", ["to.state_code", "to.postal_code"]),
        ("AU", ["to.state_code", "to.postal_code"]),
        ("DE", ["to.postal_code"]),
        ("IE", []),
        ("HK", ["to.state_code"]),
    ],
)
async def test_what_a_country_cannot_do_without_is_required(bench, country, required):
    to = {"country_code": country, "state_code": " ", "postal_code": None}
    if not required:
        (number,) = await bench.lying()
        assert (await bench.create(number, to=to)).to.state_code is None
        return
    with pytest.raises(InvalidInput) as caught:
        await bench.create(1, to=to)
    assert [problem.path for problem in caught.value.problems] == required


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"contents": " "}, "contents"),
        ({"contents": "two\nlines"}, "contents"),
        ({"value_minor": -1}, "value_minor"),
        ({"return_numbers": ()}, "return_numbers"),
        ({"return_numbers": (0,)}, "return_numbers"),
        ({"return_numbers": (2**63,)}, "return_numbers"),
        ({"return_numbers": tuple(range(1, 102))}, "return_numbers"),
        ({"to": {"name": ""}}, "to.name"),
        ({"to": {"line_1": "\x00"}}, "to.line_1"),
        ({"to": {"email": "nobody"}}, "to.email"),
    ],
)
async def test_one_wrong_value_is_named(bench, change, path):
    with pytest.raises(InvalidInput) as caught:
        await bench.create(1, **change)
    assert [problem.path for problem in caught.value.problems] == [path]


async def test_lists_are_pages_by_number(bench):
    numbers = [(await bench.create(*await bench.lying())).number for _ in range(3)]
    assert numbers == sorted(numbers)
    assert await bench.listing(limit=2) == (numbers[:0:-1], numbers[1])
    assert await bench.listing(limit=2, after=numbers[1]) == ([numbers[0]], None)
    assert await bench.listing(order=Order.ASCENDING, limit=1, after=numbers[0]) == ([numbers[1]], numbers[1])
    await bench.delete(numbers[1])
    assert await bench.listing() == ([numbers[2], numbers[0]], None)


async def test_fifty_at_once_and_no_return_is_in_two(bench):
    numbers = await bench.lying(6)
    wishes = list(itertools.islice(itertools.cycle(itertools.permutations(numbers, 3)), 0, 500, 10))
    results = await asyncio.gather(*(bench.create(*wish) for wish in wishes), return_exceptions=True)
    created = [one for one in results if not isinstance(one, BaseException)]
    assert len(results) == 50
    assert {one.code for one in results if isinstance(one, DomainError)} == {"returns.not_reshippable"}
    assert all(isinstance(one, DomainError) for one in results if isinstance(one, BaseException))
    assert 1 <= len(created) <= 2
    taken = [number for one in created for number in one.return_numbers]
    assert len(taken) == len(set(taken))
    for one in created:
        held = {(await bench.any_detail(number)).one.reshipment_id for number in one.return_numbers}
        assert held == {one.id}
    free = [number for number in numbers if number not in taken]
    assert await bench.statuses(*free) == ["processed"] * len(free)


async def test_creating_takes_five_statements_and_the_facts(bench, monkeypatch):
    (number,) = await bench.lying(laptop=await bench.laptop())
    sent = []
    plain = Tx.__init__

    def counting(tx, connection, scope):
        plain(tx, connection, scope)
        for name in ("fetch", "fetchrow", "fetchval", "execute"):
            call = getattr(tx, name)

            async def counted(statement, *values, call=call):
                sent.append(" ".join(statement.split())[:24])
                return await call(statement, *values)

            setattr(tx, name, counted)

    monkeypatch.setattr(Tx, "__init__", counting)
    await bench.create(number)
    assert len(sent) == 6, (
        sent
    )  # returns, what surrounds them, holds, the reshipment, the returns again, the facts


async def test_a_reader_cannot_create(bench):
    (number,) = await bench.lying()
    reader = msgspec.structs.replace(bench.customer, rights=frozenset())
    async with bench.unchanged("identity.right_missing"):
        await bench.create(number, actor=reader)
