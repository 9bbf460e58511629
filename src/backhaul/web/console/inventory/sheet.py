"""One asset: where it is, and everything that happened to it."""

from collections.abc import Iterable
from uuid import UUID

from litestar.response.base import ASGIResponse

from backhaul.domain.directory import EmployeeStatus
from backhaul.domain.finding import get_asset_dossier
from backhaul.domain.finding.model import RelatedSanitisation
from backhaul.domain.identity.model import Right
from backhaul.domain.inventory.browsing import AssetSheet, PeopleFilter, browse_people, get_asset_sheet
from backhaul.domain.inventory.errors import AssetUnknown
from backhaul.domain.inventory.model import Custody, StatusType, asset_number
from backhaul.domain.returns.sanitisation import Result
from backhaul.kernel.money import Money
from backhaul.web.console import notices
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.inventory import words
from backhaul.web.console.inventory.asking import PATH
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit

SUGGESTED = 200

notices.declare(
    {
        "assets.added": "The asset is in the inventory.",
        "assets.changed": "The asset is changed.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show an asset."""
    return await show_sheet(visit, await sheet_of(visit))


async def show_sheet(visit: Visit, sheet: AssetSheet) -> ASGIResponse:
    """Show the page of an asset's sheet."""
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
        certificates=_certificates(dossier.sanitisations),
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
    return await sheet_at(visit, visit.named("number"))


async def sheet_at(visit: Visit, text: str) -> AssetSheet:
    """Return the sheet of the asset that a text names by its number, or refuse."""
    number = number_or_none(text)
    if number is None:
        raise AssetUnknown
    return await get_asset_sheet(visit.db, actor=visit.actor, number=number)


def _certificates(records: Iterable[RelatedSanitisation]) -> dict[UUID, str]:
    """Return where the certificates of records are shown: of each return, newest first, that of the last success."""
    found: dict[int, RelatedSanitisation] = {}
    for one in records:
        if one.result == Result.SUCCESS:
            found.setdefault(one.return_number, one)
    return {
        one.id: with_query(f"/returns/{number}/certificate", serial=one.serial_number)
        for number, one in found.items()
    }


HANDLERS = [shows(f"{PATH}/{{number:str}}", view, right=Right.INVENTORY_READ)]
