import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count, pairwise
from uuid import RFC_4122

from backhaul.kernel import ids
from backhaul.kernel.ids import new_id


def test_an_id_is_a_uuid_of_version_7():
    for _ in range(200):
        made = new_id()
        assert (made.version, made.variant) == (7, RFC_4122)


def test_its_first_48_bits_are_the_present_in_milliseconds():
    before = time.time_ns() // 1_000_000
    milliseconds = new_id().int >> 80
    assert before <= milliseconds <= time.time_ns() // 1_000_000


def test_later_ids_are_greater_even_within_a_millisecond():
    made = [new_id() for _ in range(20_000)]
    assert all(earlier < later for earlier, later in pairwise(made))


def test_ids_grow_on_even_when_the_clock_is_set_back(monkeypatch):
    before = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    after = [new_id() for _ in range(100)]
    assert before < after[0]
    assert after == sorted(after)


def test_threads_get_ids_of_their_own():
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_id(), range(5000)))
    assert len(set(made)) == 5000


def test_every_random_bit_is_used(monkeypatch):
    monkeypatch.setattr(ids, "_last", 0)
    monkeypatch.setattr(time, "time_ns", count(10**18, 10**6).__next__)  # one id a millisecond
    ones = zeros = 0
    for _ in range(400):
        made = new_id().int
        ones |= made
        zeros |= ~made
    random = ((1 << 12) - 1) << 64 | ((1 << 62) - 1)
    assert ones & random == random
    assert zeros & random == random
