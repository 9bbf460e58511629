"""Write packing lists as PDF: what belongs into the box, how to pack it, whose it is as a barcode."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from backhaul.adapters.labels import fonts
from backhaul.adapters.labels.fitting import wrap
from backhaul.adapters.labels.letters import printable
from backhaul.domain.recovery.person.ports import PackingSheet

_MARGIN = 54  # points, three quarters of an inch
_LEADING = 1.35  # line distance by letter size
_BAR_WIDTH, _BAR_HEIGHT = 1.5, 48

_FIRST = (
    "Sign out of your accounts on each device and switch it off.",
    "Tick off above what goes in. Chargers and cables only if they are on this list.",
)
_WITH_BOX = (
    "Put everything and this page into the box you were sent, with the padding that came in it.",
    "Close the box with tape, and stick the return label over the old one.",
)
_WITHOUT_BOX = (
    "Take a sturdy box. Wrap each device, so that nothing moves when you shake the box, and put this page in.",
    "Close the box with tape, and take the label off that is on it from an earlier journey.",
    "Print the label, and tape it flat onto the largest side.",
)
_LAST = ("Hand the box to the carrier, and keep the receipt if you get one.",)


class PaperWriter:
    """Writes papers with reportlab; pages hold what fits, further lines go on the next page."""

    def packing_list(self, sheets: tuple[PackingSheet, ...]) -> bytes:
        """Return a PDF with a page for each parcel, more for a long list."""
        with fonts.ONE_AT_A_TIME:
            alphabet = fonts.load()
            out = BytesIO()
            canvas = Canvas(out, invariant=1, pageCompression=1, initialFontName=fonts.REGULAR)
            canvas.setTitle(printable(f"Packing list {sheets[0].code}", alphabet))
            canvas.setCreator("Backhaul")
            for sheet in sheets:
                _Paper(canvas, sheet, partial(printable, alphabet=alphabet)).write()
            canvas.save()
            return out.getvalue()


class _Paper:
    """One parcel's list, written from top to bottom."""

    def __init__(self, canvas: Canvas, sheet: PackingSheet, say: Callable[[str], str]) -> None:
        self._canvas, self._sheet, self._say = canvas, sheet, say
        self._width, self._height = LETTER if sheet.is_letter else A4
        self._y = 0.0

    def write(self) -> None:
        """Write the sheet and end its page."""
        sheet = self._sheet
        self._begin()
        self._text("Packing list", 22, is_bold=True)
        of = f", parcel {sheet.parcel} of {sheet.parcel_count}" if sheet.parcel_count > 1 else ""
        self._text(f"{sheet.campaign_name} – {sheet.organization_name}{of}", 12)
        self._text(f"From {sheet.person_name}", 12)
        self._barcode()
        self._text("Into this box", 14, is_bold=True, above=10)
        for line in sheet.lines:
            self._check(line.name, line.marks)
        self._text("How to pack", 14, is_bold=True, above=10)
        steps = (*_FIRST, *(_WITH_BOX if sheet.has_box else _WITHOUT_BOX), *_LAST)
        for number, step in enumerate(steps, 1):
            self._text(f"{number}. {step}", 11)
        self._text("It goes to", 14, is_bold=True, above=10)
        for part in sheet.return_to:
            self._text(part, 11)
        if sheet.helpdesk_email:
            self._text(f"Questions? {sheet.helpdesk_email}", 11, above=10)
        self._canvas.showPage()

    def _begin(self) -> None:
        self._canvas.setPageSize((self._width, self._height))
        self._y = self._height - _MARGIN

    def _need(self, height: float) -> None:
        if self._y - height < _MARGIN:
            self._canvas.showPage()
            self._begin()

    def _text(
        self, text: str, size: int, *, is_bold: bool = False, above: float = 0, indent: float = 0
    ) -> None:
        room = self._width - 2 * _MARGIN - indent
        self._y -= above
        for part in wrap(self._say(text), width=room, size=size, measure=fonts.width):
            self._need(size * _LEADING)
            self._y -= size * _LEADING
            self._canvas.setFont(fonts.BOLD if is_bold else fonts.REGULAR, size)
            self._canvas.drawString(_MARGIN + indent, self._y, part)

    def _check(self, name: str, marks: tuple[str, ...]) -> None:
        side = 11
        self._need(3 * side * _LEADING)
        self._canvas.rect(_MARGIN, self._y - side * _LEADING - 1, side, side, stroke=1, fill=0)
        self._text(name, 12, is_bold=True, indent=22)
        if marks:
            self._text(", ".join(marks), 10, indent=22)
        self._y -= 4

    def _barcode(self) -> None:
        code = Code128(self._sheet.code, barWidth=_BAR_WIDTH, barHeight=_BAR_HEIGHT, quiet=0)
        self._y -= _BAR_HEIGHT + 14
        code.drawOn(self._canvas, _MARGIN, self._y)
        self._text(self._sheet.code, 11)
