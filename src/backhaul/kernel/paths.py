"""Paths of requests as they were meant: repeated slashes are one, and a slash inside a segment stays inside."""

from urllib.parse import unquote

SLASH_WITHIN = "\x00"  # stands for a slash inside a segment until that is read; none comes from outside

_PREFIX = "api/"


def as_routed(path: str, raw_path: bytes) -> str:
    """Return an API path to route by (contract C7), made of what the client really sent.

    Other paths stay. A NUL, which no text of ours can hold, becomes a replacement character in any path.
    """
    if not path.lstrip("/").startswith(_PREFIX):
        return without_nul(path)
    segments = (raw_path.partition(b"?")[0] or path.encode()).split(b"/")
    # unquote() takes bytes as well, and reads what is no UTF-8 as a replacement character.
    return "/" + "/".join(
        without_nul(unquote(segment, errors="replace")).replace("/", SLASH_WITHIN)
        for segment in segments
        if segment
    )


def segment_text(segment: str) -> str:
    """Return what a client wrote in one segment of a path."""
    return segment.replace(SLASH_WITHIN, "/")


def without_nul(text: str) -> str:
    """Return a text that PostgreSQL can hold: a replacement character for each NUL."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
