"""What a warehouse found in a case's parcel stands on its page, and a person may correct what was noted as returned."""

from backhaul.domain.recovery import Outcome
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.model import TransferId
from backhaul.domain.transfers.queries import get_detail
from tests.web.console.cases.test_acting import detail_of
from tests.web.console.warehouse.furnish import bench_of


async def opened(console, *scans):
    """Deliver the parcel of the kit case, open it with these things in it, and return the return's number."""
    bench = await bench_of(console, "owner")
    (parcel,) = (await detail_of(console, "case")).parcels
    actor = console.actors["owner"]
    sent = await get_detail(console.db, actor=actor, transfer_id=TransferId(parcel.transfer_id))
    device = await bench.world.device(sent.transfer)
    await bench.world.report(device, Tracking.DELIVERED)
    await bench.world.settle()
    number = (await bench.receive(device.tracking_number)).one.number
    for serial_number, seen in scans:
        await bench.scan(number, serial_number, **seen)
    await bench.process(number)
    await bench.world.settle()
    return number


async def test_a_device_without_its_charger_shows_what_is_outstanding(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['case']}"
    number = await opened(own_console, ("C02-FOUND", {"has_charger": False}))
    page = await browse.page(path)
    texts = " ".join(page.texts)
    assert {"What the warehouse found", "C02-FOUND", "No charger", "Partly returned"} <= set(page.texts)
    assert "Missing: charger." in texts
    assert f"/returns/{number}" in page.links


async def test_an_empty_box_needs_a_decision_and_is_noted_as_lost(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['case']}"
    await opened(own_console)
    page = await browse.page(path)
    assert {"Needs a decision", "Missing", "Case opened again", "Item: not in the parcel"} <= set(page.texts)
    fields = {"outcome-1": "lost", "reason-1": "The box was empty."}
    page = await browse.page(await browse.does(f"{path}/items/1", fields))
    assert {"What became of the item is written down.", "Item: lost"} <= set(page.texts)


async def test_what_was_noted_as_returned_is_corrected_with_a_reason(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['case']}"
    await opened(own_console, ("C02-FOUND", {}))
    page = await browse.page(path)
    assert "Correct what became of it" in page.texts
    unsaid = await browse.post(f"{path}/items/1", {"outcome-1": "refused"})
    assert (unsaid.status_code, 'id="reason-1-problem"' in unsaid.text) == (422, True)
    kept = await browse.post(f"{path}/items/1", {"outcome-1": "kept", "reason-1": "x"})
    assert kept.status_code == 409
    assert (await detail_of(own_console, "case")).case.outcome is Outcome.RETURNED
    fields = {"outcome-1": "refused", "reason-1": "It is a toy.", "evidence-1": "Photo 3"}
    page = await browse.page(await browse.does(f"{path}/items/1", fields))
    assert {"Refused by the person", "Item: refused by the person"} <= set(page.texts)
    ending = (await detail_of(own_console, "case")).items[0].ending
    assert (ending.reason, ending.evidence) == ("It is a toy.", {"note": "Photo 3"})
