"""Which customer, charge or fee a path names."""

from backhaul.domain.billing.errors import ChargeUnknown
from backhaul.domain.billing.model import ChargeId
from backhaul.domain.billing.wallet import FeeId, FeeUnknown
from backhaul.domain.identity.errors import OrganizationUnknown
from backhaul.web.console.cursors import number_or_none, uuid_or_none
from backhaul.web.console.visiting import Visit

PATH = "/settings/customers"


def path_of(number: int) -> str:
    """Return where a customer's page is."""
    return f"{PATH}/{number}"


def number_of(visit: Visit) -> int:
    """Return the number of the customer that a path names, or refuse what is none."""
    number = number_or_none(visit.named("customer"))
    if number is None:
        raise OrganizationUnknown(organization=visit.named("customer")[:64])
    return number


def charge_of(visit: Visit) -> ChargeId:
    """Return the id of the charge that a path names, or refuse what is none."""
    charge_id = uuid_or_none(visit.named("charge"))
    if charge_id is None:
        raise ChargeUnknown(charge_id=visit.named("charge")[:64])
    return ChargeId(charge_id)


def fee_of(visit: Visit) -> FeeId:
    """Return the id of the fee that a path names, or refuse what is none."""
    fee_id = uuid_or_none(visit.named("fee"))
    if fee_id is None:
        raise FeeUnknown(fee_id=visit.named("fee")[:64])
    return FeeId(fee_id)
