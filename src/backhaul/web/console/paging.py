"""A page of a list: one row more than it shows is read, and that row says whether older ones follow."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from backhaul.web.console.paths import with_query

PAGE = 50
Row = TypeVar("Row")


def paged(
    path: str,
    read: Sequence[Row],
    *,
    key: Callable[[Row], object],
    before: object,
    size: int = PAGE,
    **asked: str | None,
) -> dict[str, Any]:
    """Return what a list's template shows: `found`, and the ways to the `first` page and to `older` rows.

    `read` is what was found with `size` + 1 as its limit, after the cursor `before`; `asked` are its filters.
    """
    found = read[:size]
    return {
        "found": found,
        "first": with_query(path, **asked) if before else None,
        "older": with_query(path, **asked, before=str(key(found[-1]))) if len(read) > size else None,
    }
