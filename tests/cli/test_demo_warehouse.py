"""The demo's warehouse: what lies in it and is sent on, that it is paid for, and that a run cut short is finished."""

from collections import Counter
from datetime import timedelta

import pytest
from PIL import Image

from backhaul.cli import demo_organization, demo_returns, demo_warehouse
from backhaul.cli.demo_pictures import draw_laptop
from backhaul.cli.demo_returns import PARCELS, WAREHOUSE, Bench
from backhaul.domain import reshipping, returns
from backhaul.domain.billing import invoices, wallet
from backhaul.domain.billing.queries import audit
from backhaul.domain.identity import OPERATOR_ORG_ID, system_actor
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.returns import Status, sanitisation
from backhaul.domain.returns.queries import list_unidentified
from backhaul.jobqueue.draining import run_periodics
from backhaul.kernel.clock import SteppedClock
from backhaul.main import make_ports
from backhaul.settings import Settings
from backhaul.storage.database import Scope
from tests.conftest import NOON

FEES = {"process": 100, "verify": 250}


@pytest.fixture
async def bench(db, make, tmp_path):
    owner = await make.organization()
    return Bench(db, owner, make_ports(Settings(), db, tmp_path))


async def play(bench, *, hours=0):
    """Live through the whole week, so many hours later than the first time."""

    async def settle(at):
        await demo_organization._settle_at(bench, at)

    now = NOON + timedelta(hours=hours)
    numbers = await demo_warehouse.live_through_week(bench, settle=settle, now=now)
    await demo_warehouse.live_through_today(bench, numbers, {}, settle=settle, now=now)
    clock = SteppedClock(now)
    await run_periodics(bench.db, clock=clock, ports=bench.ports, names=["billing.make_invoices"])


async def look(bench):
    """Everything in the warehouse that a second run could have changed, without links and ids."""
    page = await returns.list_returns(bench.db, actor=bench.owner)
    details = [await bench.detail(one.number) for one in page.items]
    sent_on = await reshipping.list_reshipments(bench.db, actor=bench.owner)
    balance = await wallet.get_balance(bench.db, actor=bench.owner)
    return (
        [
            (
                detail.one.tracking_number, detail.one.status, detail.one.weight_grams, detail.one.rma_number,
                [(item.serial_number, item.verdict, item.grade) for item in detail.items],
                [(message.author, message.body) for message in detail.messages], len(detail.photos),
            )
            for detail in details
        ],
        [(one.status, one.return_count, one.estimated_fee_minor, one.reship_fee_minor) for one in sent_on.items],
        (balance.available_minor, balance.held_minor),
    )  # fmt: skip


async def test_there_are_returns_in_every_status_and_more_than_four_to_choose_from(bench):
    await play(bench)
    page = await returns.list_returns(bench.db, actor=bench.owner)
    assert len(page.items) == len(PARCELS) - 1
    assert {one.warehouse_code for one in page.items} == {WAREHOUSE}
    assert Counter(one.status for one in page.items) == {
        Status.PROCESSED: 5,
        Status.VERIFYING: 1,
        Status.VERIFIED: 1,
        Status.RESHIPPING: 5,
        Status.RESHIPPED: 2,
    }
    (nobodys,) = await list_unidentified(bench.db, scope=Scope(OPERATOR_ORG_ID))
    assert nobodys.tracking_number == demo_returns.UNIDENTIFIED


async def test_reshipments_wait_at_every_place_where_one_can_wait(bench):
    await play(bench)
    page = await reshipping.list_reshipments(bench.db, actor=bench.owner)
    standing = Counter(
        (one.status.value, one.return_count, one.estimated_fee_minor > 0, one.tracking_number is not None)
        for one in page.items
    )
    assert standing == {
        ("pending", 1, True, False): 1,
        ("pending", 2, False, False): 1,
        ("declined", 1, True, False): 1,
        ("approved", 1, True, False): 1,
        ("approved", 1, True, True): 2,
    }
    waiting = await reshipping.list_waiting(bench.db, actor=bench.operator)
    assert [one.return_count for one in waiting] == [2]


async def test_pictures_messages_and_records_of_wiping_are_there(bench):
    await play(bench)
    page = await returns.list_returns(bench.db, actor=bench.owner, status=Status.VERIFIED)
    (verified,) = page.items
    found = await bench.detail(verified.number)
    files = bench.ports[returns.Files]
    sizes = set()
    for photo in found.photos:
        key = returns.photo_key(found.one.org_id, found.one.id, photo.id)
        sizes.add((photo.media_type, photo.width, photo.height))
        assert (await files.url(key, media_type=photo.media_type, now=NOON)).startswith("http")
    assert (len(found.photos), sizes) == (3, {("image/jpeg", 1280, 960)})
    assert [message.author.value for message in found.messages] == ["operator", "user"]
    records = await sanitisation.list_sanitisations(bench.db, actor=bench.owner, number=verified.number)
    assert [(one.serial_number, one.frees) for one in records] == [("SIMRT007", True)]


async def test_what_was_done_was_paid_for_and_last_weeks_stands_on_an_invoice(bench):
    await play(bench)
    page = await reshipping.list_reshipments(bench.db, actor=bench.owner)
    sent = sum(one.reship_fee_minor for one in page.items)
    held = sum(
        one.estimated_fee_minor for one in page.items if one.status == "approved" and not one.dispatched_at
    )
    work = 14 * FEES["process"] + 4 * FEES["verify"]
    balance = await wallet.get_balance(bench.db, actor=bench.owner)
    assert sent > 0
    assert (balance.available_minor, balance.held_minor) == (
        demo_warehouse.WALLET_MINOR - work - sent - held, held,
    )  # fmt: skip
    (invoice,) = await invoices.list_invoices(bench.db, actor=bench.owner)
    before = min(page.items, key=lambda one: one.number)
    assert (invoice.total_minor, invoice.total_billed_minor) == (work + before.reship_fee_minor, 0)
    async with bench.db.system() as reader:
        assert (await audit(reader)).holds


async def test_a_second_run_adds_nothing(bench):
    await play(bench)
    before = await look(bench)
    await play(bench, hours=1)
    assert await look(bench) == before


class CutShort(Exception):
    """Somebody ended the process."""


@pytest.mark.parametrize(
    ("module", "name", "after"),
    [
        (returns, "identify_intake", 3),
        (returns, "process_return", 4),
        (returns, "add_photo", 2),
        (returns, "verify_return", 1),
        (sanitisation, "record_sanitisation", 1),
        (reshipping, "answer_estimate", 2),
        (reshipping, "dispatch_reshipment", 0),
    ],
)
async def test_a_run_that_was_cut_short_is_finished(bench, monkeypatch, module, name, after):
    real, left = getattr(module, name), iter(range(after))

    async def cut_short(*arguments, **options):
        if next(left, None) is None:
            raise CutShort
        return await real(*arguments, **options)

    monkeypatch.setattr(module, name, cut_short)
    with pytest.raises(CutShort):
        await play(bench)
    monkeypatch.undo()
    await play(bench)
    found, sent_on, _ = await look(bench)
    assert Counter(status for _, status, *_ in found) == {
        Status.PROCESSED: 5, Status.VERIFYING: 1, Status.VERIFIED: 1, Status.RESHIPPING: 5, Status.RESHIPPED: 2,
    }  # fmt: skip
    assert [len(items) for _, _, _, _, items, _, _ in found] == [1] * 14
    assert sorted(photos for *_, photos in found) == [0] * 8 + [1] * 4 + [2, 3]
    assert len(sent_on) == 6


async def test_only_the_operator_may_ask_what_waits_for_a_quote(bench):
    await play(bench)
    with pytest.raises(RightMissing):
        await reshipping.list_waiting(bench.db, actor=system_actor(bench.owner.org_id))


def test_pictures_are_drawn_and_differ(tmp_path):
    drawn = {draw_laptop(serial, turned=turned) for serial in ("A", "B") for turned in (0, 5)}
    assert len(drawn) == 4
    path = tmp_path / "a.jpg"
    path.write_bytes(draw_laptop("SIMRT001", scratches=3))
    with Image.open(path) as image:
        assert (image.format, image.size) == ("JPEG", (1280, 960))
