"""From the rows of a file to people: one row a device, rows with the same address are one person."""

from collections.abc import Iterable

from backhaul.domain.bulk.errors import ColumnsRefused
from backhaul.domain.bulk.reading import Source
from backhaul.domain.recovery.model import NewItem
from backhaul.domain.recovery.rosters.errors import RosterTooLong
from backhaul.domain.recovery.rosters.model import COLUMNS, MOST_PEOPLE, Entry

_NAMES = frozenset(column.name for column in COLUMNS)
_ITEM = ("item", "serial_number", "tag", "imei", "legal_hold")
_SIGNS = frozenset("+-=@＝＋－＠")
_YES = frozenset({"yes", "y", "true", "1", "x"})
_MOST_ROWS = MOST_PEOPLE * 5  # a person has at most five items


def read_roster(source: Source) -> list[Entry]:
    """Return the people of an opened file in their order; refuses a file without the column email.

    Columns that are not known refuse the file too, so that none is left out by a slip of the keyboard.
    """
    names = [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in source.header]
    unknown = [cell for cell, name in zip(source.header, names, strict=True) if name and name not in _NAMES]
    if unknown:
        raise ColumnsRefused(reason="these columns are not known", found=", ".join(unknown))
    if "email" not in names or len(set(names)) < len(names):
        reason = "there must be one column email, and none twice"
        raise ColumnsRefused(reason=reason, found=", ".join(source.header))
    rows = source.take(_MOST_ROWS + 1)
    if len(rows) > _MOST_ROWS:
        raise RosterTooLong(most=MOST_PEOPLE)
    return _merged((number, _cells(names, cells)) for number, cells in rows)


def entries_of(emails: Iterable[str]) -> list[Entry]:
    """Return people who were picked from the directory, each once."""
    return [Entry(email=email) for email in dict.fromkeys(one.strip() for one in emails) if email]


def _cells(names: list[str], cells: list[str]) -> dict[str, str]:
    # A guard that spreadsheets need before a sign of arithmetic is none of the value.
    given = ((name, cell.strip()) for name, cell in zip(names, cells, strict=False))
    return {
        name: cell[1:] if cell[:1] == "'" and cell[1:2] in _SIGNS else cell for name, cell in given if cell
    }


def _merged(rows: Iterable[tuple[int, dict[str, str]]]) -> list[Entry]:
    found: dict[str, Entry] = {}
    for number, cells in rows:
        email = cells.get("email", "")
        key = email.lower() or f"row {number}"
        before = found.get(key) or Entry(email=email)
        person = {name: text for name, text in cells.items() if name not in _ITEM and name != "email"}
        found[key] = Entry(
            email=before.email,
            rows=(*before.rows, number),
            given={**person, **before.given},
            items=(*before.items, *_item(cells)),
        )
    if len(found) > MOST_PEOPLE:
        raise RosterTooLong(most=MOST_PEOPLE)
    return list(found.values())


def _item(cells: dict[str, str]) -> tuple[NewItem, ...]:
    if not any(cells.get(name) for name in _ITEM if name != "legal_hold"):
        return ()
    return (
        NewItem(
            name=cells.get("item", ""),
            serial_number=cells.get("serial_number"),
            tag=cells.get("tag"),
            imei=cells.get("imei"),
            is_legal_hold=cells.get("legal_hold", "").lower() in _YES,
        ),
    )
