"""The installation's customers and their money: for the operator organization alone."""

import asyncpg
import msgspec
import pytest

from backhaul.domain.billing import customers, wallet
from backhaul.domain.billing.wallet import FeeUnknown
from backhaul.domain.identity.errors import OrganizationUnknown, RightMissing
from backhaul.domain.identity.model import OPERATOR_ORG_ID, RIGHTS, Right, Role, system_actor
from backhaul.domain.identity.operations.organizations import create_organization
from backhaul.kernel.errors import InvalidInput

OPERATOR = system_actor(OPERATOR_ORG_ID)
ASKED = {
    "installation_customer": "SELECT id FROM installation_customer($1, $2)",
    "installation_customers": "SELECT number FROM installation_customers($1, $2::bigint::text, false, 0, 10)",
}


async def named(purse, *names):
    """Customers with these names; returns what each is called and its number."""
    made = [
        await create_organization(purse.db, actor=OPERATOR, name=name, slug=f"n-{index}", now=purse.now)
        for index, name in enumerate(names)
    ]
    return {one.name: one.number for one in made}


async def listed(purse, **wanted):
    return await customers.list_customers(purse.db, actor=OPERATOR, **wanted)


async def number_of(purse):
    return (await purse.operator()).org_number


async def test_customers_are_listed_by_name_and_page_by_page(purse):
    numbers = await named(purse, "beta Kronos", "Alpha Kronos", "Gamma", "alpha kronos")
    found = await listed(purse, text="KRONOS")
    assert [one.name for one in found] == ["Alpha Kronos", "alpha kronos", "beta Kronos"]
    first = await listed(purse, text="kronos", limit=1)
    rest = await listed(purse, text="kronos", after=first[-1].number)
    assert [one.name for one in (*first, *rest)] == [one.name for one in found]
    found = await listed(purse, text=str(numbers["Gamma"]), limit=500)  # and who has its digits in the name
    assert [one.name for one in found if one.number == numbers["Gamma"]] == ["Gamma"]
    assert all(one.name == "Gamma" or str(numbers["Gamma"]) in one.name for one in found)
    assert [one.name for one in await listed(purse, text="%")] == []
    assert "operator" not in {one.slug for one in await listed(purse, limit=500)}


async def test_those_with_nothing_left_to_spend_are_found_with_what_they_have(purse):
    number = await number_of(purse)
    await purse.limit(300)
    await purse.charge(200)
    assert number not in {one.number for one in await listed(purse, only_empty=True)}
    await purse.charge(100)
    [one] = [one for one in await listed(purse, only_empty=True) if one.number == number]
    assert [(w.available_minor, w.credit_limit_minor, w.spendable_minor) for w in one.wallets] == [
        (-300, 300, 0)
    ]
    assert one.declined == 0
    await purse.top_up(1, reference="sim-decline")
    await purse.drain()
    found = await listed(purse, text=str(number), limit=500)  # and who has its digits in the name
    assert [one.declined for one in found if one.number == number] == [1]


async def test_an_account_has_what_was_charged_page_by_page(purse):
    number = await number_of(purse)
    await purse.fill(1000)
    fees = [await purse.charge(minor) for minor in (10, 20, 30)]
    await purse.hold(5)
    await (await purse.elsewhere()).fill(7)
    found = await customers.get_account(purse.db, actor=OPERATOR, number=number, limit=2)
    assert [one.id for one in found.fees] == [fees[2].id, fees[1].id]
    assert ([one.amount_minor for one in found.charges], found.refunds, found.holds) == ([1000], (), 1)
    assert [(one.available_minor, one.held_minor) for one in found.wallets] == [(935, 5)]
    older = await customers.get_account(
        purse.db, actor=OPERATOR, number=number, fees_before=fees[1].id, charges_before=found.charges[0].id
    )
    assert ([one.id for one in older.fees], older.charges) == ([fees[0].id], ())


async def test_a_fee_is_given_back_by_the_operator_once_and_whole(purse):
    await purse.fill(1000)
    fee = await purse.charge(400)

    async def give_back(*, actor=OPERATOR, reason=" photo missing ", org_id=purse.actor.org_id):
        return await wallet.refund_fee(
            purse.db, actor=actor, org_id=org_id, fee_id=fee.id, reason=reason, now=purse.now
        )

    trace = await purse.trace()
    for role in Role:
        with pytest.raises(RightMissing):
            await give_back(actor=msgspec.structs.replace(purse.actor, rights=RIGHTS[role]))
    for reason in (" ", "x" * 501):
        with pytest.raises(InvalidInput):
            await give_back(reason=reason)
    with pytest.raises(FeeUnknown):
        await give_back(org_id=(await purse.elsewhere()).actor.org_id)
    assert await purse.trace() == trace
    first = await give_back()
    assert (first.refund_reason, await purse.standing()) == ("photo missing", (1000, 0))
    assert await give_back(reason="again") == first
    assert await purse.standing() == (1000, 0)


async def test_nobody_else_sees_customers_and_no_number_of_others_is_one(purse):
    number = await number_of(purse)
    operators = msgspec.structs.replace(purse.actor, rights=frozenset(Right))
    for actor in (purse.actor, operators):
        with pytest.raises(RightMissing):
            await customers.list_customers(purse.db, actor=actor)
        with pytest.raises(RightMissing):
            await customers.get_account(purse.db, actor=actor, number=number)
    async with purse.db.system() as reader:
        own = await reader.fetchval("SELECT number FROM organizations WHERE is_operator")
    for unknown in (own, 0, 2**63 - 1):
        with pytest.raises(OrganizationUnknown):
            await customers.get_account(purse.db, actor=OPERATOR, number=unknown)


@pytest.mark.parametrize("name", ASKED)
async def test_the_operators_session_alone_is_answered(purse, database_url, name):
    number, customer = await number_of(purse), purse.actor.org_id
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("SET ROLE backhaul_app")

        async def answered(*, standing_in, asking_for):
            await connection.execute(f"SET app.org_id = '{standing_in or ''}'")
            return len(await connection.fetch(ASKED[name], asking_for, number))

        assert await answered(standing_in=OPERATOR_ORG_ID, asking_for=OPERATOR_ORG_ID) == 1
        assert await answered(standing_in=customer, asking_for=OPERATOR_ORG_ID) == 0
        assert await answered(standing_in=customer, asking_for=customer) == 0
        assert await answered(standing_in=OPERATOR_ORG_ID, asking_for=customer) == 0
        assert await answered(standing_in=None, asking_for=OPERATOR_ORG_ID) == 0
    finally:
        await connection.close()
