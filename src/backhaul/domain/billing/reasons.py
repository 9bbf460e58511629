"""Why money is given back, in a person's words."""

from backhaul.kernel.errors import FieldProblem

MAX_REASON = 500


def reason_problems(reason: str) -> list[FieldProblem]:
    """Return what is wrong with a reason."""
    if 1 <= len(reason.strip()) <= MAX_REASON:
        return []
    return [FieldProblem("reason", "length", f"must have from 1 to {MAX_REASON} characters")]
