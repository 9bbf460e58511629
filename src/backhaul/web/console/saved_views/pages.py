"""Saved views: kept from a list, renamed, shared, deleted."""

from uuid import UUID

from litestar.response.base import ASGIResponse

from backhaul.domain.saved_views import (
    SHARING,
    ViewedList,
    ViewId,
    change_view,
    list_views,
    may_change,
    remove_view,
    restore_view,
    save_view,
)
from backhaul.domain.saved_views.errors import ViewUnknown
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import notices
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.notices import Notice, Undo
from backhaul.web.console.saved_views.showing import path_of
from backhaul.web.console.visiting import Visit

PATH = "/saved-views"
notices.declare(
    {
        "saved_views.saved": "The view is saved.",
        "saved_views.changed": "The view is changed.",
        "saved_views.removed": Notice("The view is deleted.", Undo(f"{PATH}/{{about}}/restore")),
        "saved_views.restored": "The view is back.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """List the views that the viewer sees."""
    views = await list_views(visit.db, actor=visit.actor)
    return visit.page(
        "saved_views/list.html",
        title="Saved views",
        views=views,
        path_of=path_of,
        may_change={one.id for one in views if may_change(visit.actor, one)},
        may_share=visit.may(SHARING),
    )


async def save(visit: Visit, form: Form) -> ASGIResponse:
    """Keep the present filters of a list."""
    saved = await save_view(
        visit.db,
        actor=visit.actor,
        viewed=_list_of(form["list"]),
        name=form["name"],
        query=form["query"],
        is_shared=form.is_ticked("is_shared"),
        now=visit.now,
    )
    return visit.go(path_of(saved), notice="saved_views.saved")


async def change(visit: Visit, form: Form) -> ASGIResponse:
    """Rename a view, and share it or not."""
    await change_view(
        visit.db,
        actor=visit.actor,
        view_id=_id(visit),
        name=form["name"],
        is_shared=form.is_ticked("is_shared"),
        now=visit.now,
    )
    return visit.go(PATH, notice="saved_views.changed")


async def remove(visit: Visit, _form: Form) -> ASGIResponse:
    """Delete a view."""
    removed = await remove_view(visit.db, actor=visit.actor, view_id=_id(visit), now=visit.now)
    return visit.go(PATH, notice="saved_views.removed", about=removed.id)


async def restore(visit: Visit, _form: Form) -> ASGIResponse:
    """Bring a deleted view back."""
    await restore_view(visit.db, actor=visit.actor, view_id=_id(visit), now=visit.now)
    return visit.go(PATH, notice="saved_views.restored")


def _id(visit: Visit) -> ViewId:
    try:
        return ViewId(UUID(visit.named("view")))
    except ValueError as wrong:
        raise ViewUnknown from wrong


def _list_of(text: str) -> ViewedList:
    try:
        return ViewedList(text)
    except ValueError as wrong:
        known = ", ".join(viewed.value for viewed in ViewedList)
        raise InvalidInput([FieldProblem("list", "saved_views.list", f"must be one of {known}")]) from wrong


HANDLERS = [
    shows(PATH, view),
    takes(PATH, save, again=view),
    takes(f"{PATH}/{{view:str}}/change", change, again=view),
    takes(f"{PATH}/{{view:str}}/delete", remove),
    takes(f"{PATH}/{{view:str}}/restore", restore, again=view),
]
