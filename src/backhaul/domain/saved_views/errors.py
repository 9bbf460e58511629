"""Refusals of saved views."""

from backhaul.kernel.errors import DomainError, Kind


class ViewUnknown(DomainError):
    """No view of this id is there for the caller: another person's own views are not there either."""

    code = "saved_views.view_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no such view. Somebody may have deleted it: save the filters again."


class ViewNameTaken(DomainError):
    """The caller has a view of this list with this name, in whatever letter case."""

    code = "saved_views.name_taken"
    kind = Kind.CONFLICT
    message = "You already have a view named {name} of this list. Use another name, or delete that one first."


class TooManyViews(DomainError):
    """A person can keep only so many views."""

    code = "saved_views.too_many"
    kind = Kind.CONFLICT
    message = "You already have {most} views, and more would be hard to choose from. Delete one first."


class PersonMissing(DomainError):
    """A view belongs to a person, and the caller is none."""

    code = "saved_views.person_missing"
    kind = Kind.FORBIDDEN
    message = "A view belongs to somebody who is signed in. Sign in to save one."
