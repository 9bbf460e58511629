"""What was wrong with a posted form, as the page shows it again: beside each field, and all of it at the top."""

import re

import msgspec

from backhaul.kernel.errors import DomainError, InvalidInput
from backhaul.web.console.forms import Form
from backhaul.web.console.statuses import STATUS

_POSITION = re.compile(r"\[\d+\]")
_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*(?:[\s,;]|$)")  # of ours: no address, number or path


class Problem(msgspec.Struct, frozen=True):
    """A sentence about one field, or about none."""

    field: str
    text: str


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal, and the form that was refused."""

    status: int
    problems: tuple[Problem, ...]
    form: Form
    labels: dict[str, str] = msgspec.field(default_factory=dict)  # of the fields that the page has, by name

    @classmethod
    def of(cls, refusal: DomainError, form: Form) -> "Trouble":
        """Return a refusal as the page shows it."""
        problems: tuple[Problem, ...] = (Problem("", refusal.text),)
        if isinstance(refusal, InvalidInput):
            problems = tuple(
                Problem(_field_of(one.path, form), _sentence(one.text, form)) for one in refusal.problems
            )
        return cls(status=STATUS[refusal.kind], problems=problems, form=form)

    def of_field(self, name: str) -> str | None:
        """Return what is wrong with a field."""
        return next((one.text for one in self.problems if one.field == name), None)

    def note(self, name: str, label: str) -> str:
        """Take down how a field is called on the page, and write nothing there."""
        self.labels.setdefault(name, label)
        return ""


def _field_of(path: str, form: Form) -> str:
    """Return the name of the field that a problem is about: the whole path if a field has it, else its last part."""
    plain = _POSITION.sub("", path)
    return plain if plain in form else plain.rsplit(".", 1)[-1]


def _sentence(text: str, form: Form) -> str:
    """Return a text as a sentence; what somebody has written begins as they wrote it."""
    is_ours = _WORD.match(text) and not form.has_line_that_begins(text)
    return sentence(text) if is_ours else text + _end(text)


def sentence(text: str) -> str:
    """Return a text of ours as a sentence."""
    return f"{text[:1].upper()}{text[1:]}{_end(text)}"


def _end(text: str) -> str:
    return "" if text.endswith((".", "!", "?")) else "."
