"""What every operation writes down: the columns made of somebody's details, and that something happened to them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from backhaul.domain.directory import addresses
from backhaul.domain.directory.model import Details, EmployeeId
from backhaul.storage import history, outbox
from backhaul.storage.author import Author
from backhaul.storage.database import Tx


class Changed(msgspec.Struct, frozen=True):
    """Which fields changed. Never their values: history outlives the person's record, and nobody can erase there."""

    fields: tuple[str, ...]


def columns_of(details: Details) -> dict[str, Any]:
    """Return an employee's columns as clean details give them; without those that the details leave open."""
    normalized, warnings = addresses.examine(details.address)
    open_ones = {"status": details.status, "starts_on": details.starts_on}
    return {
        "first_name": details.first_name,
        "last_name": details.last_name,
        "email": details.email,
        "phone": details.phone,
        "phone_country": details.phone_country,
        "location_type": details.location_type,
        **{part: getattr(details.address, part) for part in details.address.__struct_fields__},
        "normalized_address": normalized,
        "address_warnings": warnings,
        **{name: value for name, value in open_ones.items() if value is not msgspec.UNSET},
    }


def note(
    tx: Tx,
    author: Author,
    employee_id: EmployeeId,
    *,
    action: str,
    happened: type[outbox.Event],
    at: datetime,
    fields: Iterable[str] = (),
) -> None:
    """Note a line of history and the event, both without a personal value."""
    changed = tuple(fields)
    history.note(
        tx,
        author,
        subject=("employee", employee_id),
        action=action,
        at=at,
        after=Changed(changed) if changed else None,
    )
    outbox.record(tx, happened(subject_id=employee_id), at=at)
