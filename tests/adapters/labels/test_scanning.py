"""Labels are read back from their pixels, whatever stands on them."""

from datetime import UTC, datetime
from importlib.resources import files

import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from zplkit.parse import parse

from backhaul.adapters.carriers.manual import ManualCarrier
from backhaul.adapters.carriers.simulated import SimulatedCarrier
from backhaul.adapters.labels import fonts
from backhaul.adapters.labels.pdf import to_pdf
from backhaul.adapters.labels.zpl import to_zpl
from backhaul.domain.shipping.model import CarrierCode, LabelFormat, Parcel
from backhaul.kernel.addresses import Address
from backhaul.kernel.measures import Dimensions

from .reading import codes, draw_pdf, draw_zpl, draw_zpl_in, is_framed
from .sheets import PAGE, UPS, sheet

NOON = datetime(2026, 4, 30, 12, tzinfo=UTC)
BASE = "https://backhaul.example.com/track/"
GS = "\x1d"  # how a scanner transmits an FNC1 between two element strings


def parcel(destination_zip):
    to = Address(
        name="Angela Mitchell",
        line_1="742 Evergreen Terrace",
        city="Springfield",
        state_code="IL",
        postal_code=destination_zip,
        country_code="US",
    )
    return Parcel(
        origin=to,
        destination=to,
        size=Dimensions(406, 305, 102, 2350),
        reference="BH-1a2b3c4d box TICKET-4711",
    )


def drawn(labels):
    content = {label.format: label.content for label in labels}
    return draw_pdf(content[LabelFormat.PDF]), draw_zpl(content[LabelFormat.ZPL])


@pytest.mark.parametrize("code", CarrierCode)
@pytest.mark.parametrize("key", ["a", "b", "c"])
async def test_every_simulated_label_scans(code, key):
    bought = await SimulatedCarrier(tracking_page=BASE).buy(
        code, parcel("62704"), idempotency_key=key, now=NOON
    )
    number = bought.tracking_number
    for picture in drawn(bought.labels):
        linear = {"]C1": f"42062704{GS}{number}"} if code is CarrierCode.USPS else {"]C0": number}
        assert codes(picture) == linear | {"]Q1": BASE + number}
        assert is_framed(picture)


@pytest.mark.parametrize(
    ("postal_code", "routing"), [("62704-1234", f"42062704{GS}"), ("", ""), ("6270", ""), (None, "")]
)
async def test_a_usps_label_is_routed_by_a_whole_zip_only(postal_code, routing):
    bought = await SimulatedCarrier(tracking_page=BASE).buy(
        CarrierCode.USPS, parcel(postal_code), idempotency_key="a", now=NOON
    )
    for picture in drawn(bought.labels):
        assert codes(picture)["]C1"] == routing + bought.tracking_number


async def test_a_slip_carries_its_waybill_and_no_carriers_number():
    bought = await ManualCarrier(tracking_page=BASE).buy(
        CarrierCode.UPS, parcel("62704"), idempotency_key="a", now=NOON
    )
    for picture in drawn(bought.labels):
        assert codes(picture) == {"]C0": bought.tracking_number, "]Q1": BASE + bought.tracking_number}
    assert bought.tracking_number.startswith("MAN")


@pytest.mark.parametrize(
    "number", ["1", "12", "123", "A", "A12", "AB1234", "1Z12", "123456789012345678901234"]
)
@pytest.mark.parametrize("draw", ["pdf", "zpl"])
def test_any_letters_and_digits_scan_as_code_128(number, draw):
    made = sheet(barcode=type(UPS)(caption="WAYBILL", text=number, elements=(number,)))
    picture = draw_pdf(to_pdf(made)) if draw == "pdf" else draw_zpl(to_zpl(made))
    assert codes(picture)["]C0"] == number


@pytest.mark.parametrize("length", [20, 60, 100, 152])
def test_tracking_pages_of_any_reasonable_length_scan(length):
    page = ("https://tracking.example.com/" + "parcels/" * 20)[: length - 2] + "/9"
    made = sheet(tracking_page=page)
    for picture in (draw_pdf(to_pdf(made)), draw_zpl(to_zpl(made))):
        assert codes(picture)["]Q1"] == page
        assert is_framed(picture)


HOSTILE = st.sampled_from(
    [
        "^XA", "^XZ", "~JA", "~HI", "^FS", "^FD", "^FH", "_5E", "\\&", "\n", "\r\n", "\x00", "\x1b", "\x1d",
        ">8", "😀", "👩‍💻", "ü", "Ł", "ß", "İ", "Ж", "Ω", "山田", "محمد", "שלום", "한국",
        "\u202e", "\u0301",
        "W" * 60, "i" * 60, "-" * 60, "<" * 30, "%", "'", '"', "(", ")", "\\", "`",
    ]
)  # fmt: skip
LINE = st.lists(HOSTILE | st.text(max_size=12), min_size=1, max_size=6).map(" ".join) | st.text(max_size=60)


@settings(max_examples=25, deadline=None)
@given(
    recipient=st.lists(LINE, max_size=6).map(tuple),
    sender=st.lists(LINE, max_size=6).map(tuple),
    reference=LINE,
)
@example(recipient=("^XA^FDgotcha^FS^XZ", "~JA", "_5E", "a\nb"), sender=("W" * 200,) * 6, reference="M" * 300)
@example(recipient=("W" * 400,) * 6, sender=(), reference="")
def test_no_address_breaks_a_label(recipient, sender, reference):
    made = sheet(recipient=recipient, sender=sender, reference=reference)
    zpl = to_zpl(made)
    elements = parse(zpl).elements
    commands = [bytes(element)[:3] for element in elements if element.kind == "format_command"]
    assert (commands.count(b"^XA"), commands.count(b"^XZ")) == (1, 1)
    assert {command for command in commands if command not in HARMLESS} == set()
    assert not any(element.kind == "control_command" for element in elements)
    for picture in (draw_pdf(to_pdf(made)), draw_zpl(zpl)):
        assert codes(picture) == {"]C1": f"42062704{GS}9400100359338243331223", "]Q1": PAGE}
        assert is_framed(picture)


HARMLESS = {
    b"^XA", b"^XZ", b"^CI", b"^PW", b"^LL", b"^LH", b"^FO", b"^GB", b"^FS", b"^A0", b"^FB", b"^FR", b"^FH",
    b"^FD", b"^BY", b"^BC", b"^BQ",
}  # fmt: skip


def test_escaped_letters_reach_the_printer_as_the_letters_they_are():
    made = sheet(recipient=("José Æsøy-Müller", "Straße Ñandú ÿ", "^XA ~JA _5E \\\\&"))
    escaped = to_zpl(made)
    plain = (
        escaped.replace(b"_C3_A9", "é".encode())
        .replace(b"_C3_BC", "ü".encode())
        .replace(b"_C3_9F", "ß".encode())
    )
    assert plain != escaped
    font = (files(fonts) / "Roboto-Bold.ttf").read_bytes()
    assert draw_zpl_in(font, escaped).tobytes() == draw_zpl_in(font, plain).tobytes()
    assert is_framed(draw_zpl_in(font, escaped))


def test_a_pdf_embeds_its_fonts_and_prints_european_letters():
    made = sheet(recipient=("José Żółkiewski-Müller", "Γιώργος Παπαδόπουλος", "Иван Петров", "İğdır"))
    text = pypdfium2.PdfDocument(to_pdf(made))[0].get_textpage().get_text_range()
    for line in made.recipient:
        assert line in text
    assert "SIMULATED - NOT VALID FOR SHIPPING" in text
    assert b"/Helvetica" not in to_pdf(made)


def test_what_cannot_be_printed_is_said_on_the_label():
    text = pypdfium2.PdfDocument(to_pdf(sheet(recipient=("王小明", "Nanjing Road 1"))))[0].get_textpage()
    assert "???" in text.get_text_range()
    assert "? = sign this label cannot print" in text.get_text_range()
