"""How an exception ends or is passed on. Pure."""

from datetime import datetime

import msgspec

from backhaul.domain.radar.errors import ExceptionOver
from backhaul.domain.radar.model import ClosedBecause, ParcelException
from backhaul.domain.transfers.lifecycle import ENDED
from backhaul.domain.transfers.model import Status
from backhaul.kernel.ids import UserId


def acknowledge(
    exception: ParcelException, *, by: str, note: str | None, transfer: Status, at: datetime
) -> ParcelException:
    """Return the exception once somebody takes care of it, or refuse a closed one.

    While its transfer goes on it stays open, quietly, until its cause goes. When the transfer is over nothing will
    follow by itself, so that whoever took care of it has closed it.
    """
    require_open(exception)
    is_over = transfer in ENDED
    return msgspec.structs.replace(
        exception,
        acknowledged_at=at,
        acknowledged_by=by,
        note=note,
        snoozed_until=None,
        snoozed_by=None,
        closed_at=at if is_over else None,
        closed_because=ClosedBecause.ACKNOWLEDGED if is_over else None,
        version=exception.version + 1,
    )


def snooze(exception: ParcelException, *, until: datetime, by: str) -> ParcelException:
    """Return the exception put off until an instant, or refuse a closed one. Nobody takes care of it meanwhile."""
    require_open(exception)
    return msgspec.structs.replace(
        exception,
        snoozed_until=until,
        snoozed_by=by,
        acknowledged_at=None,
        acknowledged_by=None,
        version=exception.version + 1,
    )


def wake(exception: ParcelException) -> ParcelException:
    """Return the exception as one that needs somebody now, or refuse a closed one."""
    require_open(exception)
    return msgspec.structs.replace(
        exception, snoozed_until=None, snoozed_by=None, version=exception.version + 1
    )


def assign(exception: ParcelException, *, owner_id: UserId, owner_email: str) -> ParcelException:
    """Return the exception with another owner, or refuse a closed one."""
    require_open(exception)
    return msgspec.structs.replace(
        exception, owner_id=owner_id, owner_email=owner_email, version=exception.version + 1
    )


def reopened(closed: ParcelException) -> ParcelException:
    """Return how a closed exception was just before."""
    return msgspec.structs.replace(closed, closed_at=None, closed_because=None, version=closed.version - 1)


def require_open(exception: ParcelException) -> None:
    """Refuse an exception that is over."""
    if exception.closed_at is not None:
        assert exception.closed_because is not None
        raise ExceptionOver(
            exception=exception.number,
            closed_on=exception.closed_at.date(),
            because=exception.closed_because.value,
        )
