"""Look at a label as a scanner does: draw it at 203 dpi, then read every barcode from the pixels."""

import re
import unicodedata

import pypdfium2
import zplkit
import zxingcpp
from PIL import Image

WHITE = 255


def draw_pdf(content):
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    page = document[0]
    assert [round(side, 1) for side in page.get_size()] == [288.0, 432.0]
    return page.render(scale=203 / 72, grayscale=True).to_pil().convert("L")


def draw_zpl(content):
    labels = zplkit.render(_in_captured_letters(content), zplkit.Options(profile="zd621")).labels
    assert len(labels) == 1
    raster = labels[0].rasterize()
    return Image.frombytes("L", (raster.width, raster.height), raster.pixels)


def draw_zpl_in(font, content):
    """Draw a label unchanged, with a TrueType font downloaded to the printer in the place of its font 0."""
    download = f"~DYR:LETTERS,A,T,{len(font)},,{font.hex().upper()}\n".encode()
    replaced = content.replace(b"^CI28", b"^CI28^CW0,R:LETTERS.TTF")
    labels = zplkit.render(download + replaced, zplkit.Options(profile="zd621")).labels
    assert len(labels) == 1
    raster = labels[0].rasterize()
    return Image.frombytes("L", (raster.width, raster.height), raster.pixels)


def codes(picture):
    """Return every barcode as (symbology identifier, raw text)."""
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return {code.symbology_identifier: code.text for code in found}


def is_framed(picture):
    """Say whether nothing is printed outside the label's frame."""
    ink = picture.point(lambda value: WHITE - value).getbbox()
    return ink is not None and ink[0] >= 15 and ink[1] >= 15 and ink[2] <= 797 and ink[3] <= 1203


def _in_captured_letters(content):
    """Return the label with every accent taken off.

    zplkit draws font 0 from a strike captured on a printer, which holds ASCII and a handful more signs; it
    refuses the rest ("unsupported embedded font glyph"). Printers have all of Latin 1: see `draw_zpl_in`.
    """

    def plain(match):
        text = bytes.fromhex(match[0].replace("_", "")).decode()
        letters = (sign if sign.isascii() else unicodedata.normalize("NFKD", sign)[0] for sign in text)
        return "".join(f"_{ord(letter if letter.isascii() else 'o'):02X}" for letter in letters)

    return re.sub(r"(?:_[0-9A-F]{2})+", plain, content.decode("ascii")).encode("ascii")
