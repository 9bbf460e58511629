"""The geometry of small charts: attributes for SVG, so that no page needs a style of its own. Pure."""

from collections.abc import Sequence

import msgspec


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar, in the units of the chart's view box."""

    label: str
    value: float
    x: float
    y: float
    width: float
    height: float


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One point of a line."""

    label: str
    value: float
    x: float
    y: float


def bars(
    values: Sequence[tuple[str, float]], *, width: float = 600, height: float = 160, gap: float = 0.25
) -> list[Bar]:
    """Return upright bars that fill the view box from the left; the highest reaches the top."""
    if not values:
        return []
    top = max([0, *(value for _, value in values)]) or 1
    step = width / len(values)
    return [
        Bar(
            label=label,
            value=value,
            x=round(n * step + step * gap / 2, 2),
            y=round(height - height * max(value, 0) / top, 2),
            width=round(step * (1 - gap), 2),
            height=round(height * max(value, 0) / top, 2),
        )
        for n, (label, value) in enumerate(values)
    ]


def line(values: Sequence[tuple[str, float]], *, width: float = 600, height: float = 160) -> list[Point]:
    """Return the points of a line from the left edge to the right one; the highest reaches the top."""
    if not values:
        return []
    top = max([0, *(value for _, value in values)]) or 1
    step = width / (len(values) - 1) if len(values) > 1 else 0
    return [
        Point(
            label=label, value=value, x=round(n * step, 2), y=round(height - height * max(value, 0) / top, 2)
        )
        for n, (label, value) in enumerate(values)
    ]
