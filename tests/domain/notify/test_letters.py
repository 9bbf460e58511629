"""The words: every letter renders for everybody, says what to do, and no value breaks out of its place."""

import re
from html.parser import HTMLParser

import msgspec
import pytest
from jinja2 import UndefinedError

from backhaul.domain.notify import TransferLetter, rendering
from backhaul.domain.notify.rendering import render

from .letters import DIRECTIONS, LEAST, MOST, TEMPLATES, letter

HOSTILE = "Eve\r\nBcc: everyone@example.org\u2028\x00<script>alert(1)</script> \u202egnp.exe & 👩‍💻 محمد"


class Shown(HTMLParser):
    """Gather what a reader sees, and which tags and links there are."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.words += data.split()


def shown(html: str) -> Shown:
    parser = Shown()
    parser.feed(html)
    return parser


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(
    "values",
    [LEAST, MOST, LEAST | {"has_box": False}, MOST | {"has_box": False}],
    ids=["least", "most", "boxless", "most boxless"],
)
def test_every_letter_renders_in_every_direction(template, direction, values):
    body = render(template, TransferLetter(direction=direction, **values))
    read = shown(body.html)
    assert 10 <= len(body.subject) <= 90
    assert not re.search(r"</?[a-z]|&(amp|lt|gt|quot|#\d+);|\{\{|\{%", body.subject + body.text)
    assert "None" not in body.text
    assert "None" not in read.words
    assert not re.search(r" [,.;:]|\(\)|  +\S", body.text.replace("\n    ", "\n")[4:].replace("\n ", "\n"))
    assert body.text.startswith("Hello")
    assert "\n-- \nYou receive this message because" in body.text
    assert all(len(line) <= 72 for line in body.text.splitlines() if "://" not in line)
    assert not {"script", "img", "link", "iframe"} & set(read.tags)
    assert values.get("person_name", "") in " ".join(body.text.split())


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_both_twins_say_the_same(template, direction):
    body = render(template, letter(direction))
    spoken = [word for word in body.text.split() if "://" not in word and not re.fullmatch(r"\d\.|--", word)]
    seen = shown(body.html)
    missing = {word.rstrip(":") for word in spoken} - {word.rstrip(":") for word in seen.words}
    assert missing == set()
    assert [link for link in seen.links if link not in body.text] == []


def test_dark_mode_styles_survive_inlining():
    html = render("transfers/placed", letter()).html
    assert "@media (prefers-color-scheme: dark)" in html
    assert '<h1 style="' in html
    kept = html.split("</style>")[0]
    assert ".letter {" in kept
    assert "padding: 28px" not in kept


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_hostile_value_stays_in_its_place(template):
    names = [name for name, value in MOST.items() if isinstance(value, str) and not name.endswith("_url")]
    changes = dict.fromkeys(names, HOSTILE)
    body = render(template, letter(**changes))
    plain = render(template, letter())
    assert len(body.subject.splitlines()) == 1
    for part in (body.subject, body.text, body.html):
        assert not re.search("[\x00-\x08\x0b-\x1f\u2028\u202e]", part)
    assert sorted(shown(body.html).tags) == sorted(shown(plain.html).tags)
    assert "<script>" not in body.html
    assert body.text.count("\n\n") == plain.text.count("\n\n")


def test_emoji_and_other_scripts_stay_readable():
    body = render("transfers/placed", letter(person_name="محمد 👩‍💻 O'Brien & Söhne"))
    assert "Hello محمد 👩‍💻 O'Brien & Söhne," in body.text
    assert "Söhne," in shown(body.html).words


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "http://",
        'https://example.org/"onmouseover="x',
        "https://example.org/\nBcc:x",
        "https://paypal.com@example.org/",
        "https://[::1",
    ],
)
def test_an_unsafe_link_is_not_offered(url):
    body = render("transfers/box_shipped", letter(tracking_url=url))
    assert shown(body.html).links == []
    assert "Follow the parcel" not in body.text


def test_a_link_keeps_its_ampersands():
    body = render("transfers/box_shipped", letter())
    assert shown(body.html).links == [MOST["tracking_url"]]
    assert MOST["tracking_url"] in body.text


def test_reminders_become_firmer():
    subjects = [render("transfers/reminder", letter(days_since_delivery=day)).subject for day in (3, 6, 9)]
    assert subjects == [
        "A reminder: please send your laptop",
        "Still waiting: please send your laptop this week",
        "Last reminder: please send your laptop today",
    ]


def test_a_deployment_asks_the_organization_to_pack_and_never_for_private_files():
    body = render("transfers/box_delivered", letter("deployment"))
    assert body.subject == "The box is here: please send the laptop to Jordan Miller"
    assert body.text.startswith("Hello,\n")
    assert "personal files" not in body.text


@pytest.mark.parametrize("template", ["placed", "label_ready", "reminder", "pickup_booked", "cancelled"])
def test_without_a_box_no_letter_speaks_of_one_that_comes(template):
    body = render(f"transfers/{template}", letter(has_box=False, label_url="https://backhaul.example/label"))
    words = " ".join(body.text.split())
    assert not re.search(
        r"box (for your laptop|is coming|comes|with the padding)|inside|still reaches", words
    )


def test_a_reader_may_reply_only_where_replies_are_read():
    assert "Replies to this message are not" in render("transfers/placed", letter()).text
    assert "Simply reply" in render("transfers/placed", letter(), can_reply=True).text


def test_a_name_no_letter_knows_is_an_error():
    with pytest.raises(UndefinedError):
        rendering._environment("text").from_string("{{ nobody_told_me }}").render()


def test_an_unknown_letter_is_an_error():
    with pytest.raises(ValueError, match=r"there is no letter en/transfers/nothing\.jinja"):
        render("transfers/nothing", letter())


@pytest.mark.parametrize("locale", ["xx", "de", "", "../en", "en-GB", "EN_us"])
def test_a_reader_of_a_language_no_letter_is_written_in_gets_english(locale):
    assert render("transfers/placed", letter(), locale=locale) == render("transfers/placed", letter())


def test_a_letter_is_strict_about_what_it_is_told():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"direction": "sideways"}, TransferLetter)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"direction": "return", "recipient": "x"}, TransferLetter)


def test_long_names_are_cut():
    body = render("transfers/failed", letter(person_name="A" * 500))
    assert body.subject == f"The return from {'A' * 79}… has failed"
