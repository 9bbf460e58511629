"""Five hundred people in nine places over sixty days: exactly the expected messages, and no other."""

import hashlib
from collections import Counter

import pytest
from tests.domain.recovery.reminding import crowd
from tests.domain.recovery.reminding.season import Season

PEOPLE = 500
# Every line of evidence that has to come out: people, instants, steps, recipients. Somebody has to mean it.
GOLDEN = "bd4c6736c42d3d6af6a4f0942cd1ff4541c340ea77624e067fd0b9f924bcdf67"
SENT = {
    "first": 412, "second": 325, "third": 310, "text": 297, "manager": 214, "it": 224, "hr": 192, "month": 248,
    "deadline": 250, "silent": 99,
}  # fmt: skip
SKIPPED = {"handed_over": 368, "opted_out": 305, "hold": 305, "muted": 89, "no_manager": 50, "missed": 14}


def test_what_is_expected_is_what_was_agreed():
    expected = crowd.expected([crowd.person(number) for number in range(PEOPLE)])
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
    assert evidence == crowd.expected(season.people)
    assert hashlib.sha256(repr(evidence).encode()).hexdigest() == GOLDEN
    for one in season.people:  # said once more, without the calendar: nothing after what stops it
        sent = [line.decided_at for line in evidence if line.number == one.number and line.outcome == "sent"]
        for stop in (one.ends_at, one.opts_out_at, one.held_at, one.arrives_at):
            assert stop is None or all(at < stop.isoformat() for at in sent)
