"""What holds refuse."""

from backhaul.kernel.errors import DomainError, Kind


class HeldLegally(DomainError):
    """A legal hold covers the person, asset or case."""

    code = "holds.held"
    kind = Kind.CONFLICT
    message = "{what} is on legal hold and cannot be {doing}. Two people have to release the hold first."


class HoldUnknown(DomainError):
    """The organization has no such hold, or it does not cover what is named."""

    code = "holds.hold_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no such legal hold in this organization."


class ReleaseUnknown(DomainError):
    """The organization has no request for a release with this number."""

    code = "holds.release_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no request {release} for the release of a legal hold in this organization."


class NothingHeld(DomainError):
    """Everything that is named was released already."""

    code = "holds.nothing_held"
    kind = Kind.CONFLICT
    message = "Legal hold {hold} holds nothing of this any more."


class ReleaseApproved(DomainError):
    """Somebody approved the release before."""

    code = "holds.release_approved"
    kind = Kind.CONFLICT
    message = "Release {release} is approved already."


class SecondPersonNeeded(DomainError):
    """Whoever asks for a release cannot approve it, nor refuse it."""

    code = "holds.second_person_needed"
    kind = Kind.CONFLICT
    message = (
        "You asked for release {release} yourself. Another person has to decide on it; you can withdraw it."
    )


class ReleaseEnded(DomainError):
    """The release was refused or withdrawn before."""

    code = "holds.release_ended"
    kind = Kind.CONFLICT
    message = "Release {release} is {status} already. Ask for another one."


class ReleaseOfAnother(DomainError):
    """Only whoever asked for a release withdraws it."""

    code = "holds.release_of_another"
    kind = Kind.CONFLICT
    message = "Somebody else asked for release {release}. Refuse it, or have them withdraw it."


class HoldStatusMissing(DomainError):
    """The organization has no status of type undeployable."""

    code = "holds.status_missing"
    kind = Kind.CONFLICT
    message = "There is no status of type undeployable for devices on hold. Add one first."
