"""The label's own letters: Roboto 2.138, unchanged, Apache License 2.0 (LICENSE.txt).

PDF's built-in fonts stop at Western Europe and are not embedded; Roboto writes every European language in
Latin, Greek and Cyrillic letters. The widths told here also hold for the resident font 0 of label printers.
"""

import threading
from functools import cache
from importlib.resources import as_file, files

from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

ONE_AT_A_TIME = threading.Lock()  # reportlab's fonts are shared and keep notes about each document
REGULAR, BOLD = "Roboto-Regular", "Roboto-Bold"

# Signs that font 0 of a label printer makes as wide as Roboto or wider, in parts of the letter size, measured
# at 32 dots on the strike that zplkit captured from a 203 dpi printer. All other signs are narrower there.
_ON_PRINTERS = (
    dict.fromkeys("!',:;[]", 0.29)
    | dict.fromkeys('"*\\', 0.47)
    | dict.fromkeys("^_{|}", 0.51)
    | dict.fromkeys("%+-=@", 0.91)
    | dict.fromkeys("<>~", 1.0)
)


@cache
def load() -> frozenset[str]:
    """Make both fonts known to reportlab and return the characters that both can print."""
    known: list[frozenset[str]] = []
    for name in (REGULAR, BOLD):
        with as_file(files(__name__) / f"{name}.ttf") as path:
            font = TTFont(name, str(path))
        registerFont(font)
        known.append(frozenset(filter(str.isprintable, map(chr, font.face.charToGlyph))))
    return frozenset.intersection(*known)


def width(text: str, size: float) -> float:
    """Return the width of a text in either weight, on paper or on a label printer, whichever is widest."""
    return sum(map(_advance, text)) * size


@cache
def _advance(character: str) -> float:
    load()
    on_paper: float = max(stringWidth(character, font, 1000) / 1000 for font in (REGULAR, BOLD))
    return max(on_paper, _ON_PRINTERS.get(character, 0.0))
