"""What keys and clients may do, in words. Pure."""

from backhaul.domain.identity.model import Right

OF_KEYS: dict[Right, str] = {
    Right.TRANSFERS_READ: "See transfers",
    Right.TRANSFERS_WRITE: "Order and change transfers",
    Right.DIRECTORY_READ: "See people and locations",
    Right.DIRECTORY_WRITE: "Change people and locations",
    Right.INVENTORY_READ: "See assets",
    Right.INVENTORY_WRITE: "Change assets",
    Right.RECOVERY_READ: "See campaigns and cases",
    Right.RECOVERY_WRITE: "Run campaigns and cases",
    Right.RETURNS_READ: "See returns and reshipments",
    Right.RETURNS_WRITE: "Verify, discard and send on returns",
    Right.HOLDS_READ: "See legal holds",
    Right.HOLDS_WRITE: "Place and release legal holds",
    Right.BILLING_READ: "See the wallet, charges and invoices",
    Right.BILLING_WRITE: "Top up and pay",
    Right.WEBHOOKS_READ: "See webhooks",
    Right.WEBHOOKS_WRITE: "Change webhooks",
    Right.KEYS_MANAGE: "Make and revoke keys and clients",
    Right.MEMBERS_MANAGE: "Invite, change and remove members",
    Right.ORGANIZATION_MANAGE: "Change the organization and its plan",
    Right.OWNERS_MANAGE: "Make and unmake owners",
    Right.INSTALLATION_OPERATE: "Run the installation",
    Right.WAREHOUSE_OPERATE: "Work in the warehouse",
}
OF_CLIENTS: dict[str, str] = {
    "returns": "Returns and reshipments",
    "billing": "Balance and invoices",
    "read_webhooks": "See webhooks",
    "write_webhooks": "Change webhooks",
    "openid": "Who signed in",
    "email": "Their e-mail address",
    "profile": "Their name",
}
# What programs may ask for because others know it, though it opens nothing here.
WITHOUT_EFFECT: dict[str, str] = {
    "read_shipments": "See shipments",
    "write_shipments": "Change shipments",
    "read_orders": "See orders",
    "write_orders": "Change orders",
    "read_products": "See products",
    "write_products": "Change products",
    "read_shops": "See shops",
    "write_shops": "Change shops",
    "read_credentials": "See credentials",
    "write_credentials": "Change credentials",
    "classify": "Classify goods",
    "validate": "Validate addresses",
    "calculate": "Calculate duties",
}
