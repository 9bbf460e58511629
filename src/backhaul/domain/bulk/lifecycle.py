"""How an import moves: the table is the documentation."""

from datetime import datetime

import msgspec

from backhaul.domain.bulk.errors import BatchMoveRefused
from backhaul.domain.bulk.model import Action, Batch, Status

MOVES: dict[tuple[Status, Action], Status] = {
    (Status.OPEN, Action.APPLY): Status.APPLIED,
    (Status.OPEN, Action.ABANDON): Status.ABANDONED,
    (Status.OPEN, Action.START_UNDO): Status.UNDOING,  # what was written so far
    (Status.ABANDONED, Action.START_UNDO): Status.UNDOING,
    (Status.APPLIED, Action.START_UNDO): Status.UNDOING,
    (Status.UNDOING, Action.START_UNDO): Status.UNDOING,  # it was interrupted
    (Status.UNDONE_PARTLY, Action.START_UNDO): Status.UNDOING,  # what was in the way may have gone
    (Status.UNDOING, Action.FINISH_UNDO): Status.UNDONE,
    (Status.UNDOING, Action.FINISH_UNDO_PARTLY): Status.UNDONE_PARTLY,
}


def advance(batch: Batch, action: Action, *, at: datetime) -> Batch:
    """Return the import as it stands after `action`."""
    after = MOVES.get((batch.status, action))
    if after is None:
        raise BatchMoveRefused(number=batch.number, status=batch.status.value, action=action.value)
    return msgspec.structs.replace(batch, status=after, updated_at=at, version=batch.version + 1)
