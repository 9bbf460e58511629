"""QR codes as one path of SVG: no style, no script, no picture from elsewhere."""

import msgspec
from reportlab.graphics.barcode.qr import QrCodeWidget

_QUIET = 4  # modules of white around it (ISO/IEC 18004 §6.3.8)


class QrPath(msgspec.Struct, frozen=True):
    """A code: its side in modules, the white around it included, and the dark ones as a path."""

    side: int
    path: str


def qr_path(content: str) -> QrPath:
    """Return a QR code of a text, at error correction level M."""
    code = QrCodeWidget(content, barLevel="M").qr
    code.make()
    count = code.getModuleCount()
    runs = []
    for row in range(count):
        column = 0
        while column < count:
            length = 0
            while column + length < count and code.isDark(row, column + length):
                length += 1
            if length:
                runs.append(f"M{column + _QUIET} {row + _QUIET}h{length}v1h-{length}z")
            column += length + 1
    return QrPath(count + 2 * _QUIET, "".join(runs))
