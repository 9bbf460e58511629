"""How what people type is written: cleaned here, or refused with a sentence each."""

from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.writing import is_writable

MAX_NOTE = 500
MAX_NAME = 200


def clean_note(path: str, text: str | None) -> str | None:
    """Return a note in one line, None for an empty one; line breaks become spaces."""
    line = " ".join((text or "").split())
    if len(line) > MAX_NOTE:
        raise InvalidInput(
            [FieldProblem(path, "recovery.too_long", f"may have at most {MAX_NOTE} characters")]
        )
    if not is_writable(line):
        raise InvalidInput([FieldProblem(path, "recovery.unwritable", "may not contain control characters")])
    return line or None


def clean_name(path: str, text: str) -> tuple[str, list[FieldProblem]]:
    """Return a full name in one line, and what is wrong with it."""
    line = " ".join(text.split())
    if not line:
        return line, [FieldProblem(path, "missing", "can't be blank")]
    if len(line) > MAX_NAME:
        return line, [FieldProblem(path, "recovery.too_long", f"may have at most {MAX_NAME} characters")]
    if not is_writable(line):
        return line, [FieldProblem(path, "recovery.unwritable", "may not contain control characters")]
    return line, []
