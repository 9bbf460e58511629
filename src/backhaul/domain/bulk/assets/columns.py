"""The columns of a file of devices: the fields of Unduit's add-asset, and what other tools call them."""

from backhaul.domain.bulk.columns import Column
from backhaul.domain.bulk.values import choice, cost, currency, day, email, text, texts_by_name
from backhaul.domain.inventory.model import Condition, PurchaseType

_NAME = text(200)

COLUMNS = (
    Column(
        field="serial_number",
        name="serial_number",
        aliases=("serial", "serial no", "sn"),
        read=_NAME,
        is_key=True,
    ),
    Column(field="tag", name="asset_id", aliases=("asset tag", "tag", "customer_asset_id"), read=_NAME),
    Column(
        field="product_type",
        name="product_type",
        aliases=("type", "asset type", "category"),
        read=_NAME,
        is_needed=True,
    ),
    Column(
        field="product_name",
        name="product_name",
        aliases=("model", "model name", "product"),
        read=_NAME,
        is_needed=True,
    ),
    Column(field="manufacturer", name="manufacturer", aliases=("make", "brand"), read=_NAME, is_needed=True),
    Column(
        field="status_name",
        name="asset_status",
        aliases=("status", "status name", "status label"),
        read=text(100),
        is_needed=True,
    ),
    Column(field="model_number", name="model_number", aliases=("model no",), read=_NAME),
    Column(field="sku", name="sku", read=_NAME),
    Column(field="condition", name="condition", read=choice(Condition)),
    Column(field="purchased_on", name="purchase_date", aliases=("purchased on",), read=day),
    Column(field="purchase_cost_minor", name="purchase_cost", aliases=("cost", "price"), read=cost),
    Column(field="purchase_currency", name="purchase_currency", aliases=("currency",), read=currency),
    Column(field="purchase_type", name="purchase_type", read=choice(PurchaseType)),
    Column(field="warranty_starts_on", name="warranty_start", aliases=("warranty starts on",), read=day),
    Column(
        field="warranty_ends_on",
        name="warranty_expire",
        aliases=("warranty expires", "warranty end", "warranty ends on", "warranty expiration"),
        read=day,
    ),
    Column(field="warranty_type", name="warranty_type", aliases=("warranty",), read=_NAME),
    Column(
        field="assign_to_email",
        name="assign_to_email",
        aliases=("assigned to", "assigned to email", "assignee", "assignee email"),
        read=email,
        is_personal=True,
    ),
    Column(field="department", name="department", aliases=("department name",), read=_NAME),
    Column(field="location_name", name="location_name", aliases=("location",), read=_NAME),
    Column(field="imei", name="imei", read=_NAME),
    Column(field="imei2", name="imei2", read=_NAME),
    Column(field="specs", name="specs", read=texts_by_name),
)
