"""Whatever somebody writes into any field: it is text on every page, never an element, an attribute or an address."""

import re

import pytest

from tests.web.console.browse import Parsed
from tests.web.console.page_table import PAGES
from tests.web.console.sweeps.poisoning import poison

HOSTILE = {
    "an element": "<xss-probe onclick=alert(1)>x",
    "a script": "</title></textarea></script><script>xss()</script>",
    "an attribute": '" onfocus="xss()" autofocus xss-probe="',
    "another attribute": "' onmouseover='xss()' xss-probe='",
    "an address": "javascript:xss()//",
    "a drawing": "<svg/onload=xss()><xss-probe>",
    "a template": "{{7*7777}}${7*7777}<%= 7*7777 %>",
    "a comment": "<!--><xss-probe>-->",
}
FEWEST_COLUMNS = 60  # that take the text: fewer mean that the sweep has become blind
SHOWN = [page for page in PAGES if page.leads_to is None]


def structure(found):
    """Which elements a page is made of, and which attributes each of them has."""
    return {(tag, name) for tag, given in found.elements for name in (*given, "")}


async def open_all(browsers, console):
    pages = {}
    for page in SHOWN:
        path = page.of(console.ids["ours"])
        answer = await browsers[page.who].get(path)
        pages[path] = (answer.status_code, answer.text)
    return pages


DIALLED = re.compile(r"tel:[+0-9]*[0-9][+0-9]*")


@pytest.mark.slow
async def test_no_element_attribute_or_address_comes_from_what_somebody_wrote(own_console, visitors):
    browsers = {name: await visitors(own_console, name) for name in ("owner", "operator")}
    org_id = own_console.actors["owner"].org_id
    known = set()
    for _, text in (await open_all(browsers, own_console)).values():
        known |= structure(Parsed(text))
    for name, text in HOSTILE.items():
        assert await poison(own_console.owner, org_id, text) >= FEWEST_COLUMNS, name
        for path, (status, shown) in (await open_all(browsers, own_console)).items():
            found = Parsed(shown)
            assert status in {200, 404}, (name, path, shown[-1500:])
            handlers = [
                one for one in found.inline if not one.lower().startswith("javascript:")
            ]  # a value of a field
            assert handlers == [], (name, path)
            assert "54439" not in shown, (name, path)
            strange = {
                (tag, attribute) for tag, attribute in structure(found) - known if "xss" in tag + attribute
            }
            assert strange == set(), (name, path)
            foreign = [link for link in found.links if not link.startswith(("/", "#", "https://", "mailto:"))]
            assert all(DIALLED.fullmatch(link) for link in foreign), (name, path)
        people = await browsers["owner"].page("/people")
        assert any(text.split(">")[0].split('"')[0][:9] in one for one in people.texts), name


def test_the_sweep_would_find_it():
    found = Parsed('<p title="" onfocus="xss()" xss-probe="">x</p><xss-probe>')
    assert ("p", "xss-probe") in structure(found)
    assert ("xss-probe", "") in structure(found)
    assert found.inline == ["onfocus"]
