"""Every curl of the chapter Recover, as printed, with the printed answers; what they are rests on `test_printed`.

Replaced are what the reader has to replace: base URL, credentials and numbers of records. Compared are the keys, their
order and the types of all values with the printed answers, and the values we know.
"""

import msgspec
import pytest

from backhaul.domain.identity import operator_actor, set_default_address
from backhaul.domain.recovery.model import LAPTOP_BOX, NewCampaign, Package, ReturnAddress
from backhaul.domain.recovery.operations import create_campaign
from backhaul.kernel.addresses import Address
from backhaul.kernel.measures import Dimensions, grams_from_pounds, mm_from_inches
from backhaul.settings import Settings
from tests.dialects.installation import PASSWORD
from tests.dialects.replaying import changed
from tests.dialects.unduit.test_printed import LOGIN, Terminal, same
from tests.dialects.working import Worker

CAMPAIGNS = """\
curl --location 'https://dev-api.unduit.com/api/v1/recover/campaigns' \\
--header 'Authorization: Bearer <token>'"""
DETAILS = """\
curl --location 'https://dev-api.unduit.com/api/v1/recover/employees/details/17449821332893'"""
ADD = """\
curl --location --request GET 'https://dev-api.unduit.com/api/v1/recover/user/add' \\
--data-raw '{
  "campaign_number": 17449821332893,
  "email": "john.doe@company.com",
  "firstname": "John",
  "lastname": "Doe",
  "phone": "1632960123",
  "address_line_1": "123 Business Park",
  "address_line_2": "Suite 200",
  "city": "London",
  "state": "LDN",
  "zip": "10001",
  "country": "GB",
  "items": [
    {
      "item": "MacBook Pro 16",
      "item_serial_no": "C02XL0XXXXX1",
      "item_asset_id": "IT-APPLE-001",
      "item_imei": "",
      "custom_field_1": "2023-issue",
      "custom_field_2": "Finance Dept"
    },
    {
      "item": "iPhone 15 Pro",
      "item_serial_no": "DNXXXXXX1JKL",
      "item_asset_id": "IT-APPLE-002",
      "item_imei": "35693803564XXXX",
      "custom_field_1": "Mobile Plan: Corp",
      "custom_field_2": "Manager Approval"
    }
  ]
}'"""
ADDED = {"success": True, "message": "Employee added successfully"}

PARIS = Address(
    name="Maas Biolabs",
    attention="John Doe",
    line_1="1 Rue de Rivoli",
    city="Paris",
    postal_code="75001",
    country_code="FR",
    notification_emails=("it@maas.example",),
)
MONITOR = Package(
    device='Monitor 32"',
    quantity=1,
    size=Dimensions(mm_from_inches(30), mm_from_inches(30), mm_from_inches(12), grams_from_pounds(30)),
)
FRANCE = {"name": "France", "code": "FR"}
TITLE = "Rolling Campaign for Desktops"
LISTED = {
    "campaign_number": "1777896000{{number}}",
    "compain_title": TITLE,
    "start_date": "May 4th, 2026",
    "country": FRANCE,
    "total_device_count": 0,
    "total_employee": 0,
}
DETAIL = {
    "campaign_number": "1777896000{{number}}",
    "title": TITLE,
    "country": FRANCE,
    "start_date": "May 4th, 2026",
    "helpdesk_email": None,
    "return_address": [
        {
            "name": "John Doe",
            "title": TITLE,
            "company": "Maas Biolabs",
            "country": FRANCE,
            "state": None,
            "city": "Paris",
            "zip_code": "75001",
            "address": "1 Rue de Rivoli",
            "phone": "",
            "email": "it@maas.example",
            "packages": [
                {"device": "Laptop", "qty": 1, "incomingWeight": 10, "length": 16, "width": 12, "height": 4},
                {
                    "device": 'Monitor 32"',
                    "qty": 1,
                    "incomingWeight": 30,
                    "length": 30,
                    "width": 30,
                    "height": 12,
                },
            ],
        }
    ],
    "employees": [],
    "total_employees": 0,
    "total_pages": 0,
    "current_page": 1,
}
UNITED_KINGDOM = {"name": "United Kingdom", "code": "GB"}
JOHN = {
    "recovery_id": "1777896000{{number}}",
    "email": "john.doe@company.com",
    "firstname": "John",
    "lastname": "Doe",
    "phone_country": "GB",
    "phone_number": "1632960123",
    "country": UNITED_KINGDOM,
    "state": {"name": "LDN", "code": "LDN", "country_code": "GB"},
    "city": "London",
    "zip": "10001",
    "address_line_1": "123 Business Park",
    "address_line_2": "Suite 200",
    "items": [
        {
            "item": "MacBook Pro 16",
            "item_serial_no": "C02XL0XXXXX1",
            "item_asset_id": "IT-APPLE-001",
            "item_imei": None,
            "custom_field_1": "2023-issue",
            "custom_field_2": "Finance Dept",
        },
        {
            "item": "iPhone 15 Pro",
            "item_serial_no": "DNXXXXXX1JKL",
            "item_asset_id": "IT-APPLE-002",
            "item_imei": "35693803564XXXX",
            "custom_field_1": "Mobile Plan: Corp",
            "custom_field_2": "Manager Approval",
        },
    ],
    "status": "Order Received",
    "tracking": [],
    "last_updated": "May 4th, 2026",
}


@pytest.fixture
async def terminal(own_installation):
    """A terminal that has signed in, as printed."""
    made = own_installation
    await made.token("owner")
    terminal = Terminal(made)
    own = {"jane.smith@example.com": "hr@example.com", '"password": "password"': f'"password": "{PASSWORD}"'}
    _, body = await terminal.run(LOGIN, replaced=own)
    terminal.token = body["token"]
    return terminal


@pytest.fixture
async def campaign(own_installation):
    """The printed campaign."""
    made = own_installation
    now = made.clock.now()
    new = NewCampaign(
        name=TITLE, return_addresses=(ReturnAddress(address=PARIS, packages=(LAPTOP_BOX, MONITOR)),)
    )
    return await create_campaign(made.db, actor=made.actors["owner"], new=new, now=now)


async def test_the_chapter_as_printed(terminal, campaign, tmp_path):
    number = {"17449821332893": campaign.public_number}
    status, body = await terminal.run(DETAILS)
    assert (status, body["error"]["code"]) == (404, "RECOVERY_CAMPAIGN_UNKNOWN")
    page = {"total_records": 1, "total_pages": 1, "currentPage": 1, "campaigns": [LISTED]}
    same(await terminal.run(CAMPAIGNS), page)
    same(await terminal.run(DETAILS, replaced=number), DETAIL)
    same(await terminal.run(ADD, replaced=number), ADDED)
    status, body = await terminal.run(ADD, replaced=number)
    assert (status, body["error"]["code"]) == (409, "RECOVERY_PERSON_THERE_ALREADY")

    counted = changed(LISTED, {"total_device_count": 2, "total_employee": 1})
    same(await terminal.run(CAMPAIGNS), {**page, "campaigns": [counted]})
    with_john = {"employees": [JOHN], "total_employees": 1, "total_pages": 1}
    same(await terminal.run(DETAILS, replaced=number), {**DETAIL, **with_john})

    made = terminal.made
    worker = Worker(made.db, clock=made.clock, settings=Settings(), data_dir=tmp_path)
    await worker.settle()
    parcel = {
        "carrier_name": "fedex",
        "forward_shipping": {"tracking_number": "{{usps_number}}", "tracking_link": "a link"},
        "return_shipping": {"return_tracking_number": "{{fedex_number}}", "return_tracking_link": "a link"},
    }
    _, body = await terminal.run(DETAILS, replaced=number)
    for one in body["employees"][0]["tracking"]:
        for way, name in (("forward_shipping", "tracking_link"), ("return_shipping", "return_tracking_link")):
            assert one[way][name].startswith("http")
            one[way][name] = "a link"
    same((200, body), {**DETAIL, **with_john, "employees": [{**JOHN, "tracking": [parcel, parcel]}]})


async def test_a_name_is_enough_for_a_campaign(terminal):
    made = terminal.made
    path, body = "/api/v1/recover/campaign/create", {"campaign_name": "Spring"}
    answer = await made.call_as("owner", "POST", path, json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "RECOVERY_RETURN_ADDRESS_MISSING")
    operator = operator_actor(made.organizations["ours"])
    there = msgspec.structs.replace(PARIS, phone="+33 1 55 50 12 34")
    await set_default_address(made.db, actor=operator, address=there, now=made.clock.now())
    answer = await made.call_as("owner", "POST", path, json=body)
    assert answer.status_code == 200, answer.text
    view = answer.json()["campaign"]
    assert view == {
        "campaign_number": view["campaign_number"],
        "campaign_name": "Spring",
        "campaign_status": "active",
        "created_at": "2026-05-04T12:00:00.000Z",
        "description": None,
    }
    detail = await made.call_as("owner", "GET", f"/api/v1/recover/campaign/{view['campaign_number']}")
    assert detail.json()["campaign_number"] == str(view["campaign_number"])
    assert [place["phone"] for place in detail.json()["return_address"]] == ["+33 1 55 50 12 34"]
    answer = await made.call_as("owner", "POST", path, json={"campaign_name": " spring "})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "RECOVERY_CAMPAIGN_NAME_TAKEN")
