"""Set lines of any length into a box: the largest size at which they fit, wrapped between words."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

LEADING = 1.16  # line distance by letter size
ELLIPSIS = "..."
_LINE_AT_MOST = 300  # characters; no label shows as many, and fitting them would only take time


class Measure(Protocol):
    """Tells how wide a text is."""

    def __call__(self, text: str, size: float) -> float: ...


class Fitted(msgspec.Struct, frozen=True):
    """Lines as they are to be drawn."""

    size: int
    lines: tuple[str, ...]


def fit(
    lines: Sequence[str], *, width: float, height: float, sizes: Iterable[int], measure: Measure
) -> Fitted:
    """Return the lines in the largest size at which all fit; at the smallest, each is cut to its share."""
    shown = [line if len(line) <= _LINE_AT_MOST else line[:_LINE_AT_MOST] + ELLIPSIS for line in lines]
    size = 0
    rows: list[list[str]] = []
    for size in sizes:
        rows = [wrap(line, width=width, size=size, measure=measure) for line in shown]
        if sum(map(len, rows)) * size * LEADING <= height:
            return Fitted(size, tuple(part for parts in rows for part in parts))
    room = max(len(rows), int(height / (size * LEADING)))
    while sum(map(len, rows)) > room:
        longest = max(rows, key=len)
        longest.pop()
        longest[-1] = _shortened(longest[-1], width=width, size=size, measure=measure)
    return Fitted(size, tuple(part for parts in rows for part in parts))


def wrap(line: str, *, width: float, size: float, measure: Measure) -> list[str]:
    """Return a line in parts no wider than `width`; a word is broken only if it alone is too wide."""
    parts: list[str] = []
    current = ""
    for word in line.split():
        longer = f"{current} {word}" if current else word
        if measure(longer, size) <= width:
            current = longer
            continue
        if current:
            parts.append(current)
        current = word
        while measure(current, size) > width and len(current) > 1:
            head = _longest_start(current, width=width, size=size, measure=measure)
            parts.append(head)
            current = current[len(head) :]
    return [*parts, current] if current else parts


def _longest_start(word: str, *, width: float, size: float, measure: Measure) -> str:
    fitting = bisect_right(range(1, len(word) + 1), width, key=lambda end: measure(word[:end], size))
    return word[: max(1, fitting)]


def _shortened(text: str, *, width: float, size: float, measure: Measure) -> str:
    text = text.removesuffix(ELLIPSIS)
    while text and measure(text + ELLIPSIS, size) > width:
        text = text[:-1]
    return text + ELLIPSIS
