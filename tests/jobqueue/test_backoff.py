from backhaul.jobqueue import Backoff


def test_each_delay_doubles_and_is_shortened_by_less_than_a_quarter():
    backoff = Backoff(attempts=8, first_seconds=30, max_seconds=3600)
    for attempt, doubled in enumerate([30, 60, 120, 240, 480, 960, 1920, 3600, 3600], start=1):
        delay = backoff.delay_seconds(job_id=17, attempt=attempt)
        assert doubled * 0.75 < delay <= doubled


def test_a_delay_depends_on_nothing_but_job_and_attempt():
    backoff = Backoff()
    assert backoff.delay_seconds(job_id=1, attempt=2) == backoff.delay_seconds(job_id=1, attempt=2)
    assert backoff.delay_seconds(job_id=1, attempt=2) != backoff.delay_seconds(job_id=2, attempt=2)


def test_a_very_late_attempt_still_has_a_delay():
    assert Backoff(attempts=10_000).delay_seconds(job_id=1, attempt=9_999) <= 3600


def test_the_last_attempt_is_the_one_that_uses_the_backoff_up():
    assert not Backoff(attempts=3).is_used_up(2)
    assert Backoff(attempts=3).is_used_up(3)
