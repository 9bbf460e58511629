"""What may become of an item, and what follows for its case: every pair."""

import itertools

import msgspec
import pytest
from tests.conftest import NOON

from backhaul.domain.recovery.errors import OutcomeRefused
from backhaul.domain.recovery.lifecycle import MOVES, case_outcome, end_item, may_arrive
from backhaul.domain.recovery.model import Ending, Item, Outcome
from backhaul.kernel.ids import new_id

O = Outcome  # noqa: E741 -- a table of many
ENDING = Ending(at=NOON, author_kind="user", author_id=None, reason="said so")
ITEM = Item(
    id=new_id(),
    org_id=new_id(),
    case_id=new_id(),
    position=1,
    parcel=1,
    name="Laptop",
    serial_number=None,
    tag=None,
    imei=None,
    custom_1=None,
    custom_2=None,
    is_legal_hold=False,
    asset_id=None,
    outcome=None,
    ending=None,
)


def item(outcome):
    return msgspec.structs.replace(ITEM, outcome=outcome, ending=outcome and ENDING)


ALLOWED = {
    (None, O.RETURNED), (None, O.PARTLY_RETURNED), (None, O.KEPT), (None, O.LOST), (None, O.REFUSED),
    (None, O.WRITTEN_OFF), (None, O.CANCELLED), (O.PARTLY_RETURNED, O.RETURNED), (O.REFUSED, O.RETURNED),
    (O.PARTLY_RETURNED, O.LOST), (O.PARTLY_RETURNED, O.REFUSED), (O.RETURNED, O.PARTLY_RETURNED), (O.RETURNED, O.LOST),
    (O.RETURNED, O.REFUSED), (O.LOST, O.REFUSED),
    (O.REFUSED, O.PARTLY_RETURNED), (O.REFUSED, O.KEPT), (O.REFUSED, O.LOST), (O.REFUSED, O.WRITTEN_OFF),
    (O.LOST, O.RETURNED), (O.LOST, O.PARTLY_RETURNED), (O.LOST, O.WRITTEN_OFF), (O.KEPT, O.RETURNED),
    (O.KEPT, O.PARTLY_RETURNED), (O.WRITTEN_OFF, O.RETURNED), (O.WRITTEN_OFF, O.PARTLY_RETURNED),
    (O.CANCELLED, O.RETURNED), (O.CANCELLED, O.PARTLY_RETURNED),
}  # fmt: skip


def test_every_outcome_has_its_line():
    assert set(MOVES) == {None, *Outcome}


@pytest.mark.parametrize(("before", "after"), list(itertools.product([None, *Outcome], Outcome)))
def test_every_pair(before, after):
    if (before, after) in ALLOWED:
        ended = end_item(item(before), after, ENDING)
        assert (ended.outcome, ended.ending) == (after, ENDING)
        return
    with pytest.raises(OutcomeRefused):
        end_item(item(before), after, ENDING)


def test_a_delivery_says_something_new_unless_the_item_is_back():
    assert [o for o in (None, *Outcome) if not may_arrive(item(o))] == [O.RETURNED, O.PARTLY_RETURNED]


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [
        ([None], None),
        ([O.RETURNED, None], None),
        ([O.RETURNED, O.RETURNED], O.RETURNED),
        ([O.PARTLY_RETURNED], O.PARTLY_RETURNED),
        ([O.RETURNED, O.PARTLY_RETURNED], O.PARTLY_RETURNED),
        ([O.RETURNED, O.LOST], O.PARTLY_RETURNED),
        ([O.LOST, O.LOST], O.LOST),
        ([O.KEPT, O.CANCELLED], O.KEPT),
        ([O.KEPT, O.REFUSED], O.REFUSED),
        ([O.LOST, O.KEPT], O.LOST),
        ([O.WRITTEN_OFF, O.LOST], O.WRITTEN_OFF),
    ],
)
def test_a_case_ends_with_its_last_item(outcomes, outcome):
    assert case_outcome([item(one) for one in outcomes]) is outcome
