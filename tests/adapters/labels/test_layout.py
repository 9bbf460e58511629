import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.adapters.labels import Barcode, address_lines, fonts, render_label
from backhaul.adapters.labels.fitting import ELLIPSIS, LEADING, fit
from backhaul.adapters.labels.layout import Text, lay_out
from backhaul.adapters.labels.letters import printable
from backhaul.adapters.labels.sheet import weight_text
from backhaul.adapters.labels.zpl import field
from backhaul.kernel.addresses import Address
from backhaul.kernel.measures import Dimensions

from .sheets import sheet

WORDS = st.lists(
    st.text(alphabet="WMabcdefghij0123456789-", min_size=1, max_size=60), min_size=1, max_size=12
)
LINES = st.lists(WORDS.map(lambda words: " ".join(words)[:60].strip() or "x"), min_size=1, max_size=6)


@given(recipient=LINES, sender=LINES)
def test_six_lines_of_sixty_characters_are_printed_whole(recipient, sender):
    made = sheet(recipient=tuple(recipient), sender=tuple(sender))
    marks = lay_out(made, say=printable, measure=fonts.width)
    texts = [mark.text for mark in marks if isinstance(mark, Text)]
    assert not any(text.endswith(ELLIPSIS) for text in texts)
    shown = "".join(texts).replace(" ", "")
    for line in (*recipient, *sender):
        assert line.replace(" ", "") in shown


@given(
    lines=st.lists(st.text(max_size=200), max_size=6), width=st.integers(60, 800), height=st.integers(60, 300)
)
def test_fitted_lines_fit(lines, width, height):
    lines = [printable(line) for line in lines]
    fitted = fit(lines, width=width, height=height, sizes=range(30, 9, -1), measure=fonts.width)
    assert all(fonts.width(line, fitted.size) <= width for line in fitted.lines)
    assert len(fitted.lines) * fitted.size * LEADING <= max(height, len(lines) * 10 * LEADING)


@given(st.text())
def test_field_data_never_holds_a_command(text):
    written = field(text)
    assert not set(written) & set("^~\\\n\r\x00")
    pieces = written.split("_")
    read = pieces[0].encode() + b"".join(
        bytes.fromhex(piece[:2]) + piece[2:].encode() for piece in pieces[1:]
    )
    assert read.decode() == text


async def test_labels_written_at_once_are_the_labels_written_one_by_one():
    sheets = [sheet(recipient=(f"Person {n}", "Łódź", "Иван")) for n in range(8)]
    at_once = await asyncio.gather(*(asyncio.to_thread(render_label, made) for made in sheets))
    assert at_once == [render_label(made) for made in sheets]


def test_the_country_stands_on_mail_that_leaves_it():
    address = Address(
        name="Grete Weiß", line_1="Torstraße 5", city="Berlin", postal_code="10119", country_code="DE"
    )
    assert address_lines(address, seen_from="DE") == ("Grete Weiß", "Torstraße 5", "Berlin, 10119")
    assert address_lines(address, seen_from="US")[-1] == "DE"


@pytest.mark.parametrize(
    ("grams", "country", "text"),
    [(2350, "US", "5 lb 3 oz"), (453, "US", "1 lb 0 oz"), (10, "US", "0 lb 1 oz"), (2350, "DE", "2.35 kg")],
)
def test_weights_are_written_as_the_country_reads_them(grams, country, text):
    assert weight_text(Dimensions(1, 1, 1, grams), country_code=country) == text


def test_a_tracking_page_too_long_for_its_qr_code_is_refused():
    with pytest.raises(ValueError, match="no room"):
        sheet(tracking_page="https://example.com/" + "x" * 140)


def test_a_barcode_holds_letters_and_digits_only():
    with pytest.raises(ValueError, match="letters and digits"):
        Barcode(caption="", text="", elements=("1^XA",))
    with pytest.raises(ValueError, match="even number"):
        Barcode(caption="", text="", elements=("123",), is_gs1=True)
