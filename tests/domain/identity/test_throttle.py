import pytest

from backhaul.domain.identity import Throttle, ThrottleSettings, account_name, address_name
from backhaul.domain.identity.errors import TooManyAttempts

THREE = ThrottleSettings(burst=3, per_second=0.1, remembered=2)


def test_failures_beyond_the_burst_must_wait_as_long_as_they_are_told(ticks):
    throttle = Throttle(THREE, ticks=ticks)
    for _ in range(3):
        throttle.check("a")
        throttle.fail("a")
    with pytest.raises(TooManyAttempts) as caught:
        throttle.check("a")
    assert caught.value.data == {"retry_after_seconds": 10}
    ticks.at += 9.9
    with pytest.raises(TooManyAttempts):
        throttle.check("a")
    ticks.at += 0.1
    throttle.check("a")


def test_address_and_account_are_counted_apart_and_checked_together(ticks):
    throttle = Throttle(THREE, ticks=ticks)
    for _ in range(3):
        throttle.fail(account_name("Ada@example.com"))
    throttle.check(address_name("203.0.113.7", tried="password"))
    with pytest.raises(TooManyAttempts):
        throttle.check(address_name("203.0.113.7", tried="password"), account_name(" ada@EXAMPLE.com"))


def test_an_account_that_signs_in_is_forgiven(ticks):
    throttle = Throttle(THREE, ticks=ticks)
    for _ in range(3):
        throttle.fail("a")
    throttle.forgive("a", "never seen")
    throttle.check("a")


def test_a_long_pause_forgives_everything_but_saves_nothing_up(ticks):
    throttle = Throttle(THREE, ticks=ticks)
    throttle.fail("a")
    ticks.at += 1_000_000
    for _ in range(3):
        throttle.check("a")
        throttle.fail("a")
    with pytest.raises(TooManyAttempts):
        throttle.check("a")


def test_memory_is_bounded_and_the_longest_untouched_is_forgotten(ticks):
    throttle = Throttle(THREE, ticks=ticks)
    for _ in range(3):
        throttle.fail("a")
    throttle.fail("b")
    throttle.fail("c")
    throttle.check("a")
    assert len(throttle._buckets) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8::ffff:2"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        (None, None),
    ],
)
def test_one_customer_counts_once(one, other):
    assert address_name(one, tried="key") == address_name(other, tried="key")


def test_neighbouring_networks_count_apart():
    names = {
        address_name(address, tried="key")
        for address in ("2001:db8::1", "2001:db8:0:1::1", "203.0.113.7", "203.0.113.8")
    }
    assert len(names) == 4


def test_what_was_tried_counts_apart():
    assert len({address_name("203.0.113.7", tried=tried) for tried in ("key", "password", "token")}) == 3
