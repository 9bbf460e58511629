"""What the simulated gateway answers: decided by reserved words in the reference, and by nothing else."""

import re
from enum import StrEnum

WORDS = re.compile(r"(?<![\w-])sim-[a-z]+(?:-[a-z]+)*(?![\w-])", re.IGNORECASE)
CALLS_WHILE_DOWN = 2


class Word(StrEnum):
    """A reserved word, anywhere in the reference."""

    DECLINE = "sim-decline"  # declined, always
    DECLINE_ONCE = "sim-decline-once"  # the first attempt is declined, later ones go through
    DOWN = "sim-gateway-down"  # the first calls of each attempt get no answer, and nothing happens
    ANSWER_LOST = "sim-answer-lost"  # the first call of each attempt goes through, but its answer is lost


class Outcome(StrEnum):
    """What became of a payment."""

    CAPTURED = "captured"
    DECLINED = "declined"


def words_in(reference: str) -> frozenset[str]:
    """Return the reserved words of a reference."""
    return frozenset(found.lower() for found in WORDS.findall(reference))


def is_down(reference: str, *, calls: int) -> bool:
    """Whether this call, counted from 1, finds nobody."""
    return Word.DOWN in words_in(reference) and calls <= CALLS_WHILE_DOWN


def is_answer_lost(reference: str, *, calls: int) -> bool:
    """Whether this call takes effect without an answer."""
    return Word.ANSWER_LOST in words_in(reference) and calls == 1


def outcome(reference: str, *, earlier_attempts: int) -> Outcome:
    """Return what becomes of an attempt, given how many others there were with this reference."""
    words = words_in(reference)
    if Word.DECLINE in words or (Word.DECLINE_ONCE in words and earlier_attempts == 0):
        return Outcome.DECLINED
    return Outcome.CAPTURED
