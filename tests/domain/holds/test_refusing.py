"""Refusing a release, by another person, and withdrawing it, by the one who asked: the hold goes on."""

import asyncio

import msgspec
import pytest
from tests.domain.holds.court import asset, case, without

from backhaul.domain import holds
from backhaul.domain.holds.model import ReleaseStatus
from backhaul.domain.identity import Right, Role, set_role
from backhaul.domain.identity.errors import RightMissing
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage.author import Author

EVENTS = "SELECT type, payload FROM outbox WHERE org_id = $1 AND subject_id = $2 ORDER BY id"


async def events(court, hold):
    async with court.db.read(court.scope) as reader:
        rows = await reader.fetch(EVENTS, court.scope.org_id, hold.id)
    return [(row["type"].removeprefix("holds."), row["payload"].get("release_id")) for row in rows]


async def test_a_refused_release_leaves_the_hold_and_can_be_asked_for_again(court):
    laptop = await court.add()
    hold = await court.place(asset(laptop))
    release, colleague = await court.ask(hold), await court.colleague()
    refused = await court.refuse(release, colleague, reason="  The case is open. ")
    assert (refused.status, refused.ended_by, refused.ended_at, refused.ended_reason, refused.version) == (
        ReleaseStatus.REFUSED,
        f"user {colleague.user_id}",
        court.now,
        "The case is open.",
        2,
    )
    assert (await court.status_of(laptop), await court.hold_count(laptop)) == ("Legal Hold", 1)
    assert await court.actions("hold", hold.id) == ["placed", "release_requested", "release_refused"]
    assert await events(court, hold) == [
        ("hold_placed", None),
        ("release_requested", str(release.id)),
        ("release_refused", str(release.id)),
    ]
    detail = await court.hold_detail(hold)
    assert detail.releases == (refused,)
    assert [(one.release_number, one.released_at) for one in detail.subjects] == [(None, None)]
    again = await court.ask(hold)
    assert again.number != release.number
    await court.approve(again, colleague)
    assert await court.status_of(laptop) == "Available"


async def test_whoever_asked_cannot_refuse_by_whatever_key_but_withdraws(court):
    hold = await court.place(asset(await court.add()))
    release = await court.ask(hold)
    key = msgspec.structs.replace(court.actor, author=Author("api_key", new_id()))
    for actor in (court.actor, key):
        async with court.refused(holds.SecondPersonNeeded):
            await court.refuse(release, actor)
    withdrawn = await court.withdraw(release, key)
    assert (withdrawn.status, withdrawn.ended_by, withdrawn.ended_reason) == (
        ReleaseStatus.WITHDRAWN,
        f"user {court.actor.user_id}",
        "Asked in error.",
    )
    assert await court.actions("hold", hold.id) == ["placed", "release_requested", "release_withdrawn"]
    assert (await events(court, hold))[-1] == ("release_withdrawn", str(release.id))
    assert (await court.ask(hold)).number != release.number


async def test_nobody_withdraws_what_another_asked_for(court):
    release = await court.ask(await court.place(asset(await court.add())))
    colleague = await court.colleague()
    async with court.refused(holds.ReleaseOfAnother):
        await court.withdraw(release, colleague)


@pytest.mark.parametrize("end", ["refuse", "withdraw", "approve"])
async def test_a_release_ends_once(court, end):
    release = await court.ask(await court.place(asset(await court.add())))
    colleague = await court.colleague()
    await getattr(court, end)(release, court.actor if end == "withdraw" else colleague)
    kind = holds.ReleaseApproved if end == "approve" else holds.ReleaseEnded
    async with court.refused(kind):
        await court.approve(release, colleague)
    async with court.refused(kind):
        await court.refuse(release, colleague)
    async with court.refused(kind):
        await court.withdraw(release, court.actor)


async def test_one_refused_device_of_a_hold_leaves_the_other_request(court):
    first, second = await court.add(), await court.add()
    hold = await court.place(asset(first), asset(second))
    one, other = await court.ask(hold, first.serial_number), await court.ask(hold, second.serial_number)
    colleague = await court.colleague()
    await court.refuse(one, colleague)
    await court.approve(other, colleague)
    assert [await court.status_of(device) for device in (first, second)] == ["Legal Hold", "Available"]


@pytest.mark.parametrize("end", ["refuse", "withdraw"])
async def test_what_cannot_be_ended_is_refused(court, end):
    other = await court.elsewhere()
    theirs = await other.ask(await other.place(case("1777")))
    async with court.refused(holds.ReleaseUnknown):
        await getattr(court, end)(theirs, court.actor)
    release = await court.ask(await court.place(case("1777")))
    for reason in (" ", "x" * 2001, "a\x00"):
        async with court.refused(InvalidInput):
            await getattr(court, end)(release, court.actor, reason=reason)
    async with court.refused(RightMissing):
        await getattr(court, end)(release, without(court.actor, Right.HOLDS_WRITE))


async def test_the_refusers_right_is_looked_at_in_the_transaction(court):
    release = await court.ask(await court.place(case("1777")))
    colleague = await court.colleague()
    await set_role(court.db, actor=court.actor, user_id=colleague.user_id, role=Role.VIEWER, now=court.now)
    async with court.refused(RightMissing):
        await court.refuse(release, colleague)


async def test_refusing_and_withdrawing_at_once_ends_it_once(court):
    release = await court.ask(await court.place(case("1777")))
    done = await asyncio.gather(
        court.refuse(release, await court.colleague()),
        court.withdraw(release, court.actor),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["Release", "ReleaseEnded"]
