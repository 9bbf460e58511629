"""An invoice on paper: as many pages as its lines need, fonts embedded, always the same bytes."""

from collections.abc import Container, Iterator
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from backhaul.adapters.labels import fonts
from backhaul.adapters.labels.letters import printable
from backhaul.domain.billing.invoices.model import Invoice, InvoiceDetail, InvoiceLine
from backhaul.kernel.addresses import Address

WIDTH, HEIGHT = A4
MARGIN = 56
RIGHT = WIDTH - MARGIN
TEXT_LEFT = MARGIN + 80
ROW = 15
FIRST_TOP, NEXT_TOP, BOTTOM = HEIGHT - 270, HEIGHT - 100, 130  # between them stand the lines
FIRST_ROWS, NEXT_ROWS = int((FIRST_TOP - BOTTOM) // ROW), int((NEXT_TOP - BOTTOM) // ROW)


class PdfInvoices:
    """Puts invoices on A4."""

    def to_pdf(self, detail: InvoiceDetail) -> bytes:
        """Return an invoice as PDF."""
        with fonts.ONE_AT_A_TIME:
            paper = _Paper(detail.invoice, fonts.load())
            pages = list(_pages(detail.lines))
            for number, lines in enumerate(pages, start=1):
                paper.page(lines, number=number, count=len(pages))
            return paper.finished()


def _pages(lines: tuple[InvoiceLine, ...]) -> Iterator[tuple[InvoiceLine, ...]]:
    yield lines[:FIRST_ROWS]
    for start in range(FIRST_ROWS, len(lines), NEXT_ROWS):
        yield lines[start : start + NEXT_ROWS]


class _Paper:
    """A canvas and what is written on it."""

    def __init__(self, invoice: Invoice, alphabet: Container[str]) -> None:
        self._invoice, self._alphabet = invoice, alphabet
        self._out = BytesIO()
        self._canvas = Canvas(self._out, A4, invariant=1, pageCompression=1, initialFontName=fonts.REGULAR)
        self._canvas.setTitle(f"Invoice {invoice.name}")
        self._canvas.setCreator("Backhaul")

    def page(self, lines: tuple[InvoiceLine, ...], *, number: int, count: int) -> None:
        """Write one page."""
        top = FIRST_TOP if number == 1 else NEXT_TOP
        if number == 1:
            self._head()
        self._write(MARGIN, top + ROW, "Date", bold=True)
        self._write(TEXT_LEFT, top + ROW, "For", bold=True)
        self._write_right(top + ROW, self._invoice.currency, bold=True)
        self._canvas.line(MARGIN, top + ROW - 5, RIGHT, top + ROW - 5)
        for row, line in enumerate(lines):
            y = top - row * ROW
            self._write(MARGIN, y, f"{line.at:%Y-%m-%d}")
            self._write(TEXT_LEFT, y, line.text, room=RIGHT - TEXT_LEFT - 80)
            self._write_right(y, self._amount(line.amount_minor))
        if number == count:
            self._totals()
        self._write(MARGIN, 40, f"Invoice {self._invoice.name}")
        self._write_right(40, f"Page {number} of {count}")
        self._canvas.showPage()

    def finished(self) -> bytes:
        """Return the document."""
        self._canvas.save()
        return self._out.getvalue()

    def _head(self) -> None:
        invoice = self._invoice
        self._write(MARGIN, HEIGHT - 80, f"Invoice {invoice.name}", bold=True, size=20)
        self._write(MARGIN, HEIGHT - 104, f"{invoice.starts_on} to {invoice.ends_on} (UTC)")
        self._write(MARGIN, HEIGHT - 119, f"Made on {invoice.created_at:%Y-%m-%d}")
        for row, text in enumerate((invoice.customer_name, *_address_lines(invoice.customer_address))):
            self._write(MARGIN, HEIGHT - 150 - row * 14, text, bold=row == 0, room=RIGHT - MARGIN)

    def _totals(self) -> None:
        invoice = self._invoice
        self._canvas.line(MARGIN, BOTTOM - 8, RIGHT, BOTTOM - 8)
        rows = (
            ("Total", invoice.total_minor),
            ("Paid", invoice.total_paid_minor),
            ("To be paid", invoice.total_billed_minor),
        )
        for row, (text, amount_minor) in enumerate(rows):
            y = BOTTOM - 25 - row * ROW
            self._write(TEXT_LEFT, y, text, bold=row == 0)
            self._write_right(y, f"{self._amount(amount_minor)} {invoice.currency}", bold=row == 0)

    @staticmethod
    def _amount(amount_minor: int) -> str:
        sign = "-" if amount_minor < 0 else ""
        return f"{sign}{abs(amount_minor) // 100:,}.{abs(amount_minor) % 100:02}"

    def _write(
        self, x: float, y: float, text: str, *, bold: bool = False, size: float = 9.5, room: float = WIDTH
    ) -> None:
        font = fonts.BOLD if bold else fonts.REGULAR
        said = printable(text, self._alphabet)
        while stringWidth(said, font, size) > room:
            said = said.removesuffix("…")[:-1] + "…"
        self._canvas.setFont(font, size)
        self._canvas.drawString(x, y, said)

    def _write_right(self, y: float, text: str, *, bold: bool = False) -> None:
        self._canvas.setFont(fonts.BOLD if bold else fonts.REGULAR, 9.5)
        self._canvas.drawRightString(RIGHT, y, printable(text, self._alphabet))


def _address_lines(address: Address | None) -> list[str]:
    if address is None:
        return []
    place = " ".join(filter(None, (address.postal_code, address.city, address.state_code)))
    return list(filter(None, (address.line_1, address.line_2, place, address.country_code)))
