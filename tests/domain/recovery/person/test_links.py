"""Links to a person's page: for one case, for a while, until they are revoked."""

import hashlib
from datetime import timedelta

import msgspec
import pytest
from tests.domain.recovery.desk import Desk
from tests.domain.recovery.person.conftest import PAGES, token_for

from backhaul.domain import ladders
from backhaul.domain.recovery import Outcome, Shipping, person
from backhaul.domain.recovery.errors import CaseUnknown
from backhaul.domain.recovery.person import Pages
from backhaul.domain.recovery.person.errors import PersonLinkInvalid

INVITATION = """
SELECT locale, subject, text FROM messages WHERE org_id = $1 AND subject_id = $2 AND template = 'recovery/invited'
"""


async def test_a_link_says_nothing_and_is_not_kept(somebody, desk):
    one = await somebody()
    assert len(one.token) == 43
    async with desk.db.read(desk.world.scope) as reader:
        rows = await reader.fetch("SELECT * FROM recovery_links WHERE org_id = $1", desk.actor.org_id)
    assert hashlib.sha256(one.token.encode()).digest() in {row["token_hash"] for row in rows}
    assert not any(one.token in str(value) for row in rows for value in row.values())


async def test_every_case_is_invited_once_with_a_link_that_works(desk):
    case = await desk.add("Laptop", shipping=Shipping.ASK)
    await desk.world.settle()
    (mail,) = (desk.world.folder / "mail").glob("*.eml")
    text = mail.read_text().replace("=\n", "")
    assert case.email in text
    token = text.split("/return/", 1)[1][:43]
    linked = await person.follow(desk.db, token=token, now=desk.now)
    assert (linked.case_id, linked.scope) == (case.id, desk.world.scope)


async def test_the_invitation_has_the_language_of_the_campaigns_ladder(desk):
    policy = msgspec.structs.replace(ladders.BUILT_IN, locale="de")
    await ladders.create_ladder(desk.db, actor=desk.actor, name="ours", policy=policy, now=desk.now)
    case = await desk.add(campaign=await desk.create(ladder="ours", deadline_on=desk.now.date()))
    await desk.world.settle()
    async with desk.db.read(desk.world.scope) as reader:
        row = await reader.fetchrow(INVITATION, desk.actor.org_id, case.id)
    assert (row["locale"], row["subject"]) == ("de", "Bitte zurücksenden: Laptop")
    assert "Geräte, die Sie von dort haben, bis" in " ".join(row["text"].split())


async def test_an_invitation_after_the_deadline_names_no_day(desk):
    campaign = await desk.create(deadline_on=desk.now.date() + timedelta(days=1))
    desk.world.clock.advance(timedelta(days=3))
    case = await desk.add(campaign=campaign)
    await desk.world.settle()
    async with desk.db.read(desk.world.scope) as reader:
        row = await reader.fetchrow(INVITATION, desk.actor.org_id, case.id)
    assert row["locale"] == "en"
    assert "the equipment you have from them." in " ".join(row["text"].split())


async def test_a_link_ends_after_its_days(somebody, desk, clock):
    one = await somebody()
    clock.advance(timedelta(days=90) - timedelta(seconds=1))
    assert (await one.linked()).case_id == one.case.id
    clock.advance(timedelta(seconds=1))
    with pytest.raises(PersonLinkInvalid):
        await one.linked()


async def test_a_link_ends_thirty_days_after_its_case(somebody, desk, clock):
    one = await somebody()
    await desk.end(one.case, Outcome.LOST)
    clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert not (await one.looks()).is_open
    clock.advance(timedelta(seconds=1))
    with pytest.raises(PersonLinkInvalid):
        await one.linked()


async def test_revoking_ends_all_links_of_one_case_and_no_other(somebody, desk):
    one, other = await somebody(), await somebody()
    second = await token_for(desk, one.case)

    async def revoke():
        return await person.revoke_links(desk.db, actor=desk.actor, case=one.case.code, now=desk.now)

    assert await revoke() == 3  # the invitation's, too
    assert await revoke() == 0
    for token in (one.token, second):
        with pytest.raises(PersonLinkInvalid):
            await person.follow(desk.db, token=token, now=desk.now)
    assert (await other.linked()).case_id == other.case.id
    actions = [line["action"] for line in await desk.world.changes("recovery_case", one.case.id)]
    assert actions.count("links_revoked") == 1


async def test_the_organization_makes_a_new_link(somebody, desk):
    one = await somebody()
    url = await person.make_link(
        desk.db, actor=desk.actor, case=one.case.public_number, pages=Pages(person_page="x/"), now=desk.now
    )
    linked = await person.follow(desk.db, token=url.removeprefix("x/"), now=desk.now)
    assert linked.case_id == one.case.id


async def test_another_organization_can_neither_make_nor_revoke_links(somebody, desk):
    one = await somebody()
    stranger = await Desk(await desk.world.elsewhere()).furnished()
    async with stranger.refuses(CaseUnknown):
        await person.make_link(desk.db, actor=stranger.actor, case=one.case.code, pages=PAGES, now=desk.now)
    async with desk.refuses(CaseUnknown):
        await person.revoke_links(desk.db, actor=stranger.actor, case=one.case.code, now=desk.now)
    assert (await one.linked()).case_id == one.case.id


@pytest.mark.parametrize(
    "token", ["", "x", "A" * 42, "A" * 44, "A" * 5000, "A" * 42 + "\n", "é" * 43, "A" * 42 + ".", "٣" * 43]
)
async def test_what_cannot_be_a_link_is_refused_without_asking_the_database(token):
    with pytest.raises(PersonLinkInvalid):
        await person.follow(None, token=token, now=None)


async def test_an_unknown_link_is_refused(desk):
    with pytest.raises(PersonLinkInvalid):
        await person.follow(desk.db, token="A" * 43, now=desk.now)
