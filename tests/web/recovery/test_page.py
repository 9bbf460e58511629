"""The person's page, step by step, as a browser without scripts would speak to it."""

import pypdfium2
import zxingcpp

from backhaul.domain.recovery import Shipping

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
        assert link.startswith(("/static/return.css", visitor.path, "/track/")), link
