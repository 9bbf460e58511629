"""From a cell's text to a value: each reader returns the value as PostgreSQL writes it, or the fault."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

import msgspec

from backhaul.domain.bulk.model import Fault
from backhaul.domain.identity.spelling import is_email
from backhaul.domain.inventory.spelling import SPECS_RULE, fits_as_specs
from backhaul.kernel.countries import is_country
from backhaul.kernel.writing import is_writable

Reader = Callable[[str], str | Fault]

_BREAKS = re.compile(r"\s*[\r\n\t]\s*")
_SPACE = re.compile(r"\s+")
# Spreadsheets take such cells for formulas; exports put an apostrophe before them, imports take one off.
FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"''*\s*[=+\-@\t\r\n＝＋－＠]")

_COST = re.compile(r"(\d{1,13})(?:[.,](\d{1,2}))?")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)?")


def tidy(cell: str) -> str:
    """Return a cell without surrounding space, without our own exports' guard, on one line."""
    cell = cell.strip()
    if cell[:1] == "'" and _GUARDED.match(cell):
        cell = cell[1:]
    return cell if cell.isprintable() else _BREAKS.sub(" ", cell)


def text(longest: int) -> Reader:
    """Return a reader of texts of at most so many characters."""

    def read(cell: str) -> str | Fault:
        if len(cell) > longest:
            return Fault("too_long", f"It may have at most {longest} characters.")
        if not is_writable(cell):  # line breaks and tabs became spaces before
            return Fault("unwritable", "It holds control characters; remove them.")
        return cell

    return read


def choice(kind: type[StrEnum]) -> Reader:
    """Return a reader of one of a few words, in any spelling of case and space."""
    words = {folded(member.value): member.value for member in kind}

    def read(cell: str) -> str | Fault:
        known = ", ".join(member.value for member in kind)
        return words.get(folded(cell)) or Fault("not_a_choice", f"It must be one of: {known}.")

    return read


def folded(name: str) -> str:
    """Return a name without case, space and signs, as headers and choices are compared."""
    return re.sub(r"[\W_]+", "", name).casefold()


def day(cell: str) -> str | Fault:
    """Read a day. A time of the day behind it, as workbooks have it, is dropped."""
    found = _DAY.fullmatch(cell)
    try:
        if found is not None:
            return date.fromisoformat(found[1]).isoformat()
    except ValueError:
        pass
    return Fault("not_a_date", "Write dates as YYYY-MM-DD.")


def cost(cell: str) -> str | Fault:
    """Read an amount of money into hundredths."""
    found = _COST.fullmatch(cell)
    if found is None:
        return Fault("not_an_amount", "Write amounts as 1999.99, without currency and thousands separators.")
    return str(int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")))


def currency(cell: str) -> str | Fault:
    """Read an ISO 4217 code."""
    if _CURRENCY.fullmatch(cell) is None:
        return Fault("not_a_currency", "Write the currency's three letters, such as USD.")
    return cell.upper()


def email(cell: str) -> str | Fault:
    """Read an e-mail address."""
    if not is_email(cell):
        return Fault("not_an_email", "Write an e-mail address such as ada@example.com.")
    return cell


def digits(cell: str) -> str | Fault:
    """Read a telephone number."""
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 32):  # noqa: PLR2004 -- directory's own limit
        return Fault("not_a_phone_number", "Write digits only.")
    return cell


def country(cell: str) -> str | Fault:
    """Read an ISO 3166-1 alpha-2 code."""
    code = cell.upper()
    if not is_country(code):
        return Fault("not_a_country", "Write the country's two letters (ISO 3166-1), such as US.")
    return code


def texts_by_name(cell: str) -> str | Fault:
    """Read a JSON object whose values are texts."""
    try:
        read = msgspec.json.decode(cell, type=dict[str, str])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return Fault("not_specs", 'Write a JSON object of texts, such as {"memory": "16 GB"}.')
    if not fits_as_specs(read):
        return Fault("specs_shape", f"It {SPECS_RULE}, without control characters.")
    return msgspec.json.encode(read).decode()
