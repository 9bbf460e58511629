"""Addresses in forms: the fields they are typed in, and back. Two stand in one form, told apart by how names begin."""

from backhaul.kernel.addresses import Address
from backhaul.web.console.forms import Form

PERSON, OFFICE = "employee_address", "organization_address"
PARTS = ("name", "attention", "line_1", "line_2", "city", "state_code", "postal_code", "country_code")


def address_of(kind: str, form: Form) -> Address:
    """Return what was typed, as it was typed."""
    return Address(
        name=form.optional(f"{kind}.name"),
        attention=form.optional(f"{kind}.attention"),
        line_1=form[f"{kind}.line_1"],
        line_2=form.optional(f"{kind}.line_2"),
        city=form[f"{kind}.city"],
        state_code=form.optional(f"{kind}.state_code"),
        postal_code=form.optional(f"{kind}.postal_code"),
        country_code=form[f"{kind}.country_code"],
        notification_emails=tuple(form[f"{kind}.notification_emails"].replace(",", " ").split()),
    )


def values_of(kind: str, address: Address | None) -> dict[str, str]:
    """Return what stands in the fields of an address."""
    if address is None:
        return {f"{kind}.{name}": "" for name in (*PARTS, "notification_emails")}
    return {
        **{f"{kind}.{name}": getattr(address, name) or "" for name in PARTS},
        f"{kind}.notification_emails": " ".join(address.notification_emails),
    }
