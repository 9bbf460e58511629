"""The list of members: pages by address, search, forms that lead back to where they were, and whose log it leads to."""

import re

import pytest

from backhaul.domain.identity import OPERATOR_ORG_ID, Role, add_member, create_user, system_actor

PATH = "/settings/members"


@pytest.fixture
async def crowded(bare_console):
    """A console whose first organization has five members and sixty more."""
    console, now = bare_console, bare_console.clock.now()
    operator = system_actor(OPERATOR_ORG_ID)
    for number in range(60):
        email, name = f"m{number:02}@crowd.example", f"Runner {number:02}"
        user = await create_user(console.db, actor=operator, email=email, name=name, now=now)
        owner = console.actors["owner"]
        actor = system_actor(owner.org_id)
        await add_member(console.db, actor=actor, user_id=user.id, role=Role.VIEWER, now=now)
        console.actors[name] = user
    return console


async def test_members_are_read_page_by_page(crowded, visitors):
    browse = await visitors(crowded, "owner")
    seen, path, sizes = set(), PATH, []
    while path is not None:
        page = await browse.page(path)
        sizes += [int(text.split()[0]) for text in page.texts if re.fullmatch(r"\d+ members", text)]
        seen |= {text for text in page.texts if " " not in text and "@" in text}
        path = next((link for link in page.links if link.startswith(f"{PATH}?after=")), None)
    assert sizes == [50, 14]
    assert len(seen) == sum(sizes)
    assert PATH in page.links  # the way back to the first page
    _, sent = await browse.statements(PATH)
    assert len([one for one in sent if "find_browser_session" not in one]) == 2


async def test_the_last_owner_stays_on_whichever_page(crowded, visitors):
    owner = crowded.actors["owner"].user_id
    browse = await visitors(crowded, "owner")
    for path in (f"{PATH}?after=m55%40crowd.example", f"{PATH}?q=owner%40"):
        page = await browse.page(path)
        assert "the last owner stays" in page.texts
        assert f"{PATH}/{owner}/remove" not in page.posts


async def test_members_are_searched_for(crowded, visitors):
    browse = await visitors(crowded, "owner")
    page = await browse.page(f"{PATH}?q=RUNNER+5")
    assert "10 members" in page.texts
    assert {f"Runner {number}" for number in range(50, 60)} <= set(page.texts)
    assert (
        "The first 50 are shown: type more of the name or address"
        in (await browse.page(f"{PATH}?q=runner")).texts
    )
    page = await browse.page(f"{PATH}?q=nobody")
    assert "Nobody's name or address begins with this." in page.texts
    assert "Open invitations" in page.texts


async def test_a_form_leads_back_to_the_page_it_was_on(crowded, visitors):
    browse = await visitors(crowded, "owner")
    here = f"{PATH}?after=m40%40crowd.example"
    forty, one = (crowded.actors[f"Runner {number}"].id for number in (41, 42))
    page = await browse.page(here)
    hidden = {
        (given["name"], given["value"]) for given in page.tags("input") if given.get("type") == "hidden"
    }
    assert {("after", "m40@crowd.example"), ("q", "")} <= hidden
    fields = {"after": "m40@crowd.example", "q": ""}
    where = await browse.does(f"{PATH}/{forty}/role", {"role": "member", **fields})
    assert where == f"{here}&notice=members.role_set"
    where = await browse.does(f"{PATH}/{one}/remove", fields)
    assert where == f"{here}&notice=members.removed"
    refused = await browse.post(f"{PATH}/{forty}/role", {"role": "king", **fields})
    assert refused.status_code == 422
    assert "m41@crowd.example" in refused.text
    assert "m39@crowd.example" not in refused.text
    assert await browse.does(f"{PATH}/{forty}/remove", {"q": "runner 4"}) == (
        f"{PATH}?q=runner+4&notice=members.removed"
    )


async def test_a_member_leads_to_what_they_did(crowded, visitors):
    browse, admin = await visitors(crowded, "owner"), crowded.actors["admin"].user_id
    page = await browse.page(f"{PATH}?q=admin%40")
    assert f"/settings/audit?who={admin}" in page.links
