"""What rosters refuse."""

from backhaul.kernel.errors import DomainError, Kind


class RosterTooLong(DomainError):
    """A list has more people than can be added at once."""

    code = "recovery.roster_too_long"
    kind = Kind.INVALID
    message = "The list has more than {most} people. Split it into several files."
