"""What fits a text message: two segments, whatever somebody is called; names give way, links never do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.notify import Channel
from backhaul.domain.notify.rendering import render
from backhaul.domain.notify.segments import MAX_SEGMENTS, in_gsm, is_gsm, plainer, segments

from .recoveries import LOCALES, PAGE, TEMPLATES, recovery


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("ä" * 306, 2),
        ("ä" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 152, 2),
        ("€" * 153, 3),  # 306 places, but a sign of two places is not split between two segments of 153
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("👩" * 35, 1),
        ("👩" * 66, 2),
        ("👩" * 67, 3),  # 67 places hold 33 of them
        ("a" * 133 + "ł", 2),
        ("a" * 134 + "ł", 3),
    ],
)
def test_segments_are_counted_as_the_network_does(text, count):
    assert segments(text) == count


def test_umlauts_need_no_other_alphabet_and_typographic_signs_none_either():
    assert is_gsm("Jürgen Weißmüller, Straße 1, Größe: Ä Ö Ü ä ö ü ß ñ é €")
    assert not is_gsm("Paweł")
    assert plainer("“It’s – fine…”") == '"It\'s - fine..."'


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Paweł Żuławski", "Pawel Zulawski"),
        ("Çelik Iğdır", "Çelik Igdir"),
        ("Jürgen", "Jürgen"),
        ("محمد", None),
        ("👩", None),
    ],
)
def test_a_name_is_spelled_in_the_telephone_alphabet_where_it_can_be(name, spelled):
    assert in_gsm(name) == spelled


def test_another_script_is_kept_where_it_fits_and_left_out_where_it_does_not():
    short = recovery(
        person_name="Ольга", items=("Ноутбук",), organization_name="ООО", page_url=None, deadline_on=None
    )
    assert "Ноутбук" in render("recovery/deadline", short, channel=Channel.TEXT).text
    long = recovery(organization_name="Общество с ограниченной ответственностью", items=("Ноутбук",))
    assert render("recovery/invited", long, channel=Channel.TEXT).text == (
        f"Your company: please send back your equipment by Friday, 12 June 2026. It costs you nothing. How: {PAGE}"
    )


def test_long_names_are_cut_before_they_are_left_out():
    long = recovery(
        organization_name="Maas Biolabs Forschungsgesellschaft für Größeres " * 2, items=("Laptop" * 20,)
    )
    assert render("recovery/invited", long, locale="de", channel=Channel.TEXT).text == (
        "Maas Biolabs Forschungsgesellschaft fü..: Bitte zurücksenden: LaptopLaptopLaptopLaptopLaptopLaptopLa..,"
        f" bis Freitag, 12. Juni 2026. Das kostet Sie nichts. So geht es: {PAGE}"
    )


def test_a_link_too_long_for_two_segments_is_whole_nevertheless():
    link = f"https://backhaul.example/{'x' * 400}"
    text = render("recovery/invited", recovery(page_url=link), channel=Channel.TEXT).text
    assert text.endswith(f" {link}")
    assert segments(text) == 4


NAMES = st.text(max_size=120)
LETTERS = st.builds(
    recovery,
    person_name=NAMES,
    organization_name=NAMES,
    campaign_name=NAMES,
    carrier=NAMES,
    reader_name=NAMES,
    reason=NAMES,
    items=st.lists(NAMES, max_size=5).map(tuple),
    level=st.integers(1, 4),
    audience=st.sampled_from(["employee", "manager", "it", "hr"]),
    helpdesk_email=st.sampled_from([None, "help@maas.example", f"{'h' * 60}@{'maas.' * 30}example"]),
)


@given(template=st.sampled_from(TEMPLATES), locale=st.sampled_from(LOCALES), letter=LETTERS)
def test_whatever_people_and_things_are_called_two_segments_hold_it(template, locale, letter):
    text = render(template, letter, locale=locale, channel=Channel.TEXT).text
    assert segments(text) <= MAX_SEGMENTS
    assert len(text.splitlines()) == 1
    assert template == "recovery/escalation" or text.endswith(PAGE)
