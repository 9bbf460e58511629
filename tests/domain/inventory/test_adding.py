"""Adding: what is named is found or made, what is wrong is refused all at once, a serial number exists once."""

from datetime import date

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.inventory.stock import names, number

from backhaul.domain.inventory.model import Condition, Custody, PurchaseType, Reason, number_of
from backhaul.domain.inventory.spelling import OPTIONAL, REQUIRED
from backhaul.kernel.errors import InvalidInput

FULL = {
    "model_number": "A23338",
    "sku": "MBP-16-2021",
    "tag": "IT-1234",
    "condition": Condition.GOOD,
    "purchased_on": date(2023, 1, 15),
    "purchase_cost_minor": 199_999,
    "purchase_type": PurchaseType.LEASED,
    "warranty_starts_on": date(2023, 1, 15),
    "warranty_ends_on": date(2025, 1, 14),
    "warranty_type": "AppleCare",
    "department": "IT",
    "location_name": "Headquarters",
    "imei": "356938035643809",
    "imei2": "356938035643817",
    "specs": {"processor": "M1", "memory": "16 GB"},
}


async def test_a_device_is_added_with_history_event_and_the_first_entry_of_its_ledger(stock):
    asset = await stock.add(**FULL)
    assert await stock.reload(asset) == asset
    assert (asset.custody, asset.custody_since, asset.custody_count) == (Custody.ORGANIZATION, stock.now, 1)
    assert (asset.purchase_currency, asset.version, asset.created_at) == ("USD", 1, stock.now)
    (line,) = await stock.changes(asset)
    assert (line["action"], line["actor_kind"], line["at"]) == ("added", "user", stock.now)
    assert await stock.told(asset) == ["inventory.asset_added"]
    (event,) = await stock.ledger(asset)
    assert (event.reason, event.from_custody, event.to_custody, event.to_id) == (
        Reason.ADDED, None, Custody.ORGANIZATION, None,
    )  # fmt: skip
    assert (event.author_kind, event.author_id) == ("user", stock.actor.user_id)


async def test_the_answer_is_what_is_read_afterwards(stock):
    person = await stock.employee()
    for changes in (FULL, {}, {"status_name": "in use", "assign_to_email": person.email}):
        added = await stock.make.asset(stock.actor, **changes)
        assert await stock.detail(added.asset) == added


async def test_names_are_found_in_any_letter_case_and_spacing_and_made_only_once(stock):
    first = await stock.make.asset(stock.actor, **FULL)
    again = {
        "product_type": " LAPTOP ", "product_name": "macbook   pro 16", "manufacturer": "apple",
        "department": "it", "location_name": "HEADQUARTERS", "status_name": "aVaIlAbLe",
    }  # fmt: skip
    second = await stock.make.asset(stock.actor, **again)
    for name in ("model", "product_type", "manufacturer", "department", "location", "status"):
        assert getattr(second, name) == getattr(first, name)
    assert await names(stock, "models") == ["MacBook Pro 16"]
    assert await names(stock, "product_types") == ["Laptop"]
    assert await names(stock, "manufacturers") == ["Apple"]
    assert await names(stock, "departments") == ["IT"]
    assert await names(stock, "locations") == ["Headquarters"]


async def test_a_model_belongs_to_its_type_and_manufacturer(stock):
    one = await stock.make.asset(stock.actor, product_name="X", product_type="Laptop")
    two = await stock.make.asset(stock.actor, product_name="X", product_type="Tablet")
    three = await stock.make.asset(stock.actor, product_name="X", manufacturer="Lenovo")
    assert len({one.model.id, two.model.id, three.model.id}) == 3
    assert await names(stock, "models") == ["X", "X", "X"]


async def test_what_was_made_for_it_is_in_the_history(stock):
    detail = await stock.make.asset(stock.actor)
    async with stock.db.read(stock.scope) as reader:
        rows = await reader.fetch(
            "SELECT subject_kind, subject_id, change FROM history WHERE org_id = $1 "
            "AND subject_kind IN ('product_type', 'manufacturer', 'model') ORDER BY id",
            stock.scope.org_id,
        )
    assert [tuple(row.values()) for row in rows] == [
        ("product_type", detail.product_type.id, {"name": [None, "Laptop"]}),
        ("manufacturer", detail.manufacturer.id, {"name": [None, "Apple"]}),
        ("model", detail.model.id, {"name": [None, "MacBook Pro 16"]}),
    ]


async def test_a_deployed_device_starts_with_its_user(stock):
    person = await stock.employee(first_name="Ada", last_name="Lovelace", email="Ada@Example.com")
    detail = await stock.make.asset(stock.actor, status_name="IN USE", assign_to_email=" aDA@example.COM")
    assert (detail.asset.custody, detail.asset.employee_id) == (Custody.EMPLOYEE, person.id)
    assert (detail.holder.first_name, detail.holder.last_name, detail.holder.email) == (
        "Ada", "Lovelace", "Ada@Example.com",
    )  # fmt: skip
    (event,) = await stock.ledger(detail.asset)
    assert (event.reason, event.to_custody, event.to_id) == (Reason.ADDED, Custody.EMPLOYEE, person.id)


@pytest.mark.parametrize("email", ["known", "stranger@example.com"])
async def test_an_assignee_counts_only_with_a_deployed_status(stock, email):
    person = await stock.employee()
    added = await stock.make.asset(stock.actor, assign_to_email=person.email if email == "known" else email)
    assert (added.asset.custody, added.asset.employee_id, added.holder) == (Custody.ORGANIZATION, None, None)


async def test_a_deployed_device_needs_somebody(stock):
    async with stock.invalid(("assign_to_email", "missing")):
        await stock.add(status_name="In Use")
    async with stock.invalid(("assign_to_email", "inventory.assignee_unknown")):
        await stock.add(status_name="In Use", assign_to_email="stranger@example.com")


async def test_a_colleague_of_another_organization_is_a_stranger(stock):
    person = await (await stock.elsewhere()).employee()
    async with stock.invalid(("assign_to_email", "inventory.assignee_unknown")):
        await stock.add(status_name="In Use", assign_to_email=person.email)


async def test_an_unknown_status_is_refused_with_those_there_are(stock):
    async with stock.refused(InvalidInput) as caught:
        await stock.add(status_name="On the Moon")
    (problem,) = caught[0].problems
    assert (problem.path, problem.code) == ("status_name", "inventory.status_unknown")
    assert problem.text == "must be one of: In Use, Available, Ready to Deploy, Pending, Retired, Legal Hold"


async def test_everything_that_is_wrong_is_refused_at_once(stock):
    async with stock.invalid(
        ("product_type", "missing"),
        ("product_name", "inventory.text_too_long"),
        ("manufacturer", "inventory.text_unprintable"),
        ("serial_number", "missing"),
        ("tag", "inventory.text_too_long"),
        ("purchase_cost_minor", "inventory.cost_range"),
        ("purchase_currency", "inventory.currency_shape"),
        ("specs", "inventory.specs_shape"),
        ("warranty_ends_on", "inventory.warranty_order"),
        ("status_name", "inventory.status_unknown"),
    ):
        await stock.add(
            product_type=" ",
            product_name="x" * 201,
            manufacturer="App\x00le",
            serial_number="\u00a0 ",
            status_name="On the Moon",
            tag="t" * 201,
            purchase_cost_minor=-1,
            purchase_currency="dollars",
            specs={"": "nothing"},
            warranty_starts_on=date(2025, 1, 1),
            warranty_ends_on=date(2025, 1, 1),
        )


async def test_blank_optional_values_are_no_values(stock):
    asset = await stock.add(imei="", tag="  ", department="", location_name=" ", model_number="", sku="\t")
    assert (asset.imei, asset.tag, asset.department_id, asset.location_id) == (None, None, None, None)
    assert (asset.model_number, asset.sku) == (None, None)


async def test_a_currency_without_a_cost_is_not_kept(stock):
    assert (await stock.add(purchase_currency="EUR")).purchase_currency is None
    assert (await stock.add(purchase_currency="eur", purchase_cost_minor=0)).purchase_currency == "EUR"


async def test_the_public_number_is_the_number_and_the_moment_of_creation(stock):
    asset = await stock.add()
    assert number(asset) == f"{asset.number}20260504120000"
    assert number_of(number(asset)) == asset.number
    for text in (
        "",
        "1",
        "20260504120000",
        "x20260504120000",
        "1" * 33,
        "٣20260504120000",
        "-120260504120000",
    ):
        assert number_of(text) is None


async def test_history_holds_no_names_of_people(stock):
    person = await stock.employee(first_name="Zebulon", last_name="Quux", email="zq@example.com")
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    await stock.unassign(asset, person)
    text = msgspec.json.encode([line["change"] for line in await stock.changes(asset)]).decode()
    assert str(person.id) in text
    assert not any(word in text for word in ("Zebulon", "Quux", "zq@"))


TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=8) | st.text(
    "\x00\ud800\n \u00a0%_'\\xX", max_size=4
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.fixed_dictionaries(dict.fromkeys((*REQUIRED[:4], *OPTIONAL), TEXT)))
async def test_any_text_is_kept_as_it_was_given_or_refused_by_name(stock, texts):
    """Nothing that somebody types is a defect of ours, and nothing is changed but surrounding space."""
    stock = await stock.elsewhere()
    refused = None
    try:
        added = await stock.make.asset(stock.actor, **texts)
    except InvalidInput as error:
        refused = error
    if refused is not None:
        assert {problem.path for problem in refused.problems} <= set(texts)
        return
    assert await stock.detail(added.asset) == added
    for name in ("serial_number", "tag", "sku", "model_number", "imei", "imei2", "warranty_type"):
        assert getattr(added.asset, name) == (texts[name].strip() or None)
