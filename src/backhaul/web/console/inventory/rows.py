"""The rows of a list of assets. What one says follows from its values alone, so that it is worded once and kept."""

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup

from backhaul.domain.inventory.browsing import AssetLine
from backhaul.web.console.inventory import words
from backhaul.web.console.rendering import render

KEPT = 4_096  # rows, of less than a kilobyte each


def rows(lines: Iterable[AssetLine], *, may_tick: bool, chosen: Iterable[str] = ()) -> Markup:
    """Return a page's rows; with a box to tick for whoever may change them, ticked for those chosen before."""
    ticked = frozenset(chosen)
    return Markup(  # noqa: S704 -- each row is markup; asking each once more takes as long as the rest
        "".join(
            _row(line, is_ticked=may_tick, is_chosen=bool(ticked) and line.public_number in ticked)
            for line in lines
        )
    )


@lru_cache(maxsize=KEPT)
def _row(line: AssetLine, *, is_ticked: bool, is_chosen: bool) -> Markup:
    text = render(
        "inventory/row.html", {"one": line, "is_ticked": is_ticked, "is_chosen": is_chosen, "words": words}
    )
    return Markup(text)  # noqa: S704 -- a template wrote it, which escapes
