"""What is done with one transfer: by whom, when it is refused, and that nothing changes then."""

import pytest

from backhaul.domain.transfers.model import Status
from tests.web.console.transfers.furnish import world_of

TRACED = ("transfers", "shipments", "pickups", "history", "outbox")


async def state(console, transfer_id):
    row = await console.owner.fetchrow(
        "SELECT status, is_muted FROM transfers WHERE id = $1::text::uuid", transfer_id
    )
    return tuple(row)


async def test_a_transfer_is_cancelled_once_and_the_second_time_refused_on_its_page(own_console, visitors):
    browse = await visitors(own_console, "member")
    transfer_id = own_console.ids["ours"]["transfer"]
    path = f"/transfers/{transfer_id}"
    await browse.get(path)
    where = await browse.does(f"{path}/cancel", {"reason": "Not needed"})
    assert where == f"{path}?notice=transfers.cancelled"
    page = await browse.page(where)
    assert "“Not needed”" in page.texts
    assert await state(own_console, transfer_id) == ("cancelled", False)
    again = await browse.post(f"{path}/cancel")
    assert again.status_code == 409
    assert "The transfer is cancelled; it cannot cancel now." in again.text


async def test_reminders_are_switched_off_and_the_notice_takes_it_back(own_console, visitors):
    browse = await visitors(own_console, "owner")
    transfer_id = own_console.ids["ours"]["waived"]
    path = f"/transfers/{transfer_id}"
    await browse.get(path)
    where = await browse.does(f"{path}/mute")
    page = await browse.page(where)
    assert {"Reminders are off.", "Undo"} <= set(page.texts)
    assert f"{path}/unmute" in page.posts
    assert await state(own_console, transfer_id) == ("pending_device", True)
    await browse.does(f"{path}/unmute")
    assert await state(own_console, transfer_id) == ("pending_device", False)


async def test_a_device_that_does_not_come_is_marked(own_console, visitors):
    browse = await visitors(own_console, "owner")
    transfer_id = own_console.ids["ours"]["waived"]
    path = f"/transfers/{transfer_id}"
    await browse.get(path)
    await browse.does(f"{path}/not-returned", {"reason": "Left the country"})
    assert await state(own_console, transfer_id) == ("not_returned", False)
    assert (await browse.post(f"{path}/not-returned")).status_code == 409


async def test_a_pickup_is_booked_on_a_possible_day_shown_and_cancelled(own_console, visitors):
    world = world_of(own_console, "owner")
    browse = await visitors(own_console, "owner")
    path = f"/transfers/{own_console.ids['ours']['waived']}"
    page = await browse.page(f"{path}/pickup")
    days = [given["value"] for given in page.tags("input") if given.get("name") == "day"]
    assert days[0] == "2026-05-05"
    refused = await browse.post(f"{path}/pickup", {"day": "2026-05-09", "instructions": "At the back"})
    assert refused.status_code == 422
    assert "Carriers come on weekdays that are no public holidays." in refused.text
    assert "At the back" in refused.text
    for wrong in ({"day": ""}, {"day": "2026-05-05", "instructions": "x" * 301}):
        assert (await browse.post(f"{path}/pickup", wrong)).status_code == 422
    assert await own_console.owner.fetchval("SELECT count(*) FROM pickups") == 0
    where = await browse.does(f"{path}/pickup", {"day": "2026-05-05", "instructions": "At the back"})
    assert "The pickup is asked for; the carrier confirms it." in (await browse.page(where)).texts
    assert (
        await browse.post(f"{path}/pickup", {"day": "2026-05-06"})
    ).status_code == 422  # one is booked already
    await world.settle()
    page = await browse.page(path)
    assert {"Booked", "At the back"} <= set(page.texts)
    await browse.does(f"{path}/pickup/cancel")
    assert await own_console.owner.fetchval("SELECT status FROM pickups") == "cancelled"
    assert (await browse.post(f"{path}/pickup/cancel")).status_code == 409


async def test_the_address_is_changed_until_the_box_is_on_its_way(own_console, visitors):
    world = world_of(own_console, "owner")
    browse = await visitors(own_console, "owner")
    transfer_id = own_console.ids["ours"]["transfer"]
    path = f"/transfers/{transfer_id}"
    page = await browse.page(f"{path}/address")
    fields = {
        given["name"]: given["value"]
        for given in page.tags("input")
        if given.get("name", "").startswith("employee")
    }
    assert fields["employee_address.line_1"] == "404 Hidden Spring Lane"
    fields |= {"employee_address.line_1": "9 Elsewhere Road", "employee_address.country_code": "US"}
    wrong = {
        **fields,
        "employee_address.postal_code": "",
        "employee_address.notification_emails": "a@b.example nobody",
    }
    refused = await browse.post(f"{path}/address", wrong)
    assert refused.status_code == 422
    assert 'id="employee_address.postal_code-problem"' in refused.text
    assert 'id="employee_address.notification_emails-problem"' in refused.text
    assert "9 Elsewhere Road" in refused.text
    assert "9 Elsewhere Road" not in (await browse.get(path)).text
    where = await browse.does(f"{path}/address", fields)
    assert "The address is changed. New labels are being bought." in (await browse.page(where)).texts
    await world.settle()
    assert "9 Elsewhere Road" in (await browse.get(path)).text
    transfer = await world.live_until(await world.reload(Named(transfer_id)), Status.BOX_IN_TRANSIT)
    browse = await visitors(own_console, "owner")  # the former session has ended meanwhile
    late = await browse.post(f"{path}/address", {**fields, "employee_address.line_1": "1 Late Road"})
    assert late.status_code == 409
    assert (await world.reload(transfer)).employee_address.line_1 == "9 Elsewhere Road"


class Named:
    def __init__(self, transfer_id):
        self.id = transfer_id


async def test_a_scan_is_recorded_in_the_viewers_zone_and_moves_the_transfer(own_console, visitors):
    world = world_of(own_console, "owner")
    browse = await visitors(own_console, "owner")
    transfer_id = own_console.ids["ours"]["transfer"]
    await browse.get("/account")
    await browse.does("/account/time-zone", {"time_zone": "America/New_York"})
    path = f"/transfers/{transfer_id}/parcels/box"
    page = await browse.page(path)
    assert any(given.get("value") == "2026-05-04T08:00" for given in page.tags("input"))
    for wrong, problem in (
        ({"status": "cancelled", "happened_at": "2026-05-04T07:30"}, "status"),
        ({"status": "in_transit", "happened_at": "soon"}, "happened_at"),
        ({"status": "in_transit", "happened_at": "2026-05-04T07:30", "text": "x" * 201}, "text"),
    ):
        answer = await browse.post(f"{path}/scan", wrong)
        assert (answer.status_code, f'id="{problem}-problem"' in answer.text) == (422, True)
    early = await browse.post(f"{path}/scan", {"status": "in_transit", "happened_at": "2026-05-04T09:00"})
    assert early.status_code == 409
    await browse.does(
        f"{path}/scan", {"status": "in_transit", "happened_at": "2026-05-04T07:30", "text": "Handed in"}
    )
    assert (await world.box(Named(transfer_id))).shipped_at.isoformat() == "2026-05-04T11:30:00+00:00"
    await world.settle()
    assert "Handed in" in (await browse.get(f"/transfers/{transfer_id}")).text
    assert (await state(own_console, transfer_id))[0] == "box_in_transit"


async def test_a_tracking_number_is_replaced_and_its_label_is_gone(own_console, visitors):
    world = world_of(own_console, "owner")
    browse = await visitors(own_console, "owner")
    transfer_id = own_console.ids["ours"]["transfer"]
    path = f"/transfers/{transfer_id}/parcels/device"
    await browse.get(path)
    for wrong, problem in (
        ({"tracking_number": ""}, "tracking_number"),
        ({"tracking_number": "x" * 65}, "tracking_number"),
        ({"tracking_number": "A\u0007B"}, "tracking_number"),
        ({"tracking_number": "AB1", "tracking_url": "javascript:alert(1)"}, "tracking_url"),
    ):
        answer = await browse.post(f"{path}/number", wrong)
        assert (answer.status_code, f'id="{problem}-problem"' in answer.text) == (422, True), wrong
    await browse.does(
        f"{path}/number", {"tracking_number": " AB1 ", "tracking_url": "https://carrier.example/AB1"}
    )
    assert (await world.device(Named(transfer_id))).tracking_number == "AB1"
    page = await browse.page(f"/transfers/{transfer_id}")
    assert "https://carrier.example/AB1" in page.links
    assert f"/transfers/{transfer_id}/labels/device.pdf" not in page.links


@pytest.mark.parametrize(
    ("below", "fields"),
    [
        ("cancel", {}),
        ("mute", {}),
        ("unmute", {}),
        ("not-returned", {}),
        ("pickup", {"day": "2026-05-05"}),
        ("pickup/cancel", {}),
        ("address", {"employee_address.name": "A", "employee_address.line_1": "B", "employee_address.city": "C",
                     "employee_address.state_code": "PA", "employee_address.postal_code": "15238",
                     "employee_address.country_code": "US"}),
        ("parcels/device/number", {"tracking_number": "AB1"}),
        ("parcels/device/scan", {"status": "in_transit", "happened_at": "2026-05-04T10:00"}),
    ],
)  # fmt: skip
async def test_viewers_and_strangers_change_nothing(console, visitors, below, fields):
    ours = console.ids["ours"]["waived"]
    before = await console.traces(TRACED)
    for name, status in (("viewer", 403), ("stranger", 404)):
        browse = await visitors(console, name)
        answer = await browse.post(f"/transfers/{ours}/{below}", fields)
        assert answer.status_code == status, (name, answer.text[:2000])
        assert (await browse.post(f"/transfers/nothing/{below}", fields)).status_code == status
    after = await console.traces(TRACED)
    signed_in = after["history"] - before["history"]
    assert after == {**before, "history": before["history"] + signed_in}
    assert signed_in <= 2
