"""What people call legal holds, what they cover and how their releases stand. Pure."""

from backhaul.domain.holds import ReleaseStatus, SubjectKind

KINDS = {SubjectKind.ASSET: "Device", SubjectKind.EMPLOYEE: "Person", SubjectKind.CASE: "Case"}
RELEASES = {
    ReleaseStatus.REQUESTED: "Waits for a second person",
    ReleaseStatus.APPROVED: "Approved",
    ReleaseStatus.REFUSED: "Refused",
    ReleaseStatus.WITHDRAWN: "Withdrawn",
}
RELEASE_TONES = {
    ReleaseStatus.REQUESTED: "warn",
    ReleaseStatus.APPROVED: "good",
    ReleaseStatus.REFUSED: "bad",
    ReleaseStatus.WITHDRAWN: "neutral",
}
ACTIONS = {
    "placed": "Hold placed",
    "release_requested": "Release asked for",
    "released": "Release approved",
    "release_refused": "Release refused",
    "release_withdrawn": "Request withdrawn",
}


def action(code: str) -> str:
    """Return what a line of history says."""
    return ACTIONS.get(code) or code.replace("_", " ").capitalize()
