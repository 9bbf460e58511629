"""What reminding refuses."""

from backhaul.kernel.errors import DomainError, Kind


class ReminderRefused(DomainError):
    """The person of a case cannot be reminded now."""

    code = "recovery.reminder_refused"
    kind = Kind.CONFLICT
    message = "The person of {case} was not reminded: {why}."
