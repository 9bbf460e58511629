"""Files of devices: what they would do, that they do it, and that doing it again does nothing."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from tests.domain.bulk.desk import device, table

from backhaul.domain.bulk.errors import BatchMoveRefused, ColumnsRefused, FileBegun, RowsRefused
from backhaul.domain.bulk.model import CHUNK_ROWS, Status
from backhaul.domain.bulk.queries import get_batch, get_standing, list_batches
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Role
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


async def test_every_error_of_every_row_is_reported_with_its_place(desk):
    await desk.stock.add(serial_number="THERE")
    file = table(
        device("A"),
        device("", sku="no serial"),
        device("B", asset_status="Lost", condition="shiny"),
        device("C", asset_status="In Use"),
        device("D", asset_status="In Use", assign_to_email="nobody@example.com"),
        device("E", purchase_date="31.01.2024", purchase_cost="a lot", purchase_type="stolen"),
        device("F", warranty_start="2024-01-02", warranty_expire="2024-01-02"),
        device("G", product_type="", manufacturer=""),
        device(" a ", sku="again"),
        device("there", assign_to_email="not an address"),
        device("H", sku="x" * 201, specs="[]", purchase_currency="Euro"),
    )
    before = await desk.traces()
    verdicts, problems = await desk.review(file)
    assert problems == [
        (3, "serial_number", "missing"),
        (4, "condition", "not_a_choice"),
        (5, "assign_to_email", "missing"),
        (6, "assign_to_email", "unknown"),
        (7, "purchase_date", "not_a_date"),
        (7, "purchase_cost", "not_an_amount"),
        (7, "purchase_type", "not_a_choice"),
        (8, "warranty_expire", "not_after_start"),
        (9, "product_type", "missing"),
        (9, "manufacturer", "missing"),
        (10, "serial_number", "repeated"),
        (11, "assign_to_email", "not_an_email"),
        (12, "sku", "too_long"),
        (12, "purchase_currency", "not_a_currency"),
        (12, "specs", "not_specs"),
    ]
    assert verdicts == {"create": 1, "error": 10}
    with pytest.raises(RowsRefused) as refused:
        await desk.open(file)
    assert refused.value.data["count"] == 10
    assert await desk.traces() == before


async def test_an_unknown_status_names_those_there_are(desk):
    opened = await desk.open(table(device(), device("B", asset_status="Lost")), skips_errors=True)
    [problem] = opened.review.problems
    assert (problem.row, problem.column, problem.value, problem.code) == (
        3,
        "asset_status",
        "Lost",
        "unknown",
    )
    assert problem.hint.endswith("In Use, Available, Ready to Deploy, Pending, Retired, Legal Hold.")


async def test_errors_can_be_left_out(desk):
    file = table(device("A"), device("B", asset_status="Lost"), device("C"))
    batch = await desk.run(file, skips_errors=True)
    assert (batch.row_count, batch.create_count, batch.refused_count) == (3, 2, 1)
    assert [(p.row, p.code) for p in batch.problems] == [(3, "unknown")]
    assert sorted(await desk.assets()) == ["A", "C"]


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


@pytest.mark.parametrize(
    "specs",
    [
        {f"k{n}": "v" for n in range(51)},
        {"k" * 51: "v"},
        {"k": "v" * 501},
        {"": "v"},
        {"k": "a\nb"},
        {"k": "\0"},
    ],
    ids=["51 names", "long name", "long value", "no name", "line break", "nul"],
)
async def test_specs_have_the_limits_a_single_device_has(desk, specs):
    file = table(device(specs=json.dumps(specs)))
    assert await desk.review(file) == ({"error": 1}, [(2, "specs", "specs_shape")])
    async with desk.stock.invalid(("specs", "inventory.specs_shape")):
        await desk.stock.add(specs=specs)
    fits = {"k" * 50: "v" * 500, **{f"k{n}": "v" for n in range(49)}}
    await desk.run(table(device(specs=json.dumps(fits))))
    assert (await desk.assets())["SN-1"].specs == fits


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("Lap\x00top", "Lap\ufffdtop"),
        ("\x1b]0;pwn\x07\x9b31m", "\ufffd]0;pwn\ufffd\ufffd31m"),
        ("x" * 100_000, "x" * 99 + "\N{HORIZONTAL ELLIPSIS}"),
    ],
)
async def test_what_is_told_of_a_refused_cell_is_safe_to_store_and_to_print(desk, cell, shown):
    file = table(device(product_type=cell), device("SN-2", asset_status="Lost\x00" + cell), device("SN-3"))
    batch = await desk.run(file, skips_errors=True)
    assert sorted(await desk.assets()) == ["SN-3"]
    first, second = (await get_batch(desk.db, actor=desk.actor, number=batch.number)).problems
    assert (first.value, first.code) == (shown, "too_long" if len(cell) > 200 else "unwritable")
    assert second.value.startswith("Lost\ufffd")
    assert second.value.isprintable()


async def test_a_cell_beyond_a_csv_readers_usual_limit_is_one_rows_problem(desk):
    file = table(device("A", department="x" * 200_000), device("B"))
    assert await desk.review(file) == ({"create": 1, "error": 1}, [(2, "department", "too_long")])


@pytest.mark.parametrize(
    "cell",
    ["2024-1-31", "2024-01-31T00:00:00Z", "2024-01-31 garbage", "20240131", "2024-W05-3", "2024-02-30"],
)
async def test_days_have_one_spelling(desk, cell):
    _, problems = await desk.review(table(device(purchase_date=cell)))
    assert problems == [(2, "purchase_date", "not_a_date")]


async def test_a_day_with_a_time_as_workbooks_give_it_is_that_day(desk):
    await desk.run(table(device(purchase_date="2024-01-31 08:30:00")))
    assert (await desk.assets())["SN-1"].purchased_on == date(2024, 1, 31)


async def test_new_rows_without_the_columns_they_need_are_one_refusal(desk):
    before = await desk.traces()
    with pytest.raises(ColumnsRefused, match="those need product_type, product_name, manufacturer"):
        await desk.open(table({"serial_number": "A", "status": "Available"}))
    assert await desk.traces() == before


async def test_a_row_that_has_become_wrong_since_the_check_is_left_out_and_noted(desk):
    await desk.stock.employee(email="ada@example.com")
    asset = await desk.stock.add(serial_number="SN-1")
    opened = await desk.open(
        table({"serial_number": "SN-1", "sku": "S", "asset_status": "Ready to Deploy"}, device("SN-2"))
    )
    await desk.stock.ship(asset, new_id())
    batch = await desk.apply(opened.batch)
    standing = await get_standing(desk.db, actor=desk.actor, batch=batch)
    assert (standing.created, standing.updated) == (1, 0)
    [problem] = standing.problems
    assert (problem.row, problem.column, problem.value, problem.code) == (
        2,
        "asset_status",
        "Ready to Deploy",
        "in_parcel",
    )
    assert (await desk.assets())["SN-1"].sku is None


async def test_a_file_that_was_begun_is_not_begun_again_but_gone_on_with(desk):
    file = table(device())
    opened = await desk.open(file)
    with pytest.raises(FileBegun):
        await desk.open(file)
    await desk.apply(opened.batch)
    assert (await desk.open(file)).batch is None


async def test_two_who_apply_the_same_import_write_each_row_once(desk):
    rows = [device(f"S{n}") for n in range(CHUNK_ROWS + 50)]
    opened = await desk.open(table(*rows))
    done = await asyncio.gather(desk.apply(opened.batch), desk.apply(opened.batch))
    assert {batch.status for batch in done} == {Status.APPLIED}
    assert len(await desk.assets()) == len(rows) == await desk.counted()
    told = await desk.fetch("SELECT payload FROM outbox WHERE org_id = $1 AND type = 'bulk.import_applied'")
    assert [row["payload"] | {"subject_id": ""} for row in told] == [
        {"kind": "assets", "created": len(rows), "updated": 0, "subject_id": ""}
    ]
    chunks = await desk.fetch("SELECT staged FROM import_chunks WHERE org_id = $1")
    assert [row["staged"] for row in chunks] == [None, None]


async def test_a_serial_that_somebody_adds_at_the_same_moment_becomes_an_update(desk):
    opened = await desk.open(table(device(sku="S")))
    added = await desk.stock.add(serial_number="sn-1")
    await desk.apply(opened.batch)
    after = await desk.stock.reload(added)
    assert (after.sku, after.version, await desk.counted()) == ("S", 2, 1)


async def test_an_import_that_is_undone_cannot_be_applied(desk):
    opened = await desk.open(table(device()))
    await desk.undo(opened.batch)
    with pytest.raises(BatchMoveRefused):
        await desk.apply(opened.batch)
    assert await desk.assets() == {}
    chunks = await desk.fetch("SELECT staged, applied_at FROM import_chunks WHERE org_id = $1")
    assert [tuple(row) for row in chunks] == [(None, None)]


async def test_whoever_only_reads_imports_nothing(desk):
    organization = await desk.stock.make.organization(role=Role.VIEWER)
    desk.actor = organization
    for attempt in (desk.review(table(device())), desk.open(table(device()))):
        with pytest.raises(RightMissing):
            await attempt


async def test_imports_are_listed_newest_first_in_their_own_organization(desk):
    first, second = await desk.run(table(device("A"))), await desk.run(table(device("B")))
    assert await list_batches(desk.db, actor=desk.actor) == [second, first]
    assert await list_batches(desk.db, actor=(await desk.stock.elsewhere()).actor) == []
