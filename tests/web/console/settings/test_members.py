"""Members in the browser: their roles, the last owner, and people who are asked to join by mail."""

import asyncio
import re
from datetime import timedelta

import pytest

from backhaul.domain.identity import Role, list_members
from tests.dialects.installation import PASSWORD
from tests.domain.billing.purse import drain
from tests.web.console.transfers.furnish import world_of

PATH = "/settings/members"
LINK = re.compile(r"http://[^/\s]+(/invitation/[A-Za-z0-9_-]{43})")


async def roles(console, name="owner"):
    return {one.email: one.role for one in await list_members(console.db, actor=console.actors[name])}


async def invited_by(console, browse, email, role="member"):
    """Have somebody invited in the browser, and return the path in the mail they get."""
    await browse.page(PATH)
    assert (
        await browse.does(f"{PATH}/invitations", {"email": email, "role": role})
        == f"{PATH}?notice=members.invited"
    )
    world = world_of(console, "owner")
    await drain(console.db, clock=console.clock, ports=world.ports)
    text = await console.owner.fetchval(
        "SELECT text FROM messages WHERE recipient = $1 ORDER BY id DESC LIMIT 1", email
    )
    return LINK.search(text.replace("=\n", ""))[1]


async def test_roles_are_changed_and_the_last_owner_stays(own_console, visitors):
    browse = await visitors(own_console, "owner")
    ids = {name: own_console.actors[name].user_id for name in ("owner", "admin", "member", "stranger")}
    page = await browse.page(PATH)
    assert "the last owner stays" in page.texts
    assert f"{PATH}/{ids['owner']}/remove" not in page.posts
    where = await browse.does(f"{PATH}/{ids['member']}/role", {"role": "viewer"})
    assert "The role is changed. It counts at once, everywhere." in (await browse.page(where)).texts
    assert (await roles(own_console))[own_console.emails["member"]] is Role.VIEWER
    for action, fields in (("role", {"role": "admin"}), ("remove", {})):
        refused = await browse.post(f"{PATH}/{ids['owner']}/{action}", fields)
        assert (refused.status_code, "owner" in refused.text) == (409, True)
    assert (await browse.post(f"{PATH}/{ids['member']}/role", {"role": "operator"})).status_code == 403
    assert (await browse.post(f"{PATH}/{ids['member']}/role", {"role": "king"})).status_code == 422
    assert (await browse.post(f"{PATH}/{ids['stranger']}/remove")).status_code == 404
    admin = await visitors(own_console, "admin")
    assert f"{PATH}/{ids['owner']}/role" not in (await admin.page(PATH)).posts
    assert (await admin.post(f"{PATH}/{ids['member']}/role", {"role": "owner"})).status_code == 403
    await admin.does(f"{PATH}/{ids['member']}/remove")
    assert own_console.emails["member"] not in await roles(own_console)


async def test_somebody_new_joins_by_the_link_in_the_mail_once(own_console, visitors):
    browse = await visitors(own_console, "owner")
    link = await invited_by(own_console, browse, "gibson@maas.example", role="admin")
    assert link not in (await browse.get(PATH)).text
    again = await browse.post(f"{PATH}/invitations", {"email": "Gibson@maas.example", "role": "viewer"})
    assert (again.status_code, "has an invitation already" in again.text) == (409, True)
    newcomer = await visitors(own_console)
    page = await newcomer.page(link)
    assert "Join Maas Biolabs" in page.texts
    fields = {"name": "Bill Gibson", "password": PASSWORD, "repeated_password": PASSWORD}
    for wrong, said in (
        ({"repeated_password": "another one"}, "Is not the same as the password."),
        ({"password": "short", "repeated_password": "short"}, "Must have 12 to 1024 characters."),
        ({"name": ""}, "name"),
    ):
        refused = await newcomer.post(link, {**fields, **wrong})
        assert (refused.status_code, said in refused.text) == (422, True), wrong
    assert "gibson@maas.example" not in await roles(own_console)
    assert await newcomer.does(link, fields) == "/"
    assert "Bill Gibson" in (await newcomer.get("/settings/members")).text
    assert (await roles(own_console))["gibson@maas.example"] is Role.ADMIN
    late = await visitors(own_console)
    assert "cannot be used any more" in (await late.get(link)).text
    await late.get("/sign-in")  # its form is of the same browser
    assert (await late.post(link, fields)).status_code == 409


async def test_who_has_an_account_joins_by_signing_in_with_it(own_console, visitors):
    browse = await visitors(own_console, "owner")
    email = own_console.emails["stranger"]
    link = await invited_by(own_console, browse, email)
    nobody = await visitors(own_console)
    assert "Sign in to join" in (await nobody.page(link)).texts
    await nobody.get("/sign-in")
    taken = await nobody.post(link, {"name": "X", "password": PASSWORD, "repeated_password": PASSWORD})
    assert (taken.status_code, email in taken.text) == (409, True)
    viewer = await visitors(own_console, "viewer")
    assert "You are signed in with another account." in (await viewer.page(link)).texts
    assert (await viewer.post(link)).status_code == 403
    stranger = await visitors(own_console, "stranger")
    await stranger.page(link)
    assert await stranger.does(link) == "/"
    assert (await roles(own_console))[email] is Role.MEMBER
    member = await browse.post(f"{PATH}/invitations", {"email": email, "role": "viewer"})
    assert member.status_code == 409


async def test_of_two_who_follow_one_link_at_once_one_gets_in(own_console, visitors):
    browse = await visitors(own_console, "owner")
    link = await invited_by(own_console, browse, "dixie@maas.example")
    fields = {"name": "Dixie", "password": PASSWORD, "repeated_password": PASSWORD}
    both = [await visitors(own_console) for _ in range(2)]
    for one in both:
        await one.page(link)
    answers = await asyncio.gather(*(one.post(link, fields) for one in both))
    assert sorted(answer.status_code for answer in answers) == [303, 409]


async def test_a_withdrawn_or_old_invitation_lets_nobody_in(own_console, visitors):
    browse = await visitors(own_console, "owner")
    link = await invited_by(own_console, browse, "case@maas.example")
    page = await browse.page(PATH)
    withdraws = [action for action in page.posts if action.endswith("/withdraw")]
    assert len(withdraws) == 2
    stranger = await visitors(own_console, "stranger")
    await stranger.get("/account")
    assert (await stranger.post(withdraws[0])).status_code == 404
    for action in withdraws:
        await browse.page(PATH)
        await browse.does(action)
    newcomer = await visitors(own_console)
    fields = {"name": "Case", "password": PASSWORD, "repeated_password": PASSWORD}
    await newcomer.get("/sign-in")
    assert (await newcomer.post(link, fields)).status_code == 409
    second = await invited_by(own_console, browse, "case@maas.example")
    own_console.clock.advance(timedelta(days=7))
    assert (await newcomer.post(second, fields)).status_code == 409
    assert (await newcomer.get(f"/invitation/{'A' * 43}")).status_code == 404
    assert (
        await own_console.owner.fetchval("SELECT count(*) FROM users WHERE email = 'case@maas.example'") == 0
    )


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 300 + "@example.com"])
async def test_an_address_that_is_none_is_refused_beside_its_field(console, email):
    browse = await console.kept("owner")
    await browse.page(PATH)
    refused = await browse.post(f"{PATH}/invitations", {"email": email, "role": "member"})
    assert refused.status_code == 422
    assert 'id="email-problem"' in refused.text
