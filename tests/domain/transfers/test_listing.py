"""The list of transfers: what cuts it down, what finds one, and that its pages hold each transfer once."""

from datetime import timedelta

import asyncpg
import msgspec
import pytest
from tests.domain.radar.tower import Tower
from tests.making import HOME

from backhaul.domain.shipping.model import CarrierCode, Leg
from backhaul.domain.transfers.answers import Wanted
from backhaul.domain.transfers.listing import list_transfers, prepared
from backhaul.domain.transfers.model import Direction, Status, Transfer
from backhaul.domain.transfers.operations import cancel_transfer

BERLIN = msgspec.structs.replace(
    HOME,
    name="Zoë van der Berg",
    line_1="Invalidenstraße 1",
    city="Berlin",
    state_code=None,
    postal_code="10115",
    country_code="DE",
    notification_emails=("Zoe@Example.com",),
)


async def listed(world, **wanted):
    async with world.db.read(world.scope) as reader:
        return await list_transfers(reader, world.scope, wanted=Wanted(**wanted))


async def ids(world, **wanted):
    return [line.id for line in await listed(world, **wanted)]


async def test_every_transfer_is_listed_once_newest_first_across_pages(world):
    placed = []
    for number in range(7):
        world.clock.advance(timedelta(minutes=number % 2))  # some at the same moment
        placed.append((await world.place()).id)
    seen, after = [], None
    while True:
        async with world.db.read(world.scope) as reader:
            page = await list_transfers(reader, world.scope, wanted=Wanted(), after=after, limit=3)
        if not page:
            break
        seen += [line.id for line in page]
        after = page[-1].cursor
    assert seen == placed[::-1]


async def test_each_filter_leaves_out_what_it_does_not_mean(world):
    home = await world.order()
    berlin = await world.order(employee_address=BERLIN, direction=Direction.DEPLOYMENT)
    waived = await world.order(is_box_waived=True, device_carrier=CarrierCode.UPS)
    await cancel_transfer(world.db, actor=world.actor, transfer_id=home.id, reason=None, now=world.now)
    assert await ids(world) == [waived.id, berlin.id, home.id]
    assert await ids(world, statuses=(Status.CANCELLED,)) == [home.id]
    assert await ids(world, statuses=(Status.PENDING_BOX, Status.CANCELLED)) == [berlin.id, home.id]
    assert await ids(world, direction=Direction.DEPLOYMENT) == [berlin.id]
    assert await ids(world, country_code="DE") == [berlin.id]
    assert await ids(world, country_code="DE", statuses=(Status.CANCELLED,)) == []
    assert await ids(world, leg=Leg.BOX) == [berlin.id]
    assert await ids(world, leg=Leg.DEVICE) == [waived.id]
    assert await ids(world, carrier=CarrierCode.UPS) == [waived.id]
    assert await ids(world, carrier=CarrierCode.USPS) == [berlin.id, home.id]
    assert await ids(world, carrier=CarrierCode.USPS, leg=Leg.DEVICE) == []
    assert await ids(world, person="ZOE@example.com ") == [berlin.id]


async def test_days_are_the_half_open_span_between_two_instants(world):
    first = await world.place()
    world.clock.advance(timedelta(hours=1))
    second = await world.place()
    assert await ids(world, since=first.created_at, until=second.created_at) == [first.id]
    assert await ids(world, since=second.created_at) == [second.id]
    assert await ids(world, until=first.created_at) == []


async def test_a_text_finds_names_addresses_serial_numbers_tickets_parcels_and_ids(world):
    one = await world.order(
        employee_address=BERLIN, device_serial_number="C02 xk1", ticket_reference="HELP-77"
    )
    await world.order()
    box = await world.box(one)
    short = str(one.id)[-12:]
    for text in (
        "zoë", "  Zoë   van", "berg", "zoe@", "c02XK", "help-7", box.tracking_number, box.tracking_number.lower(),
        str(one.id), short, f"BH-{short}", f"bh-{short.upper()}",
    ):  # fmt: skip
        assert await ids(world, text=text) == [one.id], text
    for text in ("z", "oë", "%", "van", "xk1", "SELECT", "\U0010ffff", "BH-", short[1:]):
        assert await ids(world, text=text) == [], text
    assert await ids(world, text="zoë", statuses=(Status.COMPLETE,)) == []


async def test_what_needs_somebody_is_listed_while_its_exception_is_open(world):
    tower = Tower(world)
    stalled, _ = await tower.kept()
    world.clock.advance(timedelta(days=8))
    await tower.look()
    fine = await world.order()
    (line,) = await listed(world, needs_attention=True)
    assert (line.id, line.needs) == (stalled.id, ("label_never_scanned",))
    assert fine.id in await ids(world)


async def test_a_line_shows_both_parcels(world):
    transfer = await world.order()
    (line,) = await listed(world)
    box, device = await world.box(transfer), await world.device(transfer)
    assert [(parcel.leg, parcel.tracking_number) for parcel in line.parcels] == [
        (Leg.BOX, box.tracking_number),
        (Leg.DEVICE, device.tracking_number),
    ]
    assert line.short_id == str(transfer.id)[-12:]


async def test_nobody_lists_what_belongs_to_another_organization(world):
    await world.order(device_serial_number="SN1", ticket_reference="T1")
    other = await world.elsewhere()
    assert await ids(other) == []
    for text in ("chris", "SN1", "T1"):
        assert await ids(other, text=text) == []


MANY = """
INSERT INTO transfers ({columns})
SELECT {selected} FROM transfers AS t CROSS JOIN generate_series(1, 4000) AS n WHERE t.org_id = $1
"""


@pytest.fixture
async def crowd(world):
    """Thousands of transfers that somebody placed, each of another person."""
    await world.place(device_serial_number="SN", ticket_reference="T", employee_address=BERLIN)
    values = {name: f"t.{name}" for name in Transfer.__struct_fields__}
    values["id"] = "gen_random_uuid()"
    values["status"] = "(ARRAY['complete', 'cancelled', 'failed'])[1 + n % 3]"
    values["created_at"] = "t.created_at - n * interval '1 minute'"
    values["device_serial_number"] = "'SN' || n"
    values["ticket_reference"] = "'T' || n"
    values["employee_address"] = (
        "t.employee_address || jsonb_build_object('name', 'Ann B' || n, "
        "'country_code', (ARRAY['US', 'FR'])[1 + n % 2], "
        "'notification_emails', jsonb_build_array('p' || n || '@example.com'))"
    )
    owner = await asyncpg.connect(world.url)
    try:
        many = MANY.format(columns=", ".join(values), selected=", ".join(values.values()))
        await owner.execute(many, world.scope.org_id)
        await owner.execute("ANALYZE transfers")
    finally:
        await owner.close()


@pytest.mark.parametrize(
    ("wanted", "indexes"),
    [
        (Wanted(), {"transfers_of_status"}),
        (Wanted(statuses=(Status.FAILED,)), {"transfers_of_status"}),
        (Wanted(country_code="DE"), {"transfers_of_country"}),
        (Wanted(person="p7@example.com"), {"transfers_of_email"}),
        (
            Wanted(text="b77"),
            {
                f"transfers_of_{name}"
                for name in ("person", "surname", "email", "serial", "ticket", "short_id")
            },
        ),
    ],
)
async def test_each_list_is_found_by_its_index_under_row_level_security(world, crowd, wanted, indexes):
    statement, arguments = prepared(world.scope, wanted)
    async with world.db.transaction(world.scope) as tx:
        await tx.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        (plan,) = await tx.fetchrow(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *arguments)
    nodes = list(_nodes(plan[0]["Plan"]))
    assert indexes <= {node.get("Index Name") for node in nodes}
    assert not [
        node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] == "transfers"
    ]
    # Compared within the index, and not row by row after it.
    assert max(node.get("Rows Removed by Filter", 0) for node in nodes) <= 60


def _nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
