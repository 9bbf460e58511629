"""A recovery's letters: every one in every language, by mail and by text, and no value breaks out of its place."""

import re
from datetime import date

import msgspec
import pytest

from backhaul.domain.notify import Channel, RecoveryLetter, days, rendering, sample
from backhaul.domain.notify.rendering import render
from backhaul.domain.notify.segments import MAX_SEGMENTS, is_gsm, segments

from .recoveries import LEAST, LOCALES, MOST, PAGE, TEMPLATES, recovery
from .test_letters import HOSTILE, shown

PERSONS = [name for name in TEMPLATES if name != "recovery/escalation"]
GREETING = {"en": "Hello", "de": "Guten Tag"}
CLOSING = {"en": "\n-- \nYou receive this message because", "de": "\n-- \nSie erhalten diese Nachricht, weil"}
VARIANTS = [
    *({"level": level, "has_box": has_box} for level in (1, 2, 3) for has_box in (True, False)),
    {"has_box": None, "days": 1, "reminder_count": 1},
    *({"audience": audience} for audience in ("employee", "it", "hr")),
    {"level": 4, "audience": "it"},
    {"items": ("Laptop",)},
    {"deadline_on": None, "page_url": None},
    {"deadline_on": None, "page_url": None, "label_url": None, "helpdesk_email": None},
]


def text(template, letter, locale="en"):
    return render(template, letter, locale=locale, channel=Channel.TEXT).text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(
    "values", [LEAST, MOST, *({**LEAST, **v} for v in VARIANTS), *({**MOST, **v} for v in VARIANTS)]
)
def test_every_letter_renders_with_little_and_with_much(template, locale, values):
    letter = RecoveryLetter(**values)
    body = render(template, letter, locale=locale)
    read = shown(body.html)
    assert 10 <= len(body.subject) <= 110
    assert not re.search(r"</?[a-z]|&(amp|lt|gt|quot|#\d+);|\{\{|\{%", body.subject + body.text)
    assert not {"None", "True", "False"} & {*body.text.split(), *read.words}
    assert not re.search(
        r" [,.;:?]|\(\)|\.\.|,,|  +\S", body.text.replace("\n    ", "\n").replace("\n ", "\n")
    )
    assert body.text.startswith(GREETING[locale])
    assert CLOSING[locale] in body.text
    assert all(len(line) <= 72 for line in body.text.splitlines() if "://" not in line)
    assert f'<html lang="{locale}"' in body.html
    short = render(template, letter, locale=locale, channel=Channel.TEXT)
    assert short.html == ""
    assert not re.search(r"\n| [,.;]|\.\.|  |None|\{|<", short.text)
    assert segments(short.text) <= MAX_SEGMENTS
    assert is_gsm(short.text)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_both_twins_of_a_mail_say_the_same(template, locale):
    body = render(template, recovery(), locale=locale)
    spoken = [word for word in body.text.split() if "://" not in word and not re.fullmatch(r"\d\.|--", word)]
    seen = shown(body.html)
    assert {word.rstrip(":") for word in spoken} - {word.rstrip(":") for word in seen.words} == set()
    assert [link for link in seen.links if link not in body.text] == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_hostile_value_stays_in_its_place(template, locale):
    names = [
        name
        for name, value in MOST.items()
        if isinstance(value, str) and name != "audience" and not name.endswith(("_url", "_email"))
    ]
    changes = {**dict.fromkeys(names, HOSTILE), "items": (HOSTILE,) * 3}
    body = render(template, recovery(**changes), locale=locale)
    plain = render(template, recovery(), locale=locale)
    assert len(body.subject.splitlines()) == 1
    for part in (body.subject, body.text, body.html):
        assert not re.search("[\x00-\x08\x0b-\x1f\u2028\u202e]", part)
    assert "<script>" not in body.html
    assert sorted(shown(body.html).tags) == sorted(shown(plain.html).tags)
    assert body.text.count("\n\n") == plain.text.count("\n\n")
    short = text(template, recovery(**changes), locale)
    assert short.isprintable()
    assert segments(short) <= MAX_SEGMENTS
    if template in PERSONS:
        assert short.endswith(PAGE)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a@b.example/", "https://e.example/\nX", "//e.example"]
)
def test_an_unsafe_link_is_not_offered(template, channel, url):
    unsafe = recovery(
        page_url=url, tracking_url=url, label_url=url, helpdesk_email="x@e.example\nBcc: y@e.example"
    )
    body = render(template, unsafe, channel=channel)
    assert shown(body.html).links == []
    assert not re.search(r"javascript|e\.example|@", body.text)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_the_person_reads_leads_to_their_page_and_no_other_letter_shows_it(locale):
    for template in TEMPLATES:
        mail, short = render(template, recovery(), locale=locale), text(template, recovery(), locale)
        is_persons = template in PERSONS
        assert (PAGE in mail.text, PAGE in mail.html, short.endswith(PAGE)) == (is_persons,) * 3, template


def test_german_is_german_down_to_the_day():
    assert "bis Freitag, 12. Juni 2026" in text("recovery/invited", recovery(), "de-AT")
    assert (
        render("recovery/invited", recovery(), locale="de_DE").subject == "Bitte zurücksenden: 3 Gegenstände"
    )
    assert [days.german_day(date(2026, month, 1)).split()[2] for month in (3, 12)] == ["März", "Dezember"]


@pytest.mark.parametrize("locale", ["fr", "xx", "", "../de", "de/../en"])
@pytest.mark.parametrize("channel", Channel)
def test_a_reader_of_another_language_gets_english(locale, channel):
    english = render("recovery/reminder", recovery(), channel=channel)
    assert render("recovery/reminder", recovery(), locale=locale, channel=channel) == english
    assert rendering.locale_of("recovery/reminder", locale) == "en"


def test_every_language_has_every_letter_of_a_family():
    families: dict[tuple[str, str], set[str]] = {}
    for path in rendering.files():
        locale, family, *letter = path.split("/")
        if letter:
            families.setdefault((family, locale), set()).add(letter[0])
    assert {locale for _, locale in families} == set(days.IN_WORDS)
    for (family, locale), letters in families.items():
        assert letters == families[family, "en"], (family, locale)


def test_reminders_and_escalations_become_firmer():
    subjects = [
        render("recovery/reminder", recovery(level=level, items=("Laptop",))).subject for level in (1, 2, 3)
    ]
    assert subjects == [
        "A reminder: please send back your Laptop",
        "Still waiting: please send back your Laptop this week",
        "Last reminder: please send back your Laptop today",
    ]
    assert render("recovery/escalation", recovery(level=3)).subject == (
        "Last notice: Jürgen Weißmüller has not sent back 3 items"
    )


def test_an_escalation_says_who_what_how_often_and_what_to_do():
    said = {
        audience: " ".join(render("recovery/escalation", recovery(audience=audience)).text.split())
        for audience in ("manager", "it", "hr")
    }
    for words in said.values():
        assert "6 days and 2 reminders later, nothing is on its way." in words
        assert "1. MacBook Pro 14 2. iPhone 15 3. Charger" in words
    assert "Please talk to Jürgen Weißmüller this week" in said["manager"]
    assert "send a new box or label if one is missing" in said["it"]
    assert "can still be reached" in said["hr"]


def test_a_reminder_speaks_of_a_box_only_where_one_is():
    assert "from inside the box" in render("recovery/reminder", recovery()).text
    boxless = render("recovery/reminder", recovery(has_box=False)).text
    assert "sturdy box" in boxless
    assert not re.search("reached you|inside the box", boxless)


def test_a_recoverys_letter_is_strict_about_what_it_is_told():
    for wrong in ({"audience": "boss"}, {"recipient": "x"}, {"deadline_on": "soon"}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**LEAST, **wrong}, RecoveryLetter)


def test_a_letter_without_words_for_a_text_message_cannot_be_one():
    with pytest.raises(ValueError, match="is not written for text messages"):
        render("transfers/placed", sample("transfers/placed"), channel=Channel.TEXT)


@pytest.mark.parametrize(("locale", "words", "never"), [
    ("en", "That day has passed", "There is still time"), ("de", "Dieser Tag ist vorbei", "Noch ist Zeit"),
])  # fmt: skip
def test_after_the_deadline_no_letter_sets_it_again(locale, words, never):
    late = recovery(is_overdue=True, level=1)
    said = " ".join(render("recovery/deadline", late, locale=locale).text.split())
    assert (words in said, never in said) == (True, False)
    for template in ("recovery/invited", "recovery/reminder"):
        assert "2026" not in render(template, late, locale=locale).text.partition("Laptop refresh 2026")[0]
    for template in ("recovery/invited", "recovery/reminder", "recovery/deadline"):
        assert "2026" not in render(template, late, locale=locale, channel=Channel.TEXT).text
