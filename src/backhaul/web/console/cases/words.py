"""What people call the states of campaigns, cases, items and reminders, and which tone they have. Pure."""

from backhaul.domain.recovery.browsing import Stage
from backhaul.domain.recovery.model import CampaignStatus, Outcome, Reason, Shipping
from backhaul.domain.recovery.person import Choice, GoneReason
from backhaul.domain.recovery.reminding import Skip
from backhaul.web.console.transfers.words import letter_name

STAGES = {
    Stage.UNSENT: "Nothing sent yet",
    Stage.BOX: "Box on its way",
    Stage.PERSON: "With the person",
    Stage.RETURNING: "On its way back",
    Stage.STUCK: "Needs a decision",
    Stage.RECEIVED: "Received",
    Stage.ENDED: "Closed otherwise",
}
STAGE_TONES = {
    Stage.UNSENT: "neutral",
    Stage.BOX: "accent",
    Stage.PERSON: "warn",
    Stage.RETURNING: "accent",
    Stage.STUCK: "bad",
    Stage.RECEIVED: "good",
    Stage.ENDED: "neutral",
}
CAMPAIGNS = {CampaignStatus.ACTIVE: "Active", CampaignStatus.COMPLETED: "Completed"}
OUTCOMES = {
    Outcome.RETURNED: "Returned",
    Outcome.PARTLY_RETURNED: "Partly returned",
    Outcome.KEPT: "Kept by the person",
    Outcome.LOST: "Lost",
    Outcome.REFUSED: "Refused by the person",
    Outcome.WRITTEN_OFF: "Written off",
    Outcome.CANCELLED: "Cancelled",
}
OUTCOME_TONES = {
    Outcome.RETURNED: "good",
    Outcome.PARTLY_RETURNED: "warn",
    Outcome.KEPT: "neutral",
    Outcome.LOST: "bad",
    Outcome.REFUSED: "bad",
    Outcome.WRITTEN_OFF: "bad",
    Outcome.CANCELLED: "neutral",
}
# What a whole case can be closed as at once: the others need words about each item.
BULK_OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.PARTLY_RETURNED)
SHIPPING = {
    Shipping.KIT: "A box with the return label in it",
    Shipping.LABEL: "A label, in a box of their own",
    Shipping.ASK: "As the person chooses on their page",
}
REASONS = {
    Reason.REFRESH: "Refresh",
    Reason.BREAK_FIX: "Break and fix",
    Reason.OFFBOARDING: "Offboarding",
    Reason.OTHER: "Another reason",
}
CHOICES = {
    Choice.KIT: "Send a box",
    Choice.LABEL: "Send a label",
    Choice.PICKUP: "Send a label, with a pickup",
}
CLAIMS = {
    GoneReason.LOST: "lost",
    GoneReason.STOLEN: "stolen",
    GoneReason.RETURNED: "returned before",
    GoneReason.NEVER_HAD: "never had it",
    GoneReason.KEPT: "bought it, or may keep it",
}
SKIPS = {
    Skip.HANDED_OVER: "the carrier had everything",
    Skip.MUTED: "reminders were muted",
    Skip.OPTED_OUT: "the person asked for no more",
    Skip.CLAIMED: "the person said that they have none of it",
    Skip.HOLD: "a legal hold covers it",
    Skip.MISSED: "a later step was due at the same time",
    Skip.BEFORE_OPENING: "its time was over when the case was opened",
    Skip.NO_MANAGER: "no manager is known",
    Skip.NO_HR: "the ladder names no HR address",
}
LETTERS = {
    "recovery/invited": "Invitation",
    "recovery/reminder": "Reminder",
    "recovery/silent": "Parcel without news",
    "recovery/deadline": "The deadline",
    "recovery/escalation": "Escalation",
}
ACTIONS = {
    "created": "Campaign made",
    "completed": "Campaign completed",
    "changed": "Campaign changed",
    "opened": "Added to the campaign",
    "added": "Added to the campaign, which has not started",
    "begun": "The campaign started",
    "start_changed": "Start changed",
    "followed": "Case brought up to date",
    "ended": "Case closed",
    "diagnosed": "Inspected",
    "reopened": "Case opened again",
    "item_missing": "Item: not in the parcel",
    "device_unexpected": "Something unexpected in the parcel",
    "device_of_others": "Somebody else's device in the parcel",
    "muted": "Reminders muted",
    "unmuted": "Reminders unmuted",
    "opted_out": "Asked for no more reminders",
    "opted_in": "Wants reminders again",
    "reminded": "Reminded",
    "reminder_passed_over": "A reminder was left out",
    "link_made": "Link to the person's page made",
    "links_revoked": "Links to the person's page revoked",
    "kit_chosen": "Box chosen",
    "label_chosen": "Label chosen",
    "pickup_chosen": "Label with pickup chosen",
    "hand_over_signed": "Hand-over signed",
    "address_confirmed": "Address confirmed",
    "address_corrected": "Address corrected",
}


def letter(template: str) -> str:
    """Return what a letter about a case or one of its parcels is called."""
    return LETTERS.get(template) or letter_name(template)


def action(code: str) -> str:
    """Return what a line of history says."""
    if code in ACTIONS:
        return ACTIONS[code]
    if code.startswith("item_"):
        outcome = next((one for one in Outcome if code == f"item_{one.value}"), None)
        if outcome is not None:
            return f"Item: {OUTCOMES[outcome].lower()}"
    return code.replace("_", " ").capitalize()
