"""What people call the states of reshipments, and which tone they have. Pure."""

from backhaul.domain.reshipping.browsing import Stage

STAGES = {
    Stage.QUOTE: "Waits for a quote",
    Stage.ANSWER: "To approve",
    Stage.APPROVED: "Approved, being packed",
    Stage.SENT: "Sent",
    Stage.DECLINED: "Declined",
}
STAGE_TONES = {
    Stage.QUOTE: "neutral",
    Stage.ANSWER: "warn",
    Stage.APPROVED: "accent",
    Stage.SENT: "good",
    Stage.DECLINED: "neutral",
}
ACTIONS = {
    "created": "Asked for",
    "quoted": "Quoted",
    "approved": "Approved",
    "declined": "Declined",
    "weighed": "Packed and weighed",
    "reopened": "Asked about again",
    "dispatched": "Handed to the carrier",
    "deleted": "Deleted",
    "expired": "Expired",
}
