"""Views that people save: the filters of a list under a name, for themselves or for everybody in the organization.

Not here: what the filters mean, which only the page of the list knows. Start with `model`; then `operations`.
"""

from backhaul.domain.saved_views.model import SHARING, SavedView, ViewedList, ViewId, may_change
from backhaul.domain.saved_views.operations import change_view, remove_view, restore_view, save_view
from backhaul.domain.saved_views.queries import get_view, list_views

__all__ = [
    "SHARING",
    "SavedView",
    "ViewId",
    "ViewedList",
    "change_view",
    "get_view",
    "list_views",
    "may_change",
    "remove_view",
    "restore_view",
    "save_view",
]
