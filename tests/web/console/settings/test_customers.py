"""Customers and their money in the browser: the operator refunds and sets limits, once however often a form is sent."""

import re

import pytest

from backhaul.domain.billing.queries import get_charge_detail, list_charges
from tests.web.console.money.furnish import purse_of

KEY = re.compile(r'name="key" value="([0-9a-f-]{36})"')
LIST = "/settings/customers"
TRACED = ("charges", "refunds", "wallets", "wallet_fees", "ledger_transactions", "history", "outbox")
REFUND = {"amount": "1", "reason": "goodwill", "key": "k"}


def account(console, whose="ours"):
    return f"{LIST}/{console.ids[whose]['customer']}"


def charge(console, whose="ours"):
    """A charge of 85 dollars of which one was given back."""
    return f"{account(console, whose)}/charges/{console.ids[whose]['charge']}"


def fee(console, whose="ours"):
    """A fee of 4 dollars and a half."""
    return f"{account(console, whose)}/fees/{console.ids[whose]['fee']}"


def acts(console, whose="ours"):
    return {
        f"{charge(console, whose)}/refund": REFUND,
        f"{fee(console, whose)}/refund": {"reason": "goodwill"},
        f"{account(console, whose)}/credit-limit": {"limit": "50"},
    }


async def refunds_of(console):
    purse = purse_of(console, "owner")
    charge_id = console.ids["ours"]["charge"]
    found = await get_charge_detail(purse.db, actor=purse.actor, charge_id=charge_id)
    return [(one.amount_minor, one.reason, one.status.value) for one in found.refunds]


async def test_customers_are_listed_with_what_they_can_spend(own_console, visitors):
    browse = await visitors(own_console, "operator")
    page = await browse.page(LIST)
    shown = [text for text in page.texts if text in {"Maas Biolabs", "Sense Net", "Tessier-Ashpool"}]
    assert shown == ["Maas Biolabs", "Sense Net", "Tessier-Ashpool"]
    assert {"Enterprise", "$929.50"} <= set(page.texts)
    assert "No such customers" in (await browse.page(f"{LIST}?wallet=empty")).texts
    await own_console.owner.execute(
        "UPDATE wallets SET available_minor = 0, credit_limit_minor = 0 WHERE org_id = $1",
        own_console.organizations["ours"].id,
    )
    home = await browse.page("/")
    assert f"{LIST}?wallet=empty" in home.links
    page = await browse.page(f"{LIST}?wallet=empty")
    assert ("Maas Biolabs" in page.texts, "Tessier-Ashpool" in page.texts) == (True, False)
    assert "Nothing left" in page.texts
    assert account(own_console) in page.links
    assert account(own_console) not in (await browse.page(f"{LIST}?q=tessier")).links


async def test_a_customers_page_says_what_became_of_their_money(console):
    browse = await console.kept("operator")
    page = await browse.page(account(console))
    texts = {text.rpartition(", ")[2] for text in page.texts}
    assert {"Partly refunded", "asked for", "$85.00", "To spend"} <= texts
    assert charge(console) in page.links
    older = [link for link in page.links if "?fees=" in link]
    assert len(older) == 1
    page = await browse.page(older[0])
    assert {"Given back", "$4.50", "$85.00"} <= set(page.texts)
    assert {fee(console), account(console)} <= set(page.links)


async def test_a_refund_is_asked_for_once_however_often_its_form_is_sent(own_console, visitors):
    path, browse = charge(own_console), await visitors(own_console, "operator")
    fields = {
        "amount": "2.50",
        "reason": " The box was torn. ",
        "key": KEY.search((await browse.get(path)).text)[1],
    }
    for _ in range(2):
        where = await browse.does(f"{path}/refund", fields)
    page = await browse.page(where)
    assert "The refund is on its way. Reload the page to see when it is paid back." in page.texts
    assert await refunds_of(own_console) == [
        (100, "asked for", "paid"),
        (250, "The box was torn.", "requested"),
    ]
    await purse_of(own_console, "owner").drain()
    assert (await refunds_of(own_console))[1] == (250, "The box was torn.", "paid")
    before = await own_console.traces(TRACED)
    other = await browse.post(f"{path}/refund", {**fields, "amount": "2.51"})
    assert (other.status_code, "was used for 2.50 USD" in other.text) == (409, True)
    assert await own_console.traces(TRACED) == before
    owner = await visitors(own_console, "owner")
    assert {"The box was torn.", "$2.50"} <= set((await owner.page("/money/refunds")).texts)
    assert "$3.50" in (await owner.page("/money/charges")).texts


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"amount": "x"}, "amount", "Must be an amount such as 250.00."),
        ({"amount": "0"}, "amount", "0.00 USD cannot be refunded: 84.00 USD is left of the charge."),
        ({"amount": "84.01"}, "amount", "84.01 USD cannot be refunded: 84.00 USD is left of the charge."),
        ({"amount": "-1"}, "amount", "-1.00 USD cannot be refunded"),
        ({"reason": " "}, "reason", "Must have from 1 to 500 characters."),
        ({"reason": "x" * 501}, "reason", "Must have from 1 to 500 characters."),
    ],
)
async def test_what_cannot_be_refunded_is_said_beside_its_field(console, given, field, said):
    browse, path, before = await console.kept("operator"), charge(console), await console.traces(TRACED)
    await browse.get(path)
    refused = await browse.post(f"{path}/refund", {**REFUND, **given})
    assert refused.status_code == 422
    assert f'id="{field}-problem">{said}' in refused.text
    assert await console.traces(TRACED) == before


async def test_a_fee_is_given_back_once(own_console, visitors):
    path, browse = fee(own_console), await visitors(own_console, "operator")
    purse = purse_of(own_console, "owner")
    available, held = await purse.standing()
    assert f"{path}/refund" in (await browse.page(path)).posts
    refused = await browse.post(f"{path}/refund", {"reason": " "})
    assert (refused.status_code, 'id="reason-problem"' in refused.text) == (422, True)
    for _ in range(2):
        where = await browse.does(f"{path}/refund", {"reason": "No photo was taken."})
    page = await browse.page(where)
    assert {"The fee is back in the wallet.", "No photo was taken."} <= set(page.texts)
    assert f"{path}/refund" not in page.posts
    assert await purse.standing() == (available + 450, held)


async def test_the_credit_limit_is_set_and_never_below_what_is_in_use(own_console, visitors):
    path, browse = account(own_console), await visitors(own_console, "operator")
    await browse.get(path)
    page = await browse.page(await browse.does(f"{path}/credit-limit", {"limit": "250.00"}))
    assert {"The credit limit is changed.", "$250.00"} <= set(page.texts)
    purse = purse_of(own_console, "owner")
    assert (await purse.balance()).credit_limit_minor == 25_000
    await purse.charge((await purse.balance()).available_minor + 100)
    before = await own_console.traces(TRACED)
    for limit, status, said in (("0.99", 409, "of credit is in use"), ("-1", 422, "Must not be below zero.")):
        refused = await browse.post(f"{path}/credit-limit", {"limit": limit})
        assert (refused.status_code, said in refused.text) == (status, True), limit
    assert await own_console.traces(TRACED) == before


async def test_no_customer_gives_money_back_to_themselves(console):
    names = ("owner", "admin", "member", "viewer", "stranger")
    visits = {name: await console.kept(name) for name in names}
    before = await console.traces(TRACED)
    for name, browse in visits.items():
        await browse.get("/account")
        for path, fields in acts(console).items():
            assert (await browse.post(path, fields)).status_code == 403, (name, path)
    owner = visits["owner"]
    own = f"/money/charges/{console.ids['ours']['charge']}"
    page = await owner.page(own)
    assert ("asked for" in page.texts, f"{own}/refund" in page.posts) == (True, False)
    assert (await owner.post(f"{own}/refund", REFUND)).status_code == 404
    assert (await owner.post("/money/credit-limit", {"limit": "50"})).status_code == 404
    assert LIST not in (await owner.page("/settings/organization")).links
    assert await console.traces(TRACED) == before


async def test_what_is_of_another_customer_or_of_nobody_is_not_there(console):
    browse, before = await console.kept("operator"), await console.traces(TRACED)
    await browse.get(LIST)
    ours, theirs = console.ids["ours"], console.ids["theirs"]
    crossed = (
        f"{LIST}/{theirs['customer']}/charges/{ours['charge']}",
        f"{LIST}/{theirs['customer']}/fees/{ours['fee']}",
    )
    unknown = (
        f"{LIST}/999999",
        f"{LIST}/made-up",
        f"{account(console)}/charges/x",
        f"{account(console)}/fees/x",
    )
    for path in (*crossed, *unknown):
        assert (await browse.get(path)).status_code == 404, path
    for path in (*crossed, *unknown[2:]):
        assert (await browse.post(f"{path}/refund", REFUND)).status_code == 404, path
    for path in unknown[:2]:
        assert (await browse.post(f"{path}/credit-limit", {"limit": "5"})).status_code == 404, path
    assert await console.traces(TRACED) == before


async def test_what_was_paid_into_the_wallet_offers_no_refund(console):
    purse, browse = purse_of(console, "owner"), await console.kept("operator")
    top_up = next(one for one in await list_charges(purse.db, actor=purse.actor) if one.is_top_up)
    path, before = f"{account(console)}/charges/{top_up.id}", await console.traces(TRACED)
    assert f"{path}/refund" not in (await browse.page(path)).posts
    assert (await browse.post(f"{path}/refund", REFUND)).status_code == 409
    assert await console.traces(TRACED) == before
