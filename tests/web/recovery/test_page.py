"""The person's page, step by step, as a browser without scripts would speak to it."""

import msgspec
import pypdfium2
import zxingcpp

from backhaul.domain.ladders import BUILT_IN_NAME
from backhaul.domain.recovery import CampaignChanges, Outcome, Shipping, change_campaign
from backhaul.domain.recovery.model import Package, ReturnAddress
from backhaul.domain.transfers.model import Status
from backhaul.kernel.measures import Dimensions
from tests.making import OFFICE

HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}


def codes(pdf):
    """Every barcode on every page."""
    document = pypdfium2.PdfDocument(pdf)
    return {
        code.text for page in document
        for code in zxingcpp.read_barcodes(page.render(scale=3, grayscale=True).to_pil(),
                                           text_mode=zxingcpp.TextMode.Plain)
    }  # fmt: skip


def words(pdf):
    return " ".join(
        " ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)
    )


async def test_from_link_to_printed_label(invite):
    visitor = await invite("Laptop", "Monitor")
    page = await visitor.look()
    assert {"Laptop", "Monitor", "Your address", "How do you want to send it?"} <= set(page.texts)
    answer = await visitor.get()
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS

    await visitor.confirms(postal_code="15213")
    await visitor.does("choice", choice="label")
    page = await visitor.look()
    assert page.texts.count("It is your turn: pack it and hand it over.") == 2
    for parcel in (await visitor.case_now()).parcels:
        label = await visitor.get(f"/label.pdf?parcel={parcel.position}")
        assert label.headers["content-type"] == "application/pdf"
        assert [code for code in codes(label.content) if parcel.back.tracking_number in code]
    listed = await visitor.get("/packing-list.pdf")
    assert codes(listed.content) == {visitor.case.code}
    assert "Laptop" in words(listed.content)
    assert "Monitor" in words(listed.content)
    transfers = await visitor.desk.transfers(visitor.case)
    assert {transfer.employee_address.postal_code for transfer in transfers} == {"15213"}
    assert (await visitor.case_now()).case.shipping is Shipping.LABEL


async def test_the_page_needs_no_script_and_its_own_references_lead_somewhere(invite):
    visitor = await invite("Laptop", "Monitor", shipping=Shipping.KIT)
    page = await visitor.look()
    assert "script" not in page.elements
    assert len(page.ids) == len(set(page.ids))
    assert set(page.described) <= set(page.ids)
    for link in page.links:
        assert link.startswith(("/static/return.css", visitor.path, "/track/")) or link[1:] in page.ids, link


async def next_step(visitor):
    texts = (await visitor.look()).texts
    return texts[texts.index("What to do next") + 1]


async def test_the_page_says_first_what_to_do_next(invite, desk):
    visitor = await invite("Laptop", "Monitor")
    assert (await next_step(visitor)).startswith("Check your address")
    await visitor.confirms()
    assert (await next_step(visitor)).startswith("Choose how you want to send it")
    await visitor.does("gone", item="2", reason="lost")
    await visitor.does("choice", choice="label")
    assert (await next_step(visitor)).startswith("Print the label")
    await visitor.does("pickup", parcel="1", day="2026-05-12")
    assert (await next_step(visitor)).startswith("Have it packed and labelled by Tuesday, 12 May")
    (transfer,) = await desk.transfers(visitor.case)
    await desk.world.live_until(transfer, Status.DEVICE_IN_TRANSIT)
    assert (await next_step(visitor)).startswith("Your parcel is on its way. Only your signature")
    await visitor.does("signature", full_name="J", agreed="1", text_sha256=await visitor.hash_shown())
    assert (await next_step(visitor)).startswith("Nothing more.")
    await desk.world.live(days=10)
    assert (await next_step(visitor)).startswith("Nothing for now. You said that you have none of it")
    await desk.end(visitor.case, Outcome.LOST)
    assert "What to do next" not in (await visitor.look()).texts


async def test_who_gets_a_box_waits_for_it(invite, desk):
    visitor = await invite(shipping=Shipping.KIT)
    assert (await next_step(visitor)).startswith("Check your address")
    await visitor.confirms(line_1="1 New Street")
    assert (await next_step(visitor)).startswith("Nothing for now. What you need is being prepared")
    assert "until the box has left." in (await visitor.get()).text
    (transfer,) = await desk.transfers(visitor.case)
    await desk.world.live_until(transfer, Status.BOX_IN_TRANSIT)
    assert (await next_step(visitor)).startswith("Nothing for now. A box is on its way")
    assert "A box is on its way to it. It can no longer be changed here." in (await visitor.get()).text
    assert (await desk.world.box(transfer)).parcel.destination.line_1 == "1 New Street"
    await desk.world.live_until(transfer, Status.PENDING_DEVICE)
    assert (await next_step(visitor)).startswith("Pack it into the box you were sent")


async def test_the_packing_list_names_the_address_of_its_label(invite, desk):
    far = msgspec.structs.replace(OFFICE, line_1="9 Far Street", city="Berlin", country_code="DE")
    size = Dimensions(400, 300, 200, 9000)
    places = tuple(
        ReturnAddress(address=address, packages=(Package(device="Laptop", quantity=1, size=size),))
        for address in (far, OFFICE)
    )
    campaign = await desk.create(return_addresses=places)
    visitor = await invite(campaign=campaign, shipping=Shipping.KIT)
    (transfer,) = await desk.transfers(visitor.case)
    assert transfer.organization_address == OFFICE
    listed = words((await visitor.get("/packing-list.pdf")).content)
    assert OFFICE.line_1 in listed
    assert "9 Far Street" not in listed
    moved = msgspec.structs.replace(OFFICE, line_1="7 New Depot")
    await change_campaign(
        desk.db,
        actor=desk.actor,
        campaign_number=campaign.public_number,
        version=campaign.version,
        changes=CampaignChanges(
            name=campaign.name,
            owner_email=campaign.owner_email,
            ladder=BUILT_IN_NAME,
            return_addresses=(places[0], msgspec.structs.replace(places[1], address=moved)),
        ),
        now=desk.now,
    )
    again = words((await visitor.get("/packing-list.pdf")).content)
    assert (OFFICE.line_1 in again, "7 New Depot" in again) == (True, False)
