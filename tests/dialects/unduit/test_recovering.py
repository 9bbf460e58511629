"""What recorded cases cannot show of Recover: a switch that is off, and the body of the label's callback."""

import json
from datetime import date, timedelta

import pytest

from backhaul.dialects.unduit.views.recovering import spoken
from backhaul.domain import recovery
from backhaul.settings import Settings, UnduitSettings
from tests.dialects.installation import installed
from tests.dialects.mounting import small
from tests.dialects.unduit.furnishing import furnish
from tests.dialects.unduit.replay import reference
from tests.dialects.working import Worker

ADD = "/api/v1/recover/user/add"


async def test_adding_by_get_can_be_switched_off(database_url, tmp_path, clock):
    settings = small(database_url, unduit=UnduitSettings(adds_to_campaigns_by_get=False))
    async with installed(database_url, tmp_path, clock=clock, settings=settings) as made:
        office = await furnish(made)
        body = {**reference("recovery"), "campaign_number": office.ids["campaign"]}
        before = await office.traces(("recovery_cases",))
        refused = await office.call_as("owner", "GET", ADD, json=body)
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
        assert await office.traces(("recovery_cases",)) == before
        assert (await office.call_as("owner", "POST", ADD, json=body)).status_code == 200


async def test_the_callback_is_told_everything_once(own_office, tmp_path):
    office = own_office
    body = {
        **reference("recovery"),
        "campaign_number": int(office.ids["campaign"]),
        "items": [{"item": "Laptop"}],
        "shipping_option": "create_prepaid_shipping_label",
        "callback_url": "https://hooks.example.com/labels",
    }
    assert (await office.call_as("owner", "POST", ADD, json=body)).status_code == 200
    worker = Worker(office.db, clock=office.clock, settings=Settings(), data_dir=tmp_path)
    await worker.settle()
    (row,) = await office.owner.fetch(
        "SELECT url, convert_from(body, 'UTF8')::jsonb AS body FROM webhook_deliveries"
    )
    assert row["url"] == "https://hooks.example.com/labels"
    detail = await office.call_as("owner", "GET", f"/api/v1/recover/campaign/{office.ids['campaign']}")
    person = detail.json()["employees"][0]
    back = person["tracking"][0]["return_shipping"]
    told = json.loads(row["body"])
    link = told.pop("label_url")
    code = told.pop("recovery_code")
    assert told == {
        "campaign_number": office.ids["campaign"],
        "recovery_id": person["recovery_id"],
        "email": "john.doe@company.com",
        "carrier_name": "fedex",
        "tracking_number": back["return_tracking_number"],
        "tracking_link": back["return_tracking_link"],
        "label_format": "pdf",
    }
    assert person["status"] == "Label Created"
    assert person["tracking"][0]["forward_shipping"] == {"tracking_number": "", "tracking_link": None}
    found = await office.call_as("owner", "GET", f"/api/v1/recover/recovery/{code}")
    assert found.json()["recovery"]["employee"]["email"] == "john.doe@company.com"
    label = await office.app.request("GET", "/label/" + link.rpartition("/")[2], address=office.address())
    assert label.content.startswith(b"%PDF")


async def test_the_coded_shape_follows_the_recovery_to_its_end(own_office):
    office = own_office
    path = f"/api/v1/recover/recovery/{office.ids['recovery_code']}"

    async def shown():
        body = (await office.call_as("owner", "GET", path)).json()["recovery"]
        return body["status"], body["items_recovered"], body["completed_at"]

    async def end(position, outcome):
        await recovery.close_item(
            office.db,
            actor=office.actors["owner"],
            case=office.ids["recovery"],
            position=position,
            outcome=outcome,
            now=office.clock.now(),
        )

    assert await shown() == ("pending", 0, None)
    await end(1, recovery.Outcome.RETURNED)
    assert await shown() == ("pending", 1, None)
    office.clock.advance(timedelta(hours=1))
    await end(2, recovery.Outcome.LOST)
    assert await shown() == ("completed", 1, "2026-05-04T13:00:00.000Z")
    status = await office.call_as("owner", "GET", f"/api/v1/recoveries/{office.ids['recovery']}/status")
    assert status.json()["data"]["status"] == "Completed"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2025, 4, 28), "Apr 28th, 2025"),
        (date(2025, 2, 5), "Feb 5th, 2025"),
        (date(2022, 12, 21), "Dec 21st, 2022"),
        (date(2026, 6, 3), "Jun 3rd, 2026"),
        (date(2026, 1, 2), "Jan 2nd, 2026"),
        (date(2026, 7, 1), "Jul 1st, 2026"),
        (date(2026, 3, 21), "Mar 21st, 2026"),
        (date(2026, 9, 22), "Sep 22nd, 2026"),
        (date(2026, 11, 23), "Nov 23rd, 2026"),
        (date(2026, 8, 31), "Aug 31st, 2026"),
        (date(2026, 5, 11), "May 11th, 2026"),
        (date(2026, 8, 12), "Aug 12th, 2026"),
        (date(2026, 10, 13), "Oct 13th, 2026"),
    ],
)
def test_days_are_written_as_spoken(day, text):
    assert spoken(day) == text
