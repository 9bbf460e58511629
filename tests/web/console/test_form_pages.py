"""A page that is shown again after a refused form knows where it is opened: the theme's form leads back there."""

import pytest

from tests.web.console.browse import Parsed

TOO_MANY = [f"019a0000-0000-7000-8000-{number:012x}" for number in range(201)]


def back_of(answer):
    """Where the form of the theme leads back to."""
    return next(given["value"] for given in Parsed(answer.text).tags("input") if given.get("name") == "back")


@pytest.mark.parametrize(
    ("page", "action", "fields"),
    [
        ("/cases/{asking_case}", "/cases/{asking_case}/send", {"choice": "drone"}),
        ("/cases/{asking_case}", "/cases/{asking_case}/items/1", {"outcome-1": ""}),
        ("/cases/{ended_case}", "/cases/{ended_case}/remind", {}),
        ("/transfers/{transfer}/address", "/transfers/{transfer}/address", {}),
        ("/locations/new", "/locations/new", {"name": ""}),
        ("/transfers", "/transfers/many", {"do": "mute", "ids": TOO_MANY}),
        ("/transfers", "/transfers/many", {"do": "mute", "ids": TOO_MANY, "back": "//evil.example"}),
        ("/transfers?q=a", "/transfers/many", {"do": "mute", "ids": TOO_MANY, "back": "/transfers?q=a"}),
    ],
)
async def test_the_theme_of_a_refused_form_leads_to_its_page(own_console, visitors, page, action, fields):
    browse = await visitors(own_console, "owner")
    page, action = (path.format(**own_console.ids["ours"]) for path in (page, action))
    await browse.page(page)
    answer = await browse.post(action, fields)
    assert answer.status_code in {409, 422}, answer.text[:1000]
    assert back_of(answer) == page
    assert await browse.does("/account/theme", {"theme": "dark", "back": back_of(answer)}) == page


async def test_the_theme_of_a_form_that_is_none_of_ours_leads_to_the_page_it_pretends_to_be_from(
    console, browse
):
    path = f"/cases/{console.ids['ours']['asking_case']}"
    answer = await browse.post(f"{path}/send", {"choice": "kit"}, csrf="forged")
    assert (answer.status_code, back_of(answer)) == (403, path)


async def test_the_theme_of_a_page_that_was_opened_leads_to_it_without_its_notice(console, browse):
    answer = await browse.get("/transfers?q=a&notice=transfers.none_chosen")
    assert back_of(answer) == "/transfers?q=a"
