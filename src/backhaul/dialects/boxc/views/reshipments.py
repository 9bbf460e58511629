"""A reshipment as this dialect shows it (contract §3.7)."""

from typing import Any

from backhaul.dialects.boxc.envelope import amount, kilograms, moment
from backhaul.domain.reshipping import Consignee, Reshipment, Status

WORDS = {Status.PENDING: "Pending", Status.DECLINED: "Declined", Status.APPROVED: "Approved"}


def listed(one: Reshipment) -> dict[str, Any]:
    """Return a reshipment as lists show it: its returns are counted."""
    return _reshipment(one, returns=one.return_count)


def detailed(one: Reshipment) -> dict[str, Any]:
    """Return a reshipment with the ids of its returns."""
    return _reshipment(one, returns=list(one.return_numbers))


def _reshipment(one: Reshipment, *, returns: Any) -> dict[str, Any]:
    return {
        "contents": one.contents,
        "created": moment(one.created_at),
        "estimated_reship_fee": amount(one.estimated_fee_minor),
        "id": one.number,
        "reship_fee": amount(one.reship_fee_minor),
        "returns": returns,
        "service": one.service,
        "status": WORDS[one.status],
        "to": _consignee(one.to),
        "tracking_number": one.tracking_number,
        "value": amount(one.value_minor),
        "weight": kilograms(one.weight_grams),
    }


def _consignee(to: Consignee) -> dict[str, Any]:
    return {
        "company_name": to.company_name,
        "name": to.name,
        "phone": to.phone,
        "email": to.email,  # the reference text lacks it, the schema has it (B8)
        "street1": to.line_1,
        "street2": to.line_2,
        "city": to.city,
        "province": to.state_code,
        "postal_code": to.postal_code,
        "country": to.country_code,
    }
