import time
from uuid import RFC_4122

from backhaul.kernel.ids import new_id


def test_an_id_is_a_uuid_of_version_7():
    for _ in range(200):
        made = new_id()
        assert (made.version, made.variant) == (7, RFC_4122)


def test_its_first_48_bits_are_the_present_in_milliseconds():
    before = time.time_ns() // 1_000_000
    milliseconds = new_id().int >> 80
    assert before <= milliseconds <= time.time_ns() // 1_000_000


def test_later_ids_never_carry_an_earlier_time():
    times = [new_id().int >> 80 for _ in range(2000)]
    assert times == sorted(times)


def test_every_random_bit_is_used():
    ones = zeros = 0
    for _ in range(400):
        made = new_id().int
        ones |= made
        zeros |= ~made
    random = ((1 << 12) - 1) << 64 | ((1 << 62) - 1)
    assert ones & random == random
    assert zeros & random == random


def test_ids_do_not_repeat():
    assert len({new_id() for _ in range(10_000)}) == 10_000
