"""What the operator finds: parcels, scanned devices and reshipments of every customer, and customers."""

import pytest

from backhaul.domain.finding import HitKind, scan, search
from tests.web.console.warehouse.furnish import bench_of


@pytest.fixture
async def operator(console):
    return await console.kept("operator")


async def test_a_number_leads_the_operator_to_the_parcel_or_the_reshipment(console, operator):
    ids = console.ids["ours"]
    for text, path in (
        (ids["opening"], f"/warehouse/parcels/{ids['opening']}"),
        ("1z open-ours", f"/warehouse/parcels/{ids['opening']}"),
        ("1ZUNKNOWNOURS", f"/warehouse/parcels/{ids['unidentified']}"),
        ("rma-ours", None),
        ("RMA-ours", f"/warehouse/parcels/{ids['return']}"),
        ("ours-opening", f"/warehouse/parcels/{ids['opening']}"),
        ("1SOURS-OPENING", f"/warehouse/parcels/{ids['opening']}"),
        (ids["quoting"], f"/warehouse/reshipments/{ids['quoting']}"),
    ):
        for page in ("search", "scan"):
            answer = await operator.get(f"/{page}?q={text}")
            wanted = (200, None) if path is None else (303, path)
            assert (answer.status_code, answer.headers.get("location")) == wanted, (page, text)


async def test_a_reshipment_is_found_by_its_tracking_number(console, operator):
    from backhaul.domain.reshipping.browsing import get_bench_sheet

    number = int(console.ids["ours"]["sent"])
    sheet = await get_bench_sheet(console.db, actor=console.actors["operator"], number=number)
    answer = await operator.get(f"/search?q={sheet.one.tracking_number}")
    assert answer.headers.get("location") == f"/warehouse/reshipments/{number}"


async def test_customers_are_found_by_a_part_of_their_name(console, operator):
    customer = console.ids["ours"]["customer"]
    page = await operator.page("/search?q=maas")
    assert "Customers" in page.texts
    assert f"/settings/customers/{customer}" in page.links
    whole = await operator.get("/search?q=maas%20biolabs")
    assert whole.headers.get("location") == f"/settings/customers/{customer}"


async def test_who_may_not_operate_finds_no_customer_and_no_parcel_on_a_table(console):
    ids = console.ids["ours"]
    texts = (ids["opening"], "1ZOPENOURS", "OURS-OPENING", ids["unidentified"], "maas")
    operators = {HitKind.PARCEL, HitKind.DISPATCH, HitKind.CUSTOMER}
    for name in ("owner", "stranger"):
        for text in texts:
            groups = await search(console.db, actor=console.actors[name], text=text)
            assert operators.isdisjoint({group.kind for group in groups}), (name, text)
            hits = await scan(console.db, actor=console.actors[name], code=text)
            assert operators.isdisjoint({hit.kind for hit in hits}), (name, text)


async def test_the_operators_search_is_one_statement_more(operator):
    _, sent = await operator.statements("/search?q=maas")
    assert len(sent) == 3  # the session's, the organization's own search, and the operator's


async def test_customers_do_not_find_what_their_pages_do_not_show(busy_console, visitors):
    """A return that is not processed or was discarded, and a reshipment that was deleted, answer 404."""
    from backhaul.domain.reshipping import delete_reshipment
    from tests.web.console.warehouse.furnish import lying

    bench = await bench_of(busy_console, "owner")
    owner = await visitors(busy_console, "owner")
    opening = (await bench.receive("1ZHIDDEN1")).intake.number
    from tests.web.console.warehouse.furnish import identified

    await identified(bench, opening)
    laptop = await bench.laptop(serial_number="HIDDEN-2")
    await bench.scan(opening, laptop.serial_number)
    discarded = await lying(bench, "HIDDEN-3")
    await bench.discard(discarded)
    deleted = await bench.create(await lying(bench, "HIDDEN-4"))
    await delete_reshipment(bench.db, actor=bench.customer, number=deleted.number, now=bench.now)
    for text in (str(opening), "1ZHIDDEN1", str(discarded), "HIDDEN-3", str(deleted.number)):
        for page in ("search", "scan"):
            found = await owner.page(f"/{page}?q={text}&all=1")
            leads = [link for link in found.links if link.startswith(("/returns/", "/reshipments/"))]
            assert leads == [], (page, text)
    asset = (await bench.asset(laptop)).number
    assert f"/returns/{opening}" not in (await owner.page(f"/assets/{asset}")).links
