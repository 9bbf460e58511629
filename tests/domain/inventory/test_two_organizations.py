"""Another organization's devices do not exist: by our predicates, and by row-level security where they are missing."""

import re

import asyncpg
import msgspec
import pytest
from tests.domain.inventory.stock import number

from backhaul.domain.directory.errors import EmployeeUnknown
from backhaul.domain.inventory import queries, statements, tables
from backhaul.domain.inventory.errors import AssetOrUserUnknown, AssetUnknown
from backhaul.domain.inventory.locking import statements as locking
from backhaul.kernel.ids import new_id


@pytest.fixture
async def foreign(stock):
    """Another organization with an assigned asset, one that carries a tag, and two that are on their way."""
    there = await stock.elsewhere()
    there.person = await there.employee()
    there.assigned = await there.add(status_name="In Use", assign_to_email=there.person.email)
    there.free = await there.add(tag="Their tag", serial_number="SN-THEIRS")
    there.parcel = new_id()
    there.parcelled = await there.ship(await there.add(), there.parcel)
    lent = await there.add(status_name="In Use", assign_to_email=there.person.email)
    there.received = await there.receive(lent, "1")
    return there


async def test_every_operation_on_their_assets_is_unknown_and_changes_nothing(stock, foreign):
    me = await stock.employee()
    mine = await stock.add()
    before = await foreign.traces()
    for asset in (foreign.assigned, foreign.free, foreign.parcelled):
        for person in (me, foreign.person):
            async with stock.refused(AssetOrUserUnknown):
                await stock.assign(asset, person)
            async with stock.refused(AssetOrUserUnknown):
                await stock.unassign(asset, person)
        for text in (asset.serial_number, number(asset), asset.tag or "Their tag"):
            async with stock.refused(AssetUnknown):
                await stock.change(text, sku="stolen", department="New")
            async with stock.refused(AssetUnknown):
                await stock.take_in(text)
            for look in (queries.list_history, queries.list_custody):
                with pytest.raises(AssetUnknown):
                    await look(stock.db, actor=stock.actor, asset=text)
        with pytest.raises(AssetUnknown):
            await stock.detail(asset)
    async with stock.refused(AssetOrUserUnknown):
        await stock.assign(mine, foreign.person)
    for ref in (foreign.person.id, foreign.person.number):
        with pytest.raises(EmployeeUnknown):
            await queries.list_custody_of_employee(stock.db, actor=stock.actor, employee=ref)
    assert await foreign.traces() == before


async def test_their_employee_is_nobody_to_a_parcel_of_ours(stock, foreign):
    asset, parcel = await stock.add(), new_id()
    after = await stock.deliver_to(asset, parcel, foreign.person.email)
    assert after.custody == "outside"


async def test_their_names_and_statuses_are_not_ours(stock, foreign):
    await foreign.change(foreign.free, department="Theirs", location_name="There")
    mine, theirs = (
        await stock.make.asset(stock.actor, department="Theirs"),
        await foreign.detail(foreign.free),
    )
    for name in ("product_type", "manufacturer", "model", "status", "department"):
        assert getattr(mine, name).id != getattr(theirs, name).id
        assert getattr(mine, name).name == getattr(theirs, name).name


# Statement → what makes it find something of theirs.
FINDS = {
    "GET_BY_SERIAL": lambda f: (f.free.serial_number,),
    "GET_WITH_HISTORY": lambda f: (f.free.serial_number,),
    "LIST_ASSETS": lambda _: (0, 10),
    "LIST_BY_SERIAL": lambda f: (0, 10, f.free.serial_number, None, None, None),
    "LIST_BY_NUMBER": lambda f: (0, 10, f.free.number, "19700101000000", None),
    "LIST_BY_TAG": lambda f: (0, 10, f.free.tag),
    "LIST_PEOPLE": lambda _: (0, 10),
    "LIST_PEOPLE_BY_EMAIL": lambda f: (0, 10, f.person.email),
    "LIST_STATUS_LABELS": lambda _: (),
    "LIST_HISTORY": lambda f: (f.free.serial_number, None, ""),
    "LIST_CUSTODY": lambda f: (f.free.serial_number, None, ""),
    "LIST_CUSTODY_OF_EMPLOYEE": lambda f: (f.person.id,),
    "LIST_CUSTODY_OF_EMPLOYEE_NUMBER": lambda f: (f.person.number,),
    "LOCK_TO_CHANGE": lambda f: (*[None] * 5, f.person.email, None, None, f.free.serial_number, None, ""),
    "LOCK_FOR_PERSON": lambda f: (f.free.number, "19700101000000", f.person.email, "Available"),
    "LOCK_MEANT": lambda f: (f.free.serial_number, None, ""),
    "LOCK": lambda f: (f.free.id,),
    "LOCK_BY_SERIAL": lambda f: (f.free.serial_number,),
    "BEFORE_RECEIPT": lambda f: (f.received.id, f.received.custody_count, "1"),
    "LOOK_AROUND": lambda f: (f.parcelled.id, str(f.parcel), [f.person.email]),
    "RESOLVE": lambda f: (
        "Laptop",
        "Apple",
        "MacBook Pro 16",
        None,
        None,
        f.person.email,
        "Available",
        "SN-THEIRS",
    ),
}
STATEMENTS = vars(statements) | vars(locking)
PREDICATE = re.compile(r"(\w+\.)?org_id = \$1")


def test_every_statement_is_looked_at():
    ours = {name for name, value in STATEMENTS.items() if is_statement(value)}
    assert ours == set(FINDS)


def is_statement(value):
    return isinstance(value, str) and value.lstrip().startswith(("SELECT", "WITH"))


async def found(stock, statement, arguments):
    async with stock.db.transaction(stock.scope) as tx:
        rows = [str(dict(row)) for row in await tx.fetch(statement, *arguments)]
        raise Seen("\n".join(rows))


class Seen(Exception):
    pass


@pytest.mark.parametrize("name", sorted(FINDS))
async def test_row_level_security_alone_keeps_theirs_out(stock, foreign, name):
    """Our own predicate is taken out of the statement: nothing of theirs may appear all the same."""
    statement = PREDICATE.sub("$1::uuid IS NOT NULL", STATEMENTS[name])
    assert statement != STATEMENTS[name]
    arguments = (foreign.scope.org_id, *FINDS[name](foreign))
    marks = {
        "SN-THEIRS", foreign.person.email, str(foreign.free.id), str(foreign.person.id), str(foreign.free.status_id),
        str(foreign.parcelled.id),
    }  # fmt: skip
    seen = {}
    for whose, where in (("theirs", foreign), ("ours", stock)):
        with pytest.raises(Seen) as caught:
            await found(where, statement, arguments)
        seen[whose] = {mark for mark in marks if mark in str(caught.value)}
    assert seen["theirs"] != set()  # so the statement would find it
    assert seen["ours"] == set()


async def test_row_level_security_alone_refuses_writes_into_their_rows(stock, foreign):
    before = await foreign.traces()
    theft = msgspec.structs.replace(foreign.free, sku="stolen", version=foreign.free.version + 1)
    await stock.overwrite(theft)
    planted = msgspec.structs.replace(foreign.free, id=new_id(), number=10**9, serial_number="PLANTED")

    async def plant():
        async with stock.db.transaction(stock.scope) as tx:
            tables.add(tx, planted)
            await tables.write(tx, planted)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await plant()
    assert await foreign.traces() == before


async def test_an_asset_cannot_point_at_their_employee(stock, foreign):
    mine = await stock.add()
    await stock.ship(mine, new_id())
    bad = msgspec.structs.replace(
        await stock.reload(mine),
        custody="employee",
        employee_id=foreign.person.id,
        shipment_id=None,
        version=3,
    )
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await stock.overwrite(bad)
