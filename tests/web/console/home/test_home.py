"""The first page: what waits for somebody, with the way there, and figures with their numbers."""

from datetime import timedelta

import pytest

from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.overview import MOST, Needs, WalletStanding, get_installation, get_needs
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


async def test_the_operator_sees_what_keeps_the_installation_from_working(own_console, visitors):
    browse = await visitors(own_console, "operator")
    page = await browse.page("/")
    assert "First steps" not in page.texts
    assert not [text for text in page.texts if "last three months" in text]
    assert {
        "/settings/customers",
        "/settings/jobs",
        "/settings/carriers",
        "/settings/prices",
        "/settings/mail",
        "/warehouse",
    } <= set(page.links)
    shown = {
        "job failed",
        "job waits for a worker",
        "event failed",
        "call of a carrier is repeated",
        "customer has nothing left to spend",
    }
    assert not shown & set(page.texts)
    await own_console.owner.execute("""
        INSERT INTO jobs.pgqueuer (priority, entrypoint, payload, status, attempts, execute_after) VALUES
        (0, 'shipping.track', '{}', 'failed', 8, '2020-01-01'), (0, 'notify.send', '{}', 'queued', 0, '2020-01-01'),
        (0, 'shipping.buy_label', '{}', 'queued', 2, '2099-01-01'), (0, 'notify.send', '{}', 'queued', 2, '2099-01-01')
    """)
    await own_console.owner.execute(
        "UPDATE outbox SET processed_at = NULL, attempts = 12 WHERE id = (SELECT max(id) FROM outbox)"
    )
    await own_console.owner.execute(
        "UPDATE wallets SET available_minor = 0, credit_limit_minor = 0 WHERE org_id = $1",
        own_console.organizations["ours"].id,
    )
    page = await browse.page("/")
    assert shown <= set(page.texts)
    assert "their fees and approvals are refused: Maas Biolabs" in page.texts
    assert not shown & set((await (await visitors(own_console, "owner")).page("/")).texts)


async def test_only_who_operates_the_installation_is_told_of_it(console):
    for name in ("owner", "stranger", "free"):
        with pytest.raises(RightMissing):
            await get_installation(console.db, actor=console.actors[name], now=console.clock.now())


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
