"""The certificate of a sanitisation as PDF: one A4 page, fonts embedded, always the same bytes."""

import re
from io import BytesIO

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from backhaul.adapters.labels import fonts
from backhaul.adapters.labels.letters import printable
from backhaul.domain.returns.sanitisation import LockStatus, Sanitisation

WIDTH, HEIGHT = A4
LEFT, TOP, BOTTOM = 56, HEIGHT - 64, 48
_COLUMN = 190  # where the values begin
_SIZE, _LINE = 10, 15
_SMALL = 6
_MARK = "backhaul-sanitisation:"  # before the signed text, among the document's keywords
_SIGNED = re.compile(rb"backhaul-sanitisation:([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")


class PdfCertificates:
    """Prints certificates, and finds what was signed in them again."""

    def print(self, record: Sanitisation, *, signed: str) -> bytes:
        """Return the certificate as PDF."""
        with fonts.ONE_AT_A_TIME:
            alphabet = fonts.load()
            out = BytesIO()
            canvas = Canvas(out, A4, invariant=1, pageCompression=1, initialFontName=fonts.REGULAR)
            canvas.setTitle(f"Certificate of sanitisation {record.id}")
            canvas.setCreator("Backhaul")
            canvas.setKeywords(_MARK + signed)
            canvas.setFont(fonts.BOLD, 18)
            canvas.drawString(LEFT, TOP, "Certificate of sanitisation")
            canvas.setFont(fonts.REGULAR, _SIZE)
            canvas.drawString(LEFT, TOP - 18, "NIST Special Publication 800-88, Revision 1")
            at = TOP - 52
            for name, value in _rows(record):
                at = _row(canvas, at, name, printable(value, alphabet))
            _signature(canvas, at - 14, signed)
            canvas.showPage()
            canvas.save()
            return out.getvalue()

    def signed_text(self, page: bytes) -> str | None:
        """Return the signed text that a certificate carries; None when it carries none."""
        found = _SIGNED.search(page)
        return None if found is None else found[1].decode()


def _rows(record: Sanitisation) -> list[tuple[str, str]]:
    maker = " ".join(part for part in (record.manufacturer, record.model) if part)
    tool = " ".join(part for part in (record.tool, record.tool_version) if part)
    lock = "" if record.lock_status is LockStatus.NOT_APPLICABLE else record.lock_status.value
    rows = [
        ("Record", str(record.id)),
        ("Device", maker),
        ("Serial number", record.serial_number),
        ("Asset tag", record.asset_tag or ""),
        ("Media type", record.media_type),
        ("Media serial number", record.media_serial_number or ""),
        ("Method", record.method.value.capitalize()),
        ("Technique", record.technique),
        ("Tool and version", tool),
        ("Verification", record.verification.value.replace("_", " ").capitalize()),
        ("Result", record.result.value.capitalize()),
        ("Locks", lock.capitalize()),
        ("Performed by", f"{record.performed_by}, {record.performed_at:%Y-%m-%d %H:%M} UTC"),
        ("Verified by", f"{record.verified_by}, {record.verified_at:%Y-%m-%d %H:%M} UTC"),
        ("Note", record.note or ""),
    ]
    return [(name, value) for name, value in rows if value]


def _row(canvas: Canvas, at: float, name: str, value: str) -> float:
    canvas.setFont(fonts.BOLD, _SIZE)
    canvas.drawString(LEFT, at, name)
    canvas.setFont(fonts.REGULAR, _SIZE)
    for line in simpleSplit(value, fonts.REGULAR, _SIZE, WIDTH - _COLUMN - LEFT):
        canvas.drawString(_COLUMN, at, line)
        at -= _LINE
    return at


def _signature(canvas: Canvas, at: float, signed: str) -> None:
    """Draw the proof in letters; the QR code holds its last part, the signature itself."""
    header, payload, signature = signed.split(".")
    canvas.setFont(fonts.BOLD, _SIZE)
    canvas.drawString(LEFT, at, "Signature (Ed25519, JSON Web Signature)")
    canvas.setFont(fonts.REGULAR, _SMALL)
    for line in simpleSplit(f"{header}. {signature}", fonts.REGULAR, _SMALL, WIDTH - 2 * LEFT - 80):
        at -= _SMALL + 3
        canvas.drawString(LEFT, at, line)
    at -= _SMALL + 3
    canvas.drawString(LEFT, at, f"The signed record ({len(payload)} characters) is in this file's keywords.")
    code = QrCodeWidget(signature, barLevel="M")
    side = 70
    x1, y1, x2, y2 = code.getBounds()
    drawing = Drawing(side, side, transform=[side / (x2 - x1), 0, 0, side / (y2 - y1), 0, 0])
    drawing.add(code)
    drawing.drawOn(canvas, WIDTH - LEFT - side, max(BOTTOM, at - 30))
