"""Words for the parts of a ladder, and for the reminders that follow it. Pure."""

from backhaul.domain.ladders import TEMPLATES, Anchor, Audience, Channel, Stop, Weekends
from backhaul.web.console.wording import humanized

ANCHORS = {
    Anchor.CASE_OPENED: "the case was opened",
    Anchor.BOX_DELIVERED: "the box or label arrived",
    Anchor.NO_SCAN: "the last scan",
    Anchor.DEADLINE: "the deadline",
}
CHANNELS = {Channel.EMAIL: "E-mail", Channel.TEXT: "Text message"}
AUDIENCES = {
    Audience.EMPLOYEE: "The person",
    Audience.MANAGER: "Their manager",
    Audience.IT: "IT",
    Audience.HR: "HR",
}
WEEKENDS = {Weekends.SEND: "Send all the same", Weekends.NEXT_WORKING_DAY: "Wait for the next working day"}
STOPS = {
    Stop.HANDED_OVER: "the carrier has everything",
    Stop.PICKUP_PENDING: "a pickup is still to come",
    Stop.OPTED_OUT: "the person does not want messages",
    Stop.CLAIMED: "the person says they do not have it",
    Stop.HOLD: "a legal hold covers it",
    Stop.MUTED: "reminders are switched off",
}
LEVELS = {1: "Friendly", 2: "Firm", 3: "The last word"}
LANGUAGES = {"en": "English", "de": "Deutsch"}
LETTERS = [(name, humanized(name.partition("/")[2])) for name in sorted(TEMPLATES)]


def days(offset: int, anchor: Anchor) -> str:
    """Return when a step falls, in words."""
    if offset == 0:
        return (
            f"On the day of {ANCHORS[anchor]}" if anchor is Anchor.DEADLINE else f"The day {ANCHORS[anchor]}"
        )
    count = f"{abs(offset)} day{'s' if abs(offset) != 1 else ''}"
    side = "before" if offset < 0 else "after"
    return f"{count} {side} {ANCHORS[anchor]}"
