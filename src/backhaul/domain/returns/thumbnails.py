"""Small pictures for pages: drawn when they are asked for, of pictures that were drawn anew before."""

from io import BytesIO

from PIL import Image

SIDE = 320  # pixels; twice of what pages show, for sharp screens
MEDIA_TYPE = "image/jpeg"
MOST_BYTES = 3_600  # twenty of them, with the page around them, are less than 100 KB
# Tried in turn until one is small enough: pixels a side, and the quality. The last one is taken as it comes.
_TRIED = ((SIDE, 70), (SIDE, 50), (240, 50), (200, 40), (160, 40), (160, 30), (120, 25))


def draw_small(content: bytes) -> bytes:
    """Return a kept picture as a JPEG of at most `SIDE` pixels a side, the smaller the more there is to see.

    What is transparent is white. It takes some ten milliseconds of processor time: call it in a thread.
    """
    with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as opened:
        opened.draft("RGB", (SIDE, SIDE))
        opened.load()
        drawn = opened.convert("RGBA") if "A" in opened.getbands() else opened.convert("RGB")
    drawn.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    if drawn.mode == "RGBA":
        white = Image.new("RGB", drawn.size, "white")
        white.paste(drawn, mask=drawn.getchannel("A"))
        drawn = white
    found = b""
    for side, quality in _TRIED:
        drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = BytesIO()
        drawn.save(out, "JPEG", quality=quality, optimize=True)
        found = out.getvalue()
        if len(found) <= MOST_BYTES:
            break
    return found
