"""People with everything they hold."""

from tests.domain.inventory.stock import Stock

from backhaul.domain.inventory import queries
from backhaul.domain.inventory.answers import Manager


async def people(stock: Stock, page=1, **options):
    return await queries.list_people(stock.db, actor=stock.actor, page=page, **options)


async def test_a_person_comes_with_names_and_devices(stock):
    boss = await stock.employee(first_name="Grace", last_name="Hopper")
    person = await stock.employee(
        location_name="Headquarters", department_name="IT", manager_email=boss.email, first_name="Ada"
    )
    assets = [
        await stock.add(status_name="In Use", assign_to_email=person.email, tag=f"T{n}") for n in range(3)
    ]
    found = await people(stock)
    assert found.total == 2
    first, second = found.items
    assert (first.employee, second.employee) == (person, boss)
    assert (first.location_name, first.department_name) == ("Headquarters", "IT")
    assert first.manager == Manager(name="Grace Hopper", email=boss.email)
    assert [(held.number, held.tag, held.created_at) for held in first.assets] == [
        (asset.number, asset.tag, asset.created_at) for asset in assets
    ]
    held = first.assets[0]
    assert (held.model_name, held.product_type, held.serial_number, held.status_name) == (
        "MacBook Pro 16", "Laptop", assets[0].serial_number, "In Use",
    )  # fmt: skip
    assert (second.location_name, second.department_name, second.manager, second.assets) == (
        None,
        None,
        None,
        (),
    )


async def test_what_was_given_back_is_not_held(stock):
    person = await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    await stock.unassign(asset, person)
    assert (await people(stock)).items[0].assets == ()


async def test_pages_are_newest_first_with_exact_totals(stock):
    assert await people(stock) == queries.PeoplePage(items=(), total=0)
    made = [await stock.employee() for _ in range(12)]
    newest_first = [one.number for one in reversed(made)]
    for page, expected in ((1, newest_first[:10]), (2, newest_first[10:]), (3, [])):
        found = await people(stock, page)
        assert ([one.employee.number for one in found.items], found.total) == (expected, 12)


async def test_an_address_finds_one_person_in_any_letter_case(stock):
    person, _ = await stock.employee(email="Ada@Example.com"), await stock.employee()
    found = await people(stock, email=" aDA@example.COM ")
    assert ([one.employee for one in found.items], found.total) == ([person], 1)
    assert (await people(stock, page=2, email="ada@example.com")).total == 1
    for nobody in ("ada", "", "\x00", "ada@example.co%"):
        assert await people(stock, email=nobody) == queries.PeoplePage(items=(), total=0)


async def test_another_organizations_people_are_in_no_list(stock):
    person = await (await stock.elsewhere()).employee()
    assert (await people(stock)).total == 0
    assert (await people(stock, email=person.email)).total == 0
