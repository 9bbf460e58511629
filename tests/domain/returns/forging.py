"""Files that say they are pictures, made byte by byte."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width, height, *, data=b"", before=b""):
    """A PNG of true colours; `before` are chunks that stand before its pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + before
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def black_png(**options):
    """A PNG of four black pixels that is whole."""
    return png_of(2, 2, data=b"\x00" * 14, **options)


def animated(form, count=2):
    out = BytesIO()
    frames = [Image.new("RGB", (8, 8), (n % 2 * 255, n * 83 % 256, n // 3 % 256)) for n in range(count)]
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def with_segment(jpeg, content, *, marker=0xFE):
    """A JPEG with a comment, or another segment, right at its beginning."""
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def with_chunk(png, kind, content):
    """A PNG with one more chunk behind its header."""
    return png[:33] + chunk(kind, content) + png[33:]


def with_scans(jpeg, count):
    """A JPEG whose last scan is repeated: small to send, slow to decode."""
    scan = jpeg[jpeg.rfind(b"\xff\xda") : -2]
    return jpeg[:-2] + scan * count + jpeg[-2:]


def moving_canvas(width, height):
    """A WebP of one small frame on a canvas of any size: 100 bytes."""
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "WEBP")
    still = out.getvalue()[12:]
    frame = bytes(6) + struct.pack("<I", 7)[:3] * 2 + struct.pack("<I", 100)[:3] + b"\x00" + still
    frame += bytes(len(frame) % 2)
    sides = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\x00\x00\x00" + sides
    body += b"ANIM" + struct.pack("<I", 6) + bytes(6) + b"ANMF" + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body
