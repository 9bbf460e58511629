"""What transfers refuse."""

from backhaul.kernel.errors import DomainError, Kind


class TransferUnknown(DomainError):
    """No such transfer in this organization."""

    code = "transfer.unknown"
    kind = Kind.NOT_FOUND
    message = "There is no device transfer {transfer_id}."


class TransferMoveRefused(DomainError):
    """The transfer's status does not allow this action."""

    code = "transfer.move_refused"
    kind = Kind.CONFLICT
    message = "The transfer is {status}; it cannot {action} now."


class PickupDateRefused(DomainError):
    """A pickup is possible on weekdays that are no holidays, within the next ten days."""

    code = "transfer.pickup_date_refused"
    kind = Kind.INVALID
    message = "No pickup on {on}: {reason}. Possible: {possible}."


class InsuredAmountTooHigh(DomainError):
    """No carrier insures a parcel for that much."""

    code = "transfer.insured_amount_too_high"
    kind = Kind.INVALID
    message = "A device can be insured up to {limit} US dollars."


class TransfersTooMany(DomainError):
    """More transfers were chosen than are worked on at once."""

    code = "transfer.too_many"
    kind = Kind.INVALID
    message = "{given} transfers were chosen, and at most {most} are worked on at once. Choose fewer of them."
