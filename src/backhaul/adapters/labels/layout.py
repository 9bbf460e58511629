"""Where everything stands on a 4 × 6 inch label, in dots of 1/203 inch, counted from the upper left corner.

Both writers draw these marks and nothing else, so that PDF and ZPL always show the same label.
"""

from collections.abc import Callable, Iterator

import msgspec

from backhaul.adapters.labels.fitting import LEADING, Fitted, Measure, fit
from backhaul.adapters.labels.letters import STAND_IN
from backhaul.adapters.labels.sheet import Barcode, LabelSheet

DOTS_PER_INCH = 203
WIDTH, HEIGHT = 812, 1218
MODULE = 3  # dots per narrow bar: 14.8 mil, inside the 13 to 21 mil that USPS asks for
QR_SIDE = 150  # at most; the white around it is part of the layout

_EDGE = 16
_LEFT, _RIGHT = 36, 776
_THIN, _THICK = 3, 6
_ACROSS = WIDTH - 2 * _EDGE - 2  # ends below the frame's own line, so that rounding cannot show it outside


class Box(msgspec.Struct, frozen=True):
    """A frame, or a filled area if as thick as it is high."""

    x: int
    y: int
    width: int
    height: int
    line: int


class Text(msgspec.Struct, frozen=True):
    """A line of text on its baseline, in printable letters."""

    x: int
    baseline: int
    size: int
    text: str
    is_bold: bool = True
    is_white: bool = False
    centred_in: int | None = None  # width of the room whose left edge is x


class Bars(msgspec.Struct, frozen=True):
    """A linear barcode, centred on the label."""

    y: int
    height: int
    code: Barcode


class Qr(msgspec.Struct, frozen=True):
    """A QR code, centred on a point."""

    x: int
    y: int
    content: str


Mark = Box | Text | Bars | Qr


def lay_out(sheet: LabelSheet, *, say: Callable[[str], str], measure: Measure) -> Iterator[Mark]:
    """Return every mark of a label; `say` brings text into letters the writer has."""
    yield Box(_EDGE, _EDGE, WIDTH - 2 * _EDGE, HEIGHT - 2 * _EDGE, _THIN)
    yield from _head(sheet, say, measure)
    yield from _sender(sheet, say, measure)
    yield from _recipient(sheet, say, measure)
    yield from _barcode(sheet, say)
    yield from _foot(sheet, say, measure)


def _rule(y: int, thickness: int) -> Box:
    return Box(_EDGE, y, _ACROSS, thickness, thickness)


def _block(x: int, top: int, fitted: Fitted, *, is_bold: bool) -> Iterator[Text]:
    for row, line in enumerate(fitted.lines):
        baseline = round(top + fitted.size * (0.84 + row * LEADING))
        yield Text(x, baseline, fitted.size, line, is_bold=is_bold)


def _head(sheet: LabelSheet, say: Callable[[str], str], measure: Measure) -> Iterator[Mark]:
    yield Box(_EDGE, _EDGE, 160, 164, _THIN)
    yield Text(_EDGE, 145, 130, say(sheet.letter)[:1], centred_in=160)
    carrier = fit([say(sheet.carrier)], width=570, height=90, sizes=range(64, 28, -2), measure=measure)
    service = fit([say(sheet.service)], width=570, height=60, sizes=range(38, 18, -2), measure=measure)
    yield Text(200, 94, carrier.size, carrier.lines[0])
    yield Text(200, 152, service.size, service.lines[0], is_bold=False)
    yield Box(_EDGE, 177, _ACROSS, 46, 46 if sheet.banner else _THIN)
    if sheet.banner:
        yield Text(_EDGE, 212, 32, say(sheet.banner), is_white=True, centred_in=WIDTH - 2 * _EDGE)


def _sender(sheet: LabelSheet, say: Callable[[str], str], measure: Measure) -> Iterator[Mark]:
    yield Text(_LEFT, 250, 18, "FROM", is_bold=False)
    lines = [say(line) for line in sheet.sender]
    yield from _block(
        _LEFT, 260, fit(lines, width=470, height=140, sizes=range(24, 9, -1), measure=measure), is_bold=False
    )
    for row, (name, value) in enumerate(sheet.details):
        top = 236 + row * 54
        shown = fit([say(value)], width=240, height=30, sizes=range(26, 12, -1), measure=measure)
        yield Text(536, top + 16, 16, say(name), is_bold=False)
        yield Text(536, top + 42, shown.size, shown.lines[0])
    yield _rule(406, _THIN)


def _recipient(sheet: LabelSheet, say: Callable[[str], str], measure: Measure) -> Iterator[Mark]:
    lines = [say(line) for line in sheet.recipient]
    lost = any(
        STAND_IN in said and STAND_IN not in line for line, said in zip(sheet.recipient, lines, strict=True)
    )
    note = f"   ({STAND_IN} = sign this label cannot print)" if lost else ""
    yield Text(_LEFT, 440, 22, f"SHIP TO{note}", is_bold=False)
    sizes = range(46, 15, -1)
    yield from _block(
        _LEFT, 454, fit(lines, width=740, height=226, sizes=sizes, measure=measure), is_bold=True
    )
    yield _rule(686, _THICK)


def _barcode(sheet: LabelSheet, say: Callable[[str], str]) -> Iterator[Mark]:
    inner = WIDTH - 2 * _EDGE
    yield Text(_EDGE, 728, 30, say(sheet.barcode.caption), centred_in=inner)
    yield Bars(748, 180, sheet.barcode)
    yield Text(_EDGE, 976, 40, say(sheet.barcode.text), centred_in=inner)
    yield _rule(996, _THICK)


def _foot(sheet: LabelSheet, say: Callable[[str], str], measure: Measure) -> Iterator[Mark]:
    yield Text(_LEFT, 1030, 18, "REFERENCE", is_bold=False)
    reference = [say(sheet.reference)] if sheet.reference.strip() else []
    yield from _block(
        _LEFT,
        1036,
        fit(reference, width=536, height=64, sizes=range(30, 15, -1), measure=measure),
        is_bold=True,
    )
    yield Text(_LEFT, 1122, 18, "TRACK THIS PARCEL", is_bold=False)
    page = fit([sheet.tracking_page], width=536, height=36, sizes=range(20, 11, -1), measure=measure)
    yield from _block(_LEFT, 1127, page, is_bold=False)
    yield Text(_LEFT, 1188, 18, say(sheet.footer), is_bold=False)
    yield Qr(692, 1101, sheet.tracking_page)
