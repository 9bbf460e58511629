"""The forms of an asset: a new one, and all that is written down about one."""

from collections import defaultdict
from typing import Any

from litestar.response.base import ASGIResponse

from backhaul.domain.identity.model import Right
from backhaul.domain.inventory.answers import AssetDetail
from backhaul.domain.inventory.browsing import AssetChoices, list_choices
from backhaul.domain.inventory.model import StatusType, asset_number
from backhaul.domain.inventory.operations import add_asset, change_asset
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.inventory import fields, words
from backhaul.web.console.inventory.asking import PATH
from backhaul.web.console.inventory.sheet import sheet_of
from backhaul.web.console.visiting import Visit


async def view_new(visit: Visit) -> ASGIResponse:
    """Show the empty form."""
    choices = await list_choices(visit.db, actor=visit.actor)
    default = next((one.name for one in choices.statuses if one.type is StatusType.DEPLOYABLE), "")
    values = {
        "status_name": default,
        "assign_to_email": visit.asked("person") or "",
        "serial_number": visit.asked("serial") or "",
    }
    if values["assign_to_email"]:
        values["status_name"] = next(
            (one.name for one in choices.statuses if one.type is StatusType.DEPLOYED), default
        )
    return _form(visit, "Add an asset", choices, values, action=f"{PATH}/new", back=PATH, is_new=True)


async def add(visit: Visit, form: Form) -> ASGIResponse:
    """Add the asset."""
    added = await add_asset(visit.db, actor=visit.actor, new=fields.new_asset(form), now=visit.now)
    return visit.go(f"{PATH}/{added.asset.number}", notice="assets.added")


async def view_edit(visit: Visit) -> ASGIResponse:
    """Show the form with what is written down."""
    sheet = await sheet_of(visit)
    choices = await list_choices(visit.db, actor=visit.actor)
    here = f"{PATH}/{sheet.detail.asset.number}"
    title = f"Change {sheet.detail.asset.serial_number}"
    return _form(visit, title, choices, _values(sheet.detail), action=f"{here}/edit", back=here, is_new=False)


async def change(visit: Visit, form: Form) -> ASGIResponse:
    """Change what is written down; what is there already stays as it is."""
    sheet = await sheet_of(visit)
    asset = sheet.detail.asset
    await change_asset(
        visit.db,
        actor=visit.actor,
        asset=asset_number(asset.number, asset.created_at),
        patch=fields.patch(form),
        now=visit.now,
    )
    return visit.go(f"{PATH}/{asset.number}", notice="assets.changed")


def _form(
    visit: Visit,
    title: str,
    choices: AssetChoices,
    values: dict[str, Any],
    *,
    action: str,
    back: str,
    is_new: bool,
) -> ASGIResponse:
    return visit.page(
        "inventory/form.html",
        title=title,
        choices=choices,
        values=defaultdict(type(None), values),
        action=action,
        back=back,
        is_new=is_new,
        words=words,
    )


def _values(detail: AssetDetail) -> dict[str, Any]:
    asset = detail.asset
    same = (
        "serial_number", "tag", "model_number", "sku", "purchase_currency", "purchased_on", "warranty_starts_on",
        "warranty_ends_on", "warranty_type", "imei", "imei2",
    )  # fmt: skip
    cost = asset.purchase_cost_minor
    return {
        **{name: getattr(asset, name) for name in same},
        "product_type": detail.product_type.name,
        "product_name": detail.model.name,
        "manufacturer": detail.manufacturer.name,
        "status_name": detail.status.name,
        "condition": None if asset.condition is None else asset.condition.value,
        "purchase_type": None if asset.purchase_type is None else asset.purchase_type.value,
        "purchase_cost_minor": None if cost is None else f"{cost // 100}.{cost % 100:02}",
        "department": None if detail.department is None else detail.department.name,
        "location_name": None if detail.location is None else detail.location.name,
    }


HANDLERS = [
    shows(f"{PATH}/new", view_new, right=Right.INVENTORY_WRITE),
    takes(f"{PATH}/new", add, right=Right.INVENTORY_WRITE, again=view_new),
    shows(f"{PATH}/{{number:str}}/edit", view_edit, right=Right.INVENTORY_WRITE),
    takes(f"{PATH}/{{number:str}}/edit", change, right=Right.INVENTORY_WRITE, again=view_edit),
]
