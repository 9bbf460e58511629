"""From bodies to assets: required and optional fields, amounts, and what a change leaves alone."""

from datetime import date

import msgspec
import pytest

from backhaul.dialects.unduit.devices import new_asset_of, patch_of
from backhaul.domain.inventory.model import AssetPatch, Condition, NewAsset, PurchaseType
from backhaul.kernel.errors import InvalidInput

BODY = {
    "product_type": "Laptop",
    "product_name": "MacBook  2  Pro",
    "manufacturer": "Apple",
    "serial_number": "2322334e234",
    "asset_status": "in use",
    "model_number": "A23338",
    "sku": "MBP-16-2021",
    "asset_id": "IT-12342443122ddes341234",
    "condition": "Good",
    "purchase_date": "2023-01-15",
    "purchase_cost": 1999,
    "purchase_type": "Leased",
    "warranty_start": "2023-01-15",
    "warranty_expire": "2025-01-14",
    "warranty_type": "AppleCare",
    "assign_to_email": "john.doe@example.com",
    "department": "IT",
    "location_name": "Headquarters",
    "imei": "",
}
REQUIRED = ["product_type", "product_name", "manufacturer", "serial_number", "asset_status"]


def refused(read, values):
    with pytest.raises(InvalidInput) as caught:
        read(values)
    return {problem.path: problem.text for problem in caught.value.problems}


def test_the_printed_body():
    assert new_asset_of(BODY) == NewAsset(
        product_type="Laptop",
        product_name="MacBook  2  Pro",
        manufacturer="Apple",
        serial_number="2322334e234",
        status_name="in use",
        model_number="A23338",
        sku="MBP-16-2021",
        tag="IT-12342443122ddes341234",
        condition=Condition.GOOD,
        purchased_on=date(2023, 1, 15),
        purchase_cost_minor=199_900,
        purchase_type=PurchaseType.LEASED,
        warranty_starts_on=date(2023, 1, 15),
        warranty_ends_on=date(2025, 1, 14),
        warranty_type="AppleCare",
        assign_to_email="john.doe@example.com",
        department="IT",
        location_name="Headquarters",
    )


def test_five_fields_are_required_and_no_other():
    assert refused(new_asset_of, {}) == dict.fromkeys(REQUIRED, "can't be blank")
    least = new_asset_of({name: BODY[name] for name in REQUIRED})
    given = {name for name, value in msgspec.structs.asdict(least).items() if value not in (None, {})}
    assert given == {"product_type", "product_name", "manufacturer", "serial_number", "status_name"}


def test_unknown_keys_are_ignored():
    assert new_asset_of({**BODY, "colour": 5, "id": []}) == new_asset_of(BODY)


@pytest.mark.parametrize("name", ["New", "good", "FAIR", "Poor", "Damaged"])
def test_conditions_of_all_documentations(name):
    assert new_asset_of({**BODY, "condition": name}).condition.value == name.lower()


@pytest.mark.parametrize(
    ("name", "kind"), [("purchased", PurchaseType.PURCHASED), ("LEASED", PurchaseType.LEASED)]
)
def test_purchase_types(name, kind):
    assert new_asset_of({**BODY, "purchase_type": name}).purchase_type is kind


def test_everything_wrong_is_told_at_once():
    assert refused(
        new_asset_of,
        {
            **BODY,
            "product_name": "",
            "serial_number": 5,
            "condition": "Broken",
            "purchase_type": "Stolen",
            "purchase_cost": -1,
            "purchase_date": "yesterday",
            "warranty_expire": "2023-01-15",
        },
    ) == {
        "product_name": "can't be blank",
        "serial_number": "must be a text",
        "condition": "must be one of New, Good, Fair, Poor, Damaged",
        "purchase_type": "must be one of Purchased, Leased",
        "purchase_cost": "must be from 0 to 999999999999",
        "purchase_date": "must be a date like 2023-01-15",
        "warranty_expire": "must be later than the day the warranty starts",
    }


def test_a_change_holds_what_was_sent_and_nothing_else():
    assert patch_of({"sku": "X", "colour": 1}) == AssetPatch(sku="X")
    assert patch_of({"asset_id": None, "imei": "", "purchase_cost": None}) == AssetPatch(
        tag=None, imei=None, purchase_cost_minor=None
    )
    assert patch_of({"asset_status": "In Use", "assign_to_email": "a@example.com"}) == AssetPatch(
        status_name="In Use", assign_to_email="a@example.com"
    )


def test_a_change_may_take_no_required_value_away():
    assert refused(patch_of, dict.fromkeys(REQUIRED)) == dict.fromkeys(REQUIRED, "can't be blank")


@pytest.mark.parametrize("values", [{}, {"colour": 1}, {"assign_to_email": ""}])
def test_a_change_of_nothing_is_refused(values):
    assert refused(patch_of, values) == {"": "send at least one field to change"}
