"""Pictures from strangers: judged by what they hold, and drawn anew, so that nothing but the picture is kept.

What is refused is refused before it is decoded where that can be told: size, type, more bytes than the picture has,
more pixels than anybody needs. What is kept has no metadata, no profile and no byte of the file that came.
"""

import re
import struct
from io import BytesIO

import msgspec
from PIL import Image, ImageOps

from backhaul.domain.returns.errors import PhotoRefused
from backhaul.domain.returns.model import Policy

_SIGNATURES = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"))
_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_PDF, _PDF_WITHIN = b"%PDF-", 1024  # where readers of PDF look for its beginning
_JPEG_QUALITY = 85
_FULL_COLOUR = ("RGB", "RGBA")
# Telephones hang a second picture or a short film behind a JPEG: they are dropped like everything else.
_BEHIND_JPEG = (b"\xff\xd8\xff", b"\x00\x00\x00")
# JPEG's markers: what begins one, the end of the image, the start of a scan, and those without a length.
_MARK, _END_OF_IMAGE, _START_OF_SCAN = 0xFF, 0xD9, 0xDA
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
# What ends entropy-coded bytes, in which 0xFF is followed by 0 or a restart.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7]")
# Cameras write one scan, programs some ten. Each costs a pass over every pixel, and a file has room for thousands.
_MAX_SCANS = 50


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as it is kept."""

    content: bytes
    media_type: str
    width: int
    height: int


def draw_anew(content: bytes, policy: Policy) -> Picture:
    """Return the picture in a file, upright, at most so large, and without anything else; refuses what is none.

    It takes up to seconds of processor time and, of WebP, 16 bytes of memory a pixel: call it in a thread.
    """
    if len(content) > policy.max_photo_bytes:
        raise PhotoRefused(reason=f"it has more than {policy.max_photo_bytes} bytes")
    form = _form_of(content)
    _require_nothing_else(content, form)
    try:
        return _redraw(content, form, policy)
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoRefused(reason=f"it has more than {policy.max_photo_pixels} pixels") from None
    # What decoders raise about broken files is not limited to these, but everything else is a defect of theirs.
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        KeyError,
        TypeError,
        struct.error,
        Warning,
    ):
        raise PhotoRefused(reason=f"it is broken or incomplete {form}") from None


def _redraw(content: bytes, form: str, policy: Policy) -> Picture:
    with Image.open(BytesIO(content), formats=[form]) as opened:
        width, height = opened.size
        if width * height > policy.max_photo_pixels:
            raise PhotoRefused(reason=f"it has more than {policy.max_photo_pixels} pixels")
        if form != "JPEG" and getattr(opened, "n_frames", 1) > 1:
            raise PhotoRefused(reason="it is animated; one still picture is wanted")
        side = (policy.photo_side, policy.photo_side)
        opened.draft("RGB", side)  # a JPEG is decoded no larger than it has to be
        opened.load()
        # As few copies of all pixels as can be: made smaller in place first, where the colours allow.
        if opened.mode in _FULL_COLOUR:
            opened.thumbnail(side, Image.Resampling.LANCZOS)
        ImageOps.exif_transpose(opened, in_place=True)
        drawn = _plain(opened, form)
    drawn.thumbnail(side, Image.Resampling.LANCZOS)
    # Pixels alone are carried over: no EXIF, no comments, no colour profile, no text chunks.
    clean = Image.frombytes(drawn.mode, drawn.size, drawn.tobytes())
    out = BytesIO()
    match form:
        case "JPEG":
            clean.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
        case "PNG":
            clean.save(out, "PNG")
        case _:
            clean.save(out, "WEBP", quality=_JPEG_QUALITY)
    return Picture(
        content=out.getvalue(), media_type=_MEDIA_TYPES[form], width=clean.size[0], height=clean.size[1]
    )


def _plain(image: Image.Image, form: str) -> Image.Image:
    has_alpha = form != "JPEG" and ("A" in image.getbands() or "transparency" in image.info)
    return image.convert("RGBA" if has_alpha else "RGB")


def _form_of(content: bytes) -> str:
    for signature, form in _SIGNATURES:
        if content.startswith(signature):
            return form
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    raise PhotoRefused(reason="it is neither JPEG, PNG nor WebP, whatever its name says")


def _require_nothing_else(content: bytes, form: str) -> None:
    """Refuse a file that is a picture and something else at the same time."""
    if _PDF in content[:_PDF_WITHIN]:
        raise PhotoRefused(reason="it is a PDF at the same time")
    ends = {"JPEG": _end_of_jpeg, "PNG": _end_of_png, "WEBP": _end_of_webp}
    end = ends[form](content)
    if end is None or end > len(content):
        raise PhotoRefused(reason=f"it is broken or incomplete {form}")
    behind = content[end:].strip(b"\x00")
    if behind and not (form == "JPEG" and content[end:].startswith(_BEHIND_JPEG)):
        raise PhotoRefused(reason="something else is hidden behind the picture")


def _end_of_png(content: bytes) -> int | None:
    at = 8
    while at + 12 <= len(content):
        kind = content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4])
        if kind == b"IEND":
            return at
    return None


def _end_of_webp(content: bytes) -> int | None:
    length = int.from_bytes(content[4:8], "little")
    return 8 + length + length % 2


def _end_of_jpeg(content: bytes) -> int | None:
    at, scans = 2, 0
    while at + 4 <= len(content):
        if content[at] != _MARK:
            return None
        marker = content[at + 1]
        if marker == _MARK:  # fill bytes
            at += 1
        elif marker == _END_OF_IMAGE:
            return at + 2
        elif marker in _STANDALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4])
            if marker == _START_OF_SCAN:
                scans += 1
                at = _end_of_scan(content, at)
        if scans > _MAX_SCANS:
            raise PhotoRefused(reason=f"it has more than {_MAX_SCANS} scans, as no camera writes")
    return at + 2 if content[at : at + 2] == b"\xff\xd9" else None


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the next marker stands behind entropy-coded bytes."""
    found = _NEXT_MARKER.search(content, at)
    return len(content) if found is None else found.start()
