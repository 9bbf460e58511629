"""The views of a list, as its page shows them."""

import msgspec

from backhaul.domain.identity.model import Actor
from backhaul.domain.saved_views import SHARING, SavedView, ViewedList, list_views
from backhaul.domain.saved_views.spelling import filters_of
from backhaul.storage.database import Database

_LISTS = {f"/{viewed.value}": viewed for viewed in ViewedList}


class ShownView(msgspec.Struct, frozen=True, kw_only=True):
    """A view as a link."""

    name: str
    path: str
    is_here: bool
    is_shared: bool


class ShownViews(msgspec.Struct, frozen=True, kw_only=True):
    """All views of a list that the viewer sees, and what would be saved as another."""

    list: ViewedList
    query: str  # the present filters
    may_share: bool
    views: tuple[ShownView, ...]


def path_of(view: SavedView) -> str:
    """Return where a view leads."""
    return f"/{view.list.value}" + (f"?{view.query}" if view.query else "")


async def views_of(db: Database, *, actor: Actor, path: str, query: str) -> ShownViews | None:
    """Return the views of the list that a path is; None for a page that is no list."""
    viewed = _LISTS.get(path)
    if viewed is None:
        return None
    present = filters_of(query)
    views = await list_views(db, actor=actor, viewed=viewed)
    return ShownViews(
        list=viewed,
        query=present,
        may_share=SHARING in actor.rights,
        views=tuple(
            ShownView(
                name=view.name, path=path_of(view), is_here=view.query == present, is_shared=view.is_shared
            )
            for view in views
        ),
    )
