"""What an asset names and is not there yet: made when it may be, refused when it must exist."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from backhaul.domain.directory import tables as directory_tables
from backhaul.domain.inventory.answers import AssetDetail, Named
from backhaul.domain.inventory.catalogue import tables as catalogue
from backhaul.domain.inventory.model import AssetPatch, NewAsset, StatusLabel
from backhaul.domain.inventory.tables import Wanted
from backhaul.kernel.errors import FieldProblem
from backhaul.storage import history
from backhaul.storage.database import Tx

Values = NewAsset | AssetPatch
Thing = TypeVar("Thing", Named, StatusLabel)


class Made(msgspec.Struct, frozen=True):
    """What history keeps of a new name of the catalogue."""

    name: str


def names_of(values: Values) -> tuple[str | None, ...]:
    """Return what the values name, in the order that statements want it; None where they name nothing."""
    named = (
        values.product_type, values.manufacturer, values.product_name, values.department, values.location_name,
        values.assign_to_email, values.status_name, values.serial_number,
    )  # fmt: skip
    return tuple(name if isinstance(name, str) and name else None for name in named)


async def make_missing(
    tx: Tx,
    author: history.Author,
    names: Sequence[str | None],
    wanted: Wanted,
    *,
    at: datetime,
    present: AssetDetail | None = None,
) -> bool:
    """Make every type, manufacturer, model, location and department that is named and new; says whether there was any.

    Everybody makes them in this order, so that two who make the same names wait for each other at most once.
    """

    def note(made: tuple[str, UUID | None], name: str) -> None:
        kind, subject_id = made
        if subject_id is not None:
            history.note(tx, author, subject=(kind, subject_id), action="added", at=at, after=Made(name))

    product_type, manufacturer, model, department, location = names[:5]
    missing = False
    if location is not None and wanted.location is None:
        missing = True
        await directory_tables.ensure_location(tx, location, at)
    if department is not None and wanted.department is None:
        missing = True
        await directory_tables.ensure_department(tx, department, at)
    if product_type is not None and wanted.product_type is None:
        missing = True
        made = await catalogue.ensure_product_type(tx, product_type, at)
        note(("product_type", made), product_type)
    if manufacturer is not None and wanted.manufacturer is None:
        missing = True
        made = await catalogue.ensure_manufacturer(tx, manufacturer, at)
        note(("manufacturer", made), manufacturer)
    is_model_named = any(name is not None for name in (product_type, manufacturer, model))
    if is_model_named and wanted.model is None:
        missing = True
        name = model or (present.model.name if present else "")
        made = await catalogue.ensure_model(
            tx,
            name,
            product_type=product_type or (present.product_type.name if present else ""),
            manufacturer=manufacturer or (present.manufacturer.name if present else ""),
            at=at,
        )
        note(("model", made), name)
    return missing


def there(named: Thing | None) -> Thing:
    """Return what was found, or made a moment ago."""
    assert named is not None, "a name that is needed was found or made"
    return named


def status_unknown(labels: Sequence[StatusLabel]) -> FieldProblem:
    """Return the problem of a status the organization does not have, with those it has."""
    known = ", ".join(label.name for label in labels)
    return FieldProblem("status_name", "inventory.status_unknown", f"must be one of: {known}")


def assignee_missing() -> FieldProblem:
    """Return the problem of a deployed asset that is with nobody."""
    return FieldProblem("assign_to_email", "missing", "is required when the status is of type deployed")


def assignee_unknown() -> FieldProblem:
    """Return the problem of an assignee who is not in the directory."""
    text = "must be the e-mail address of an employee in the directory"
    return FieldProblem("assign_to_email", "inventory.assignee_unknown", text)
