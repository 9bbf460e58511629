"""Assets as this contract shows them in lists, and right after adding or changing one."""

import msgspec
from msgspec import field

from backhaul.dialects.unduit.calling import PER_PAGE
from backhaul.dialects.unduit.devices import CONDITION_NAMES
from backhaul.dialects.unduit.views.writing import amount, day, instant, pages, stamp, text
from backhaul.domain.identity import Actor
from backhaul.domain.inventory.answers import AssetDetail, AssetPage, Holder, ListedAsset
from backhaul.domain.inventory.model import PurchaseType, asset_number

CATEGORY = 1  # the example's: categories above product types exist at Unduit alone


class AssignedUser(msgspec.Struct, frozen=True):
    """Who has an asset."""

    firstname: str
    lastname: str
    username: str
    email: str


class AssetLine(msgspec.Struct, frozen=True):
    """An asset as a line of `assets`."""

    asset_number: str
    asset_id: str = field(name="assetId")
    model_name: str = field(name="modelName")
    model_number: str = field(name="modelNumber")
    product_type: str = field(name="productType")
    purchase_date: str = field(name="purchaseDate")
    serial_number: str = field(name="serialNumber")
    imei: str
    imei2: str
    sku: str
    asset_status: str = field(name="assetStatus")
    assigned_user: AssignedUser | None = field(name="AssignedUser")


class Assets(msgspec.Struct, frozen=True, rename="camel"):
    """A page of `assets`."""

    current_page: int
    total_pages: int
    total_items: int
    assets: tuple[AssetLine, ...]


class AssetRow(msgspec.Struct, frozen=True):
    """An asset right after adding or changing it: numbers stand for what it refers to, 0 for nothing."""

    id: int
    company_id: int
    user_id: int
    purchase_id: int
    product_type_id: int
    product_category_id: int
    model_id: int
    asset_id: str
    customer_asset_id: str
    serial_number: str
    model_number: str
    status_id: int
    condition: str
    purchase_date: str
    price: msgspec.Raw
    purchase_type: int
    warranty_start: str
    warranty_expire: str
    warranty_type: str
    assign_to: int
    department_id: int
    asset_location_beta: int
    imei: str
    imei2: str
    asset_assign_date: str
    vendor_id: int
    currency_code: str
    currency_symbol: str
    sku: str
    address_1: str
    city: str
    state: str
    zip: str
    is_old: int
    created_at: str
    updated_at_iso: str = field(name="updatedAt")
    created_at_iso: str = field(name="createdAt")
    asset_number: str


class AddedAsset(msgspec.Struct, frozen=True):
    """The answer to `add-asset`; `success` is a text here alone (contract C25)."""

    success: str
    data: AssetRow


class ChangedAsset(msgspec.Struct, frozen=True):
    """The answer to `PATCH assets/{id}`."""

    success: bool
    message: str
    data: AssetRow


def assets(found: AssetPage, page: int) -> Assets:
    """Return a page of assets."""
    return Assets(
        current_page=page,
        total_pages=pages(found.total, per_page=PER_PAGE),
        total_items=found.total,
        assets=tuple(map(asset_line, found.items)),
    )


def asset_line(listed: ListedAsset) -> AssetLine:
    """Return one of them."""
    return AssetLine(
        asset_number=asset_number(listed.number, listed.created_at),
        asset_id=text(listed.tag),
        model_name=listed.model_name,
        model_number=text(listed.model_number),
        product_type=listed.product_type,
        purchase_date=day(listed.purchased_on),
        serial_number=listed.serial_number,
        imei=text(listed.imei),
        imei2=text(listed.imei2),
        sku=text(listed.sku),
        asset_status=listed.status_name,
        assigned_user=_assigned_user(listed.holder),
    )


def asset_row(detail: AssetDetail, actor: Actor) -> AssetRow:
    """Return an asset as adding and changing answer it; the customer's id stands under its second name (C15)."""
    asset = detail.asset
    return AssetRow(
        id=asset.number,
        company_id=actor.org_number,
        user_id=0,
        purchase_id=0,
        product_type_id=detail.product_type.number,
        product_category_id=CATEGORY,
        model_id=detail.model.number,
        asset_id="",
        customer_asset_id=text(asset.tag),
        serial_number=asset.serial_number,
        model_number=text(asset.model_number),
        status_id=detail.status.number,
        condition=_condition(detail),
        purchase_date=day(asset.purchased_on),
        price=amount(asset.purchase_cost_minor),
        purchase_type=1 if asset.purchase_type is PurchaseType.LEASED else 0,
        warranty_start=day(asset.warranty_starts_on),
        warranty_expire=day(asset.warranty_ends_on),
        warranty_type=text(asset.warranty_type),
        assign_to=detail.holder.number if detail.holder else 0,
        department_id=detail.department.number if detail.department else 0,
        asset_location_beta=detail.location.number if detail.location else 0,
        imei=text(asset.imei),
        imei2=text(asset.imei2),
        asset_assign_date="",
        vendor_id=0,
        currency_code="",
        currency_symbol="",
        sku=text(asset.sku),
        address_1="",
        city="",
        state="",
        zip="",
        is_old=0,
        created_at=stamp(asset.created_at),
        updated_at_iso=instant(asset.updated_at),
        created_at_iso=instant(asset.created_at),
        asset_number=asset_number(asset.number, asset.created_at),
    )


def _condition(detail: AssetDetail) -> str:
    condition = detail.asset.condition
    return "" if condition is None else CONDITION_NAMES[condition]


def _assigned_user(holder: Holder | None) -> AssignedUser | None:
    if holder is None:
        return None
    username = f"{holder.first_name} {holder.last_name}"
    return AssignedUser(holder.first_name, holder.last_name, username, holder.email)
