"""What money was spent on leads to the thing itself."""

from backhaul.domain.billing.queries import list_charges
from tests.web.console.money.furnish import purse_of
from tests.web.console.warehouse.furnish import bench_of, identified


async def test_a_fee_leads_to_the_return_that_it_was_taken_for(busy_console):
    bench = await bench_of(busy_console, "owner")
    await purse_of(busy_console, "owner").fill(10_000)
    number = (await bench.receive("SPENT-ON-THIS")).intake.number
    await identified(bench, number)
    operator, owner = await busy_console.kept("operator"), await busy_console.kept("owner")
    await operator.page(f"/warehouse/parcels/{number}")
    await operator.does(f"/warehouse/parcels/{number}/process", {"weight_grams": "410"})
    page = await owner.page("/money/fees")
    assert f"/returns/{number}" in page.links
    assert f"Return {number}" in page.texts


async def test_a_line_of_an_invoice_leads_to_its_charge(console, browse):
    paid = {
        f"/money/charges/{one.id}" for one in await list_charges(console.db, actor=console.actors["owner"])
    }
    page = await browse.page(f"/money/invoices/{console.ids['ours']['invoice']}")
    assert paid & set(page.links)
    assert {"Process", "Verify", "Reship"}.isdisjoint(page.texts)
