"""Every pair of status and action."""

from uuid import UUID

import msgspec
import pytest
from tests.conftest import NOON

from backhaul.domain.returns.errors import (
    NotDiscardable,
    NotProcessed,
    NotReceived,
    NotReshippable,
    NotReshipping,
    NotVerifying,
)
from backhaul.domain.returns.lifecycle import advance
from backhaul.domain.returns.model import Action, Return, Status

RESHIPMENT = UUID(int=5)

# Written out by hand, so that the table and this cannot be wrong together. "-" is refused.
WALK = {
    "received": ["processed", "-", "-", "-", "-", "-", "-"],
    "processed": ["-", "verifying", "-", "reshipping", "-", "-", "discarded"],
    "verifying": ["-", "-", "verified", "reshipping", "-", "-", "-"],
    "verified": ["-", "-", "-", "reshipping", "-", "-", "discarded"],
    "reshipping": ["-", "-", "-", "-", "verified", "reshipped", "-"],
    "reshipped": ["-", "-", "-", "-", "-", "-", "-"],
    "discarded": ["-", "-", "-", "-", "-", "-", "-"],
}
ACTIONS = ["process", "request_verification", "verify", "take", "give_back", "dispatch", "discard"]
REFUSALS = dict(
    zip(
        ACTIONS,
        [
            NotReceived,
            NotProcessed,
            NotVerifying,
            NotReshippable,
            NotReshipping,
            NotReshipping,
            NotDiscardable,
        ],
        strict=True,
    )
)


def standing(status, **changes):
    values = dict.fromkeys(Return.__struct_fields__)
    is_taken = status in ("reshipping", "reshipped")
    values |= {
        "number": 12001,
        "status": Status(status),
        "version": 4,
        "status_before_reshipping": Status.VERIFIED if is_taken else None,
        "reshipment_id": RESHIPMENT if is_taken else None,
    }
    return Return(**{**values, **changes})


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", WALK)
def test_every_pair(status, action):
    expected = WALK[status][ACTIONS.index(action)]
    one = standing(status)
    if expected == "-":
        with pytest.raises(REFUSALS[action]) as refused:
            advance(one, Action(action), at=NOON, reshipment_id=RESHIPMENT)
        assert refused.value.data == {"number": 12001, "status": status}
        return
    after = advance(one, Action(action), at=NOON, reshipment_id=RESHIPMENT)
    assert (after.status, after.version, after.updated_at) == (expected, 5, NOON)


def test_the_tables_are_complete():
    assert set(WALK) == {one.value for one in Status}
    assert set(ACTIONS) == {one.value for one in Action}


@pytest.mark.parametrize("status", ["processed", "verifying", "verified"])
def test_what_is_given_back_has_the_status_it_had(status):
    taken = advance(standing(status), Action.TAKE, at=NOON, reshipment_id=RESHIPMENT)
    assert (taken.reshipment_id, taken.status_before_reshipping) == (RESHIPMENT, status)
    back = advance(taken, Action.GIVE_BACK, at=NOON)
    assert back == msgspec.structs.replace(standing(status), version=6, updated_at=NOON)


def test_what_was_sent_still_names_its_reshipment():
    sent = advance(standing("reshipping"), Action.DISPATCH, at=NOON)
    assert (sent.reshipment_id, sent.status_before_reshipping) == (RESHIPMENT, "verified")
