"""Files of devices: what they would do, that they do it, and that doing it again does nothing."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from tests.domain.bulk.desk import device, table

from backhaul.domain.bulk.model import Status
from backhaul.domain.inventory import queries
from backhaul.domain.inventory.model import Custody, Reason
from backhaul.kernel.clock import SteppedClock
from backhaul.kernel.ids import new_id
from backhaul.storage.history import difference

FULL = device(
    asset_id="IT-1",
    model_number="A1",
    sku="S",
    condition="Good",
    purchase_date="2024-01-31",
    purchase_cost="1999.9",
    purchase_type="Leased",
    warranty_start="2024-01-31",
    warranty_expire="2026-01-31",
    warranty_type="Care",
    department="IT",
    location_name="HQ",
    imei="35",
    imei2="36",
    specs='{"memory": "16 GB"}',
)


async def test_a_dry_run_says_what_would_happen_and_writes_nothing(desk):
    await desk.stock.add(serial_number="OLD")
    before = await desk.traces()
    verdicts, problems = await desk.review(table(device("NEW"), {"serial_number": "old", "sku": "x"}))
    # The second row lacks cells: they leave the device as it is.
    assert (verdicts, problems) == ({"create": 1, "update": 1}, [])
    assert await desk.traces() == before


async def test_a_new_device_is_written_with_every_value(desk):
    batch = await desk.run(table(FULL))
    assert batch.status is Status.APPLIED
    asset = (await desk.assets())["SN-1"]
    detail = await queries.get_asset(desk.db, actor=desk.actor, serial_number="sn-1")
    assert (detail.product_type.name, detail.model.name, detail.manufacturer.name) == (
        "Laptop",
        "Book 13",
        "Apple",
    )
    assert (detail.status.name, detail.department.name, detail.location.name) == ("Available", "IT", "HQ")
    assert (asset.tag, asset.model_number, asset.sku, asset.condition) == ("IT-1", "A1", "S", "good")
    assert (asset.purchased_on, asset.purchase_cost_minor, asset.purchase_currency, asset.purchase_type) == (
        date(2024, 1, 31),
        199990,
        "USD",
        "leased",
    )
    assert (asset.warranty_starts_on, asset.warranty_ends_on, asset.warranty_type) == (
        date(2024, 1, 31),
        date(2026, 1, 31),
        "Care",
    )
    assert (asset.imei, asset.imei2, asset.specs) == ("35", "36", {"memory": "16 GB"})
    assert (asset.custody, asset.custody_count, asset.version) == (Custody.ORGANIZATION, 1, 1)
    assert asset.created_at == asset.updated_at == asset.custody_since == desk.now


@pytest.mark.parametrize(
    "moment", [datetime(2026, 5, 4, 12, tzinfo=UTC), datetime(2026, 5, 4, 12, 0, 1, 120, UTC)]
)
async def test_history_of_a_new_device_is_what_a_single_one_has(desk, moment):
    desk.stock.clock.advance(moment - desk.now)
    batch = await desk.run(table(FULL, device("SN-2")))
    for asset in (await desk.assets()).values():
        [line] = await desk.history("asset", asset.id)
        assert (line.action, line.actor_kind, line.at) == ("added", "user", desk.now)
        assert line.change == difference(None, asset)
        [event] = await desk.stock.ledger(asset)
        assert (event.reason, event.sequence, event.to_custody, event.evidence) == (
            Reason.ADDED,
            1,
            Custody.ORGANIZATION,
            {"import": str(batch.number)},
        )
    [line, *_] = await desk.history("model", (await desk.assets())["SN-1"].model_id)
    assert (line.action, line.change) == ("added", {"name": [None, "Book 13"]})
    assert await desk.counted() == 2


async def test_a_changed_device_keeps_what_the_row_leaves_empty_and_its_history_replays(desk):
    await desk.run(table(FULL))
    before = (await desk.assets())["SN-1"]
    desk.stock.pass_time()
    await desk.run(table({"serial_number": "sn-1", "sku": "T", "condition": "", "department": "Sales"}))
    after = (await desk.assets())["SN-1"]
    assert (after.sku, after.condition, after.tag, after.version) == ("T", "good", "IT-1", 2)
    assert (after.custody_count, after.custody_since, after.updated_at) == (1, before.custody_since, desk.now)
    first, second = await desk.history("asset", after.id)
    assert (second.action, second.change) == ("changed", difference(before, after))
    replayed = {name: values[1] for line in (first, second) for name, values in line.change.items()}
    assert replayed == {name: values[1] for name, values in difference(None, after).items()}
    assert await desk.names("departments") == ["IT", "Sales"]


@pytest.mark.parametrize(
    ("column", "value", "field", "after"),
    [
        ("specs", '{"disk": "1 TB"}', "specs", {"memory": "16 GB", "disk": "1 TB"}),
        ("specs", '{"memory": "8 GB"}', "specs", {"memory": "8 GB"}),
        ("purchase_cost", "5", "purchase_cost_minor", 500),
        ("purchase_currency", "EUR", "purchase_currency", "EUR"),
        ("condition", "Poor", "condition", "poor"),
        ("imei", "1", "imei", "1"),
        ("imei2", "1", "imei2", "1"),
        ("asset_id", "it-1", "tag", "it-1"),
        ("model_number", "x", "model_number", "x"),
        ("purchase_date", "2024-02-01", "purchased_on", date(2024, 2, 1)),
        ("purchase_type", "purchased", "purchase_type", "purchased"),
        ("warranty_start", "2024-02-01", "warranty_starts_on", date(2024, 2, 1)),
        ("warranty_expire", "2024-02-01", "warranty_ends_on", date(2024, 2, 1)),
        ("warranty_type", "x", "warranty_type", "x"),
    ],
)
async def test_each_value_alone_makes_an_update(desk, column, value, field, after):
    await desk.run(table(FULL))
    before = (await desk.assets())["SN-1"]
    await desk.run(table({"serial_number": "SN-1", column: value}))
    changed = (await desk.assets())["SN-1"]
    assert getattr(changed, field) == after
    assert msgspec.structs.replace(changed, **{field: getattr(before, field)}, version=1) == before


@pytest.mark.parametrize("column", ["product_type", "product_name", "manufacturer"])
async def test_a_device_gets_another_model_of_which_only_a_part_is_given(desk, column):
    await desk.run(table(FULL))
    was = await queries.get_asset(desk.db, actor=desk.actor, serial_number="SN-1")
    await desk.run(table({"serial_number": "SN-1", column: "Other"}))
    now = await queries.get_asset(desk.db, actor=desk.actor, serial_number="SN-1")
    names = {"product_type": was.product_type, "product_name": was.model, "manufacturer": was.manufacturer}
    assert {"product_type": now.product_type.name, "product_name": now.model.name,
            "manufacturer": now.manufacturer.name} == {
        **{name: there.name for name, there in names.items()}, column: "Other"
    }  # fmt: skip


async def test_the_same_file_again_changes_nothing_and_keeps_no_import(desk):
    file = table(FULL, device("b 2"), device("c3", asset_status="IN  use", assign_to_email="ADA@example.com"))
    await desk.stock.employee(email="ada@example.com")
    await desk.run(file)
    before = await desk.traces()
    assert await desk.review(file) == ({"unchanged": 3}, [])
    assert (await desk.open(file)).batch is None
    assert await desk.traces() == before


async def test_a_deployed_device_is_with_its_employee_and_a_correction_is_in_the_ledger(desk):
    ada, bob = (
        await desk.stock.employee(email="ada@example.com"),
        await desk.stock.employee(email="bob@example.com"),
    )
    await desk.run(table(device(asset_status="in use", assign_to_email="Ada@example.com")))
    asset = (await desk.assets())["SN-1"]
    assert (asset.custody, asset.employee_id) == (Custody.EMPLOYEE, ada.id)
    desk.stock.pass_time()
    second = await desk.run(table({"serial_number": "SN-1", "assigned to": "bob@example.com"}))
    before, asset = asset, (await desk.assets())["SN-1"]
    assert (asset.employee_id, asset.custody_count, asset.custody_since) == (bob.id, 2, desk.now)
    desk.stock.pass_time()
    await desk.run(table({"serial_number": "SN-1", "status": "Available"}))
    asset = (await desk.assets())["SN-1"]
    assert (asset.custody, asset.employee_id, asset.custody_count) == (Custody.ORGANIZATION, None, 3)
    ledger = await desk.stock.ledger(asset)
    assert [(e.reason, e.from_custody, e.from_id, e.to_custody, e.to_id) for e in ledger] == [
        (Reason.ADDED, None, None, Custody.EMPLOYEE, ada.id),
        (Reason.CORRECTED, Custody.EMPLOYEE, ada.id, Custody.EMPLOYEE, bob.id),
        (Reason.CORRECTED, Custody.EMPLOYEE, bob.id, Custody.ORGANIZATION, None),
    ]
    assert ledger[1].evidence == {"import": str(second.number)}
    lines = await desk.history("asset", before.id)
    assert [line.action for line in lines] == ["added", "corrected", "corrected"]


async def test_a_device_in_a_parcel_keeps_its_status_and_its_holder(desk):
    await desk.stock.employee(email="ada@example.com")
    asset = await desk.stock.add(serial_number="SN-1")
    await desk.stock.ship(asset, new_id())
    verdicts, problems = await desk.review(
        table({"serial_number": "SN-1", "asset_status": "Ready to Deploy"})
    )
    assert (verdicts, problems) == ({"error": 1}, [(2, "asset_status", "in_parcel")])
    _, problems = await desk.review(
        table({"serial_number": "SN-1", "asset_status": "In Use", "assign_to_email": "ada@example.com"})
    )
    assert problems == [(2, "asset_status", "in_parcel"), (2, "assign_to_email", "in_parcel")]
    # What does not touch its whereabouts may be corrected on the way.
    await desk.run(table({"serial_number": "SN-1", "asset_status": "pending", "sku": "S"}))
    after = (await desk.assets())["SN-1"]
    assert (after.custody, after.sku, after.custody_count) == (Custody.PARCEL, "S", 2)


@pytest.mark.parametrize("status", ["Retired", "Legal Hold"])
async def test_a_device_in_a_parcel_may_be_written_off_or_held(desk, status):
    asset = await desk.stock.add(serial_number="SN-1")
    await desk.stock.ship(asset, new_id())
    await desk.run(table({"serial_number": "SN-1", "asset_status": status}))
    assert await desk.stock.status_of(asset) == status
    assert (await desk.stock.reload(asset)).custody is Custody.PARCEL


async def test_only_a_deployable_device_is_assigned(desk):
    await desk.stock.employee(email="ada@example.com")
    for name in ("Retired", "Pending", "Legal Hold"):
        await desk.stock.add(serial_number=name, status_name=name)
    await desk.stock.outside(serial_number="away")
    before = await desk.traces()
    to_ada = {"status": "In Use", "assigned to": "ada@example.com"}
    rows = [{"serial_number": name, **to_ada} for name in ("Retired", "Pending", "Legal Hold", "away")]
    verdicts, problems = await desk.review(table(*rows))
    assert verdicts == {"error": 4}
    assert problems == [(row, "assigned to", "not_deployable") for row in (2, 3, 4, 5)]
    opened = await desk.open(table(*rows), skips_errors=True)
    assert opened.batch is None
    assert await desk.traces() == before
    # Two steps, as a person takes them.
    await desk.run(table({"serial_number": "Retired", "status": "Available"}))
    await desk.run(table({"serial_number": "Retired", **to_ada}))
    assert (await desk.assets())["Retired"].custody is Custody.EMPLOYEE


async def test_what_is_held_stays_with_whom_it_is(desk):
    ada = await desk.stock.employee(email="ada@example.com")
    await desk.stock.employee(email="bob@example.com")
    asset = await desk.stock.add(serial_number="A", status_name="In Use", assign_to_email=ada.email)
    await desk.stock.change(asset, status_name="Legal Hold")
    away = await desk.stock.outside(serial_number="B")
    await desk.stock.change(away, status_name="Legal Hold")
    before = await desk.traces()
    for name, status in (("A", "Available"), ("A", "Retired"), ("B", "Available"), ("B", "Ready to Deploy")):
        assert await desk.review(table({"serial_number": name, "status": status})) == (
            {"error": 1},
            [(2, "status", "held")],
        )
    to_bob = table({"serial_number": "A", "status": "In Use", "assigned to": "bob@example.com"})
    assert await desk.review(to_bob) == ({"error": 1}, [(2, "assigned to", "held")])
    exported, _ = await desk.export()
    assert await desk.review(exported) == ({"unchanged": 2}, [])
    assert await desk.traces() == before
    # With whom it is, it may be released.
    await desk.run(table({"serial_number": "A", "status": "In Use", "assigned to": "ada@example.com"}))
    after = await desk.stock.reload(asset)
    assert (after.employee_id, after.custody_count) == (ada.id, 1)
    assert await desk.stock.status_of(asset) == "In Use"


async def test_nobody_holds_a_device_since_before_the_one_who_had_it_first(desk):
    """The clock was read before a lock was waited for, or by another machine."""
    await desk.stock.employee(email="ada@example.com")
    asset, started = await desk.stock.add(serial_number="SN-1"), SteppedClock(desk.now)
    desk.stock.pass_time()
    assigned = await desk.stock.assign(asset, "ada@example.com")
    clock, desk.stock.clock = desk.stock.clock, started
    batch = await desk.run(table({"serial_number": "SN-1", "status": "Available"}))
    new = await desk.run(table(device("SN-2")))
    assert (await desk.stock.reload(asset)).custody_since == assigned.custody_since == clock.now()
    await desk.undo(batch)
    after = await desk.stock.reload(asset)
    assert (after.custody, after.custody_since) == (Custody.EMPLOYEE, assigned.custody_since)
    times = [event.at for event in await desk.stock.ledger(asset)]
    assert times == [started.now(), clock.now(), clock.now(), clock.now()]
    [added] = [one for one in (await desk.assets()).values() if one.serial_number == "SN-2"]
    desk.stock.clock = SteppedClock(started.now() - timedelta(hours=1))
    await desk.undo(new)
    assert [event.at for event in await desk.stock.ledger(added)] == [started.now(), started.now()]
