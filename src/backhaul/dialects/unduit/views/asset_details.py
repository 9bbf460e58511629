"""One asset with everything there is to say of it, and what happened to it."""

import msgspec

from backhaul.dialects.unduit.devices import CONDITION_NAMES
from backhaul.dialects.unduit.views.writing import amount, day, stamp, text
from backhaul.domain.inventory.answers import AssetDetail, AssetHistoryLine
from backhaul.domain.inventory.model import asset_number


class Assignee(msgspec.Struct, frozen=True):
    """Who has an asset, in its details."""

    firstname: str
    lastname: str
    email: str


class AssetLocation(msgspec.Struct, frozen=True):
    """Where an asset belongs."""

    location_name: str


class Asset(msgspec.Struct, frozen=True):
    """An asset with all there is to say of it."""

    price: msgspec.Raw
    asset_name: str | None
    model: str
    model_number: str
    asset_id: str
    customer_asset_id: str
    sku: str
    serial_number: str
    condition: str
    processor_name: str
    memory: str
    storage: str
    os: str
    purchase_date: str
    purchase_type: str
    warranty_start: str
    warranty_expire: str
    mac_address: str
    ip_address: str
    antivirus: str
    encryption: str
    asset_assign_date: str
    warranty_type: str
    currency_symbol: str
    currency_code: str
    imei: str
    imei2: str
    mdm_status: str
    printer_type: str
    print_resolution: str
    asset_number: str
    asset_status: str
    assigned_user: Assignee | None
    asset_location: AssetLocation | None
    department: str
    manufacturer: str
    purchase_cost: msgspec.Raw
    asset_type: str


class HistoryEntry(msgspec.Struct, frozen=True):
    """One thing that happened to an asset."""

    id: int
    activity: str
    description: str
    status: str | None
    old: str | None
    assign_to: str | None
    assign_to_old: str | None
    created_at: str


class History(msgspec.Struct, frozen=True):
    """The answer to `assets/{id}/history`, newest first."""

    history: tuple[HistoryEntry, ...]


class AssetDetails(msgspec.Struct, frozen=True):
    """What stands under `assetDetail`. We keep no books on assets: `finances` is empty."""

    asset: Asset
    finances: tuple[str, ...]
    history: tuple[HistoryEntry, ...]
    message: str


class FoundAsset(msgspec.Struct, frozen=True, rename="camel"):
    """The answer to `assets/details/{serial_number}`."""

    asset_detail: AssetDetails


def found_asset(detail: AssetDetail, lines: tuple[AssetHistoryLine, ...]) -> FoundAsset:
    """Return an asset with what happened to it."""
    return FoundAsset(
        AssetDetails(
            asset=_asset(detail),
            finances=(),
            history=tuple(map(history_entry, lines)),
            message="Asset retrieved successfully",
        )
    )


def _asset(detail: AssetDetail) -> Asset:
    asset, holder = detail.asset, detail.holder
    specs = asset.specs
    price = amount(asset.purchase_cost_minor)
    return Asset(
        price=price,
        asset_name=None,
        model=detail.model.name,
        model_number=text(asset.model_number),
        asset_id="",
        customer_asset_id=text(asset.tag),
        sku=text(asset.sku),
        serial_number=asset.serial_number,
        condition="" if asset.condition is None else CONDITION_NAMES[asset.condition],
        processor_name=specs.get("processor", ""),
        memory=specs.get("memory", ""),
        storage=specs.get("storage", ""),
        os=specs.get("os", ""),
        purchase_date=day(asset.purchased_on),
        purchase_type=asset.purchase_type.value.capitalize() if asset.purchase_type else "",
        warranty_start=day(asset.warranty_starts_on),
        warranty_expire=day(asset.warranty_ends_on),
        mac_address=specs.get("mac_address", ""),
        ip_address=specs.get("ip_address", ""),
        antivirus=specs.get("antivirus", ""),
        encryption=specs.get("encryption", ""),
        asset_assign_date=day(asset.custody_since.date()) if holder else "",
        warranty_type=text(asset.warranty_type),
        currency_symbol="",
        currency_code=text(asset.purchase_currency),
        imei=text(asset.imei),
        imei2=text(asset.imei2),
        mdm_status=specs.get("mdm_status", ""),
        printer_type=specs.get("printer_type", ""),
        print_resolution=specs.get("print_resolution", ""),
        asset_number=asset_number(asset.number, asset.created_at),
        asset_status=detail.status.name,
        assigned_user=Assignee(holder.first_name, holder.last_name, holder.email) if holder else None,
        asset_location=AssetLocation(detail.location.name) if detail.location else None,
        department=detail.department.name if detail.department else "",
        manufacturer=detail.manufacturer.name,
        purchase_cost=price,
        asset_type=detail.product_type.name,
    )


def history(lines: tuple[AssetHistoryLine, ...]) -> History:
    """Return everything that happened to an asset."""
    return History(tuple(map(history_entry, lines)))


def history_entry(line: AssetHistoryLine) -> HistoryEntry:
    """Return one thing that happened, under the two activities this contract knows, or as an update."""
    activity = "Asset Updated" if line.status is None else "Status Changed"
    return HistoryEntry(
        id=line.number,
        activity="Asset Created" if line.action == "added" else activity,
        description=line.description,
        status=line.status,
        old=line.old_status,
        assign_to=line.holder,
        assign_to_old=line.old_holder,
        created_at=stamp(line.at),
    )
