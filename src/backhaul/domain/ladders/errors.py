"""What ladders refuse."""

from backhaul.kernel.errors import DomainError, Kind


class LadderUnknown(DomainError):
    """No such ladder in this organization."""

    code = "ladder.unknown"
    kind = Kind.NOT_FOUND
    message = "There is no reminder ladder {ladder}."


class LadderNameTaken(DomainError):
    """Another ladder of the organization has the name, in whatever letter case."""

    code = "ladder.name_taken"
    kind = Kind.CONFLICT
    message = "There is already a reminder ladder named {name}. Change that one, or use another name."


class LadderChangedMeanwhile(DomainError):
    """Somebody else changed the ladder since it was read."""

    code = "ladder.changed_meanwhile"
    kind = Kind.CONFLICT
    message = (
        "Reminder ladder {name} has version {version} by now. Look at it again, then repeat your change."
    )
