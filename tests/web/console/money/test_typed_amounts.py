"""A decimal comma never means a hundred times the money, in whichever field it is typed."""

import pytest

from tests.web.console.campaigns.test_campaigns import new
from tests.web.console.inventory.test_sheet import FORM as ASSET
from tests.web.console.reshipments.test_creating import FIELDS as RESHIPMENT
from tests.web.console.settings.test_customers import account, charge
from tests.web.console.transfers.test_ordering import opened

TRACED = ("charges", "refunds", "wallets", "history", "outbox", "assets", "reshipments", "transfers")
TYPED = {
    "1,50": "Write it as 1.50.",
    "1.250,00": "Write it as 1250.00.",
    "1,0": "Write it as 1.00.",
    "1,000,0": "Write it as 1000.00.",
    "1.250": "Write it as 1250.00 or 1.25.",
    "abc": "Must be an amount such as 250.00.",
}


def forms(console):
    """Every form with an amount: who sends it, where, with what, and the field."""
    return {
        "top-up": ("owner", "/money/top-up", {"key": "k"}, "amount"),
        "refund": ("operator", f"{charge(console)}/refund", {"reason": "goodwill", "key": "k"}, "amount"),
        "limit": ("operator", f"{account(console)}/credit-limit", {}, "limit"),
        "cost": ("owner", "/assets/new", ASSET, "purchase_cost_minor"),
        "reshipment": ("owner", "/reshipments/new", {**RESHIPMENT, "do": "place", "returns": "1"}, "value"),
    }


@pytest.mark.parametrize("form", ["top-up", "refund", "limit", "cost", "reshipment"])
async def test_an_amount_that_may_be_another_is_refused_with_what_to_write(console, form):
    name, path, fields, field = forms(console)[form]
    browse = await console.kept(name)
    await browse.get("/account")
    before = await console.traces(TRACED)
    for text, said in TYPED.items():
        answer = await browse.post(path, {**fields, field: text})
        assert answer.status_code == 422, text
        assert f'id="{field}-problem">{said}' in answer.text, text
        assert f'value="{text}"' in answer.text, text
    assert await console.traces(TRACED) == before


async def test_what_is_insured_is_read_as_every_other_amount(own_console, visitors):
    browse, fields = await opened(own_console, visitors)
    before = await own_console.traces(TRACED)
    for text, said in TYPED.items():
        answer = await browse.post("/transfers/new", {**fields, "do": "place", "insured": text})
        assert (answer.status_code, said in answer.text) == (422, True), text
    assert await own_console.traces(TRACED) == before


async def test_the_measures_of_a_box_are_read_by_the_same_rule(own_console, visitors):
    browse = await visitors(own_console, "owner")
    await browse.page("/campaigns/new")
    before = await own_console.traces(("recovery_campaigns", "history"))
    for text, advice in (("1,5", "1.5"), ("1.250,5", "1250.5"), ("1,250", "1250 or 1.25")):
        fields = new(own_console, **{"box-1-1-weight": text})
        answer = await browse.post("/campaigns/new", fields)
        assert answer.status_code == 422, text
        assert f"Has the measure {text}: write it as {advice}." in answer.text, text
    nothing = await browse.post("/campaigns/new", new(own_console, **{"box-1-1-weight": "heavy"}))
    assert "Must have a quantity, three lengths and a weight above zero." in nothing.text
    assert await own_console.traces(("recovery_campaigns", "history")) == before
    where = await browse.does("/campaigns/new", new(own_console, **{"box-1-1-weight": "1.5"}))
    page = await browse.page(where.rpartition("/")[0])
    assert "Laptop, 1 in a box, 16 × 12 × 4 in, 1.5 lb" in page.texts


@pytest.mark.parametrize("amount", ["1,000,000.01", "99999999999999999999", "9" * 40])
async def test_too_large_a_top_up_is_told_the_limit(console, browse, amount):
    await browse.page("/money")
    before = await console.traces(TRACED)
    answer = await browse.post("/money/top-up", {"amount": amount, "key": "large"})
    assert answer.status_code == 422
    assert 'id="amount-problem">Must be from 0.01 USD to 1,000,000.00 USD.' in answer.text
    assert await console.traces(TRACED) == before


async def test_a_credit_limit_that_no_wallet_holds_is_refused(console):
    browse = await console.kept("operator")
    await browse.get(account(console))
    before = await console.traces(TRACED)
    answer = await browse.post(f"{account(console)}/credit-limit", {"limit": "9" * 20})
    assert answer.status_code == 422
    assert 'id="limit-problem">Must not be above 100,000,000,000.00 USD.' in answer.text
    assert await console.traces(TRACED) == before
