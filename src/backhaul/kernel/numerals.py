"""Numbers as people type them: a point before the decimals, commas or spaces only between groups of three digits.

Half of the world writes a comma where the other half writes a point. What the two read differently is refused with
what to write instead: nobody pays a hundred times the amount they meant.
"""

import re
from decimal import Decimal

import msgspec

LONGEST = 40  # far more than any field takes: its own limit is what refuses a large number
_THOUSANDTHS = 3  # as many decimals as a group has digits: then `1,250` may mean either
_SPACES = str.maketrans(dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}", " "))
_PLAIN = re.compile(r"-?(?=[0-9.])[0-9]*(?:\.(?P<tail>[0-9]+))?")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?P<by>[, ])[0-9]{3}(?:(?P=by)[0-9]{3})*(?:\.(?P<tail>[0-9]+))?")
_ONE_GROUP = re.compile(r"-?[0-9]+,[0-9]{3}")
_BEFORE_DECIMALS = re.compile(r"(?P<whole>-?[0-9]+(?:[., ][0-9]{3})*)(?P<by>[.,])(?P<fraction>[0-9]+)")
_GROUPS = re.compile(r"-?[1-9][0-9]{0,2}(?:[., ][0-9]{3})+")


class Unread(msgspec.Struct, frozen=True):
    """A text that is no number, or more than one; `meant` holds what its writer may have had in mind."""

    meant: tuple[Decimal, ...] = ()

    def advice(self, *, least_decimals: int = 0) -> str | None:
        """Return what to write, with at least so many decimals; None where nobody can guess."""
        return " or ".join(_written(one, least_decimals) for one in self.meant) or None


def number_in(text: str, *, decimals: int) -> Decimal | Unread:
    """Return the number of a text that may have up to so many decimals, or why it is not plain which one it is."""
    plain = text.translate(_SPACES).strip()
    if len(plain) > LONGEST:
        return Unread()
    found = _PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)
    is_either = decimals >= _THOUSANDTHS and _ONE_GROUP.fullmatch(plain) is not None
    if found is None or is_either or len(found["tail"] or "") > decimals:
        return Unread(_meanings(plain, decimals))
    return Decimal(re.sub("[, ]", "", plain))


def _meanings(plain: str, decimals: int) -> tuple[Decimal, ...]:
    """Return the numbers that a text means where points group, and where commas stand before decimals."""
    meanings = []
    if _GROUPS.fullmatch(plain):
        meanings.append(Decimal(re.sub("[., ]", "", plain)))
    found = _BEFORE_DECIMALS.fullmatch(plain)
    if found is not None and not (meanings and found["by"] in found["whole"]):
        fraction = found["fraction"].rstrip("0")
        if len(fraction) <= decimals:
            meanings.append(Decimal(f"{re.sub('[., ]', '', found['whole'])}.{fraction or '0'}"))
    return tuple(meanings)


def _written(number: Decimal, least_decimals: int) -> str:
    whole, _, tail = f"{number.normalize():f}".partition(".")
    tail = tail.ljust(least_decimals, "0")
    return f"{whole}.{tail}" if tail else whole
