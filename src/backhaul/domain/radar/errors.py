"""What the radar refuses."""

from backhaul.kernel.errors import DomainError, Kind


class ExceptionUnknown(DomainError):
    """No such exception in this organization."""

    code = "radar.exception_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no parcel exception {exception}."


class ExceptionOver(DomainError):
    """The exception is closed; there is nothing left to do about it."""

    code = "radar.exception_over"
    kind = Kind.CONFLICT
    message = "Parcel exception {exception} was closed on {closed_on} ({because}). It needs nobody any more."
