"""One asset's row of a list. What a row says follows from its values alone, so that it is worded once and kept."""

from functools import lru_cache

from markupsafe import Markup

from backhaul.domain.inventory.browsing import AssetLine
from backhaul.web.console.inventory import words
from backhaul.web.console.rendering import render

KEPT = 4_096  # rows, of less than a kilobyte each


@lru_cache(maxsize=KEPT)
def row(line: AssetLine, *, is_ticked: bool, is_chosen: bool = False) -> Markup:
    """Return the row of an asset; with a box to tick for whoever may change it, ticked if it was chosen before."""
    text = render(
        "inventory/row.html", {"one": line, "is_ticked": is_ticked, "is_chosen": is_chosen, "words": words}
    )
    return Markup(text)  # noqa: S704 -- a template wrote it, which escapes
