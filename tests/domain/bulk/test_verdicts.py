"""Whatever a file holds: applying it comes to what its dry run said, and a second time to nothing."""

import random
from itertools import pairwise

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.bulk.desk import counts, table

from backhaul.domain.bulk.queries import get_standing
from backhaul.kernel.ids import new_id

VALUES = {
    "Serial Number": ["a1", "A1", " a 1", "B2", "b2", "C3", "D4", "e5", "F6", "G7", "", "x" * 201],
    "product_type": ["Laptop", "laptop ", "Phone", "Lap\x00top", ""],
    "Model": ["Book", "book", "Fone", ""],
    "manufacturer": ["Apple", "Dell", ""],
    "asset_status": ["Available", "in use", "In  Use", "Retired", "Pending", "Legal Hold", "Lost", ""],
    "Assigned To": [
        "ada@example.com",
        "ADA@example.com",
        "bob@example.com",
        "nobody@example.com",
        "ada",
        "\x00",
        "",
    ],
    "sku": ["S", "T", "'=S", "\x00", "\x1b[31m" + "x" * 1000, ""],
    "condition": ["New", "NEW", "shiny", "n\x00ew", ""],
    "purchase_cost": ["1", "1.5", "2,25", "-1", ""],
    "purchase_currency": ["EUR", "eur", "Euro", ""],
    "warranty_start": ["2024-01-01", "2025-01-01", "soon", ""],
    "warranty_expire": ["2024-06-01", "2025-06-01", ""],
    "department": ["IT", "it", "Sales", ""],
    "specs": ['{"a": "1"}', "{", "\x00{}", ""],
    "colour": ["red", ""],
}
NEEDED = ("Serial Number", "product_type", "Model", "manufacturer", "asset_status")


@st.composite
def files(draw):
    optional = draw(st.lists(st.sampled_from(sorted(set(VALUES) - set(NEEDED))), unique=True))
    names = draw(st.permutations([*NEEDED, *optional]))
    # A seed rather than a strategy a cell: what matters is many rows, and that they can be repeated.
    chance = random.Random(draw(st.integers(0, 2**32)))
    badness = draw(st.sampled_from([0.0, 0.1, 0.5]))

    def cell(name):
        good = VALUES[name][:2] if name != "Serial Number" else VALUES[name][:10]
        return chance.choice(VALUES[name] if chance.random() < badness else good)

    return table(*({name: cell(name) for name in names} for _ in range(draw(st.integers(1, 12)))))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(file=files())
async def test_applying_comes_to_what_the_dry_run_said(desk, small_chunks, file):
    desk = await another(desk)
    before = await desk.traces()
    verdicts, problems = await desk.review(file)
    assert await desk.traces() == before
    opened = await desk.open(file, skips_errors=True)
    assert counts(opened.review) == verdicts
    refused = {row for row, _, _ in problems}
    assert verdicts.get("error", 0) == len(refused)
    if opened.batch is None:
        assert await desk.traces() == before
        return
    batch = await desk.apply(opened.batch)
    standing = await get_standing(desk.db, actor=desk.actor, batch=batch)
    written = {"create": standing.created, "update": standing.updated, "unchanged": standing.unchanged}
    assert {**{name: n for name, n in written.items() if n}, **error_of(verdicts)} == verdicts
    assert standing.problems == ()
    again, repeated = await desk.review(file)
    assert again.get("create", 0) == again.get("update", 0) == 0
    assert {row for row, _, _ in repeated} <= refused
    await holds(desk)
    undone = await desk.undo(batch)
    assert undone.kept == ()
    assert (await desk.review(file))[0] == verdicts
    await holds(desk)


def error_of(verdicts):
    return {"error": verdicts["error"]} if "error" in verdicts else {}


async def another(desk):
    """An organization of its own for this example, with devices in all sorts of hands."""
    stock = await desk.stock.elsewhere()
    made = type(desk)(stock)
    await stock.employee(email="ada@example.com")
    await stock.employee(email="bob@example.com")
    await stock.add(serial_number="B2", sku="S", department="IT")
    await stock.assign(await stock.add(serial_number="C3"), "bob@example.com")
    await stock.ship(await stock.add(serial_number="D4"), new_id())
    await stock.outside(serial_number="E5")
    held = await stock.add(serial_number="F6", purchase_cost_minor=100)
    await stock.assign(held, "ada@example.com")
    await stock.change(held, status_name="Legal Hold")
    return made


async def holds(desk):
    """History replays to what there is; the ledger leads to who holds it; the buckets count right."""
    assets = await desk.assets()
    assert await desk.counted() == len(assets)
    for asset in assets.values():
        lines = await desk.stock.changes(asset)
        replayed = {name: values[1] for line in lines for name, values in line["change"].items()}
        assert {k: v for k, v in replayed.items() if v is not None} == {
            k: v for k, v in msgspec.to_builtins(asset).items() if v is not None
        }
        ledger = await desk.stock.ledger(asset)
        assert [event.sequence for event in ledger] == list(range(1, asset.custody_count + 1))
        assert (ledger[-1].to_custody, ledger[-1].to_id) == (
            asset.custody,
            asset.employee_id or asset.shipment_id,
        )
        for one, next_one in pairwise(ledger):
            assert (one.to_custody, one.to_id) == (next_one.from_custody, next_one.from_id)
            assert one.at <= next_one.at
