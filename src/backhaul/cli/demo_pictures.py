"""Pictures for the demo, drawn: a laptop on a warehouse's table, as a camera there would see it."""

import math
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (1280, 960)
TABLE, METAL, DARK, SCREEN = (196, 170, 132), (176, 180, 186), (58, 61, 66), (34, 52, 84)
STICKER = (250, 214, 64)
LID, BASE = (330, 130, 950, 530), ((250, 760), (1030, 760), (950, 550), (330, 550))
COLUMNS, ROWS = 13, 4


def draw_laptop(text: str, *, turned: float = 0.0, scratches: int = 0) -> bytes:
    """Return a JPEG of an opened laptop with a sticker; `turned` is in degrees, `scratches` are those on its screen."""
    image = Image.new("RGB", SIZE, TABLE)
    draw = ImageDraw.Draw(image)
    for y in range(0, SIZE[1], 48):  # boards of the table
        draw.line((0, y, SIZE[0], y + 9), fill=(184, 157, 119), width=3)
    draw.rounded_rectangle(LID, radius=18, fill=DARK)
    left, top, right, bottom = LID
    draw.rectangle((left + 18, top + 18, right - 18, bottom - 26), fill=SCREEN)
    for nth in range(scratches):
        x, y = left + 90 + nth * 131 % 420, top + 60 + nth * 67 % 260
        draw.line((x, y, x + 70, y + 34), fill=METAL, width=4)
    draw.polygon(BASE, fill=METAL)
    _draw_keys(draw)
    draw.rounded_rectangle((560, 690, 720, 748), radius=8, fill=(160, 164, 170))
    draw.rectangle((740, 700, 1000, 750), fill=STICKER)
    draw.text((752, 712), text, fill=(20, 20, 20), font_size=24)
    out = BytesIO()
    image.rotate(turned, Image.Resampling.BICUBIC, fillcolor=TABLE).save(out, "JPEG", quality=82)
    return out.getvalue()


def _draw_keys(draw: ImageDraw.ImageDraw) -> None:
    for row in range(ROWS):
        y = 568 + row * 28
        spread = 1 + row * 0.05  # what is nearer looks wider
        for column in range(COLUMNS):
            x = 640 + (column - (COLUMNS - 1) / 2) * 43 * spread
            half = math.floor(18 * spread)
            draw.rounded_rectangle((x - half, y, x + half, y + 20), radius=4, fill=DARK)
