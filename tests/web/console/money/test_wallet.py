"""The wallet in the browser: what can be spent, and topping it up once however often the form is sent."""

import re

from tests.web.console.money.furnish import purse_of

KEY = re.compile(r'name="key" value="([0-9a-f-]{36})"')


async def test_the_wallet_shows_what_can_be_spent_and_what_is_held(console):
    page = await (await console.kept("viewer")).page("/money")
    for text in ("To spend", "Balance", "Held", "Credit limit", "Top-ups", "$1,000.00"):
        assert text in page.texts
    assert "/money/top-up" not in page.posts
    owner = await (await console.kept("owner")).page("/money")
    assert {"/money/top-up"} <= owner.posts


async def test_a_top_up_is_asked_for_once_however_often_its_form_is_sent(own_console, visitors):
    browse = await visitors(own_console, "owner")
    purse = purse_of(own_console, "owner")
    before, _ = await purse.standing()
    key = KEY.search((await browse.get("/money")).text)[1]
    for _ in range(2):
        where = await browse.does("/money/top-up", {"amount": "1,250.50", "key": key})
    page = await browse.page(where)
    assert "The payment is being collected. The money can be spent as soon as it is paid." in page.texts
    assert page.texts.count("$1,250.50") == 1
    await purse.drain()
    assert (await purse.standing())[0] == before + 125_050
    reused = await browse.post("/money/top-up", {"amount": "3", "key": key})
    assert (reused.status_code, "was used for 1,250.50 USD" in reused.text) == (409, True)
    for amount, said in (
        ("abc", "Must be an amount such as 250.00."),
        ("0", "Must be from 0.01 USD to 1,000,000.00 USD."),
        ("1.005", "Write it as 1005.00."),
    ):
        await browse.get("/money")
        refused = await browse.post("/money/top-up", {"amount": amount, "key": "k"})
        assert (refused.status_code, said in refused.text) == (422, True), amount
        assert f'value="{amount}"' in refused.text
    viewer = await visitors(own_console, "viewer")
    await viewer.get("/money")
    assert (await viewer.post("/money/top-up", {"amount": "5", "key": "v"})).status_code == 403
    assert (await purse.standing())[0] == before + 125_050
