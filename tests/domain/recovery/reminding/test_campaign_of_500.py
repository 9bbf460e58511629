"""Five hundred people in nine places over sixty days: exactly the expected messages, and no other."""

import hashlib
from collections import Counter

import pytest
from tests.domain.recovery.reminding import crowd, expecting
from tests.domain.recovery.reminding.season import Season

PEOPLE = 500
# Every line of evidence that has to come out: people, instants, steps, recipients. Somebody has to mean it.
GOLDEN = "3a9807c3908a745d4504b5872e3a9de2a47e784acf4696a076820568d9738b9c"
SENT = {
    "first": 411, "second": 311, "third": 293, "text": 291, "manager": 244, "it": 251, "hr": 219, "month": 225,
    "deadline": 227, "silent": 91,
}  # fmt: skip
SKIPPED = {
    "handed_over": 342, "opted_out": 284, "hold": 277, "claimed": 164, "muted": 84, "no_manager": 45, "missed": 14
}  # fmt: skip


def test_what_is_expected_is_what_was_agreed():
    expected = expecting.expected([crowd.person(number) for number in range(PEOPLE)])
    outcomes = Counter(line.outcome for line in expected)
    assert Counter(line.step for line in expected if line.outcome == "sent") == SENT
    assert {outcome: count for outcome, count in outcomes.items() if outcome != "sent"} == SKIPPED
    assert hashlib.sha256(repr(expected).encode()).hexdigest() == GOLDEN


@pytest.mark.slow
async def test_a_campaign_of_500_people_over_60_days_writes_exactly_what_is_expected(bell):
    season = Season(bell, [crowd.person(number) for number in range(PEOPLE)])
    await season.open()
    await season.live()
    evidence = await season.evidence()
    assert evidence == expecting.expected(season.people)
    assert hashlib.sha256(repr(evidence).encode()).hexdigest() == GOLDEN
    for one in season.people:  # said once more, without the calendar: nothing after what stops it
        lines = [line for line in evidence if line.number == one.number and line.outcome == "sent"]
        sent = [line.decided_at for line in lines]
        for stop in (one.ends_at, one.opts_out_at, one.held_at, one.arrives_at):
            assert stop is None or all(at < stop.isoformat() for at in sent)
        for handed_over in one.scans[:1]:
            assert all(line.decided_at < handed_over.isoformat() or line.step == "silent" for line in lines)
        if one.muted is not None:
            since, until = (at.isoformat() for at in one.muted)
            assert all(at < since or at > until for at in sent)
        if one.claims_at is not None:
            theirs = [line.decided_at for line in lines if line.recipient in (one.email, one.home.phone)]
            assert all(at < one.claims_at.isoformat() for at in theirs)
