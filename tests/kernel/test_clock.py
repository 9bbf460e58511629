from datetime import UTC, datetime, timedelta

import pytest

from backhaul.kernel.clock import SteppedClock, SystemClock

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_the_systems_clock_tells_utc():
    before = datetime.now(UTC)
    told = SystemClock().now()
    assert told.tzinfo is UTC
    assert before <= told <= datetime.now(UTC)


def test_a_stepped_clock_moves_only_when_told_to():
    clock = SteppedClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(days=3))
    clock.advance(timedelta(0))
    assert clock.now() == NOON + timedelta(days=3)


def test_no_clock_runs_backwards():
    clock = SteppedClock(NOON)
    with pytest.raises(ValueError, match="cannot run backwards"):
        clock.advance(timedelta(microseconds=-1))
    assert clock.now() == NOON
