"""'I no longer have it' is a claim: kept, shown, and nothing else."""

import asyncio

import pytest

from backhaul.domain.recovery import Outcome, person
from backhaul.domain.recovery.errors import ItemUnknown
from backhaul.domain.recovery.person import GoneReason
from backhaul.domain.recovery.person.errors import CaseEndedAlready, ClaimRefused
from backhaul.kernel.errors import InvalidInput


async def claim(one, position=1, reason=GoneReason.LOST, note=None):
    await one.does(person.claim_item, position=position, reason=reason, note=note)


async def said(one):
    return await person.list_statements(one.desk.db, actor=one.desk.actor, case=one.case)


async def test_a_claim_is_shown_and_decides_nothing(somebody):
    one = await somebody("Laptop", "Monitor")
    await claim(one, 2, GoneReason.STOLEN, " At the\r\nstation ")
    detail = await one.now()
    assert [item.outcome for item in detail.items] == [None, None]
    assert detail.case.outcome is None
    page = await one.looks()
    assert [item.name for item in page.expected] == ["Laptop"]
    (kept,) = (await said(one)).claims
    assert (kept.position, kept.reason, kept.note, kept.withdrawn_at) == (
        2,
        GoneReason.STOLEN,
        "At the station",
        None,
    )
    assert await one.past() == ["item_2_claimed_stolen"]


async def test_a_claim_is_taken_back_and_stays_in_the_record(somebody):
    one = await somebody()
    await claim(one)
    await one.does(person.withdraw_claim, position=1)
    assert (await one.looks()).claims == ()
    await claim(one, reason=GoneReason.KEPT)
    assert [entry.reason for entry in (await one.looks()).claims] == [GoneReason.KEPT]
    assert [entry.withdrawn_at is None for entry in (await said(one)).claims] in (
        [False, True],
        [True, False],
    )


@pytest.mark.parametrize(
    ("note", "kind"), [("x" * 501, InvalidInput), ("a\x00b", InvalidInput), ("\u202ea", InvalidInput)]
)
async def test_a_note_is_short_and_plain(somebody, note, kind):
    one = await somebody()
    async with one.desk.refuses(kind) as refused:
        await claim(one, note=note)
    assert [problem.path for problem in refused.value.problems] == ["note"]


async def test_what_cannot_be_claimed(somebody):
    one = await somebody("Laptop", "Monitor")
    async with one.desk.refuses(ItemUnknown):
        await claim(one, 3)
    async with one.desk.refuses(ClaimRefused):
        await one.does(person.withdraw_claim, position=1)
    await claim(one)
    async with one.desk.refuses(ClaimRefused):
        await claim(one, reason=GoneReason.STOLEN)
    await one.desk.end_item(one.case, 2, Outcome.LOST)
    async with one.desk.refuses(ClaimRefused):
        await claim(one, 2)
    await one.desk.end(one.case, Outcome.LOST)
    async with one.desk.refuses(CaseEndedAlready):
        await one.does(person.withdraw_claim, position=1)


async def test_two_claims_at_once_are_one(somebody):
    one = await somebody()
    done = await asyncio.gather(*(claim(one, reason=reason) for reason in GoneReason), return_exceptions=True)
    assert [type(what) for what in done if what is not None] == [ClaimRefused] * 4
    assert len((await said(one)).claims) == 1
