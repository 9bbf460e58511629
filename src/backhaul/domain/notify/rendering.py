"""From a letter to its words: one template per letter, rendered twice.

A letter is written once, out of parts (`p`, `heading`, `steps`, `facts`, `button`). The same file becomes
the HTML body with the parts of `templates/html`, and its plain twin with those of `templates/text`, so that
neither can say less than the other. The block `sms` of the file is its text message. A name a template does not know
is an error, never an empty space.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

import css_inline
import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateNotFound
from markupsafe import Markup

from backhaul.domain.notify.days import IN_WORDS
from backhaul.domain.notify.model import Channel, Letter, Rendered
from backhaul.domain.notify.plain import plain
from backhaul.domain.notify.segments import MAX_SEGMENTS, in_gsm, plainer, segments

DEFAULT_LOCALE = "en"
MAX_SUBJECT_LENGTH = 200

Form = Literal["html", "text"]

_PARTS = ("p", "heading", "steps", "facts", "button")
_TEST = "[Test] "  # the same word in every locale there is
# Of a text message that is too long, names are cut to these lengths, and at the end left out. Links never are.
_SHORTER = (40, 24, 12, 0)
_SHORTENED = ("person_name", "organization_name", "campaign_name", "reader_name", "carrier")
# Remote stylesheets would let a value of the letter make the server fetch something.
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def render(
    template: str,
    letter: Letter,
    *,
    locale: str = DEFAULT_LOCALE,
    channel: Channel = Channel.EMAIL,
    can_reply: bool = False,
    is_test: bool = False,
) -> Rendered:
    """Return the words of a letter such as `transfers/placed`, in about a millisecond.

    It is written in the locale's language or, where there is no such letter, in English. A text message has two
    segments at most, or as many as the shortest words around its link need.
    """
    written_in = locale_of(template, locale)
    name = f"{written_in}/{template}.jinja"
    values = {key: plain(key, value) for key, value in msgspec.structs.asdict(letter).items()}
    values |= {"locale": written_in, "can_reply": can_reply}
    marked = _TEST if is_test else ""
    try:
        if channel is Channel.TEXT:
            subject, text, html = *_text_message(name, values, marked), ""
        else:
            subject, text = _write("text", name, values)
            html = _INLINER.inline(_write("html", name, values)[1])
    except TemplateNotFound as missing:
        raise ValueError(f"there is no letter {missing.name}") from missing
    return Rendered(subject=f"{marked}{subject}"[:MAX_SUBJECT_LENGTH], text=text, html=html)


def locale_of(template: str, locale: str) -> str:
    """Return the locale in which a reader of `locale` gets a letter: its language, or English."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if f"{language}/{template}.jinja" in files() else DEFAULT_LOCALE


def sender_name(letter: Letter) -> str:
    """Return the name a letter is signed with, before the mailer's own address."""
    name = plain("organization_name", letter.organization_name)
    return f"{name} via Backhaul" if name else "Backhaul"


def _write(form: Form, name: str, values: dict[str, Any]) -> tuple[str, str]:
    environment = _environment(form, values["locale"])
    letter: Any = environment.get_template(name).make_module(values)
    subject = _one_line(str(letter.subject))
    closing = environment.get_template(f"{name.rpartition('/')[0]}/closing.jinja")
    layout = environment.get_template(f"{form}/layout.jinja")
    body = layout.render(
        values,
        subject=letter.subject,
        body=letter.body,
        closing=closing.make_module({**values, "reader": letter.reader}),
    )
    return subject, _tidy(body) if form == "text" else body


def _text_message(name: str, values: dict[str, Any], marked: str) -> tuple[str, str]:
    template = _environment("text", values["locale"]).get_template(name)
    subject = words = ""
    for shorter in _ever_shorter(values):
        letter: Any = template.make_module(shorter)
        if not hasattr(letter, "sms"):
            raise ValueError(f"the letter {name} is not written for text messages")
        subject = subject or _one_line(str(letter.subject))
        words = plainer(f"{marked}{_one_line(str(letter.sms))}")
        if segments(words) <= MAX_SEGMENTS:
            break
    return subject, words


def _ever_shorter(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what a text message is told: all, then names in the telephone alphabet, then less and less of them."""
    yield values
    spelled = {name: in_gsm(values[name]) for name in _SHORTENED if values.get(name)}
    things = [thing for thing in map(in_gsm, values.get("items", ())) if thing]
    yield {**values, **spelled, "items": tuple(things)}
    for length in _SHORTER:
        cut = {name: _cut(text, length) for name, text in spelled.items()}
        left = tuple(short for thing in things if (short := _cut(thing, length)))
        helpdesk = values.get("helpdesk_email") if length else None
        yield {**values, **cut, "items": left, "helpdesk_email": helpdesk}


def _cut(text: str | None, length: int) -> str | None:
    if text is None or len(text) <= length:
        return text
    return f"{text[: length - 2].rstrip()}.." if length else None


@cache
def files() -> frozenset[str]:
    """Return the path of every template, such as `en/transfers/placed.jinja`."""
    return frozenset(_loader().list_templates())


@cache
def _loader() -> PackageLoader:
    return PackageLoader("backhaul.domain.notify", "templates")


@cache
def _environment(form: Form, locale: str = DEFAULT_LOCALE) -> Environment:
    environment = Environment(
        loader=_loader(),
        autoescape=form == "html",  # noqa: S701 -- the other form is plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {"day": IN_WORDS[locale], "one_line": _one_line, "lines": _bullets}
    parts: Any = environment.get_template(f"{form}/parts.jinja").module
    environment.globals |= {part: getattr(parts, part) for part in _PARTS}
    return environment


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return Markup(line) if isinstance(text, Markup) else line  # noqa: S704 -- it was escaped before it came here


def _bullets(text: str) -> list[str]:
    """Return what follows each "- " at the start of a line. Values hold no line ends: they cannot add one."""
    points = [_one_line(point) for point in re.split(r"^\s*- ", text, flags=re.MULTILINE)]
    escaped = isinstance(text, Markup)
    return [Markup(point) if escaped else point for point in points if point]  # noqa: S704 -- as above


def _tidy(text: str) -> str:
    # "-- " begins a signature (RFC 3676 §4.3) and keeps its space.
    lines = "\n".join(line if line == "-- " else line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
