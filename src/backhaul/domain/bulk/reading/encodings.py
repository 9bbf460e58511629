"""Which encoding a file is in, and its fingerprint: one look at all of it."""

import codecs
import hashlib
from typing import BinaryIO

from backhaul.domain.bulk.errors import FileUnreadable

BLOCK_BYTES = 1 << 20
# What programs on Windows write when they do not write UTF-8.
FALLBACK = "cp1252"


def examine(file: BinaryIO) -> tuple[bytes, str]:
    """Return the SHA-256 of a file and its encoding: by its mark, else UTF-8 if all of it is, else cp1252."""
    file.seek(0)
    encoding = _by_mark(file.read(4))
    file.seek(0)
    digest = hashlib.sha256()
    decoder = None if encoding else codecs.getincrementaldecoder("utf-8")()
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
        if decoder is not None:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                encoding, decoder = FALLBACK, None
    if decoder is not None:
        encoding = _is_whole(decoder)
    file.seek(0)
    return digest.digest(), encoding or "utf-8"


def _by_mark(start: bytes) -> str | None:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise FileUnreadable(reason="it is in UTF-32")
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _is_whole(decoder: codecs.IncrementalDecoder) -> str:
    """Return the encoding of a file that was UTF-8 up to its end, which may cut a character."""
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return FALLBACK
    return "utf-8"
