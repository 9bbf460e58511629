"""Saved views: kept from a list, shown on it, shared, renamed, deleted and brought back."""

import pytest

from backhaul.domain.saved_views import ViewedList, list_views, save_view

TRACED = ("history", "outbox", "saved_views")


async def saves(browse, name="Lost ones", query="status=trouble&q=ada", **fields):
    await browse.get("/transfers")
    return await browse.does("/saved-views", {"list": "transfers", "name": name, "query": query, **fields})


async def view_named(console, name, *, who="owner"):
    views = await list_views(console.db, actor=console.actors[who])
    return next(view for view in views if view.name == name)


async def test_the_filters_of_a_list_are_saved_and_shown_on_it(kept_console, visitors):
    browse = await visitors(kept_console, "owner")
    where = await saves(browse, query="?status=trouble&q=ada&before=cursor&notice=x&direction=")
    assert where == "/transfers?status=trouble&q=ada&notice=saved_views.saved"
    page = await browse.page(where)
    assert "The view is saved." in page.texts
    link = next(given for given in page.tags("a") if given["href"] == "/transfers?status=trouble&q=ada")
    assert link["aria-current"] == "page"
    elsewhere = await browse.page("/transfers?status=open")
    link = next(given for given in elsewhere.tags("a") if given["href"] == "/transfers?status=trouble&q=ada")
    assert "aria-current" not in link
    assert "/transfers?status=trouble&q=ada" not in (await browse.page("/people")).links


async def test_a_list_without_views_has_nothing_before_the_button_that_saves_one(kept_console, visitors):
    browse = await visitors(kept_console, "owner")
    empty = await browse.page("/transfers")
    assert "Save view" in empty.texts
    assert "Saved views" not in [given.get("aria-label") for given in empty.tags("nav")]
    await saves(browse)
    named = [given.get("aria-label") for given in (await browse.page("/transfers")).tags("nav")]
    assert "Saved views" in named


async def test_a_list_with_views_takes_four_statements(kept_console, visitors):
    browse = await visitors(kept_console, "owner")
    await saves(browse)
    _, sent = await browse.statements("/transfers")
    assert len(sent) <= 4


async def test_a_view_of_ones_own_is_nobody_elses(kept_console, visitors):
    await saves(await visitors(kept_console, "owner"))
    member = await visitors(kept_console, "member")
    assert "Lost ones" not in (await member.page("/transfers")).texts
    view = await view_named(kept_console, "Lost ones")
    before = await kept_console.traces(TRACED)
    for act in ("change", "delete", "restore"):
        answer = await member.post(f"/saved-views/{view.id}/{act}", {"name": "Mine"})
        assert answer.status_code == 404
    assert await kept_console.traces(TRACED) == before


async def test_a_shared_view_is_seen_by_all_and_changed_by_who_made_it_or_manages_the_organization(
    kept_console, visitors
):
    member = await visitors(kept_console, "member")
    await saves(member, name="Ours", is_shared="1")
    view = await view_named(kept_console, "Ours", who="member")
    viewer = await visitors(kept_console, "viewer")
    assert "Ours" in (await viewer.page("/transfers")).texts
    assert f"/saved-views/{view.id}/delete" not in (await viewer.page("/saved-views")).posts
    assert (await viewer.post(f"/saved-views/{view.id}/delete")).status_code == 404
    admin = await visitors(kept_console, "admin")
    await admin.page("/saved-views")
    where = await admin.does(f"/saved-views/{view.id}/change", {"name": "Everybody's", "is_shared": "1"})
    assert "The view is changed." in (await admin.page(where)).texts
    assert "Everybody's" in (await viewer.page("/transfers")).texts
    stranger = await visitors(kept_console, "stranger")
    assert "Everybody's" not in (await stranger.page("/transfers")).texts


async def test_who_only_reads_saves_views_but_shares_none(kept_console, visitors):
    viewer = await visitors(kept_console, "viewer")
    await saves(viewer, name="Mine")
    page = await viewer.page("/transfers")
    assert "is_shared" not in {given.get("name") for given in page.tags("input")}
    before = await kept_console.traces(TRACED)
    fields = {"list": "transfers", "name": "For all", "query": "", "is_shared": "1"}
    answer = await viewer.post("/saved-views", fields)
    assert answer.status_code == 403
    view = await view_named(kept_console, "Mine", who="viewer")
    answer = await viewer.post(f"/saved-views/{view.id}/change", {"name": "Mine", "is_shared": "1"})
    assert answer.status_code == 403
    assert await kept_console.traces(TRACED) == before


async def test_a_deleted_view_is_brought_back(kept_console, visitors):
    browse = await visitors(kept_console, "owner")
    await saves(browse)
    view = await view_named(kept_console, "Lost ones")
    where = await browse.does(f"/saved-views/{view.id}/delete")
    page = await browse.page(where)
    assert "No saved views" in page.texts
    assert f"/saved-views/{view.id}/restore" in page.posts
    before = await kept_console.traces(TRACED)
    await browse.does(f"/saved-views/{view.id}/delete")  # once more: nothing is left to do
    assert await kept_console.traces(TRACED) == before
    await browse.does(f"/saved-views/{view.id}/restore")
    assert "Lost ones" in (await browse.page("/saved-views")).texts


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        ({"name": " "}, 422, "Can't be blank."),
        ({"name": "x" * 61}, 422, "May have at most 60 characters."),
        ({"name": "x\u202ey"}, 422, "May not contain control characters."),
        ({"name": "x", "list": "secrets"}, 422, "Must be one of transfers"),
        ({"name": "x", "query": "q=" + "x" * 1000}, 422, "May have at most 1000 characters"),
        ({"name": "lost ONES"}, 409, "You already have a view named lost ONES of this list."),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_saved(kept_console, visitors, fields, status, text):
    browse = await visitors(kept_console, "owner")
    await saves(browse)
    before = await kept_console.traces(TRACED)
    answer = await browse.post("/saved-views", {"list": "transfers", "query": "q=bob", **fields})
    assert answer.status_code == status
    assert text.replace("'", "&#39;") in answer.text
    assert await kept_console.traces(TRACED) == before


async def test_a_person_keeps_a_hundred_views(kept_console, visitors):
    actor, now = kept_console.actors["owner"], kept_console.clock.now()
    for n in range(100):
        await save_view(
            kept_console.db, actor=actor, viewed=ViewedList.CASES, name=f"View {n}", query="", now=now
        )
    browse = await visitors(kept_console, "owner")
    await browse.get("/transfers")
    answer = await browse.post("/saved-views", {"list": "transfers", "name": "One more", "query": ""})
    assert answer.status_code == 409
    assert "You already have 100 views" in answer.text
