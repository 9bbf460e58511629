"""Pictures from strangers."""

from io import BytesIO

import msgspec
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.domain.returns.depot import picture
from tests.domain.returns.forging import animated, png_of, with_segment

from backhaul.domain.returns.errors import PhotoRefused
from backhaul.domain.returns.model import Policy
from backhaul.domain.returns.pictures import draw_anew

POLICY = Policy()
SECRET = b"secret-words-of-the-sender"


JPEG, PNG, WEBP = picture("JPEG"), picture("PNG"), picture("WEBP")
ZIP = b"PK\x03\x04" + b"x" * 40 + b"PK\x05\x06" + b"\x00" * 18

HOSTILE = {
    "nothing": (b"", "neither JPEG, PNG nor WebP"),
    "text": (b"hello", "neither JPEG, PNG nor WebP"),
    "a script that is called a picture": (b"<script>alert(1)</script>", "neither JPEG, PNG nor WebP"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither JPEG, PNG nor WebP"),
    "GIF": (picture("GIF"), "neither JPEG, PNG nor WebP"),
    "TIFF": (picture("TIFF"), "neither JPEG, PNG nor WebP"),
    "BMP": (picture("BMP"), "neither JPEG, PNG nor WebP"),
    "PDF": (b"%PDF-1.7\n", "neither JPEG, PNG nor WebP"),
    "JPEG's first bytes alone": (JPEG[:3], "broken or incomplete JPEG"),
    "PNG's first bytes alone": (PNG[:8], "broken or incomplete PNG"),
    "WebP's first bytes alone": (WEBP[:12], "broken or incomplete WEBP"),
    "half a JPEG": (JPEG[: len(JPEG) // 2], "broken or incomplete JPEG"),
    "half a PNG": (PNG[: len(PNG) // 2], "broken or incomplete PNG"),
    "half a WebP": (WEBP[: len(WEBP) // 2], "broken or incomplete WEBP"),
    "a PNG with a wrong sum": (PNG[:-20] + bytes([PNG[-20] ^ 1]) + PNG[-19:], "broken or incomplete PNG"),
    "a PNG without its rows": (png_of(20, 20), "broken or incomplete PNG"),
    "a bomb by its header": (png_of(60_000, 60_000), "more than 50000000 pixels"),
    "a bomb that is decoded": (png_of(8000, 8000, data=b"\x00" * 1000), "more than 50000000 pixels"),
    "a picture without pixels": (png_of(0, 10), "broken or incomplete PNG"),
    "moving PNG": (animated("PNG"), "animated"),
    "moving WebP": (animated("WEBP"), "animated"),
    "a ZIP behind a JPEG": (JPEG + ZIP, "something else is hidden behind"),
    "a ZIP behind a PNG": (PNG + ZIP, "something else is hidden behind"),
    "a ZIP behind a WebP": (WEBP + ZIP, "something else is hidden behind"),
    "a page behind a JPEG": (JPEG + b"<html><script>", "something else is hidden behind"),
    "a PDF in a JPEG's comment": (with_segment(JPEG, b"%PDF-1.4 1 0 obj"), "a PDF at the same time"),
    "a film that says it is WebP": (b"RIFF\x10\x00\x00\x00WEBPxxxxxxxxxxxx", "broken or incomplete WEBP"),
    "a JPEG full of nonsense": (b"\xff\xd8\xff" + b"\x00" * 500, "broken or incomplete JPEG"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_is_refused_clearly(name):
    content, reason = HOSTILE[name]
    with pytest.raises(PhotoRefused) as refused:
        draw_anew(content, POLICY)
    assert reason in refused.value.data["reason"]


def test_more_bytes_than_allowed_are_refused_unread():
    with pytest.raises(PhotoRefused, match="more than 100 bytes"):
        draw_anew(b"\x00" * 101, msgspec.structs.replace(POLICY, max_photo_bytes=100))


@pytest.mark.parametrize(
    ("form", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_a_picture_is_kept_as_what_it_is(form, media_type):
    kept = draw_anew(picture(form, (40, 30)), POLICY)
    assert (kept.media_type, kept.width, kept.height) == (media_type, 40, 30)
    with Image.open(BytesIO(kept.content)) as image:
        assert (image.format, image.size) == (form, (40, 30))
        red, _, blue = image.convert("RGB").getpixel((2, 2))
        assert blue > red
        red, _, blue = image.convert("RGB").getpixel((38, 28))
        assert red > blue


def marked():
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()  # description
    exif[0x0112] = 6  # turned
    text = PngInfo()
    text.add_text("Comment", SECRET.decode())
    profile = SECRET * 4
    return {
        "JPEG": picture("JPEG", (40, 20), exif=exif, comment=SECRET, icc_profile=profile),
        "PNG": picture("PNG", (40, 20), exif=exif, pnginfo=text, icc_profile=profile),
        "WEBP": picture("WEBP", (40, 20), exif=exif, icc_profile=profile),
    }


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_picture_is_kept_and_it_stands_upright(form):
    content = marked()[form]
    assert SECRET in content
    kept = draw_anew(content, POLICY)
    assert SECRET not in kept.content
    assert (kept.width, kept.height) == (20, 40)
    with Image.open(BytesIO(kept.content)) as image:
        image.load()
        assert not image.getexif()
        assert {"icc_profile", "comment", "Comment", "exif"} & set(image.info) == set()


def test_a_large_picture_is_made_smaller():
    kept = draw_anew(picture("JPEG", (3000, 1500)), POLICY)
    assert (kept.width, kept.height) == (2048, 1024)


@pytest.mark.parametrize("behind", [JPEG, b"\x00\x00\x00\x18ftypmp42" + b"film" * 9, b"\x00" * 16])
def test_what_telephones_hang_behind_a_jpeg_is_dropped(behind):
    assert draw_anew(JPEG + behind, POLICY) == draw_anew(JPEG, POLICY)


def test_transparency_is_kept_where_there_is_some():
    out = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(BytesIO(draw_anew(out.getvalue(), POLICY).content)) as image:
        assert image.mode == "RGBA"


def test_colours_of_print_become_those_of_screens():
    out = BytesIO()
    Image.new("CMYK", (8, 8), (0, 0, 0, 0)).save(out, "JPEG")
    with Image.open(BytesIO(draw_anew(out.getvalue(), POLICY).content)) as image:
        assert image.mode == "RGB"
