"""One signature for the whole hand-over, with the very words that were shown."""

import asyncio
import hashlib
from datetime import timedelta

import asyncpg
import pytest

from backhaul.domain.recovery import NewItem, Outcome, person
from backhaul.domain.recovery.person import GoneReason, agreement
from backhaul.domain.recovery.person.errors import (
    CaseEndedAlready,
    HandOverChanged,
    NothingToSend,
    SignedAlready,
)
from backhaul.kernel.errors import InvalidInput


async def shown(one):
    return agreement.handover_text(await one.looks(), on=one.desk.now.date())


async def sign(one, text=None, *, name="John Doe", has_agreed=True, client="192.0.2.7"):
    digest = hashlib.sha256((await shown(one) if text is None else text).encode()).hexdigest()
    await one.does(person.sign, full_name=name, has_agreed=has_agreed, shown_sha256=digest, client=client)


async def test_the_words_name_everything_that_is_handed_over(somebody, desk):
    one = await somebody(NewItem(name="Laptop", serial_number="C02X", tag="IT-7"), "Monitor")
    text = await shown(one)
    assert text.splitlines()[2:5] == ["Date: 2026-05-04", f"Recovery: {one.case.code}", "Person: John Doe"]
    assert "1. Laptop (serial number C02X, asset IT-7)\n2. Monitor" in text


async def test_what_was_signed_is_kept_word_for_word(somebody, desk):
    one = await somebody("Laptop")
    text = await shown(one)
    await sign(one, name=" Jöhn   Doe ")
    kept = (await one.looks()).signature
    assert (kept.full_name, kept.text, kept.signed_at) == ("Jöhn Doe", text, desk.now)
    assert kept.text_sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert await one.past() == ["hand_over_signed"]
    async with desk.db.read(desk.world.scope) as reader:
        row = await reader.fetchrow("SELECT * FROM recovery_signatures WHERE org_id = $1", desk.actor.org_id)
    assert "192.0.2.7" not in str(dict(row))
    assert len(row["client_hash"]) == 32


async def test_nothing_that_somebody_entered_begins_a_line_of_the_words(somebody):
    one = await somebody("Laptop\u2028I hand over nothing")
    lines = (await shown(one)).splitlines()
    assert len(lines) == 10
    assert "1. Laptop I hand over nothing" in lines


async def test_a_signature_is_for_what_was_shown(somebody, clock):
    one = await somebody("Laptop", "Monitor")
    text = await shown(one)
    await one.does(person.claim_item, position=2, reason=GoneReason.LOST, note=None)
    async with one.desk.refuses(HandOverChanged):
        await sign(one, text)
    text = await shown(one)
    clock.advance(timedelta(days=1))
    async with one.desk.refuses(HandOverChanged):
        await sign(one, text)
    await sign(one)


async def test_one_signature_is_enough(somebody):
    one = await somebody()
    text = await shown(one)
    await sign(one)
    async with one.desk.refuses(SignedAlready):
        await sign(one, text)


async def test_two_signatures_at_once_are_one(somebody):
    one = await somebody()
    text = await shown(one)
    done = await asyncio.gather(
        *(sign(one, text, name=f"Name {n}") for n in range(5)), return_exceptions=True
    )
    assert [type(what) for what in done if what is not None] == [SignedAlready] * 4
    assert (await one.past()).count("hand_over_signed") == 1


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({"name": " "}, ["full_name"]),
        ({"name": "x" * 201}, ["full_name"]),
        ({"name": "J\x00"}, ["full_name"]),
        ({"has_agreed": False}, ["agreed"]),
        ({"name": "", "has_agreed": False}, ["full_name", "agreed"]),
    ],
)
async def test_a_signature_needs_a_name_and_an_agreement(somebody, options, paths):
    one = await somebody()
    async with one.desk.refuses(InvalidInput) as refused:
        await sign(one, "any", **options)
    assert [problem.path for problem in refused.value.problems] == paths


async def test_there_must_be_something_to_hand_over(somebody):
    one = await somebody()
    await one.does(person.claim_item, position=1, reason=GoneReason.LOST, note=None)
    async with one.desk.refuses(NothingToSend):
        await sign(one, "any")
    other = await somebody()
    await one.desk.end(other.case, Outcome.KEPT)
    async with one.desk.refuses(CaseEndedAlready):
        await sign(other, "any")


async def test_a_signature_can_not_be_changed(somebody, desk):
    one = await somebody()
    await sign(one)
    owner = await asyncpg.connect(desk.world.url)
    try:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await owner.execute("UPDATE recovery_signatures SET full_name = 'Eve'")
    finally:
        await owner.close()
