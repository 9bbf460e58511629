"""From rows to models: a column has its field's name."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

Model = TypeVar("Model")


def record(kind: type[Model], row: Mapping[str, Any]) -> Model:
    """Return the model of a row; a row that does not fit its model is a defect and raises."""
    return msgspec.convert(dict(row), kind)


def optional(kind: type[Model], row: Mapping[str, Any] | None) -> Model | None:
    """Return the model of a row, or None when there is none."""
    return None if row is None else record(kind, row)


def deleted(tag: str) -> int:
    """Return how many rows a DELETE took, as PostgreSQL's answer to it says."""
    return int(tag.rsplit(" ", 1)[-1])
