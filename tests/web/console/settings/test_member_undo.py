"""What is done with members and can be taken back: a role, and an invitation that was withdrawn."""

import pytest

from backhaul.domain.identity import Role, set_role
from tests.web.console.settings.test_members import PATH, invited_by, roles

TRACED = ("memberships", "invitations", "messages", "history")


async def changed(console, browse, role="viewer", was="member"):
    """Where the page leads after the member got another role."""
    await browse.page(PATH)
    user = console.actors["member"].user_id
    return await browse.does(f"{PATH}/{user}/role", {"role": role, "was": was})


def undo_of(page, name):
    return [action for action in page.posts if action.endswith(name)]


async def uninvited(console, browse, role="member"):
    """Have somebody invited and uninvited, and return the way to invite them again."""
    before = undo_of(await browse.page(PATH), "/withdraw")
    await invited_by(console, browse, "kim@ours.example", role=role)
    (withdraw,) = set(undo_of(await browse.page(PATH), "/withdraw")) - set(before)
    (again,) = undo_of(await browse.page(await browse.does(withdraw)), "/again")
    return again


async def test_a_role_is_put_back(own_console, visitors):
    browse = await visitors(own_console, "owner")
    page = await browse.page(PATH)
    assert "member" in {given.get("value") for given in page.tags("input") if given.get("name") == "was"}
    (action,) = undo_of(await browse.page(await changed(own_console, browse)), "/role/undo")
    page = await browse.page(await browse.does(action))
    assert "The member has the role they had before." in page.texts
    assert undo_of(page, "/role/undo") == []
    assert (await roles(own_console))[own_console.emails["member"]] is Role.MEMBER


async def test_a_role_that_somebody_changed_since_stays_and_is_named(own_console, visitors):
    browse = await visitors(own_console, "owner")
    (action,) = undo_of(await browse.page(await changed(own_console, browse)), "/role/undo")
    user, owner = own_console.actors["member"].user_id, own_console.actors["owner"]
    await set_role(own_console.db, actor=owner, user_id=user, role=Role.ADMIN, now=own_console.clock.now())
    before = await own_console.traces(TRACED)
    for path, fields in ((action, {}), (f"{PATH}/{user}/role", {"role": "owner", "was": "viewer"})):
        refused = await browse.post(path, fields)
        assert (refused.status_code, "The member is admin by now" in refused.text) == (409, True), path
    assert await own_console.traces(TRACED) == before


async def test_the_same_role_again_and_a_made_up_address_offer_no_undo(own_console, visitors):
    browse = await visitors(own_console, "owner")
    where = await changed(own_console, browse, role="member")
    assert undo_of(await browse.page(where), "/role/undo") == []
    where = await changed(own_console, browse)
    forged = where.replace("-member-viewer", "-owner-viewer")
    assert forged != where
    assert undo_of(await browse.page(forged), "/role/undo") == []


async def test_nobody_is_given_more_by_an_undo_than_who_presses_it_has(own_console, visitors):
    admin = await visitors(own_console, "admin")
    await admin.page(PATH)
    user = own_console.actors["member"].user_id
    before = await own_console.traces(TRACED)
    assert (await admin.post(f"{PATH}/{user.hex}-owner-member/role/undo")).status_code == 403
    for text in (f"{user}", f"{user.hex}", f"{user.hex}-king-member", f"x-{user.hex}"):
        assert (await admin.post(f"{PATH}/{text}/role/undo")).status_code == 404, text
    theirs = own_console.actors["stranger"].user_id
    assert (await admin.post(f"{PATH}/{theirs.hex}-viewer-owner/role/undo")).status_code in {403, 404}
    assert await own_console.traces(TRACED) == before


async def test_who_was_uninvited_is_invited_again_as_the_same(own_console, visitors):
    browse = await visitors(own_console, "owner")
    again = await uninvited(own_console, browse, role="admin")
    page = await browse.page(await browse.does(again))
    assert "The invitation is sent. Its link works once, for seven days." in page.texts
    opened = await own_console.owner.fetch(
        "SELECT email, role, status FROM invitations WHERE email = 'kim@ours.example' ORDER BY id"
    )
    assert [(one["role"], one["status"]) for one in opened] == [("admin", "withdrawn"), ("admin", "open")]
    twice = await browse.post(again)
    assert twice.status_code == 409
    assert len(await own_console.owner.fetch("SELECT FROM invitations WHERE email = 'kim@ours.example'")) == 2


@pytest.mark.parametrize("name", ["member", "stranger"])
async def test_nobody_else_invites_again(own_console, visitors, name):
    browse = await visitors(own_console, "owner")
    again = await uninvited(own_console, browse)
    other = await visitors(own_console, name)
    await other.get("/account")
    before = await own_console.traces(TRACED)
    assert (await other.post(again)).status_code == (403 if name == "member" else 404)
    assert await own_console.traces(TRACED) == before
