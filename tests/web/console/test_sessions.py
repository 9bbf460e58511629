"""Sessions of browsers: made anew at sign-in, listed, ended by what ends an account's tokens."""

from datetime import timedelta

import pytest

from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Role,
    add_member,
    create_organization,
    disable_user,
    operator_actor,
    remove_member,
    set_password,
    system_actor,
)
from backhaul.settings import HttpSettings
from tests.dialects.installation import PASSWORD
from tests.web.console.browse import HTML
from tests.web.console.furnished import furnished

OPERATOR = system_actor(OPERATOR_ORG_ID)
COOKIE = "backhaul"


async def is_in(browse):
    answer = await browse.get("/account")
    assert answer.status_code == 200 or answer.headers["location"] == "/sign-in?next=%2Faccount"
    return answer.status_code == 200


async def test_a_session_that_was_planted_is_not_the_one_that_gets_in(bare_console, visitors):
    planted = await visitors(bare_console, "member")
    victim = await visitors(bare_console)
    token = planted.client.cookies[COOKIE]
    victim.client.cookies.set(COOKIE, token, domain="backhaul.test", path="/")
    assert (await victim.get("/sign-in")).status_code == 303  # signed in as somebody else, as was planted
    await victim.get("/account")
    await victim.does("/sign-out")
    await victim.sign_in(bare_console.emails["owner"])
    assert victim.client.cookies[COOKIE] != token
    assert not await is_in(planted)


async def test_signing_in_again_ends_what_the_browser_had_before(bare_console, visitors):
    browse = await visitors(bare_console, "member")
    former = browse.client.cookies[COOKIE]
    answer = await browse.get("/account")
    assert answer.status_code == 200
    browse.client.cookies.delete(COOKIE)
    await browse.get("/sign-in")
    browse.client.cookies.set(COOKIE, former, domain="backhaul.test", path="/")
    await browse.does("/sign-in", {"email": bare_console.emails["viewer"], "password": PASSWORD})
    thief = await visitors(bare_console)
    thief.client.cookies.set(COOKIE, former, domain="backhaul.test", path="/")
    assert not await is_in(thief)
    assert await is_in(browse)


async def test_every_sign_in_makes_a_token_whatever_the_cookie_held(bare_console, visitors):
    browse = await visitors(bare_console)
    browse.client.cookies.set(COOKIE, "A" * 43, domain="backhaul.test", path="/")
    await browse.sign_in(bare_console.emails["owner"])
    first = browse.client.cookies[COOKIE]
    assert first != "A" * 43
    assert len(first) == 43


@pytest.mark.parametrize("held", ["", "A" * 43, "x", "é" * 20, "A" * 5000, "a=b; backhaul="])
async def test_a_made_up_cookie_is_nobody(bare_console, held):
    headers = [(b"cookie", b"backhaul=" + held.encode()), (b"accept", b"text/html")]
    answer = await bare_console.app.request("GET", "/", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_the_cookie_is_kept_from_scripts_and_other_sites(bare_console, visitors):
    browse = await visitors(bare_console)
    await browse.get("/sign-in")
    fields = {"email": bare_console.emails["owner"], "password": PASSWORD}
    answer = await browse.post("/sign-in", fields)
    session, entrance = answer.headers.get_list("set-cookie")
    token = session.partition("=")[2].partition(";")[0]
    assert session == f"backhaul={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"
    assert entrance.endswith("Max-Age=0")
    kept = await bare_console.owner.fetchval("SELECT string_agg(s::text, '') FROM browser_sessions AS s")
    assert token not in kept


async def test_over_https_no_other_host_can_write_it(database_url, tmp_path, clock):
    from tests.dialects.mounting import small

    settings = small(database_url, http=HttpSettings(base_url="https://backhaul.example"))
    async with furnished(database_url, tmp_path, clock=clock, settings=settings, is_bare=True) as console:
        answer = await console.app.request("GET", "/sign-in", headers=HTML)
    assert answer.headers["set-cookie"].startswith("__Host-backhaul_entrance=")
    assert answer.headers["set-cookie"].endswith("; Secure")


async def test_a_quiet_session_ends_after_twelve_hours_and_a_busy_one_after_thirty_days(
    bare_console, visitors
):
    quiet = await visitors(bare_console, "member")
    busy = await visitors(bare_console, "owner")
    browsers = bare_console.app.litestar.state.browsers
    for _ in range(59):
        bare_console.clock.advance(timedelta(hours=12) - timedelta(seconds=1))
        assert await is_in(busy)
        await browsers.write_visits()
    assert not await is_in(quiet)
    bare_console.clock.advance(timedelta(hours=11))
    assert await is_in(busy)
    await browsers.write_visits()
    bare_console.clock.advance(timedelta(hours=1, minutes=1))
    assert not await is_in(busy)


@pytest.mark.parametrize("end", ["password", "account", "membership"])
async def test_sessions_end_with_what_they_rest_on(bare_console, visitors, end):
    browse = await visitors(bare_console, "member")
    other = await visitors(bare_console, "owner")
    user_id, now = bare_console.actors["member"].user_id, bare_console.clock.now()
    ours = operator_actor(bare_console.organizations["ours"])
    if end == "password":
        await set_password(bare_console.db, actor=OPERATOR, user_id=user_id, password=PASSWORD, now=now)
    elif end == "account":
        await disable_user(bare_console.db, actor=OPERATOR, user_id=user_id, now=now)
    else:
        await remove_member(bare_console.db, actor=ours, user_id=user_id, now=now)
        await add_member(
            bare_console.db, actor=ours, user_id=user_id, role=Role.VIEWER, now=now + timedelta(1)
        )
    assert not await is_in(browse)
    assert await is_in(other)


async def test_sessions_are_listed_and_ended_by_whose_they_are(bare_console, visitors):
    first = await visitors(bare_console, "owner")
    second = await visitors(bare_console, "owner")
    third = await visitors(bare_console, "owner")
    stranger = await visitors(bare_console, "stranger")
    page = await first.page("/account")
    ends = sorted(action for action in page.posts if action.endswith("/end"))
    assert len(ends) == 2
    await stranger.get("/account")
    assert (await stranger.post(ends[0])).status_code == 404
    assert [await is_in(second), await is_in(third)] == [True, True]
    await first.page("/account")
    await first.does(ends[0])
    assert sorted([await is_in(second), await is_in(third)]) == [False, True]
    await first.page("/account")
    await first.does("/account/sessions/end-others")
    assert [await is_in(browse) for browse in (first, second, third, stranger)] == [True, False, False, True]


async def test_signing_out_ends_the_session_and_not_only_the_cookie(bare_console, visitors):
    browse = await visitors(bare_console, "owner")
    token = browse.client.cookies[COOKIE]
    assert await browse.does("/sign-out") == "/sign-in"
    browse.client.cookies.set(COOKIE, token, domain="backhaul.test", path="/")
    assert not await is_in(browse)


async def test_a_changed_password_ends_every_other_session(bare_console, visitors):
    browse, other = await visitors(bare_console, "owner"), await visitors(bare_console, "owner")
    await browse.get("/account")
    fields = {
        "current_password": "wrong, quite wrong",
        "new_password": "n" * 12,
        "repeated_password": "n" * 12,
    }
    refused = await browse.post("/account/password", fields)
    assert (refused.status_code, "Is not your present password." in refused.text) == (422, True)
    short = {"current_password": PASSWORD, "new_password": "short", "repeated_password": "short"}
    assert "Must have 12 to 1024 characters." in (await browse.post("/account/password", short)).text
    differing = {**short, "new_password": "n" * 12}
    assert "Is not the same as the new password." in (await browse.post("/account/password", differing)).text
    assert await is_in(other)
    before = browse.client.cookies[COOKIE]
    await browse.does("/account/password", {**fields, "current_password": PASSWORD})
    assert browse.client.cookies[COOKIE] != before
    assert [await is_in(browse), await is_in(other)] == [True, False]
    nobody = await visitors(bare_console)
    await nobody.get("/sign-in")
    answer = await nobody.post("/sign-in", {"email": bare_console.emails["owner"], "password": PASSWORD})
    assert (answer.status_code, "Invalid email or password." in answer.text) == (401, True)


async def test_people_switch_to_their_organizations_and_to_children_of_them(bare_console, visitors):
    now = bare_console.clock.now()
    theirs, ours = bare_console.organizations["theirs"], bare_console.organizations["ours"]
    child = await create_organization(
        bare_console.db, actor=OPERATOR, name="Child", parent_id=ours.id, now=now
    )
    owner = bare_console.actors["owner"]
    await add_member(
        bare_console.db, actor=operator_actor(theirs), user_id=owner.user_id, role=Role.VIEWER, now=now
    )
    browse = await visitors(bare_console, "owner")
    offered = {given["value"] for given in (await browse.page("/")).tags("option")}
    assert offered == {str(one.id) for one in (ours, theirs, child)}
    await browse.does("/organization/switch", {"organization": str(theirs.id)})
    assert (await browse.get("/settings/organization")).status_code == 403  # a viewer there
    await browse.does("/organization/switch", {"organization": str(child.id)})
    await browse.page("/settings/organization")
    await browse.does("/settings/organization/name", {"name": "Grown up"})
    seen = await bare_console.owner.fetch(
        "SELECT action, actor_kind, actor_id FROM history WHERE org_id = $1 ORDER BY id", child.id
    )
    assert [tuple(row) for row in seen[1:]] == [
        ("entered_by_parent", "user", owner.user_id),
        ("renamed", "user", owner.user_id),
    ]
    member = await visitors(bare_console, "member")
    for organization in (child.id, theirs.id, "made up", OPERATOR_ORG_ID):
        refused = await member.post("/organization/switch", {"organization": str(organization)})
        assert refused.status_code == 404
    assert "Grown up" not in (await member.get("/")).text
