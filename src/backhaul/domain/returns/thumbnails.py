"""Small pictures for pages: drawn when they are asked for, of pictures that were drawn anew before."""

from io import BytesIO

from PIL import Image

SIDE = 320  # pixels; twice of what pages show, for sharp screens
_QUALITY = 70
MEDIA_TYPE = "image/jpeg"


def draw_small(content: bytes) -> bytes:
    """Return a kept picture as a JPEG of at most `SIDE` pixels a side; what is transparent is white.

    It takes some ten milliseconds of processor time: call it in a thread.
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
    out = BytesIO()
    drawn.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
