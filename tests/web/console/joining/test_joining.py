"""Following a link that works no more, and two people who follow one."""

import asyncio

from backhaul.domain.identity import Role, operator_actor, set_role
from tests.dialects.installation import PASSWORD
from tests.web.console.settings.test_members import PATH, invited_by, roles

FIELDS = {"name": "Dixie", "password": PASSWORD, "repeated_password": PASSWORD}
EMAIL = "dixie@maas.example"


async def test_whoever_comes_late_is_told_that_the_link_was_used(bare_console, visitors):
    link = await invited_by(bare_console, await visitors(bare_console, "owner"), EMAIL)
    first, late = await visitors(bare_console), await visitors(bare_console)
    await first.page(link)
    await late.page(link)
    await first.does(link, FIELDS)
    refused = await late.post(link, FIELDS)
    assert (refused.status_code, "cannot be used any more" in refused.text) == (409, True)
    assert "is for" not in refused.text
    assert link not in refused.text  # no form that would be refused again


async def test_of_two_who_follow_one_link_at_once_the_other_is_told_so(bare_console, visitors):
    link = await invited_by(bare_console, await visitors(bare_console, "owner"), EMAIL)
    both = [await visitors(bare_console) for _ in range(2)]
    for one in both:
        await one.page(link)
    answers = await asyncio.gather(*(one.post(link, FIELDS) for one in both))
    said = sorted((answer.status_code, "cannot be used any more" in answer.text) for answer in answers)
    assert said == [(303, False), (409, True)]


async def test_an_invitation_of_who_may_not_invite_is_over_and_the_list_says_why(bare_console, visitors):
    link = await invited_by(bare_console, await visitors(bare_console, "admin"), EMAIL)
    await set_role(
        bare_console.db,
        actor=operator_actor(bare_console.organizations["ours"]),
        user_id=bare_console.actors["admin"].user_id,
        role=Role.MEMBER,
        now=bare_console.clock.now(),
    )
    newcomer = await visitors(bare_console)
    assert "cannot be used any more" in (await newcomer.get(link)).text
    await newcomer.get("/sign-in")  # its form is of the same browser
    assert (await newcomer.post(link, FIELDS)).status_code == 409
    assert EMAIL not in await roles(bare_console)
    owner = await visitors(bare_console, "owner")
    page = await owner.page(PATH)
    assert {EMAIL, "Void"} <= set(page.texts)
    assert any("may not give this role any more" in text for text in page.texts)
    again = await invited_by(bare_console, owner, EMAIL)
    assert "Void" not in (await owner.page(PATH)).texts
    assert await newcomer.does(again, FIELDS) == "/"


async def test_the_last_operator_stays(bare_console, visitors):
    browse = await visitors(bare_console, "operator")
    path = f"{PATH}/{bare_console.actors['operator'].user_id}"
    page = await browse.page(PATH)
    assert "the last operator stays" in page.texts
    assert f"{path}/remove" not in page.posts
    for action, fields in (("role", {"role": "owner"}), ("remove", {})):
        refused = await browse.post(f"{path}/{action}", fields)
        assert (refused.status_code, "last operator" in refused.text) == (409, True)
