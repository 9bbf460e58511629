"""Which column of a file is which: names are compared without case, space and underscores."""

from collections.abc import Sequence

import msgspec

from backhaul.domain.bulk.errors import ColumnsRefused
from backhaul.domain.bulk.values import Reader, folded


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A value a row may have."""

    field: str  # what it is called inside
    name: str  # what exports call it, and hints
    aliases: tuple[str, ...] = ()
    read: Reader
    is_key: bool = False
    is_needed: bool = False  # a new row cannot do without
    is_personal: bool = False  # what is kept of refused rows leaves its value out


class Layout(msgspec.Struct, frozen=True):
    """Where a file has which column."""

    positions: dict[str, int]  # field → position in the row; a column the file lacks is not here
    names: dict[str, str]  # field → what the file calls it, or what it would be called
    ignored: tuple[str, ...]
    width: int
    missing: tuple[str, ...]  # columns that new rows need and the file has not


def lay_out(header: Sequence[str], columns: Sequence[Column]) -> Layout:
    """Return where the columns are; refuses a header without the key, or with a column twice."""
    known = {folded(name): column for column in columns for name in (column.name, *column.aliases)}
    positions: dict[str, int] = {}
    names = {column.field: column.name for column in columns}
    ignored = []
    for position, name in enumerate(header):
        column = known.get(folded(name))
        if column is None:
            if name:
                ignored.append(name)
        elif column.field in positions:
            first = header[positions[column.field]]
            raise ColumnsRefused(reason=f"{first} and {name} are the same column", found=_listed(header))
        else:
            positions[column.field] = position
            names[column.field] = name
    for column in columns:
        if column.is_key and column.field not in positions:
            raise ColumnsRefused(reason=f"there is no column {column.name}", found=_listed(header))
    missing = tuple(c.name for c in columns if c.is_needed and c.field not in positions)
    return Layout(positions, names, tuple(ignored), len(header), missing)


def refuse_missing(layout: Layout, header: Sequence[str]) -> ColumnsRefused:
    """Return the refusal of a file that brings new rows without the columns those need."""
    names = ", ".join(layout.missing)
    return ColumnsRefused(reason=f"it has new rows, and those need {names}", found=_listed(header))


def _listed(header: Sequence[str]) -> str:
    return ", ".join(name for name in header if name)
