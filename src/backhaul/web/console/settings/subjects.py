"""The pages of the records that the audit log names: where each kind of record is shown, and who may go there."""

from collections.abc import Callable
from uuid import UUID

import msgspec

from backhaul.domain.finding import HitKind
from backhaul.domain.finding.queries import RIGHTS
from backhaul.domain.identity import Right
from backhaul.domain.identity.audit import Change
from backhaul.web.console.paths import with_query
from backhaul.web.console.scanning.pages import PATHS
from backhaul.web.console.visiting import Visit


class Place(msgspec.Struct, frozen=True):
    """Where records of a kind are shown."""

    path: Callable[[str], str]  # of the record's key
    right: Right


def _found(kind: HitKind) -> Place:
    """Return the place of what a search finds, too."""
    return Place(f"{PATHS[kind]}{{}}".format, RIGHTS[kind])


def _member(email: str) -> str:
    return with_query("/settings/members", q=email)


def _api_key(key_id: str) -> str:
    """Return the page of keys that begins with one: it lists what was made before another, newest first."""
    return f"/settings/keys?before={UUID(int=UUID(key_id).int + 1)}"


PLACES: dict[str, Place] = {
    "api_key": Place(_api_key, Right.KEYS_MANAGE),
    "asset": _found(HitKind.ASSET),
    "charge": Place("/money/charges/{}".format, Right.BILLING_READ),
    "client": Place("/settings/clients#client-{}".format, Right.KEYS_MANAGE),
    "employee": _found(HitKind.PERSON),
    "hold": Place("/holds/{}".format, Right.HOLDS_READ),
    "import": Place("/imports/{}".format, Right.INVENTORY_READ),
    "intake": Place("/warehouse/parcels/{}".format, Right.WAREHOUSE_OPERATE),
    "invitation": Place("/settings/members#invitation-{}".format, Right.MEMBERS_MANAGE),
    "invoice": Place("/money/invoices/{}".format, Right.BILLING_READ),
    "ladder": Place("/settings/ladders/{}".format, Right.ORGANIZATION_MANAGE),
    "location": Place("/locations/{}/edit".format, Right.DIRECTORY_WRITE),
    "member": Place(_member, Right.MEMBERS_MANAGE),
    "organization": Place(lambda _: "/settings/organization", Right.ORGANIZATION_MANAGE),
    "parcel_exception": Place("/exceptions/{}".format, Right.TRANSFERS_READ),
    "pickup": _found(HitKind.TRANSFER),
    "recovery_campaign": _found(HitKind.CAMPAIGN),
    "recovery_case": _found(HitKind.CASE),
    "refund": Place("/money/charges/{}#refunds".format, Right.BILLING_READ),
    "reshipment": _found(HitKind.RESHIPMENT),
    "return": _found(HitKind.RETURN),
    "shipment": _found(HitKind.TRANSFER),
    "transfer": _found(HitKind.TRANSFER),
    "user": Place(_member, Right.MEMBERS_MANAGE),
    "wallet": Place(lambda _: "/money", Right.BILLING_READ),
    "webhook_delivery": Place("/settings/webhooks/deliveries/{}".format, Right.WEBHOOKS_READ),
    "webhook_endpoint": Place("/settings/webhooks/{}".format, Right.WEBHOOKS_READ),
    "webhook_secret": Place("/settings/webhooks/{}".format, Right.WEBHOOKS_READ),
}


def page_of(visit: Visit, change: Change) -> str | None:
    """Return the page of what was changed; None where there is none, it is gone, or the viewer may not open it."""
    place = PLACES.get(change.subject_kind)
    if place is None or change.subject_key is None or not visit.may(place.right):
        return None
    return place.path(change.subject_key)
