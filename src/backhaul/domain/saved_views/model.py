"""A saved view, and who may do what with it. Pure."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.ids import OrgId, UserId

ViewId = NewType("ViewId", UUID)

MOST_VIEWS = 100  # of one person
SHARING = Right.TRANSFERS_WRITE  # to show others a view: what members have and viewers lack


class ViewedList(StrEnum):
    """Lists that views are saved of."""

    TRANSFERS = "transfers"
    EXCEPTIONS = "exceptions"
    CAMPAIGNS = "campaigns"
    CASES = "cases"
    HOLDS = "holds"
    PEOPLE = "people"
    ASSETS = "assets"
    RETURNS = "returns"
    RESHIPMENTS = "reshipments"


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of a list under a name."""

    id: ViewId
    org_id: OrgId
    user_id: UserId
    list: ViewedList
    name: str
    query: str  # of the list's address, without "?"; empty: no filter at all
    is_shared: bool
    created_at: datetime
    removed_at: datetime | None  # None: it is there
    version: int


def may_change(actor: Actor, view: SavedView) -> bool:
    """Tell whether somebody may rename or delete a view: their own, or a shared one as an administrator."""
    return view.user_id == actor.user_id or (view.is_shared and Right.ORGANIZATION_MANAGE in actor.rights)
