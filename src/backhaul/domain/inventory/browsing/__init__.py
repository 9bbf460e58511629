"""Assets and people as somebody at a screen looks through them: filtered, searched, a page after the other by cursor.

Not here: the lists that contracts describe, with their pages by number (`inventory.queries`). Start with `model`.
"""

from backhaul.domain.inventory.browsing.model import (
    AssetChoices,
    AssetFilter,
    AssetLine,
    AssetLines,
    AssetSheet,
    Change,
    Choice,
    HandOver,
    Holding,
    PeopleFilter,
    PersonLine,
    Warranty,
)
from backhaul.domain.inventory.browsing.queries import (
    browse_assets,
    browse_people,
    get_asset_sheet,
    list_choices,
    list_numbers,
)

__all__ = [
    "AssetChoices",
    "AssetFilter",
    "AssetLine",
    "AssetLines",
    "AssetSheet",
    "Change",
    "Choice",
    "HandOver",
    "Holding",
    "PeopleFilter",
    "PersonLine",
    "Warranty",
    "browse_assets",
    "browse_people",
    "get_asset_sheet",
    "list_choices",
    "list_numbers",
]
