"""How single values are written: absent texts are empty, absent numbers 0, instants in two forms side by side."""

from datetime import UTC, date, datetime

import msgspec


def text(value: str | None) -> str:
    """Return the text; an absent one is empty."""
    return value or ""


def day(value: date | None) -> str:
    """Return `2023-01-15`; an absent day is empty."""
    return "" if value is None else value.isoformat()


def stamp(at: datetime) -> str:
    """Return `2025-05-12 05:56:05`, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def instant(at: datetime) -> str:
    """Return ISO 8601 in UTC with milliseconds and Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def amount(minor: int | None) -> msgspec.Raw:
    """Return hundredths as the shortest JSON number of the whole; an absent amount is 0."""
    whole, hundredths = divmod(minor or 0, 100)
    fraction = f"{hundredths:02}".rstrip("0")
    return msgspec.Raw(f"{whole}.{fraction}".rstrip(".").encode())


def pages(total: int, *, per_page: int) -> int:
    """Return how many pages a list has; an empty one has none."""
    return -(-total // per_page)
