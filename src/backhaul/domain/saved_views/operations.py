"""What can be done with saved views."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Actor
from backhaul.domain.saved_views import tables
from backhaul.domain.saved_views.errors import ViewUnknown
from backhaul.domain.saved_views.events import ViewChanged, ViewRemoved, ViewRestored, ViewSaved
from backhaul.domain.saved_views.model import SHARING, SavedView, ViewedList, ViewId, may_change
from backhaul.domain.saved_views.queries import owner_of
from backhaul.domain.saved_views.spelling import clean
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Tx


async def save_view(
    db: Database,
    *,
    actor: Actor,
    viewed: ViewedList,
    name: str,
    query: str,
    is_shared: bool = False,
    now: datetime,
) -> SavedView:
    """Save the filters of a list. Refuses a name that the caller has used for it; sharing needs a right."""
    scope, user_id = owner_of(actor)
    _require_sharing(actor, is_shared=is_shared)
    name, query = clean(name, query)
    view = SavedView(
        id=ViewId(new_id()),
        org_id=scope.org_id,
        user_id=user_id,
        list=viewed,
        name=name,
        query=query,
        is_shared=is_shared,
        created_at=now,
        removed_at=None,
        version=1,
    )
    async with db.transaction(scope) as tx:
        await tables.add(tx, view)
        history.note(tx, actor.author, subject=("saved_view", view.id), action="saved", at=now, after=view)
        outbox.record(tx, ViewSaved(subject_id=view.id), at=now)
    return view


async def change_view(
    db: Database, *, actor: Actor, view_id: ViewId, name: str, is_shared: bool, now: datetime
) -> SavedView:
    """Rename a view, and share it or not any more; what it is already changes nothing."""
    scope, _ = owner_of(actor)
    name, _ = clean(name, "")
    async with db.transaction(scope) as tx:
        before = await _lock(tx, actor, view_id)
        changed = msgspec.structs.replace(before, name=name, is_shared=is_shared)
        if changed == before:
            return before
        _require_sharing(actor, is_shared=is_shared and not before.is_shared)
        after = await tables.save(tx, changed)
        _note(tx, actor, "changed", before, after, at=now)
        outbox.record(tx, ViewChanged(subject_id=after.id), at=now)
    return after


async def remove_view(db: Database, *, actor: Actor, view_id: ViewId, now: datetime) -> SavedView:
    """Delete a view; `restore_view` brings it back. Deleting it again changes nothing."""
    scope, _ = owner_of(actor)
    async with db.transaction(scope) as tx:
        before = await _lock(tx, actor, view_id)
        if before.removed_at is not None:
            return before
        after = await tables.save(tx, msgspec.structs.replace(before, removed_at=now))
        _note(tx, actor, "removed", before, after, at=now)
        outbox.record(tx, ViewRemoved(subject_id=after.id), at=now)
    return after


async def restore_view(db: Database, *, actor: Actor, view_id: ViewId, now: datetime) -> SavedView:
    """Bring a deleted view back, unless its owner has given its name to another meanwhile."""
    scope, _ = owner_of(actor)
    async with db.transaction(scope) as tx:
        before = await _lock(tx, actor, view_id)
        if before.removed_at is None:
            return before
        after = await tables.save(tx, msgspec.structs.replace(before, removed_at=None))
        _note(tx, actor, "restored", before, after, at=now)
        outbox.record(tx, ViewRestored(subject_id=after.id), at=now)
    return after


async def _lock(tx: Tx, actor: Actor, view_id: ViewId) -> SavedView:
    view = await tables.lock(tx, view_id)
    if not may_change(actor, view):
        raise ViewUnknown
    return view


def _require_sharing(actor: Actor, *, is_shared: bool) -> None:
    if is_shared and SHARING not in actor.rights:
        raise RightMissing(right=SHARING.value)


def _note(tx: Tx, actor: Actor, action: str, before: SavedView, after: SavedView, *, at: datetime) -> None:
    history.note(
        tx, actor.author, subject=("saved_view", after.id), action=action, at=at, before=before, after=after
    )
