"""Pictures that were made to do harm: two files in one, small files of huge pictures, and what tells on the sender."""

import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from tests.domain.returns.depot import picture
from tests.domain.returns.forging import (
    animated,
    black_png,
    chunk,
    moving_canvas,
    png_of,
    with_chunk,
    with_scans,
    with_segment,
)

from backhaul.domain.returns.errors import PhotoRefused
from backhaul.domain.returns.model import Policy
from backhaul.domain.returns.pictures import draw_anew

POLICY = Policy()
JPEG, PNG, WEBP = picture("JPEG"), picture("PNG"), picture("WEBP")
PROGRESSIVE = picture("JPEG", progressive=True)
SCRIPT = b"<html><script>alert(document.domain)</script></html>"
ZIP = b"PK\x03\x04" + b"x" * 40 + b"PK\x05\x06" + b"\x00" * 18
MANY = zlib.compress(b"A" * 20_000_000)  # 20 MB in 20 kB
NO_PICTURE = "neither JPEG, PNG nor WebP"
TOO_MANY = "more than 50000000 pixels"

REFUSED = {
    "GIF and JavaScript": (b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)//", NO_PICTURE),
    "BMP and JavaScript": (b"BM/*" + bytes(50) + b"*/=1;alert(1)//", NO_PICTURE),
    "a page before a PNG": (SCRIPT + PNG, NO_PICTURE),
    "an archive before a JPEG": (ZIP + JPEG, NO_PICTURE),
    "blanks before a JPEG": (b"\r\n" + JPEG, NO_PICTURE),
    "SVG with a declaration": (b"<?xml version='1.0'?><svg onload='alert(1)'/>", NO_PICTURE),
    "a sound in WebP's wrapping": (b"RIFF" + WEBP[4:8] + b"WAVE" + WEBP[12:], NO_PICTURE),
    "AVIF": (b"\x00\x00\x00\x1cftypavif" + bytes(40), NO_PICTURE),
    "a page behind a PNG": (PNG + SCRIPT, "something else is hidden behind"),
    "a page behind zeros behind a PNG": (PNG + bytes(64) + SCRIPT, "something else is hidden behind"),
    "a GIF behind a WebP": (WEBP + b"GIF89a", "something else is hidden behind"),
    "a PNG behind a PNG": (PNG + PNG, "something else is hidden behind"),
    "a PDF in a PNG's text": (with_chunk(PNG, b"tEXt", b"k\x00%PDF-1.7"), "a PDF at the same time"),
    "a few pixels too many": (png_of(50_000, 1001), TOO_MANY),
    "twice too many": (png_of(10_000, 10_000), TOO_MANY),
    "a stripe": (png_of(2**31 - 1, 1), TOO_MANY),
    "the largest PNG there is": (png_of(2**31 - 1, 2**31 - 1), TOO_MANY),
    "a small frame on a huge canvas": (moving_canvas(16_000, 16_000), TOO_MANY),
    "a thousand frames of PNG": (animated("PNG", 1000), "animated"),
    "a thousand frames of WebP": (animated("WEBP", 1000), "animated"),
    "a packed text": (black_png(before=chunk(b"zTXt", b"k\x00\x00" + MANY)), "broken or incomplete PNG"),
    "a packed profile": (black_png(before=chunk(b"iCCP", b"k\x00\x00" + MANY)), "broken or incomplete PNG"),
    "thousands of scans": (with_scans(PROGRESSIVE, 2000), "more than 50 scans"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_reason(name):
    content, reason = REFUSED[name]
    with pytest.raises(PhotoRefused) as refused:
        draw_anew(content, POLICY)
    assert reason in refused.value.data["reason"]


HIDDEN = SCRIPT + ZIP + b"<?php system($_GET[0]); ?>"
DROPPED = {
    "in a JPEG's comment": (with_segment(JPEG, HIDDEN), JPEG),
    "in a JPEG's application segment": (with_segment(JPEG, HIDDEN, marker=0xED), JPEG),
    "in a JPEG's EXIF": (with_segment(JPEG, b"Exif\x00\x00" + HIDDEN, marker=0xE1), JPEG),
    "in a JPEG's second picture": (JPEG + with_segment(JPEG, HIDDEN), JPEG),
    "in a PNG's text": (with_chunk(PNG, b"tEXt", b"Comment\x00" + HIDDEN), PNG),
    "in a PNG's unknown chunk": (with_chunk(PNG, b"baHl", HIDDEN), PNG),
    "in a PNG's broken profile": (with_chunk(PNG, b"iCCP", b"k\x00\x00" + zlib.compress(HIDDEN)), PNG),
}


@pytest.mark.parametrize("name", DROPPED)
def test_what_hides_inside_a_picture_is_not_kept(name):
    content, plain = DROPPED[name]
    assert HIDDEN in content or "profile" in name
    assert draw_anew(content, POLICY) == draw_anew(plain, POLICY)


def test_as_many_scans_as_programs_write_are_fine():
    assert draw_anew(with_scans(PROGRESSIVE, 30), POLICY).width == 40


# What tells on the sender


def located(orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0110] = "Telephone 15"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.6), 3: "E", 4: (2.0, 17.0, 40.2)})
    return exif


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_where_a_picture_was_taken_is_not_kept(form):
    content = picture(form, exif=located())
    with Image.open(BytesIO(content)) as image:
        assert image.getexif().get_ifd(0x8825)[1] == "N"
    kept = draw_anew(content, POLICY).content
    assert b"Exif" not in kept
    assert b"eXIf" not in kept
    assert b"Telephone" not in kept
    with Image.open(BytesIO(kept)) as image:
        assert dict(image.getexif()) == {}
        assert image.getexif().get_ifd(0x8825) == {}


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stands_as_it_was_held(form, orientation):
    """0 and 9 mean nothing, and turn nothing."""
    content = picture(form, (64, 32), exif=located(orientation))
    with Image.open(BytesIO(content)) as image:
        wanted = ImageOps.exif_transpose(image).convert("RGB")
    with Image.open(BytesIO(draw_anew(content, POLICY).content)) as image:
        kept = image.convert("RGB")
    assert kept.size == wanted.size == ((64, 32) if orientation not in {5, 6, 7, 8} else (32, 64))
    corners = [(x, y) for x in (4, kept.width - 5) for y in (4, kept.height - 5)]
    assert [kept.getpixel(at)[2] > kept.getpixel(at)[0] for at in corners] == [
        wanted.getpixel(at)[2] > wanted.getpixel(at)[0] for at in corners
    ]


@pytest.mark.parametrize("profile", [b"", b"x", b"\x00" * 4_000_000, b"acsp" * 40])
@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_a_profile_that_is_none_harms_nobody(form, profile):
    kept = draw_anew(picture(form, icc_profile=profile), POLICY)
    with Image.open(BytesIO(kept.content)) as image:
        assert image.size == (40, 30)
        assert "icc_profile" not in image.info


@pytest.mark.parametrize(
    ("mode", "kept"),
    [
        ("1", "RGB"),
        ("L", "RGB"),
        ("LA", "RGBA"),
        ("P", "RGB"),
        ("I;16", "RGB"),
        ("RGB", "RGB"),
        ("RGBA", "RGBA"),
    ],
)
def test_every_kind_of_png_is_kept_in_plain_colours(mode, kept):
    out = BytesIO()
    Image.new(mode, (3000, 20)).save(out, "PNG")
    with Image.open(BytesIO(draw_anew(out.getvalue(), POLICY).content)) as image:
        assert (image.mode, image.size) == (kept, (2048, 14))


# Anything at all


@given(st.sampled_from([JPEG, PROGRESSIVE, PNG, WEBP]), st.floats(0, 1, exclude_max=True))
def test_no_part_of_a_picture_is_one(content, share):
    with pytest.raises(PhotoRefused):
        draw_anew(content[: int(len(content) * share)], POLICY)


@given(
    st.sampled_from([JPEG, PROGRESSIVE, PNG, WEBP]),
    st.floats(0, 1, exclude_max=True),
    st.binary(min_size=1, max_size=9),
)
def test_altered_bytes_are_a_picture_or_are_refused_and_nothing_else(content, share, others):
    at = int(len(content) * share)
    altered = content[:at] + others + content[at + len(others) :]
    try:
        kept = draw_anew(altered, POLICY)
    except PhotoRefused:
        return
    with Image.open(BytesIO(kept.content)) as image:
        assert Image.MIME[image.format] == kept.media_type
        assert image.size == (kept.width, kept.height)


@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x30\x00\x00\x00WEBP"]),
    st.binary(max_size=300),
)
def test_nonsense_is_refused(beginning, rest):
    with pytest.raises(PhotoRefused):
        draw_anew(beginning + rest, POLICY)
