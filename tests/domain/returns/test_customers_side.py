"""What the owner of a return sees and does: lists, verification, discarding, messages."""

import asyncio
from uuid import UUID

import pytest

from backhaul.domain import holds, returns
from backhaul.domain.identity import Role
from backhaul.domain.identity.model import rights_of
from backhaul.domain.returns import Order, Status
from backhaul.domain.returns.operations import messages
from backhaul.domain.returns.ports import Files
from backhaul.kernel.errors import DomainError

RESHIPMENT = UUID(int=77)


async def test_a_return_is_seen_from_its_processing_on(depot):
    one = await depot.parcel(status="received")
    assert await depot.listed() == []
    with pytest.raises(DomainError) as refused:
        await depot.detail(one.number)
    assert refused.value.code == "returns.return_unknown"
    await depot.process(one.number)
    assert await depot.listed() == [one.number]
    assert (await depot.detail(one.number)).one.processed_at == depot.now


async def test_lists_in_both_orders_by_status_and_by_tracking_number(depot):
    first, second, third = [await depot.parcel() for _ in range(3)]
    await depot.ask(second.number)
    await depot.parcel(status="received")
    numbers = [first.number, second.number, third.number]
    assert await depot.listed(order=Order.ASCENDING) == numbers
    assert await depot.listed() == numbers[::-1]
    for order in Order:
        assert await depot.listed(order=order, status=Status.VERIFYING) == [second.number]
        assert await depot.listed(order=order, status=Status.RECEIVED) == []
        spelled = f" {third.tracking_number.lower()} "
        assert await depot.listed(order=order, tracking_number=spelled) == [third.number]
        found = await depot.listed(
            order=order, tracking_number=third.tracking_number, status=Status.PROCESSED
        )
        assert found == [third.number]
        assert (
            await depot.listed(order=order, tracking_number=third.tracking_number, status=Status.VERIFIED)
            == []
        )
    assert await depot.listed(tracking_number="NOBODY") == []


@pytest.mark.parametrize("order", Order)
async def test_pages_are_complete_and_without_duplicates_while_rows_come_and_go(depot, order):
    present = [(await depot.parcel()).number for _ in range(5)]
    ordered = present if order is Order.ASCENDING else present[::-1]
    page = await returns.list_returns(depot.db, actor=depot.customer, order=order, limit=2)
    assert [one.number for one in page.items] == ordered[:2]
    assert page.next_after == ordered[1]
    await depot.discard(ordered[1])  # where the next page begins
    await depot.discard(ordered[3])
    new = await depot.parcel()
    page = await returns.list_returns(
        depot.db, actor=depot.customer, order=order, limit=2, after=page.next_after
    )
    assert [one.number for one in page.items] == [ordered[2], ordered[4]]
    assert page.next_after == (ordered[4] if order is Order.ASCENDING else None)
    if order is Order.ASCENDING:
        page = await returns.list_returns(
            depot.db, actor=depot.customer, order=order, limit=2, after=page.next_after
        )
        assert ([one.number for one in page.items], page.next_after) == ([new.number], None)


async def test_a_page_that_is_exactly_full_is_the_last(depot):
    await depot.parcel()
    page = await returns.list_returns(depot.db, actor=depot.customer, limit=1)
    assert (len(page.items), page.next_after) == (1, None)


async def test_another_organization_sees_and_changes_nothing(depot):
    one = await depot.parcel()
    stranger = await depot.make.organization()
    assert await depot.listed(stranger) == []
    for refused in (depot.ask, depot.discard):
        async with depot.refused("returns.return_unknown"):
            await refused(one.number, stranger)
    async with depot.refused("returns.return_unknown"):
        await depot.write(one.number, actor=stranger)
    async with depot.refused("returns.return_unknown"):
        await depot.detail(one.number, stranger)


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**30])
async def test_a_number_that_no_return_has_is_unknown(depot, number):
    for refused in (depot.detail, depot.ask, depot.discard):
        async with depot.refused("returns.return_unknown"):
            await refused(number)


async def test_rights(depot):
    one = await depot.parcel()
    viewer = (await depot.make.organization(role=Role.VIEWER)).rights
    import msgspec

    reading = msgspec.structs.replace(depot.customer, rights=viewer)
    assert viewer == rights_of(Role.VIEWER, ())
    assert await depot.listed(reading) == [one.number]
    for refused in (depot.ask, depot.discard):
        async with depot.refused("identity.right_missing"):
            await refused(one.number, reading)
    nothing = msgspec.structs.replace(depot.customer, rights=frozenset())
    async with depot.refused("identity.right_missing"):
        await depot.listed(nothing)


async def test_verification_costs_its_fee_and_happens_once(depot):
    one = await depot.parcel()
    after = await depot.ask(one.number)
    assert (after.status, after.verify_fee_minor, await depot.spent()) == ("verifying", 250, 350)
    async with depot.refused("returns.not_processed"):
        await depot.ask(one.number)
    assert (await depot.verify(one.number)).status == "verified"
    async with depot.refused("returns.not_processed"):
        await depot.ask(one.number)
    async with depot.refused("returns.not_verifying"):
        await depot.verify(one.number)


async def test_who_cannot_pay_is_refused(depot):
    one = await depot.parcel(is_funded=False)
    await depot.fund(349)  # the processing is not paid either
    async with depot.refused("billing.insufficient_funds"):
        await depot.ask(one.number)
    await depot.fund(350)
    after = await depot.ask(one.number)
    assert (after.status, after.is_process_fee_due, await depot.spent()) == ("verifying", False, 350)


@pytest.mark.parametrize("status", ["processed", "verified"])
async def test_a_discarded_return_disappears_and_its_devices_are_archived(depot, status):
    laptop = await depot.laptop()
    one = await depot.parcel(status=status, laptop=laptop)
    await depot.discard(one.number)
    assert await depot.listed() == []
    for again in (depot.detail, depot.ask, depot.discard):
        async with depot.refused("returns.return_unknown"):
            await again(one.number)
    kept = await depot.reload(one)
    assert (kept.status, kept.discarded_at) == ("discarded", depot.now)
    assert (await depot.history_of(one))[-1] == "discarded"
    assert (await depot.hand_overs(laptop))[-1] == ("discarded", "outside")
    assert await depot.status_of(laptop) == "Retired"


@pytest.mark.parametrize("status", ["verifying", "reshipping", "reshipped"])
async def test_what_cannot_be_discarded(depot, status):
    one = await depot.parcel(status=status, reshipment_id=RESHIPMENT)
    async with depot.refused("returns.not_discardable"):
        await depot.discard(one.number)


async def test_a_legal_hold_forbids_discarding(depot):
    laptop = await depot.laptop()
    one = await depot.parcel(laptop=laptop)
    subject = holds.NewSubject(kind=holds.SubjectKind.ASSET, name=laptop.serial_number)
    await holds.place_hold(
        depot.db, actor=depot.customer, summary="Court", description="Keep", subjects=[subject], now=depot.now
    )
    async with depot.refused("holds.held"):
        await depot.discard(one.number)
    assert (await depot.reload(one)).status == "processed"


async def test_the_pictures_of_a_discarded_return_are_removed_by_a_job(depot):
    one = await depot.parcel()
    photo = await depot.photograph(one.number)
    files = depot.world.ports[Files]
    key = returns.photo_key(one.org_id, one.id, photo.id)
    assert await files.get(key)
    await depot.discard(one.number)
    assert len((await depot.any_detail(one.number)).photos) == 1
    await depot.world.drain()
    assert (await depot.any_detail(one.number)).photos == ()
    with pytest.raises(DomainError) as gone:
        await files.get(key)
    assert gone.value.code == "returns.file_unknown"


async def test_messages_newest_first_and_counted(depot):
    one = await depot.parcel()
    await depot.write(one.number, "  Is the charger there?  ")
    await returns.add_operator_message(
        depot.db, actor=depot.operator, number=one.number, body="Yes.", now=depot.now
    )
    detail = await depot.detail(one.number)
    assert [(m.author.value, m.body) for m in detail.messages] == [
        ("operator", "Yes."),
        ("user", "Is the charger there?"),
    ]
    assert detail.one.message_count == 2


@pytest.mark.parametrize("body", ["", "   ", "x" * 201, "a\x00b", "\ud800"])
async def test_a_message_that_is_refused(depot, body):
    one = await depot.parcel()
    async with depot.refused("input.invalid") as caught:
        await depot.write(one.number, body)
    assert [problem.path for problem in caught.value.problems] == ["body"]


async def test_a_message_may_be_as_long_as_the_contract_says(depot):
    one = await depot.parcel()
    assert (await depot.write(one.number, "ü" * 200)).body == "ü" * 200


async def test_a_thousand_messages_are_enough(depot, monkeypatch):
    monkeypatch.setattr(messages, "MAX_MESSAGES", 2)
    one = await depot.parcel()
    for _ in range(2):
        await depot.write(one.number, "Hello?")
    async with depot.refused("returns.messages_full"):
        await depot.write(one.number, "Hello?")


# At the same moment


async def outcomes(*work):
    results = await asyncio.gather(*work, return_exceptions=True)
    return sorted("done" if not isinstance(one, Exception) else one.code for one in results)


async def test_verification_and_discarding_at_once_one_wins(depot):
    for _ in range(5):
        one = await depot.parcel()
        spent = await depot.spent()
        said = await outcomes(depot.ask(one.number), depot.discard(one.number))
        status = (await depot.reload(one)).status
        assert (said, status) in (
            (["done", "returns.not_discardable"], "verifying"),
            (["done", "returns.return_unknown"], "discarded"),
        )
        assert await depot.spent() - spent == (250 if status == "verifying" else 0)


async def test_many_requests_for_verification_are_paid_once(depot):
    one = await depot.parcel()
    said = await outcomes(*(depot.ask(one.number) for _ in range(6)))
    assert said == ["done", *["returns.not_processed"] * 5]
    assert await depot.spent() == 350


async def test_nobody_is_written_to_about_a_discarded_return(depot):
    one = await depot.parcel(status="discarded")
    async with depot.refused("returns.return_unknown"):
        await returns.add_operator_message(
            depot.db, actor=depot.operator, number=one.number, body="Where to?", now=depot.now
        )
