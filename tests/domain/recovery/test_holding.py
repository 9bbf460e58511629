"""What a court may ask for: marked when somebody is added, not given up afterwards."""

import asyncio

import asyncpg
import msgspec
import pytest

from backhaul.domain import holds, recovery
from backhaul.domain.directory import Details, add_employee
from backhaul.domain.holds import NewSubject, SubjectKind
from backhaul.domain.identity import Right, Role, find_organization
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.inventory.queries import get_asset
from backhaul.domain.recovery import NewItem, Outcome
from backhaul.domain.recovery.holding import LETTING_GO
from backhaul.domain.shipping.model import Tracking

STAYING = set(Outcome) - set(LETTING_GO)
SUBJECTS = """
SELECT h.summary, h.description, s.kind, a.serial_number, s.employee_id, s.case_number, s.person_name, s.person_email
FROM hold_subjects AS s JOIN holds AS h ON h.org_id = $1 AND h.id = s.hold_id
LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = s.asset_id
WHERE s.org_id = $1 ORDER BY s.number
"""


def marked(name, **more):
    return NewItem(name=name, is_legal_hold=True, **more)


async def subjects(desk):
    async with desk.db.read(desk.world.scope) as reader:
        return [tuple(row.values()) for row in await reader.fetch(SUBJECTS, desk.actor.org_id)]


async def hold(desk, kind, name):
    return await holds.place_hold(
        desk.db,
        actor=desk.actor,
        summary="Smith v. Maas",
        description="Keep everything.",
        subjects=[NewSubject(kind=kind, name=name)],
        now=desk.now,
    )


async def release(desk):
    organization = await find_organization(desk.db, name=str(desk.actor.org_id))
    colleague = await desk.world.make.member(organization, role=Role.ADMIN)
    for listed in await holds.list_holds(desk.db, actor=desk.actor):
        asked, _ = await holds.request_release(
            desk.db,
            actor=desk.actor,
            hold=listed.hold.number,
            summary="Settled",
            description="Over.",
            now=desk.now,
        )
        await holds.approve_release(desk.db, actor=colleague, release=asked.number, now=desk.now)


async def status_of(desk, serial_number):
    return (await get_asset(desk.db, actor=desk.actor, serial_number=serial_number)).status.name


async def test_a_marked_device_is_held_with_the_case_that_expects_it(desk):
    await desk.world.make.asset(desk.actor, serial_number="C02")
    case = await desk.add(marked("MacBook", serial_number="c02"), "Monitor")
    assert await subjects(desk) == [
        (
            f"Marked in recovery {case.public_number}",
            f"Marked for legal hold when {case.email} was added to a campaign: MacBook.",
            "asset",
            "C02",
            None,
            None,
            "John Doe",
            case.email,
        )
    ]
    assert await status_of(desk, "C02") == "Legal Hold"
    async with desk.refuses(holds.HeldLegally) as refused:
        await desk.end_item(case, 1, Outcome.LOST)
    assert refused.value.data == {"what": "Asset C02", "doing": "given up for lost"}
    await desk.end_item(case, 2, Outcome.LOST)  # nobody holds the monitor
    async with desk.refuses(holds.HeldLegally):
        await desk.end(case, Outcome.CANCELLED)
    await release(desk)
    await desk.end(case, Outcome.CANCELLED)
    assert (await desk.look(case)).items[0].outcome is Outcome.CANCELLED


async def test_what_the_inventory_does_not_know_is_held_by_its_case(desk):
    case = await desk.add(marked("Laptop"), marked("Phone"))
    assert [row[2:] for row in await subjects(desk)] == [("case", None, None, case.public_number, None, None)]
    async with desk.refuses(holds.HeldLegally) as refused:
        await desk.end(case, Outcome.WRITTEN_OFF)
    assert refused.value.data == {"what": f"Case {case.public_number}", "doing": "written off"}


async def test_the_person_of_a_marked_device_is_its_custodian(desk):
    await desk.world.make.asset(desk.actor, serial_number="C02")
    person = desk.person(marked("MacBook", serial_number="C02"))
    details = Details(first_name="John", last_name="Doe", email=person.email, address=person.address)
    employee = (await add_employee(desk.db, actor=desk.actor, details=details, now=desk.now)).id
    number = desk.campaign.public_number
    await recovery.add_case(desk.db, actor=desk.actor, campaign_number=number, new=person, now=desk.now)
    assert [row[2:] for row in await subjects(desk)] == [("asset", "C02", employee, None, None, None)]


async def test_of_many_each_gets_a_hold_of_their_own(desk):
    await desk.world.make.asset(desk.actor, serial_number="C02")
    many = [
        desk.person(marked("MacBook", serial_number="C02"), marked("Bag")),
        desk.person("Laptop"),
        desk.person(marked("Phone")),
    ]
    cases = await recovery.add_cases(
        desk.db, actor=desk.actor, campaign_number=desk.campaign.public_number, many=many, now=desk.now
    )
    assert [(row[0][-15:], row[2]) for row in await subjects(desk)] == [
        (cases[0].public_number, "asset"),
        (cases[0].public_number, "case"),
        (cases[2].public_number, "case"),
    ]


async def test_marking_needs_the_right_to_place_holds(desk):
    actor = desk.actor
    desk.actor = msgspec.structs.replace(actor, rights=actor.rights - {Right.HOLDS_WRITE})
    async with desk.refuses(RightMissing) as refused:
        await desk.add(marked("Laptop"))
    assert refused.value.data == {"right": "holds.write"}
    await desk.add("Laptop")


async def test_nothing_is_added_when_no_status_is_there_for_what_is_held(desk):
    owner = await asyncpg.connect(desk.world.url)
    await owner.execute(
        "DELETE FROM status_labels WHERE org_id = $1 AND type = 'undeployable'", desk.actor.org_id
    )
    await owner.close()
    async with desk.refuses(holds.HoldStatusMissing):
        await desk.add(marked("Laptop"))


@pytest.mark.parametrize("outcome", sorted(LETTING_GO))
async def test_what_is_held_is_not_let_go(desk, outcome):
    await desk.world.make.asset(desk.actor, serial_number="C02")
    case = await desk.add(NewItem(name="Laptop", serial_number="C02"))
    await hold(desk, SubjectKind.ASSET, "C02")
    async with desk.refuses(holds.HeldLegally):
        await desk.end_item(case, 1, outcome)
    async with desk.refuses(holds.HeldLegally):
        await desk.end(case, outcome)


async def test_a_case_is_held_by_its_code_as_by_its_number(desk):
    """Both are what outsiders call a recovery; a hold by either is the same hold."""
    case = await desk.add("Laptop")
    await hold(desk, SubjectKind.CASE, case.code)
    async with desk.refuses(holds.HeldLegally) as refused:
        await desk.end(case, Outcome.WRITTEN_OFF)
    assert refused.value.data["what"] == f"Case {case.code}"
    await release(desk)
    await desk.end(case, Outcome.WRITTEN_OFF)


@pytest.mark.parametrize("outcome", sorted(STAYING))
async def test_what_is_held_may_come_back_or_be_refused(desk, outcome):
    await desk.world.make.asset(desk.actor, serial_number="C02")
    case = await desk.add(marked("Laptop", serial_number="C02"), marked("Bag"))
    outstanding = "charger" if outcome is Outcome.PARTLY_RETURNED else None
    await desk.end(case, outcome, outstanding=outstanding)
    assert (await desk.look(case)).case.outcome is outcome


async def test_what_is_held_travels_and_arrives(desk):
    await desk.world.make.asset(desk.actor, serial_number="C02")
    case = await desk.add(marked("Laptop", serial_number="C02"))
    await desk.world.settle()
    (transfer,) = await desk.transfers(case)
    await desk.world.report(await desk.world.device(transfer), Tracking.DELIVERED)
    await desk.world.settle()
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED
    assert await status_of(desk, "C02") == "Legal Hold"


async def test_of_somebody_on_hold_nothing_unknown_is_given_up(desk):
    person = desk.person("Laptop")
    details = Details(first_name="John", last_name="Doe", email=person.email, address=person.address)
    employee = await add_employee(desk.db, actor=desk.actor, details=details, now=desk.now)
    case = await recovery.add_case(
        desk.db, actor=desk.actor, campaign_number=desk.campaign.public_number, new=person, now=desk.now
    )
    await hold(desk, SubjectKind.EMPLOYEE, person.email)
    async with desk.refuses(holds.HeldLegally) as refused:
        await desk.end(case, Outcome.LOST)
    assert refused.value.data["what"] == f"Employee {employee.number}"


async def test_whoever_gives_up_a_moment_after_the_hold_is_refused(desk, monkeypatch):
    """The hold waits for nobody, the giving up for the hold."""
    case = await desk.add("Laptop")
    arrived, go_on = asyncio.Event(), asyncio.Event()
    real = holds.tables.place

    async def wait(*arguments, **named):
        done = await real(*arguments, **named)
        arrived.set()
        await go_on.wait()
        return done

    monkeypatch.setattr(holds.tables, "place", wait)
    placing = asyncio.create_task(hold(desk, SubjectKind.CASE, case.public_number))
    await arrived.wait()
    ending = asyncio.create_task(desk.end(case, Outcome.LOST))
    await asyncio.sleep(0.2)
    assert not ending.done()
    go_on.set()
    await placing
    with pytest.raises(holds.HeldLegally):
        await ending


async def test_nobody_waits_in_a_circle(desk):
    """Adding, holding, giving up and scans lock the same devices at once: all of them come to an end."""
    serials = [f"RING-{number}" for number in range(4)]
    for serial in serials:
        await desk.world.make.asset(desk.actor, serial_number=serial)
    case = await desk.add(*(NewItem(name="Laptop", serial_number=serial) for serial in reversed(serials)))
    await desk.world.settle()
    transfers = await desk.transfers(case)
    devices = [await desk.world.device(transfer) for transfer in transfers]

    async def place(order):
        return await holds.place_hold(
            desk.db,
            actor=desk.actor,
            summary="x",
            description="y",
            subjects=[
                *(NewSubject(kind=SubjectKind.ASSET, name=serial) for serial in order),
                NewSubject(kind=SubjectKind.CASE, name=case.public_number),
            ],
            now=desk.now,
        )

    for turn in range(6):
        for device in devices:
            await desk.world.report(device, Tracking.IN_TRANSIT, text=f"turn {turn}")
        done = await asyncio.gather(
            place(serials),
            place(serials[::-1]),
            desk.add(*(marked("Laptop", serial_number=serial) for serial in serials[::-1])),
            desk.end(case, Outcome.LOST),
            desk.end_item(case, 1 + turn % 4, Outcome.KEPT),
            desk.world.relay(),
            desk.world.relay(),
            return_exceptions=True,
        )
        failed = [one for one in done if isinstance(one, BaseException)]
        assert {type(one) for one in failed} <= {holds.HeldLegally}
