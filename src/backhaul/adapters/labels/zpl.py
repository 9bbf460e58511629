"""Write a label as ZPL II for 203 dpi printers.

Only commands that every ZPL II printer knows; text in its resident font 0 under ^CI28 (UTF-8). Whatever an
address contains, it cannot leave its field: all but letters, digits and a few signs goes as ^FH
hexadecimal.
"""

from backhaul.adapters.labels import fonts
from backhaul.adapters.labels.layout import HEIGHT, MODULE, QR_SIDE, WIDTH, Bars, Box, Qr, Text, lay_out
from backhaul.adapters.labels.letters import LATIN_1, printable
from backhaul.adapters.labels.sheet import TRACKING_PAGE_BYTES, LabelSheet

_HARMLESS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:/-#()+")
_ASCENT = 0.75  # of font 0, from the top of its matrix to the baseline, by size
_START_B, _START_C, _TO_C, _FNC1 = ">:", ">;", ">5", ">8"  # invocation codes of ^BC
_QR_OFFSET = 10  # printers draw a QR code lower than asked by ^BY's height, which is therefore set to this

# Bytes a QR code of error level M holds by version (ISO/IEC 18004, table 7): decides its size in modules.
_QR_CAPACITY = (14, 26, 42, 62, 84, 106, 122, TRACKING_PAGE_BYTES)


def to_zpl(sheet: LabelSheet) -> bytes:
    """Return a label as ZPL II."""
    lines = ["^XA", "^CI28", f"^PW{WIDTH}", f"^LL{HEIGHT}", "^LH0,0"]
    for mark in lay_out(sheet, say=lambda text: printable(text, LATIN_1), measure=fonts.width):
        match mark:
            case Box():
                lines.append(f"^FO{mark.x},{mark.y}^GB{mark.width},{mark.height},{mark.line},B,0^FS")
            case Text():
                lines.append(_text(mark))
            case Bars():
                lines.append(_bars(mark))
            case Qr():
                lines.append(_qr(mark))
    return "\n".join([*lines, "^XZ", ""]).encode("ascii")


def field(text: str) -> str:
    """Return field data that no printer can mistake for a command."""
    return "".join(chr(byte) if byte in _HARMLESS else f"_{byte:02X}" for byte in text.encode())


def _text(text: Text) -> str:
    place = f"^FO{text.x},{round(text.baseline - _ASCENT * text.size)}^A0N,{text.size}"
    block = "" if text.centred_in is None else f"^FB{text.centred_in},1,0,C,0"
    reversed_out = "^FR" if text.is_white else ""
    return f"{place}{block}{reversed_out}^FH_^FD{field(text.text)}^FS"


def _bars(bars: Bars) -> str:
    elements = bars.code.elements
    content, symbols = _gs1(elements) if bars.code.is_gs1 else _code_128("".join(elements))
    left = max(0, (WIDTH - (symbols * 11 + 2) * MODULE) // 2)
    # Mode N, since every start and function character is spelled out; mode D would add a second FNC1.
    return f"^FO{left},{bars.y}^BY{MODULE}^BCN,{bars.height},N,N,N,N^FD{content}^FS"


def _gs1(elements: tuple[str, ...]) -> tuple[str, int]:
    """Return GS1-128 in code set C, FNC1 before every element string, and how many symbols it takes."""
    pairs = sum(1 + len(element) // 2 for element in elements)
    return _START_C + "".join(_FNC1 + element for element in elements), pairs + 3


def _code_128(text: str) -> tuple[str, int]:
    """Return Code 128 with the digits at the end in pairs, and how many symbols it takes."""
    digits = len(text) - len(text.rstrip("0123456789"))
    paired = digits - digits % 2
    head, tail = text[: len(text) - paired], text[len(text) - paired :]
    if not head:
        return _START_C + tail, paired // 2 + 3
    switch = _TO_C if tail else ""
    return _START_B + head + switch + tail, len(head) + bool(tail) + paired // 2 + 3


def _qr(mark: Qr) -> str:
    needed = len(mark.content.encode())
    version = next(i for i, capacity in enumerate(_QR_CAPACITY, 1) if needed <= capacity)
    count = 17 + 4 * version
    magnification = QR_SIDE // count
    left, top = (at - count * magnification // 2 for at in (mark.x, mark.y))
    place = f"^FO{left},{top - _QR_OFFSET}^BY{MODULE},3,{_QR_OFFSET}^BQN,2,{magnification}"
    return f"{place}^FH_^FDMA,{field(mark.content)}^FS"
