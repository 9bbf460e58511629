"""The first page: what waits for somebody, with the way there, and figures with their numbers."""

from datetime import timedelta

import pytest

from backhaul.domain.overview import MOST, Needs, WalletStanding, get_needs
from backhaul.web.console.home import needs


def of(**counts):
    """What waits: nothing but this."""
    names = (
        "exceptions",
        "late_exceptions",
        "quotes",
        "late_cases",
        "claims",
        "returns",
        "failed_deliveries",
    )
    none = dict.fromkeys((*names, "declined_charges"), 0)
    return Needs(**{**none, "wallets": (), "spent": (), **counts})


async def test_what_waits_leads_where_it_is_seen_to(console, browse):
    page = await browse.page("/")
    assert "What needs you now" in page.texts
    assert "/exceptions" in page.links
    assert "parcel needs somebody" in page.texts


async def test_a_new_organization_is_told_how_to_begin(console, visitors):
    browse = await visitors(console, "free")
    page = await browse.page("/")
    assert "First steps" in page.texts
    assert any(text.startswith("Nothing waits for you.") for text in page.texts)
    assert {"/imports", "/transfers/new", "/campaigns/new"} <= set(page.links)


async def test_nothing_of_another_organization_is_counted(console):
    now = console.clock.now() + timedelta(days=30)
    mine = await get_needs(console.db, actor=console.actors["owner"], now=now)
    free = await get_needs(console.db, actor=console.actors["free"], now=now)
    assert mine.exceptions == 1
    assert mine.late_exceptions == 1
    assert free == of()


async def test_whoever_may_not_see_something_is_not_told_how_much_there_is(console):
    actor = console.actors["owner"]
    nobody = type(actor)(
        **{name: getattr(actor, name) for name in actor.__struct_fields__ if name != "rights"},
        rights=frozenset(),
    )
    assert await get_needs(console.db, actor=nobody, now=console.clock.now()) == of()


async def test_home_takes_four_statements(console, visitors, browse):
    for one in (browse, await visitors(console, "operator")):
        await one.get("/")
        answer, sent = await one.statements("/")
        assert answer.status_code == 200
        assert len(sent) <= 4


async def test_every_chart_has_its_figures_in_a_table(console, browse):
    page = await browse.page("/")
    tables, drawings = (
        len(page.tags("table")),
        len([one for one in page.tags("svg") if one.get("role") == "img"]),
    )
    assert tables >= drawings >= 1


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"quotes": 1}, [("1", "quote to approve", "/reshipments?status=answer")]),
        ({"quotes": 2}, [("2", "quotes to approve", "/reshipments?status=answer")]),
        ({"late_cases": MOST}, [("1,000+", "cases past their deadline", "/cases?open=1&overdue=1")]),
        ({"failed_deliveries": 999}, [("999", "webhooks given up", "/settings/webhooks")]),
        ({}, []),
    ],
)
def test_only_what_waits_is_listed(counts, shown):
    lines = needs.listed(of(**counts), None)
    assert [(line.count, line.label, line.path) for line in lines] == shown


@pytest.mark.parametrize(
    ("available", "limit", "needed", "is_low"),
    [(100, 0, 100, False), (99, 0, 100, True), (-50, 200, 100, False), (0, 0, 0, False), (-1, 0, 0, True)],
)
def test_a_wallet_is_low_when_it_does_not_cover_a_week(available, limit, needed, is_low):
    wallet = WalletStanding(
        currency="USD", available_minor=available, credit_limit_minor=limit, needed_minor=needed
    )
    assert wallet.is_low is is_low
    lines = needs.listed(of(wallets=(wallet,)), None)
    assert [line.label for line in lines] == (["left in the wallet"] if is_low else [])
