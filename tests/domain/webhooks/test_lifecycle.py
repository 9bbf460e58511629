"""How deliveries and endpoints move, and when a failed attempt is repeated."""

import itertools
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.webhooks import (
    Delivery,
    DeliveryId,
    DeliveryMoveRefused,
    DeliveryStatus,
    Endpoint,
    EndpointId,
    EndpointMoveRefused,
    EndpointStatus,
)
from backhaul.domain.webhooks.lifecycle import (
    ENDPOINT_MOVES,
    MOVES,
    Action,
    EndpointAction,
    advance,
    advance_endpoint,
    asked_to_wait,
    follow,
    outcome_of,
    pause_after,
)
from backhaul.domain.webhooks.model import RETRY_SECONDS, Outcome
from backhaul.kernel.ids import OrgId, new_id

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
LADDER = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=h) for h in (2, 5, 10, 14, 20, 24)),
]


def delivery(status=DeliveryStatus.PENDING, *, tries=0):
    is_pending = status is DeliveryStatus.PENDING
    return Delivery(
        id=DeliveryId(new_id()), org_id=OrgId(new_id()), endpoint_id=None, url="https://example.com",
        host="example.com",
        wording=None, topic="t", once_key=None, status=status, attempts=tries, tries=tries,
        next_attempt_at=AT if is_pending else None, decided_at=AT, ended_at=None if is_pending else AT, failure=None,
        version=1,
    )  # fmt: skip


def endpoint(status):
    return Endpoint(
        id=EndpointId(new_id()), org_id=OrgId(new_id()), url="https://example.com", family="f", wording="w", topic=None,
        status=status, consecutive_failures=3, created_at=AT, updated_at=AT, version=1,
    )  # fmt: skip


@pytest.mark.parametrize(("status", "action"), list(itertools.product(DeliveryStatus, Action)))
def test_a_delivery_moves_by_the_table_and_not_otherwise(status, action):
    before = delivery(status)
    if (status, action) not in MOVES:
        with pytest.raises(DeliveryMoveRefused):
            advance(before, action, at=AT, next_attempt_at=AT)
        return
    after = advance(before, action, at=AT, next_attempt_at=AT)
    is_pending = after.status is DeliveryStatus.PENDING
    assert (after.status, after.version) == (MOVES[status, action], 2)
    assert (after.next_attempt_at is None, after.ended_at is None) == (not is_pending, is_pending)


def test_only_what_is_pending_moves_by_itself_and_everything_can_be_replayed():
    assert {status for status, action in MOVES if action is not Action.REPLAY} == {DeliveryStatus.PENDING}
    assert {status for status, action in MOVES if action is Action.REPLAY} == set(DeliveryStatus)


@pytest.mark.parametrize(("status", "action"), list(itertools.product(EndpointStatus, EndpointAction)))
def test_an_endpoint_moves_by_the_table_and_not_otherwise(status, action):
    before = endpoint(status)
    if (status, action) not in ENDPOINT_MOVES:
        with pytest.raises(EndpointMoveRefused):
            advance_endpoint(before, action, at=AT)
        return
    after = advance_endpoint(before, action, at=AT)
    assert (after.status, after.version) == (ENDPOINT_MOVES[status, action], 2)
    assert after.consecutive_failures == (0 if action is EndpointAction.ENABLE else 3)


@pytest.mark.parametrize("status", [None, *range(100, 600)])
def test_only_2xx_is_acceptance_and_410_is_for_good(status):
    expected = Outcome.REJECTED
    if status is None:
        expected = Outcome.UNANSWERED
    elif 200 <= status <= 299:
        expected = Outcome.ACCEPTED
    elif status == 410:
        expected = Outcome.GONE
    assert outcome_of(status) is expected


def test_the_ladder_is_the_documented_one():
    assert [timedelta(seconds=seconds) for seconds in RETRY_SECONDS] == LADDER


@given(st.uuids())
def test_the_first_pauses_are_exact_and_later_ones_at_most_a_tenth_longer(delivery_id):
    pauses = [pause_after(delivery_id, tries, ladder=RETRY_SECONDS) for tries in range(1, 10)]
    assert pauses[0] == LADDER[0]
    for pause, rung in zip(pauses[1:], LADDER[1:], strict=True):
        assert rung <= pause <= rung * 1.1
    assert pauses == [pause_after(delivery_id, tries, ladder=RETRY_SECONDS) for tries in range(1, 10)]


def test_what_failed_together_does_not_return_together():
    assert len({pause_after(new_id(), 2, ladder=RETRY_SECONDS) for _ in range(50)}) == 50


@given(st.lists(st.sampled_from([None, 200, 301, 404, 410, 429, 500, 503]), min_size=1, max_size=14))
def test_whatever_a_receiver_answers_it_is_called_ten_times_at_most_and_waits_grow(statuses):
    now, current, times = AT, delivery(), []
    for status in statuses:
        if current.status is not DeliveryStatus.PENDING:
            break
        now = current.next_attempt_at
        times.append(now)
        current = follow(current, outcome_of(status), ladder=RETRY_SECONDS, asked_to_wait=None, at=now)
        assert current.tries == current.attempts == len(times)
    answered = statuses[: len(times)]
    if answered[-1] == 200:
        assert current.status is DeliveryStatus.DELIVERED
    elif answered[-1] == 410:
        assert current.status is DeliveryStatus.GONE
    else:
        assert current.status is (DeliveryStatus.EXHAUSTED if len(times) == 10 else DeliveryStatus.PENDING)
    assert {200, 410}.isdisjoint(answered[:-1])
    for (earlier, later), rung in zip(itertools.pairwise(times), LADDER, strict=False):
        assert rung <= later - earlier <= rung * 1.1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("text", "expected"), [
    ("0", timedelta(0)),
    ("120", timedelta(minutes=2)),
    (" 120 ", timedelta(minutes=2)),
    ("86400", timedelta(days=1)),
    ("86401", timedelta(days=1)),
    ("9" * 400, timedelta(days=1)),
    ("Mon, 04 May 2026 12:10:00 GMT", timedelta(minutes=10)),
    ("Mon, 04 May 2026 12:10:00 -0000", timedelta(minutes=10)),
    ("Monday, 04-May-26 12:10:00 GMT", timedelta(minutes=10)),
    ("Mon, 04 May 2026 11:00:00 GMT", timedelta(0)),
    ("Mon, 04 May 2037 12:00:00 GMT", timedelta(days=1)),
    ("soon", None), ("", None), ("-5", None), ("1.5", None), ("１２", None), ("Mon, 99 May 2026 12:00:00 GMT", None),
])  # fmt: skip
def test_a_busy_receiver_is_left_alone_as_long_as_it_asks(status, text, expected):
    assert asked_to_wait(status, text, at=AT) == expected


@pytest.mark.parametrize("status", [None, 301, 400, 500, 502, 504])
def test_others_do_not_decide_when_they_are_called_again(status):
    assert asked_to_wait(status, "120", at=AT) is None
    assert asked_to_wait(503, None, at=AT) is None


@given(st.text(max_size=40))
def test_no_retry_after_makes_it_fail(text):
    wait = asked_to_wait(503, text, at=AT)
    assert wait is None or timedelta(0) <= wait <= timedelta(days=1)


def test_asking_for_less_than_the_ladder_changes_nothing_and_for_more_is_heeded():
    tried = msgspec.structs.replace(delivery(tries=1), next_attempt_at=AT)
    for wait, expected in ((timedelta(seconds=1), None), (timedelta(hours=3), timedelta(hours=3))):
        after = follow(tried, Outcome.REJECTED, ladder=RETRY_SECONDS, asked_to_wait=wait, at=AT)
        assert after.next_attempt_at - AT == (expected or pause_after(tried.id, 2, ladder=RETRY_SECONDS))
