from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.shipping.errors import ShipmentMoveRefused
from backhaul.domain.shipping.lifecycle import MOVES, WATCHED, Standing, advance, standing
from backhaul.domain.shipping.model import Fault, Tracking, TrackingEvent

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
T = Tracking
MOVING = (T.IN_TRANSIT, T.OUT_FOR_DELIVERY, T.AVAILABLE_FOR_PICKUP)
ENDS = (T.DELIVERED, T.RETURN_TO_SENDER, T.FAILURE)


def scan(status, hour, **changes) -> TrackingEvent:
    values = {"carrier_status": status.value, "text": "", "at": NOON + timedelta(hours=hour)}
    return TrackingEvent(status=status, **{**values, **changes})


SCANS = st.builds(
    scan,
    st.sampled_from(Tracking),
    st.integers(0, 5),
    carrier_status=st.sampled_from(["A", "B"]),
    text=st.sampled_from(["", "x"]),
    place=st.sampled_from([None, "Reno", "Erie"]),
    fault=st.sampled_from([None, Fault.LOST, Fault.REFUSED]),
)
SCAN_SETS = st.lists(SCANS, max_size=8)


@pytest.mark.parametrize(("status", "seen"), list(product(Tracking, Tracking)))
def test_every_pair_moves_as_the_table_says_or_is_refused(status, seen):
    if (status, seen) in MOVES:
        assert advance(status, seen) is MOVES[status, seen]
        return
    with pytest.raises(ShipmentMoveRefused) as refused:
        advance(status, seen)
    assert refused.value.data == {"status": status.value, "action": f"become {seen.value}"}


def test_the_refused_pairs_are_these_and_no_others():
    refused = {pair for pair in product(Tracking, Tracking) if pair not in MOVES}
    assert refused == {
        *product(MOVING, [T.PRE_TRANSIT, T.CANCELLED]),
        *product([T.DELIVERED], [T.PRE_TRANSIT, T.CANCELLED, *MOVING, T.RETURN_TO_SENDER, T.FAILURE]),
        *product([T.RETURN_TO_SENDER, T.FAILURE], [T.PRE_TRANSIT, T.CANCELLED]),
        (T.CANCELLED, T.PRE_TRANSIT),
    }


def test_a_report_leads_to_what_it_says_except_on_the_way_back_and_when_unknown():
    others = {pair: after for pair, after in MOVES.items() if after is not pair[1]}
    assert others == {
        **{(T.RETURN_TO_SENDER, seen): T.RETURN_TO_SENDER for seen in (*MOVING, T.DELIVERED)},
        **{(status, T.UNKNOWN): status for status in T if status is not T.UNKNOWN},
    }


def test_only_what_may_still_move_is_watched():
    assert {T.DELIVERED, T.RETURN_TO_SENDER, T.FAILURE, T.CANCELLED} == set(T) - WATCHED


def test_no_scans_leave_the_start():
    nothing = Standing(status=T.PRE_TRANSIT, fault=None, shipped_at=None, delivered_at=None, since=None)
    assert standing([]) == nothing


@given(scans=SCAN_SETS, data=st.data())
def test_order_and_repetition_of_scans_do_not_matter(scans, data):
    shuffled = data.draw(st.permutations(scans))
    repeated = shuffled + data.draw(st.lists(st.sampled_from(scans), max_size=4)) if scans else []
    assert standing(repeated) == standing(scans)


@given(scans=SCAN_SETS, start=st.sampled_from([T.PRE_TRANSIT, T.CANCELLED]))
def test_what_scans_say_hangs_together(scans, start):
    seen = standing(scans, start=start)
    assert (seen.delivered_at is not None) == (seen.status is T.DELIVERED)
    assert seen.status is not T.UNKNOWN
    if seen.status in (*MOVING, T.DELIVERED, T.RETURN_TO_SENDER):
        assert seen.shipped_at is not None
    if seen.delivered_at is not None:
        assert seen.shipped_at <= seen.delivered_at == seen.since
    if seen.status is start and not scans:
        assert seen.since is None


@given(scans=SCAN_SETS, late=SCANS)
def test_an_unknown_report_changes_nothing(scans, late):
    unknown = scan(T.UNKNOWN, 3, carrier_status=late.carrier_status, fault=late.fault)
    assert standing([*scans, unknown]) == standing(scans)


def test_a_plain_journey():
    scans = [
        scan(T.PRE_TRANSIT, 0),
        scan(T.IN_TRANSIT, 4),
        scan(T.IN_TRANSIT, 9),
        scan(T.OUT_FOR_DELIVERY, 30),
        scan(T.DELIVERED, 33),
    ]
    assert standing(scans) == Standing(
        status=T.DELIVERED,
        fault=None,
        shipped_at=NOON + timedelta(hours=4),
        delivered_at=NOON + timedelta(hours=33),
        since=NOON + timedelta(hours=33),
    )


def test_a_status_counts_from_the_scan_that_brought_it():
    scans = [
        scan(T.IN_TRANSIT, 4),
        scan(T.OUT_FOR_DELIVERY, 30),
        scan(T.IN_TRANSIT, 36),
        scan(T.IN_TRANSIT, 40),
    ]
    seen = standing(scans)
    assert (seen.status, seen.since) == (T.IN_TRANSIT, NOON + timedelta(hours=36))


@pytest.mark.parametrize("first", [T.PRE_TRANSIT, *MOVING])
@pytest.mark.parametrize("end", ENDS)
def test_scans_that_are_left_out_are_not_missed(first, end):
    assert standing([scan(first, 1), scan(end, 9)]).status is end


def test_a_late_scan_finds_its_place():
    late = standing([scan(T.DELIVERED, 9), scan(T.IN_TRANSIT, 3), scan(T.OUT_FOR_DELIVERY, 8)])
    assert (late.status, late.shipped_at) == (T.DELIVERED, NOON + timedelta(hours=3))


def test_of_scans_of_one_second_the_further_along_wins():
    assert standing([scan(T.OUT_FOR_DELIVERY, 9), scan(T.IN_TRANSIT, 9)]).status is T.OUT_FOR_DELIVERY
    assert (
        standing([scan(T.DELIVERED, 9), scan(T.PRE_TRANSIT, 9), scan(T.IN_TRANSIT, 9)]).status is T.DELIVERED
    )


def test_scans_that_differ_in_place_or_fault_alone_have_an_order_too():
    twins = [
        scan(T.FAILURE, 5, fault=fault, place=place)
        for fault, place in [(Fault.LOST, "Reno"), (Fault.REFUSED, "Reno"), (Fault.OTHER, None)]
    ]
    assert len({standing(order).fault for order in permutations(twins)}) == 1


def test_delivered_on_the_way_back_is_no_delivery():
    seen = standing([scan(T.IN_TRANSIT, 1), scan(T.RETURN_TO_SENDER, 5), scan(T.DELIVERED, 9)])
    assert (seen.status, seen.delivered_at) == (T.RETURN_TO_SENDER, None)


def test_the_reason_for_turning_back_outlives_the_scans_of_the_way_back():
    journey = [
        scan(T.IN_TRANSIT, 1),
        scan(T.RETURN_TO_SENDER, 5, fault=Fault.REFUSED),
        scan(T.RETURN_TO_SENDER, 7),
        scan(T.IN_TRANSIT, 8),
        scan(T.RETURN_TO_SENDER, 9),
    ]
    assert [standing(journey[:n]).fault for n in range(1, 6)] == [None, *[Fault.REFUSED] * 4]


def test_a_lost_parcel_that_turns_up_has_no_fault_any_more():
    journey = [scan(T.IN_TRANSIT, 1), scan(T.FAILURE, 5, fault=Fault.LOST), scan(T.IN_TRANSIT, 9)]
    assert standing(journey[:2]).fault is Fault.LOST
    assert standing(journey) == Standing(
        status=T.IN_TRANSIT,
        fault=None,
        shipped_at=NOON + timedelta(hours=1),
        delivered_at=None,
        since=NOON + timedelta(hours=9),
    )


def test_a_parcel_lost_before_its_first_scan_was_never_shipped():
    seen = standing([scan(T.FAILURE, 5, fault=Fault.LOST)])
    assert (seen.status, seen.shipped_at) == (T.FAILURE, None)


def test_a_voided_label_that_somebody_used_moves_after_all():
    assert standing([scan(T.PRE_TRANSIT, 1)], start=T.CANCELLED).status is T.CANCELLED
    assert standing([scan(T.PRE_TRANSIT, 1), scan(T.IN_TRANSIT, 2)], start=T.CANCELLED).status is T.IN_TRANSIT


@given(scans=SCAN_SETS)
def test_scans_arriving_one_by_one_end_where_all_at_once_end(scans):
    arrived = [standing(scans[:n]) for n in range(len(scans) + 1)]
    assert arrived[-1] == standing(scans)
    for before, after in pairwise(arrived):  # a first scan is never forgotten again
        assert before.shipped_at is None or after.shipped_at is not None or after.status is T.CANCELLED
