"""How a transfer moves: the table is the documentation."""

import msgspec

from backhaul.domain.shipping.model import Leg, Tracking
from backhaul.domain.transfers.errors import TransferMoveRefused
from backhaul.domain.transfers.model import Action, Status, Transfer

_S, _A = Status, Action

MOVES: dict[tuple[Status, Action], Status] = {
    (_S.PENDING_BOX, _A.SHIP_BOX): _S.BOX_IN_TRANSIT,
    (_S.PENDING_BOX, _A.DELIVER_BOX): _S.PENDING_DEVICE,  # carriers leave scans out
    (_S.BOX_IN_TRANSIT, _A.DELIVER_BOX): _S.PENDING_DEVICE,
    (_S.PENDING_BOX, _A.FAIL_BOX): _S.FAILED,
    (_S.BOX_IN_TRANSIT, _A.FAIL_BOX): _S.FAILED,
    # A device that moves proves that its box arrived, whatever the box's scans say.
    (_S.PENDING_BOX, _A.SHIP_DEVICE): _S.DEVICE_IN_TRANSIT,
    (_S.BOX_IN_TRANSIT, _A.SHIP_DEVICE): _S.DEVICE_IN_TRANSIT,
    (_S.PENDING_DEVICE, _A.SHIP_DEVICE): _S.DEVICE_IN_TRANSIT,
    (_S.PENDING_BOX, _A.DELIVER_DEVICE): _S.COMPLETE,
    (_S.BOX_IN_TRANSIT, _A.DELIVER_DEVICE): _S.COMPLETE,
    (_S.PENDING_DEVICE, _A.DELIVER_DEVICE): _S.COMPLETE,
    (_S.DEVICE_IN_TRANSIT, _A.DELIVER_DEVICE): _S.COMPLETE,
    (_S.PENDING_BOX, _A.FAIL_DEVICE): _S.FAILED,  # no carrier sells the return label
    (_S.BOX_IN_TRANSIT, _A.FAIL_DEVICE): _S.FAILED,
    (_S.PENDING_DEVICE, _A.FAIL_DEVICE): _S.FAILED,
    (_S.DEVICE_IN_TRANSIT, _A.FAIL_DEVICE): _S.FAILED,
    (_S.PENDING_DEVICE, _A.GIVE_UP): _S.NOT_RETURNED,
    # Late and lost devices turn up; what really happened wins.
    (_S.NOT_RETURNED, _A.SHIP_DEVICE): _S.DEVICE_IN_TRANSIT,
    (_S.NOT_RETURNED, _A.DELIVER_DEVICE): _S.COMPLETE,
    (_S.FAILED, _A.SHIP_DEVICE): _S.DEVICE_IN_TRANSIT,
    (_S.FAILED, _A.DELIVER_DEVICE): _S.COMPLETE,
    (_S.PENDING_BOX, _A.CANCEL): _S.CANCELLED,
    (_S.PENDING_DEVICE, _A.CANCEL): _S.CANCELLED,  # with a waived box only, see `operations.cancel`
}

ENDED = frozenset({_S.COMPLETE, _S.FAILED, _S.NOT_RETURNED, _S.CANCELLED})

_ON_THE_WAY = (Tracking.IN_TRANSIT, Tracking.OUT_FOR_DELIVERY, Tracking.AVAILABLE_FOR_PICKUP)
_GONE_WRONG = (Tracking.RETURN_TO_SENDER, Tracking.FAILURE)

# What a parcel's new status means for its transfer; a status that is not here means nothing.
MEANING: dict[tuple[Leg, Tracking], Action] = {
    **{(Leg.BOX, status): _A.SHIP_BOX for status in _ON_THE_WAY},
    (Leg.BOX, Tracking.DELIVERED): _A.DELIVER_BOX,
    **{(Leg.BOX, status): _A.FAIL_BOX for status in _GONE_WRONG},
    **{(Leg.DEVICE, status): _A.SHIP_DEVICE for status in _ON_THE_WAY},
    (Leg.DEVICE, Tracking.DELIVERED): _A.DELIVER_DEVICE,
    **{(Leg.DEVICE, status): _A.FAIL_DEVICE for status in _GONE_WRONG},
}


def first_status(*, is_box_waived: bool) -> Status:
    """Return where a transfer begins: without a box leg, with waiting for the device (contract §1.6)."""
    return Status.PENDING_DEVICE if is_box_waived else Status.PENDING_BOX


def advance(transfer: Transfer, action: Action) -> Transfer:
    """Return the transfer as it stands after `action`, or refuse."""
    after = follow(transfer, action)
    if after is None:
        raise TransferMoveRefused(
            transfer_id=transfer.id, status=transfer.status.value, action=action.value.replace("_", " ")
        )
    return after


def follow(transfer: Transfer, action: Action) -> Transfer | None:
    """Return the transfer after something that has happened anyway; None when it changes nothing any more."""
    status = MOVES.get((transfer.status, action))
    if status is None:
        return None
    is_waiting = status is Status.PENDING_DEVICE
    return msgspec.structs.replace(
        transfer,
        status=status,
        next_reminder_at=transfer.next_reminder_at if is_waiting else None,
        give_up_at=transfer.give_up_at if is_waiting else None,
        version=transfer.version + 1,
    )
