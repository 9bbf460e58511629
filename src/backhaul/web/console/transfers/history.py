"""The history of a transfer in words: who did what, and each changed value before and after. Pure."""

from typing import Any

import msgspec

from backhaul.domain.transfers.answers import ShownChange
from backhaul.web.console.changes import Value, is_pair, value_of
from backhaul.web.console.transfers import words

_MOST_VALUES = 12  # of one line; an order's first line has all that it says
# What says nothing to people, or stands in the line already.
_UNSAID = frozenset(
    {
        "id", "org_id", "version", "updated_at", "created_at", "next_look_at", "looks", "subject_id", "subject_kind",
        "shipment_id", "user_id", "labelled_at", "carrier_shipment_id", "leg", "readdressed", "attempts",
        "next_attempt_at", "gateway_reference", "reference", "purpose", "transfer_id", "linked_at",
    }
)  # fmt: skip
_ACTIONS = {
    ("transfer", "placed"): "Ordered",
    ("transfer", "ship_box"): "Box is on its way",
    ("transfer", "deliver_box"): "Box arrived",
    ("transfer", "fail_box"): "Box did not arrive",
    ("transfer", "ship_device"): "Device is on its way",
    ("transfer", "deliver_device"): "Device arrived",
    ("transfer", "fail_device"): "Device did not arrive",
    ("transfer", "label_ready"): "Label is ready",
    ("transfer", "cancelled"): "Cancelled",
    ("transfer", "given_up"): "Closed as not returned",
    ("transfer", "giving_up_put_off"): "Waiting longer, for the pickup",
    ("transfer", "reminded"): "Reminded",
    ("transfer", "reminder_passed_over"): "A reminder was left out",
    ("transfer", "muted"): "Reminders switched off",
    ("transfer", "unmuted"): "Reminders switched on",
    ("transfer", "readdressed"): "Address changed",
    ("transfer", "asset_linked"): "Device found in the inventory",
    ("shipment", "opened"): "Parcel prepared",
    ("shipment", "label_bought"): "Label bought",
    ("shipment", "label_refused"): "No carrier takes it",
    ("shipment", "cancelled"): "Label cancelled",
    ("shipment", "tracked"): "Scanned",
    ("shipment", "ready"): "The sender has everything",
    ("shipment", "number_replaced"): "Tracking number replaced",
    ("shipment", "readdressed"): "Sent to another address",
    ("pickup", "requested"): "Pickup asked for",
    ("pickup", "confirmed"): "Pickup confirmed",
    ("pickup", "cancelled"): "Pickup cancelled",
    ("pickup", "refused"): "Pickup refused",
    ("pickup", "past"): "Pickup day is over",
    ("charge", "opened"): "Charge opened",
    ("charge", "captured"): "Paid",
    ("charge", "declined"): "Payment declined",
}
_ACTORS = {
    "system": "Backhaul",
    "operator": "The operator",
    "link": "Somebody with a link",
    "client": "A client program",
    "user": "A former member",
    "api_key": "An API key",
}


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A change as people read it."""

    change: ShownChange
    text: str
    who: str
    values: tuple[Value, ...]
    reason: str | None


def lines_of(history: tuple[ShownChange, ...]) -> list[HistoryLine]:
    """Return the history in words, in the same order; scans that changed nothing are left out."""
    return [_line(change) for change in history if not _is_mere_scan(change)]


def _is_mere_scan(change: ShownChange) -> bool:
    """Tell whether nothing but a scan came in: those stand with their parcel."""
    return change.action == "tracked" and "status" not in change.change


def _line(change: ShownChange) -> HistoryLine:
    text = _ACTIONS.get((change.subject, change.action)) or change.action.replace("_", " ").capitalize()
    if change.leg is not None:
        text = f"{words.LEGS.get(change.leg, change.leg.value.capitalize())}: {text[:1].lower()}{text[1:]}"
    reason = change.change.get("reason")
    return HistoryLine(
        change=change,
        text=text,
        who=who_did(change.actor_kind, change.actor_name),
        values=values_of(change.change, kind=change.subject),
        reason=str(reason[1]) if isinstance(reason, list) and len(reason) == 2 and reason[1] else None,  # noqa: PLR2004 -- a pair
    )


def who_did(actor_kind: str, actor_name: str | None) -> str:
    """Return who did something, as far as it is known."""
    named = actor_name or _ACTORS.get(actor_kind, actor_kind)
    return f"{named} (API key)" if actor_kind == "api_key" and actor_name else named


def values_of(
    change: dict[str, Any], *, besides: frozenset[str] = frozenset(), kind: str = ""
) -> tuple[Value, ...]:
    """Return the changed values of a kind of record that say something; `besides` are names that say nothing there."""
    return tuple(
        value_of(name, pair, change, kind=kind)
        for name, pair in change.items()
        if name not in _UNSAID and name not in besides and name != "reason" and is_pair(pair)
    )[:_MOST_VALUES]
