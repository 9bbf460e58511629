"""Which texts a hold may have, and who a caller is as a person."""

from backhaul.domain.identity.model import Actor
from backhaul.kernel.errors import FieldProblem

MAX_SUMMARY = 200
MAX_DESCRIPTION = 10_000
MAX_REASON = 2000


def check_texts(summary: str, description: str) -> list[FieldProblem]:
    """Return what is wrong with what people wrote."""
    problems = []
    for name, text, longest in (
        ("summary", summary, MAX_SUMMARY),
        ("description", description, MAX_DESCRIPTION),
    ):
        if not text.strip():
            problems.append(FieldProblem(name, "blank", "can't be blank"))
        elif len(text) > longest:
            problems.append(FieldProblem(name, "length", f"must have at most {longest} characters"))
        elif "\x00" in text:
            problems.append(FieldProblem(name, "characters", "must not contain the character U+0000"))
    return problems


def check_reason(reason: str) -> list[FieldProblem]:
    """Return what is wrong with the reason for refusing or withdrawing a release."""
    if not reason.strip():
        return [FieldProblem("reason", "blank", "can't be blank")]
    if len(reason) > MAX_REASON:
        return [FieldProblem("reason", "length", f"must have at most {MAX_REASON} characters")]
    if "\x00" in reason:
        return [FieldProblem("reason", "characters", "must not contain the character U+0000")]
    return []


def person_of(actor: Actor) -> str:
    """Return the person behind a caller: somebody with two keys, or a key and a token, is still one person."""
    if actor.user_id is not None:
        return f"user {actor.user_id}"
    return f"{actor.author.kind} {actor.author.id}" if actor.author.id else actor.author.kind
