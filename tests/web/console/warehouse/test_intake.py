"""Intake at the warehouse: scanned, found again, unplanned parcels identified, queues."""

import pytest

from backhaul.domain.returns.browsing import working
from backhaul.domain.shipping.model import Leg
from tests.web.console.warehouse.furnish import bench_of, identified, lying

TABLES = ("intakes", "returns", "return_items", "history", "outbox")


@pytest.fixture
async def bench(busy_console):
    return await bench_of(busy_console, "owner")


@pytest.fixture
async def operator(busy_console):
    return await busy_console.kept("operator")


async def scans(operator, tracking_number, at="WH0CVG01"):
    await operator.page("/warehouse")
    return await operator.does("/warehouse/scan", {"tracking_number": tracking_number, "at": at})


async def test_the_field_for_the_scanner_has_the_focus(operator):
    page = await operator.page("/warehouse")
    (field,) = [given for given in page.tags("input") if given.get("name") == "tracking_number"]
    assert "autofocus" in field
    assert field["autocomplete"] == "off"


async def test_an_announced_parcel_is_received_with_what_is_expected_in_it(busy_console, bench, operator):
    transfer = await bench.world.order(device_serial_number="ANNOUNCED-1", is_box_waived=True)
    number = (await bench.world.parcels(transfer))[Leg.DEVICE].tracking_number
    where = await scans(operator, f" {number[:4]} {number[4:]}")
    page = await operator.page(where)
    assert "The parcel is received. Open it, and scan what is in it." in page.texts
    assert {"Maas Biolabs", "Received", "Still expected", "ANNOUNCED-1", "Christopher Mitchell"} <= set(
        page.texts
    )
    again = await scans(operator, number)
    assert again.partition("?")[0] == where.partition("?")[0]
    assert "This parcel was received before." in (await operator.page(again)).texts


async def test_a_text_that_nobody_expects_is_received_in_a_second_step(busy_console, operator):
    await operator.page("/warehouse")
    before = await busy_console.traces(TABLES)
    where = await operator.does(
        "/warehouse/scan", {"tracking_number": "TOTALLYUNKNOWN1234567", "at": "WH0CVG01"}
    )
    page = await operator.page(where)
    assert {"A parcel nobody expects", "TOTALLYUNKNOWN1234567"} <= set(page.texts)
    assert await busy_console.traces(TABLES) == before
    sent = {field["name"]: field["value"] for field in page.tags("input") if field.get("type") == "hidden"}
    assert {name: sent[name] for name in ("tracking_number", "at", "unannounced")} == {
        "tracking_number": "TOTALLYUNKNOWN1234567",
        "at": "WH0CVG01",
        "unannounced": "yes",
    }
    base = (await operator.does("/warehouse/scan", sent)).partition("?")[0]
    again = await operator.page("/warehouse/scanned?scan=totallyunknown1234567&at=WH0CVG01")
    assert base in again.links
    assert f"{base}/drop" in (await operator.page(base)).posts
    where = await operator.does(f"{base}/drop")
    page = await operator.page(where)
    assert "The parcel is dropped. Its number can be received again." in page.texts
    assert base not in page.links
    assert (await operator.get(base)).status_code == 404


async def test_a_devices_serial_number_leads_to_its_parcel_and_nothing_is_received(
    busy_console, bench, operator
):
    laptop = await bench.laptop(serial_number="SIM5CGX06A", tag="LAP_7")
    _, tracking = await bench.on_its_way(serial_number=laptop.serial_number)
    await operator.page("/warehouse")
    before = await busy_console.traces(TABLES)
    for scan in ("sim5cgx06a", "LAP_7"):
        page = await operator.page(
            await operator.does("/warehouse/scan", {"tracking_number": scan, "at": "WH0CVG01"})
        )
        assert {"A device, no parcel", "Open its parcel?", f"Receive parcel {tracking}"} <= set(page.texts)
        assert any("serial number of" in text or "tag of" in text for text in page.texts)
    assert await busy_console.traces(TABLES) == before
    where = await operator.does("/warehouse/scan", {"tracking_number": tracking, "at": "WH0CVG01"})
    page = await operator.page("/warehouse/scanned?scan=SIM5CGX06A&at=WH0CVG01")
    assert where.partition("?")[0] in page.links


async def test_a_wrong_scan_is_taken_back_on_the_parcels_page(bench, operator):
    _, tracking = await bench.on_its_way(serial_number="RIGHT-1")
    base = f"/warehouse/parcels/{(await bench.receive(tracking)).intake.number}"
    assert f"{base}/drop" in (await operator.page(base)).posts
    await operator.does(f"{base}/scan", {"serial_number": "WRONG-1"})
    page = await operator.page(base)
    assert f"{base}/drop" not in page.posts
    assert f"{base}/take-back" in page.posts
    where = await operator.does(f"{base}/take-back", {"wrong_serial": "WRONG-1"})
    page = await operator.page(where.partition("#")[0])
    assert "Scan taken back" in page.texts
    assert f"{base}/take-back" not in page.posts
    gone = await operator.post(f"{base}/take-back", {"wrong_serial": "WRONG-1"})
    assert (gone.status_code, "No device WRONG-1 was scanned" in gone.text) == (404, True)


async def test_an_unplanned_parcel_waits_until_somebody_says_whose_it_is(busy_console, bench, operator):
    await operator.page("/warehouse")
    where = await operator.does(
        "/warehouse/scan", {"tracking_number": "1ZUNPLANNED1", "at": "WH0CVG01", "unannounced": "yes"}
    )
    page = await operator.page(where)
    assert "The parcel is received. Nobody announced it: say whose it is." in page.texts
    base = where.partition("?")[0]
    assert base in (await operator.page("/warehouse/queues/unidentified")).links
    found = await operator.page(f"{base}?customer=maas")
    choices = {given["value"] for given in found.tags("input") if given.get("name") == "owner"}
    assert choices == {str(bench.customer.org_id)}
    refused = await operator.post(f"{base}/identify", {"owner": ""})
    assert (refused.status_code, "Choose a customer." in refused.text) == (422, True)
    where = await operator.does(f"{base}/identify", {"owner": choices.pop(), "rma_number": "RMA-7"})
    page = await operator.page(where)
    assert {"Maas Biolabs", "RMA-7"} <= set(page.texts)
    assert base not in (await operator.page("/warehouse/queues/unidentified")).links
    assert base in (await operator.page("/warehouse/queues/open")).links
    other = str(busy_console.organizations["theirs"].id)
    assert (await operator.post(f"{base}/identify", {"owner": other})).status_code == 409


async def test_a_scan_that_is_no_number_is_refused_beside_the_field(busy_console, operator):
    await operator.page("/warehouse")
    before = await busy_console.traces(TABLES)
    answer = await operator.post("/warehouse/scan", {"tracking_number": "#####", "at": "WH0CVG01"})
    assert answer.status_code == 422
    assert 'id="tracking_number-problem"' in answer.text
    assert '<span class="mono">#####</span>: ' in answer.text  # not in the field: the next scan goes there
    nowhere = await operator.post("/warehouse/scan", {"tracking_number": "1ZNOWHERE", "at": "WH0NONE1"})
    assert (nowhere.status_code, "There is no warehouse WH0NONE1." in nowhere.text) == (404, True)
    assert await busy_console.traces(TABLES) == before


async def test_each_queue_lists_its_own_and_says_how_much_waits(busy_console, operator):
    ids = busy_console.ids["ours"]
    listed = {
        "unidentified": ("parcels", ids["unidentified"]),
        "open": ("parcels", ids["opening"]),
        "verify": ("parcels", ids["verifying"]),
        "quotes": ("reshipments", ids["quoting"]),
        "weigh": ("reshipments", ids["approved"]),
    }
    for queue, (kind, number) in listed.items():
        links = (await operator.page(f"/warehouse/queues/{queue}")).links
        assert f"/warehouse/{kind}/{number}" in links, queue
        others = [one for one in listed.values() if one != (kind, number)]
        assert {f"/warehouse/{kind}/{number}" for kind, number in others}.isdisjoint(links), queue
    counts = await working.count_queues(busy_console.db, actor=busy_console.actors["operator"])
    assert f"To verify {counts.to_verify}" in (await operator.page("/warehouse")).texts


async def test_a_queue_goes_on_behind_its_last_line(bench, operator, monkeypatch):
    from backhaul.web.console.warehouse import queues

    monkeypatch.setattr(queues, "PAGE", 1)
    numbers = [await lying(bench, f"QUEUED-{n}") for n in (1, 2)]
    for number in numbers:
        await bench.ask(number)
    before = numbers[0] - 1
    page = await operator.page(f"/warehouse/queues/verify?past={before}")
    assert "QUEUED-1" in page.texts
    assert "QUEUED-2" not in page.texts
    assert f"/warehouse/queues/verify?past={numbers[0]}" in page.links


@pytest.mark.parametrize("name", ["owner", "stranger"])
async def test_nobody_else_gets_to_the_warehouse(busy_console, bench, name):
    browse = await busy_console.kept(name)
    got = await bench.receive(f"1ZFORBIDDEN{name.upper()}")
    await identified(bench, got.intake.number)
    base = f"/warehouse/parcels/{got.intake.number}"
    await browse.page("/returns")
    before = await busy_console.traces(TABLES)
    assert "/warehouse" not in (await browse.page("/returns")).links
    for path in (
        "/warehouse",
        "/warehouse/scanned?scan=X",
        "/warehouse/queues/open",
        base,
        f"{base}/sanitise",
    ):
        assert (await browse.get(path)).status_code == 403, path
    await browse.page("/returns")
    for path in (
        "/warehouse/scan",
        *(
            f"{base}/{verb}"
            for verb in ("scan", "take-back", "drop", "check", "process", "photos", "messages")
        ),
    ):
        assert (await browse.post(path, {"serial_number": "X", "body": "x"})).status_code == 403, path
    assert await busy_console.traces(TABLES) == before


async def test_the_functions_behind_the_queues_answer_the_operator_alone(busy_console):
    """Whoever stands in another organization gets no line, whatever organization they ask for."""
    from backhaul.domain.identity import OPERATOR_ORG_ID
    from backhaul.domain.reshipping.browsing import statements as reshipping
    from backhaul.domain.returns.browsing import statements as returns
    from backhaul.storage.database import Scope

    ours = busy_console.organizations["ours"].id
    questions = [
        (returns.LIST_INTAKES, 2**60, False, 10),
        (returns.LIST_QUEUE, "open", 0, 10),
        (returns.COUNT_QUEUES, 10),
        (returns.LIST_CUSTOMERS, "", 10),
        (reshipping.LIST_QUEUE, "weigh", 0, 10),
    ]
    for statement, *more in questions:
        for scope, asked in ((ours, ours), (ours, OPERATOR_ORG_ID), (OPERATOR_ORG_ID, ours)):
            async with busy_console.db.read(Scope(scope)) as reader:
                assert await reader.fetch(statement, asked, *more) == [], statement
        async with busy_console.db.read(Scope(OPERATOR_ORG_ID)) as reader:
            assert await reader.fetch(statement, OPERATOR_ORG_ID, *more) != [], statement
