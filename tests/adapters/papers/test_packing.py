"""Packing lists: read back as a person and a scanner would."""

import pypdfium2
import pytest
import zxingcpp

from backhaul.adapters.papers import PaperWriter
from backhaul.domain.recovery.person.ports import PackingLine, PackingSheet

LETTER, A4 = [612.0, 792.0], [595.3, 841.9]


def sheet(**changes):
    values = {
        "organization_name": "Acme",
        "campaign_name": "Spring",
        "person_name": "Zoë Łukasz",
        "code": "RC0123456789",
        "parcel": 1,
        "parcel_count": 1,
        "lines": (PackingLine(name="Laptop", marks=("serial number C02X", "IMEI 35")),),
        "return_to": ("Acme IT", "1 Way", "Reno NV 89501", "US"),
        "helpdesk_email": "help@acme.example",
        "has_box": True,
        "is_letter": True,
    }
    return PackingSheet(**{**values, **changes})


def pages(*sheets):
    return list(pypdfium2.PdfDocument(PaperWriter().packing_list(sheets)))


def words(page):
    return " ".join(page.get_textpage().get_text_range().split())


def codes(page):
    picture = page.render(scale=2, grayscale=True).to_pil()
    return [(code.symbology_identifier, code.text) for code in zxingcpp.read_barcodes(picture)]


def test_a_list_says_what_goes_where_and_scans():
    (page,) = pages(sheet())
    text = words(page)
    for part in (
        "Packing list", "Spring – Acme", "From Zoë Łukasz", "Laptop", "serial number C02X, IMEI 35",
        "Acme IT", "Reno NV 89501", "help@acme.example", "the box you were sent", "RC0123456789",
    ):  # fmt: skip
        assert part in text
    assert [text for _, text in codes(page)] == ["RC0123456789"]
    assert [round(side, 1) for side in page.get_size()] == LETTER


def test_each_parcel_has_a_page_of_the_paper_that_is_usual():
    first, second = pages(
        sheet(parcel_count=2, is_letter=False),
        sheet(parcel=2, parcel_count=2, is_letter=False, has_box=False),
    )
    assert "parcel 1 of 2" in words(first)
    assert "parcel 2 of 2" in words(second)
    assert "Print the label" in words(second)
    assert [round(side, 1) for side in first.get_size()] == A4


@pytest.mark.parametrize("name", ["x" * 200, "机器 " * 60, "\u202eevil\x00", "<b>&amp;", "😀"])
def test_whatever_a_thing_is_called_it_fits_on_paper(name):
    lines = tuple(PackingLine(name=name, marks=(name,) * 3) for _ in range(5))
    found = pages(sheet(lines=lines, organization_name=name, person_name=name, return_to=(name,) * 6))
    assert found
    for page in found:
        picture = page.render(scale=1, grayscale=True).to_pil().convert("L").point(lambda value: 255 - value)
        left, top, right, bottom = picture.getbbox()
        assert left >= 50
        assert top >= 40
        assert right <= page.get_size()[0] - 50
        assert bottom <= page.get_size()[1] - 50


def test_a_list_is_always_the_same_bytes():
    assert PaperWriter().packing_list((sheet(),)) == PaperWriter().packing_list((sheet(),))


@pytest.mark.parametrize("has_box", [True, False])
def test_steps_come_in_the_order_in_which_they_are_taken(has_box):
    (page,) = pages(sheet(has_box=has_box))
    text = words(page)
    places = [
        text.index(part) for part in ("Sign out", "this page", "Close the box", "label", "to the carrier")
    ]
    assert places == sorted(places)
