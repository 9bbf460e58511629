"""What reshipping refuses."""

from backhaul.kernel.errors import DomainError, Kind


class ReshipmentUnknown(DomainError):
    """No such reshipment in this organization, or it was deleted or has expired."""

    code = "reshipping.reshipment_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no reshipment {number}."


class ReturnsUnknown(DomainError):
    """One or more of the returns do not exist, or not for this organization."""

    code = "reshipping.returns_unknown"
    kind = Kind.CONFLICT
    message = "There is no return {numbers}. Name only returns that are listed."


class WarehousesDiffer(DomainError):
    """The returns do not lie in one warehouse (contract §3.7)."""

    code = "reshipping.warehouses_differ"
    kind = Kind.CONFLICT
    message = "The returns lie in several warehouses: {warehouses}. Make a reshipment for each."


class NotQuoted(DomainError):
    """There is no estimate yet that could be answered (contract §3.7)."""

    code = "reshipping.not_quoted"
    kind = Kind.CONFLICT
    message = "Reshipment {number} has no estimate yet. The warehouse enters it; answer it then."


class Expired(DomainError):
    """Nobody approved the reshipment in time; its returns are being put back."""

    code = "reshipping.expired"
    kind = Kind.CONFLICT
    message = "Reshipment {number} expired on {expired_on}. Its returns can be shipped on again in a moment."


class ReshipmentMoveRefused(DomainError):
    """The reshipment's status does not allow this action."""

    code = "reshipping.move_refused"
    kind = Kind.CONFLICT
    message = "Reshipment {number} is {status}; it cannot {action} now."


class NotDeletable(DomainError):
    """An approved reshipment cannot be deleted (contract §3.7)."""

    code = "reshipping.not_deletable"
    kind = Kind.CONFLICT
    message = "Reshipment {number} is approved: it cannot be deleted any more."


class NotLabelled(DomainError):
    """The parcel has no label yet, or one that is void."""

    code = "reshipping.not_labelled"
    kind = Kind.CONFLICT
    message = "The parcel of reshipment {number} has no label yet. Wait until the carrier has sold it."


class EstimateChanged(DomainError):
    """The estimate is another one by now than the one that was answered."""

    code = "reshipping.estimate_changed"
    kind = Kind.CONFLICT
    message = "The estimate of reshipment {number} was changed meanwhile. Look at the new one and answer it."
