"""What a file of devices may not say: every problem of every row, with its place."""

import json
from datetime import date

import pytest
from tests.domain.bulk.desk import device, table

from backhaul.domain.bulk.errors import ColumnsRefused, RowsRefused
from backhaul.domain.bulk.queries import get_batch


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
