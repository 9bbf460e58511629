"""Write a label as PDF: 4 × 6 inches, fonts embedded, barcodes as vectors, always the same bytes."""

from io import BytesIO

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.pdfgen.canvas import FILL_EVEN_ODD, Canvas

from backhaul.adapters.labels import fonts, layout
from backhaul.adapters.labels.layout import HEIGHT, WIDTH, Bars, Box, Qr, Text, lay_out
from backhaul.adapters.labels.letters import printable
from backhaul.adapters.labels.sheet import LabelSheet

_POINT = 72 / layout.DOTS_PER_INCH  # one dot in PDF's unit
_FNC1 = "\xf1"  # reportlab's name for the function character 1


def to_pdf(sheet: LabelSheet) -> bytes:
    """Return a label as PDF."""
    with fonts.ONE_AT_A_TIME:
        alphabet = fonts.load()
        out = BytesIO()
        canvas = Canvas(
            out,
            (WIDTH * _POINT, HEIGHT * _POINT),
            invariant=1,
            pageCompression=1,
            initialFontName=fonts.REGULAR,
        )
        canvas.setTitle(printable(f"{sheet.carrier} {sheet.barcode.text}", alphabet))
        canvas.setCreator("Backhaul")
        canvas.scale(_POINT, _POINT)  # from here on in dots, upwards
        for mark in lay_out(sheet, say=lambda text: printable(text, alphabet), measure=fonts.width):
            match mark:
                case Box():
                    _draw_box(canvas, mark)
                case Text():
                    _draw_text(canvas, mark)
                case Bars():
                    _draw_bars(canvas, mark)
                case Qr():
                    _draw_qr(canvas, mark)
        canvas.showPage()
        canvas.save()
        return out.getvalue()


def _draw_box(canvas: Canvas, box: Box) -> None:
    bottom = HEIGHT - box.y - box.height
    if box.line >= min(box.width, box.height):
        canvas.rect(box.x, bottom, box.width, box.height, stroke=0, fill=1)
        return
    frame = canvas.beginPath()
    frame.rect(box.x, bottom, box.width, box.height)
    frame.rect(box.x + box.line, bottom + box.line, box.width - 2 * box.line, box.height - 2 * box.line)
    canvas.drawPath(frame, stroke=0, fill=1, fillMode=FILL_EVEN_ODD)


def _draw_text(canvas: Canvas, text: Text) -> None:
    canvas.setFont(fonts.BOLD if text.is_bold else fonts.REGULAR, text.size)
    canvas.setFillGray(1 if text.is_white else 0)
    if text.centred_in is None:
        canvas.drawString(text.x, HEIGHT - text.baseline, text.text)
    else:
        canvas.drawCentredString(text.x + text.centred_in / 2, HEIGHT - text.baseline, text.text)
    canvas.setFillGray(0)


def _draw_bars(canvas: Canvas, bars: Bars) -> None:
    start = _FNC1 if bars.code.is_gs1 else ""
    content = "".join(start + element for element in bars.code.elements)
    code = Code128(content, barWidth=layout.MODULE, barHeight=bars.height, quiet=0)
    code.drawOn(canvas, (WIDTH - code.width) / 2, HEIGHT - bars.y - bars.height)


def _draw_qr(canvas: Canvas, mark: Qr) -> None:
    code = QrCodeWidget(mark.content, barLevel="M").qr
    code.make()
    count = code.getModuleCount()
    module = layout.QR_SIDE // count
    left = mark.x - module * count / 2
    top = HEIGHT - mark.y + module * count / 2
    path = canvas.beginPath()
    for row, line in enumerate(code.modules):
        for start, length in _runs(line):
            path.rect(left + start * module, top - (row + 1) * module, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def _runs(line: list[bool]) -> list[tuple[int, int]]:
    """Return where dark modules begin and how many stand side by side."""
    runs: list[tuple[int, int]] = []
    for column, is_dark in enumerate(line):
        if is_dark and runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((column, 1))
    return runs
