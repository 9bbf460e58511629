"""One asset: where it is, everything that happened to it, and how it changes hands."""

from litestar.response.base import ASGIResponse

from backhaul.domain.directory import EmployeeStatus
from backhaul.domain.finding import get_asset_dossier
from backhaul.domain.identity.model import Right
from backhaul.domain.inventory.browsing import AssetSheet, PeopleFilter, browse_people, get_asset_sheet
from backhaul.domain.inventory.errors import AssetUnknown
from backhaul.domain.inventory.model import AssetPatch, Custody, StatusType, asset_number
from backhaul.domain.inventory.operations import change_asset, hand_over_asset, return_to_stock
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.money import Money
from backhaul.web.console import notices
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.inventory import words
from backhaul.web.console.inventory.asking import PATH
from backhaul.web.console.visiting import Visit

SUGGESTED = 200

notices.declare(
    {
        "assets.added": "The asset is in the inventory.",
        "assets.changed": "The asset is changed.",
        "assets.handed_over": "The asset is handed over.",
        "assets.in_stock": "The asset is in stock.",
        "assets.retired": "The asset is archived. It stays in the inventory, with its whole history.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show an asset."""
    sheet = await sheet_of(visit)
    asset = sheet.detail.asset
    dossier = await get_asset_dossier(visit.db, actor=visit.actor, asset_id=asset.id)
    people = []
    if visit.may(Right.INVENTORY_WRITE) and visit.may(Right.DIRECTORY_READ):
        active = PeopleFilter(status=EmployeeStatus.ACTIVE)
        people = await browse_people(visit.db, actor=visit.actor, wanted=active, limit=SUGGESTED)
    cost = None
    if asset.purchase_cost_minor is not None and asset.purchase_currency is not None:
        cost = Money(asset.purchase_cost_minor, asset.purchase_currency)
    return visit.page(
        "inventory/sheet.html",
        title=asset.serial_number,
        sheet=sheet,
        detail=sheet.detail,
        one=asset,
        public_number=asset_number(asset.number, asset.created_at),
        cost=cost,
        dossier=dossier,
        people=people,
        statuses=[
            (label.name, label.name) for label in sheet.labels if label.type is not StatusType.DEPLOYED
        ],
        archived=[(label.name, label.name) for label in sheet.labels if label.type is StatusType.ARCHIVED],
        words=words,
        Custody=Custody,
        StatusType=StatusType,
    )


async def sheet_of(visit: Visit) -> AssetSheet:
    """Return the sheet of the asset that the path names, or refuse."""
    number = number_or_none(visit.named("number"))
    if number is None:
        raise AssetUnknown
    return await get_asset_sheet(visit.db, actor=visit.actor, number=number)


async def hand_over(visit: Visit, form: Form) -> ASGIResponse:
    """Give the asset to a person, or take it into stock, from wherever it is."""
    sheet = await sheet_of(visit)
    asset = sheet.detail.asset
    public = asset_number(asset.number, asset.created_at)
    version = number_or_none(form.optional("version"))
    note = form.optional("note")
    if form["to"] == "stock":
        await return_to_stock(
            visit.db,
            actor=visit.actor,
            asset_number=public,
            status_name=form.optional("status_name"),
            version=version,
            note=note,
            now=visit.now,
        )
        return visit.go(f"{PATH}/{asset.number}", notice="assets.in_stock")
    if not form["email"]:
        raise InvalidInput([FieldProblem("email", "missing", "say who gets it, or choose the stock")])
    await hand_over_asset(
        visit.db,
        actor=visit.actor,
        asset_number=public,
        email=form["email"],
        version=version,
        note=note,
        now=visit.now,
    )
    return visit.go(f"{PATH}/{asset.number}", notice="assets.handed_over")


async def retire(visit: Visit, form: Form) -> ASGIResponse:
    """Archive the asset; a legal hold and a holder refuse it."""
    sheet = await sheet_of(visit)
    archived = {label.name for label in sheet.labels if label.type is StatusType.ARCHIVED}
    if form["status_name"] not in archived:
        text = f"must be one of: {', '.join(sorted(archived))}"
        raise InvalidInput([FieldProblem("status_name", "inventory.status_unknown", text)])
    asset = sheet.detail.asset
    await change_asset(
        visit.db,
        actor=visit.actor,
        asset=asset_number(asset.number, asset.created_at),
        patch=AssetPatch(status_name=form["status_name"]),
        now=visit.now,
    )
    return visit.go(f"{PATH}/{asset.number}", notice="assets.retired")


_ONE = f"{PATH}/{{number:str}}"
HANDLERS = [
    shows(_ONE, view, right=Right.INVENTORY_READ),
    takes(f"{_ONE}/hand-over", hand_over, right=Right.INVENTORY_WRITE, again=view),
    takes(f"{_ONE}/retire", retire, right=Right.INVENTORY_WRITE, again=view),
]
