"""Placing a hold: what it covers, and that devices are undeployable at once."""

import pytest
from tests.domain.holds.court import asset, case, person

from backhaul.domain import holds
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import RIGHTS, Role
from backhaul.domain.inventory.errors import NotDeployable
from backhaul.kernel.errors import InvalidInput


async def test_a_device_is_undeployable_at_once(court):
    laptop = await court.add()
    hold = await court.place(asset(laptop.serial_number.lower()))
    assert hold.ticket == f"LH-{hold.number}"
    after = await court.reload(laptop)
    assert (await court.status_of(laptop), await court.hold_count(laptop)) == ("Legal Hold", 1)
    assert after.version == laptop.version + 1
    ada = await court.employee()
    async with court.refused(NotDeployable):
        await court.assign(laptop, ada)


async def test_a_person_brings_every_device_along_and_a_case_none(court):
    ada, bob = await court.employee(), await court.employee()
    first = await court.add(status_name="In Use", assign_to_email=ada.email)
    second = await court.add(status_name="In Use", assign_to_email=ada.email)
    other = await court.add(status_name="In Use", assign_to_email=bob.email)
    await court.place(person(ada.email.upper()), case("17778880001"))
    assert [await court.status_of(one) for one in (first, second, other)] == [
        "Legal Hold", "Legal Hold", "In Use",
    ]  # fmt: skip
    assert await court.hold_count(ada, "employees") == 1
    kinds = [(one["kind"], one["asset_id"], one["case_number"]) for one in await court.subjects()]
    assert kinds[:2] == [("employee", None, None), ("case", None, "17778880001")]
    assert sorted(kinds[2:]) == sorted([("asset", first.id, None), ("asset", second.id, None)])
    assert (await court.reload(first)).employee_id == ada.id  # custody is a fact


async def test_a_custodian_is_kept_from_erasure_and_their_other_devices_stay_free(court):
    ada = await court.employee()
    named = await court.add()
    other = await court.add(status_name="In Use", assign_to_email=ada.email)
    await court.place(asset(named, custodian_email=ada.email, custodian_name="Ada"))
    assert await court.hold_count(other) == 0
    assert await court.status_of(other) == "In Use"
    (row,) = await court.subjects()
    assert (row["employee_id"], row["person_name"], row["person_email"]) == (ada.id, None, None)
    await court.unassign(other, ada, "Available")
    async with court.held(f"Employee {ada.number}"):
        await court.erase(ada)


async def test_somebody_outside_the_directory_is_remembered_by_name(court):
    laptop = await court.add()
    await court.place(asset(laptop, custodian_email="gone@maas.example", custodian_name="Gone Long"))
    (row,) = await court.subjects()
    assert (row["employee_id"], row["person_name"], row["person_email"]) == (
        None, "Gone Long", "gone@maas.example",
    )  # fmt: skip


async def test_history_and_event_tell_it(court):
    ada = await court.employee()
    laptop = await court.add(status_name="In Use", assign_to_email=ada.email)
    hold = await court.place(asset(laptop, custodian_email=ada.email))
    assert await court.actions("hold", hold.id) == ["placed"]
    assert await court.actions("employee", ada.id) == ["added", "held"]
    line = (await court.changes(laptop))[-1]
    labels = {label.name: str(key) for key, label in (await court.labels()).items()}
    assert line["action"] == "held"
    assert line["change"]["status_id"] == [labels["In Use"], labels["Legal Hold"]]
    assert set(line["change"]) <= {"status_id", "updated_at", "version"}
    async with court.db.read(court.scope) as reader:
        payload = await reader.fetchval(
            "SELECT payload FROM outbox WHERE org_id = $1 AND type = 'holds.hold_placed'", court.scope.org_id
        )
    assert payload == {
        "subject_id": str(hold.id), "asset_ids": [str(laptop.id)], "employee_ids": [str(ada.id)],
        "case_numbers": [],
    }  # fmt: skip


async def test_everything_unknown_or_repeated_is_refused_at_once(court):
    laptop, other = await court.add(), await court.elsewhere()
    theirs, stranger = await other.add(), await other.employee()
    problems = (
        ("subjects[0].name", "holds.subject_unknown"),
        ("subjects[2].name", "holds.subject_repeated"),
        ("subjects[3].name", "holds.subject_unknown"),
        ("subjects[4].name", "holds.subject_unknown"),
    )
    async with court.invalid(*problems):
        await court.place(asset("NO-SUCH"), asset(laptop), asset(laptop), asset(theirs), person(stranger))
    assert await other.hold_count(theirs) == 0


@pytest.mark.parametrize("many", [0, 501])
async def test_a_list_that_is_empty_or_too_long_is_refused(court, many):
    async with court.invalid(("subjects", "holds.list_length")):
        await court.place(*[case(str(n + 1)) for n in range(many)])


async def test_texts_are_needed_and_bounded(court):
    laptop = await court.add()
    for summary, code in ((" ", "blank"), ("x" * 201, "length"), ("a\x00", "characters")):
        async with court.invalid(("summary", code)):
            await court.place(asset(laptop), summary=summary)


async def test_members_read_and_only_admins_place(court):
    laptop = await court.add()
    member = await court.colleague(Role.MEMBER)
    async with court.refused(RightMissing):
        await court.place(asset(laptop), actor=member)
    admin = await court.colleague(Role.ADMIN)
    hold = await court.place(asset(laptop), actor=admin)
    viewer = await court.colleague(Role.VIEWER)
    assert (await holds.get_hold(court.db, actor=viewer, hold=hold.number)).hold == hold
    (listed,) = await holds.list_holds(court.db, actor=viewer)
    assert (listed.hold, listed.active_count) == (hold, 1)
    assert RIGHTS[Role.MEMBER] >= {"holds.read"}


async def test_another_organizations_hold_is_an_unknown_one(court):
    other = await court.elsewhere()
    hold = await other.place(asset(await other.add()))
    assert await holds.list_holds(court.db, actor=court.actor) == []
    for number in (hold.number, 0, -1, 2**63):
        with pytest.raises(holds.HoldUnknown):
            await holds.get_hold(court.db, actor=court.actor, hold=number)
    async with court.refused(holds.HoldUnknown):
        await court.ask(hold)


async def test_a_request_without_texts_is_refused(court):
    hold = await court.place(asset(await court.add()))
    async with court.refused(InvalidInput):
        await holds.request_release(
            court.db, actor=court.actor, hold=hold.number, summary="", description="x", now=court.now
        )
