"""What people call the states of returns and what was found in them, and which tone they have. Pure."""

from backhaul.domain.returns.model import Grade, Status, Verdict
from backhaul.domain.returns.sanitisation import LockStatus, Method, Result, Verification

STATUSES = {
    Status.RECEIVED: "Received",
    Status.PROCESSED: "Processed",
    Status.VERIFYING: "Being verified",
    Status.VERIFIED: "Verified",
    Status.RESHIPPING: "Being sent on",
    Status.RESHIPPED: "Sent on",
    Status.DISCARDED: "Discarded",
}
STATUS_TONES = {
    Status.RECEIVED: "neutral",
    Status.PROCESSED: "accent",
    Status.VERIFYING: "warn",
    Status.VERIFIED: "good",
    Status.RESHIPPING: "neutral",
    Status.RESHIPPED: "neutral",
    Status.DISCARDED: "neutral",
}
VERDICTS = {
    Verdict.MATCHED: "Matched",
    Verdict.MISSING: "Missing",
    Verdict.UNEXPECTED: "Unexpected",
    Verdict.WRONG_PERSON: "Somebody else’s",
    Verdict.DUPLICATE: "Scanned twice",
}
VERDICT_TONES = {
    Verdict.MATCHED: "good",
    Verdict.MISSING: "bad",
    Verdict.UNEXPECTED: "warn",
    Verdict.WRONG_PERSON: "warn",
    Verdict.DUPLICATE: "neutral",
}
# In which order contents are shown: what needs somebody first.
VERDICT_ORDER = (
    Verdict.MISSING,
    Verdict.WRONG_PERSON,
    Verdict.UNEXPECTED,
    Verdict.MATCHED,
    Verdict.DUPLICATE,
)
GRADES = {
    Grade.A: "A, like new",
    Grade.B: "B, light traces of use",
    Grade.C: "C, visible wear",
    Grade.D: "D, damaged",
    Grade.E: "E, defective",
    Grade.F: "F, for parts",
}
METHODS = {
    Method.CLEAR: "Clear: against ordinary means of recovery",
    Method.PURGE: "Purge: against a laboratory",
    Method.DESTROY: "Destroy: the medium cannot be used again",
}
VERIFICATIONS = {
    Verification.FULL: "Full: everything was read back",
    Verification.QUICK_SAMPLING: "Quick sampling",
}
RESULTS = {Result.SUCCESS: "Success", Result.FAILURE: "Failure"}
LOCKS = {
    LockStatus.UNLOCKED: "Unlocked",
    LockStatus.LOCKED: "Still locked",
    LockStatus.NOT_APPLICABLE: "Has no lock",
}
ACTIONS = {
    "received": "Received",
    "scanned": "Device scanned",
    "scan_taken_back": "Scan taken back",
    "dropped": "Dropped: received by mistake",
    "checked": "Device looked at",
    "photographed": "Photographed",
    "processed": "Processed",
    "fee_collected": "Processing fee collected",
    "verification_requested": "Verification asked for",
    "verified": "Verified",
    "message_added": "Message written",
    "sanitised": "Device sanitised",
    "taken_for_reshipping": "Put into a reshipment",
    "given_back": "Put back: its reshipment ended",
    "reshipped": "Sent on",
    "discarded": "Discarded",
}
