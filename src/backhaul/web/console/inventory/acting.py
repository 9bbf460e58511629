"""What is done with one asset: handing it over, archiving it, and taking either back."""

import re

from litestar.response.base import ASGIResponse

from backhaul.domain.directory import get_employee
from backhaul.domain.identity.model import Right
from backhaul.domain.inventory.browsing import AssetSheet
from backhaul.domain.inventory.errors import AssetUnknown
from backhaul.domain.inventory.model import Asset, AssetPatch, Custody, StatusLabel, StatusType, asset_number
from backhaul.domain.inventory.operations import change_asset, hand_over_asset, return_to_stock
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import notices
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.inventory.asking import PATH
from backhaul.web.console.inventory.sheet import sheet_at, sheet_of, show_sheet, view
from backhaul.web.console.notices import Notice, Undo
from backhaul.web.console.visiting import Visit

_UNDO = Undo(f"{PATH}/{{about}}/undo", is_sealed=True)
notices.declare(
    {
        "assets.handed_over": Notice("The asset is handed over.", _UNDO),
        "assets.in_stock": Notice("The asset is in stock.", _UNDO),
        "assets.retired": Notice(
            "The asset is archived. It stays in the inventory, with its whole history.", _UNDO
        ),
        "assets.put_back": "The asset is back as it was. Its history keeps both.",
    }
)

# What to put back: the asset's number, its version since, and what it is given: a status, a place in stock, a person.
_STATUS, _STOCK, _PERSON = "status", "stock", "person"
_BACK = re.compile(rf"([0-9]{{1,18}})-([0-9]{{1,18}})-({_STATUS}|{_STOCK}|{_PERSON})-([0-9]{{1,18}})")
_TAKEN_BACK = "Taken back right after the hand-over."


async def hand_over(visit: Visit, form: Form) -> ASGIResponse:
    """Give the asset to a person, or take it into stock, from wherever it is."""
    sheet = await sheet_of(visit)
    asset = sheet.detail.asset
    public = asset_number(asset.number, asset.created_at)
    version = number_or_none(form.optional("version")) or asset.version  # what the way back is made of
    note = form.optional("note")
    if form["to"] == "stock":
        after = await return_to_stock(
            visit.db,
            actor=visit.actor,
            asset_number=public,
            status_name=form.optional("status_name"),
            version=version,
            note=note,
            now=visit.now,
        )
        back = _way_back(sheet, after)
        return visit.go(f"{PATH}/{asset.number}", notice="assets.in_stock", about=back)
    if not form["email"]:
        raise InvalidInput([FieldProblem("email", "missing", "say who gets it, or choose the stock")])
    after = await hand_over_asset(
        visit.db,
        actor=visit.actor,
        asset_number=public,
        email=form["email"],
        version=version,
        note=note,
        now=visit.now,
    )
    back = _way_back(sheet, after)
    return visit.go(f"{PATH}/{asset.number}", notice="assets.handed_over", about=back)


def _way_back(sheet: AssetSheet, after: Asset) -> str | None:
    """Return what puts a hand-over back; None where custody cannot go back: a carrier had it, or nobody may get it."""
    before, holder = sheet.detail.asset, sheet.detail.holder
    made = f"{after.number}-{after.version}"
    if before.custody is Custody.ORGANIZATION:
        return f"{made}-{_STOCK}-{sheet.detail.status.number}"
    if before.custody is not Custody.EMPLOYEE or holder is None or sheet.is_held:
        return None
    now = next((label for label in sheet.labels if label.id == after.status_id), None)
    may_be_given = now is not None and now.type in {StatusType.DEPLOYABLE, StatusType.DEPLOYED}
    return f"{made}-{_PERSON}-{holder.number}" if may_be_given else None


async def retire(visit: Visit, form: Form) -> ASGIResponse:
    """Archive the asset; a legal hold and a holder refuse it."""
    sheet = await sheet_of(visit)
    archived = {label.name for label in sheet.labels if label.type is StatusType.ARCHIVED}
    if form["status_name"] not in archived:
        text = f"must be one of: {', '.join(sorted(archived))}"
        raise InvalidInput([FieldProblem("status_name", "inventory.status_unknown", text)])
    asset = sheet.detail.asset
    done = await change_asset(
        visit.db,
        actor=visit.actor,
        asset=asset_number(asset.number, asset.created_at),
        patch=AssetPatch(status_name=form["status_name"]),
        version=asset.version,
        now=visit.now,
    )
    back = f"{asset.number}-{done.asset.version}-{_STATUS}-{sheet.detail.status.number}"
    return visit.go(f"{PATH}/{asset.number}", notice="assets.retired", about=back)


async def undo(visit: Visit, _: Form) -> ASGIResponse:
    """Put back what was just done; refused by name once anybody has changed the asset again."""
    wanted = _wanted(visit)
    sheet = await sheet_at(visit, wanted[1])
    asset = sheet.detail.asset
    public, version = asset_number(asset.number, asset.created_at), int(wanted[2])
    if wanted[3] == _PERSON:
        person = await get_employee(visit.db, actor=visit.actor, employee=int(wanted[4]))
        await hand_over_asset(
            visit.db, actor=visit.actor, asset_number=public, email=person.employee.email,
            version=version, note=_TAKEN_BACK, now=visit.now,
        )  # fmt: skip
    elif wanted[3] == _STOCK:
        await return_to_stock(
            visit.db, actor=visit.actor, asset_number=public, status_name=_label(sheet, wanted[4]).name,
            version=version, note=_TAKEN_BACK, now=visit.now,
        )  # fmt: skip
    else:
        patch = AssetPatch(status_name=_label(sheet, wanted[4]).name)
        await change_asset(
            visit.db, actor=visit.actor, asset=public, patch=patch, version=version, now=visit.now
        )
    return visit.go(f"{PATH}/{asset.number}", notice="assets.put_back")


async def view_again(visit: Visit) -> ASGIResponse:
    """Show the asset whose change could not be put back."""
    return await show_sheet(visit, await sheet_at(visit, _wanted(visit)[1]))


def _wanted(visit: Visit) -> re.Match[str]:
    wanted = _BACK.fullmatch(visit.named("number"))
    if wanted is None:
        raise AssetUnknown
    return wanted


def _label(sheet: AssetSheet, number: str) -> StatusLabel:
    found = next((label for label in sheet.labels if label.number == int(number)), None)
    if found is None:
        text = "that the asset had is gone: change it by hand"
        raise InvalidInput([FieldProblem("status", "inventory.status_unknown", text)])
    return found


_ONE = f"{PATH}/{{number:str}}"
HANDLERS = [
    takes(f"{_ONE}/hand-over", hand_over, right=Right.INVENTORY_WRITE, again=view),
    takes(f"{_ONE}/retire", retire, right=Right.INVENTORY_WRITE, again=view),
    takes(f"{_ONE}/undo", undo, right=Right.INVENTORY_WRITE, again=view_again),
]
