"""What the page needs from outside: somebody who writes a packing list on paper."""

from typing import Protocol

import msgspec


class PackingLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to put into the box."""

    name: str
    marks: tuple[str, ...]  # serial number and the like, each with its name


class PackingSheet(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the packing list of one parcel."""

    organization_name: str
    campaign_name: str
    person_name: str
    code: str  # the recovery code: letters and digits
    parcel: int
    parcel_count: int
    lines: tuple[PackingLine, ...]
    return_to: tuple[str, ...]  # the lines of the address it goes to
    helpdesk_email: str | None
    has_box: bool  # a box was sent
    is_letter: bool  # 8.5 × 11 inches; else A4


class PackingListWriter(Protocol):
    """Writes packing lists."""

    def packing_list(self, sheets: tuple[PackingSheet, ...]) -> bytes:
        """Return a PDF with a page for each parcel. It takes processor time: call it in a thread."""
        ...
