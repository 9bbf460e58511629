"""Every pair of status and action is in the table or refused."""

from datetime import UTC, datetime

import pytest

from backhaul.domain.notify import Channel, Message, MessageId, MessageMoveRefused, Status
from backhaul.domain.notify.lifecycle import MOVES, Action, advance
from backhaul.kernel.ids import OrgId, new_id


def message(status: Status) -> Message:
    return Message(
        id=MessageId(new_id()),
        org_id=OrgId(new_id()),
        key="k",
        channel=Channel.EMAIL,
        template="transfers/placed",
        locale="en",
        subject_kind="transfer",
        subject_id=new_id(),
        recipient="jordan@example.com",
        reply_to=None,
        sender_name="Backhaul",
        subject="A box",
        internet_message_id="<x@backhaul.invalid>",
        status=status,
        attempts=2,
        decided_at=datetime(2026, 5, 4, tzinfo=UTC),
        sent_at=None,
        failure=None,
        version=3,
    )


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
def test_every_pair_moves_or_is_refused(status, action):
    before = message(status)
    expected = MOVES.get((status, action))
    if expected is None:
        with pytest.raises(MessageMoveRefused):
            advance(before, action)
    else:
        after = advance(before, action)
        assert (after.status, after.attempts, after.version) == (expected, 3, 4)


def test_what_was_sent_or_failed_stays_so():
    assert {status for status, _ in MOVES} == {Status.QUEUED}
