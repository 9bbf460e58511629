"""The record that a device was sanitised, with the fields of NIST SP 800-88 Rev. 1, appendix G."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.returns import Verdict
from backhaul.domain.returns.browsing import SheetItem, get_bench_sheet
from backhaul.domain.returns.errors import ReturnUnknown, SerialUnscanned
from backhaul.domain.returns.sanitisation import (
    LockStatus,
    Method,
    NewSanitisation,
    Result,
    Verification,
    record_sanitisation,
)
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import notices
from backhaul.web.console.cursors import code_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.returns import words
from backhaul.web.console.returns.reading import return_number
from backhaul.web.console.visiting import Visit
from backhaul.web.console.warehouse.parcel import path_of
from backhaul.web.console.warehouse.queues import PATH

_MEDIA = ("SSD", "NVMe SSD", "Magnetic disk", "eMMC", "UFS", "Embedded flash")
_TECHNIQUES = (
    "Cryptographic erase",
    "Block erase",
    "Overwrite, one pass",
    "Factory reset",
    "Shred",
    "Degauss",
)

_LOCKS: dict[bool | None, str] = {True: LockStatus.UNLOCKED.value, False: LockStatus.LOCKED.value}

Chosen = TypeVar("Chosen", bound=StrEnum)

notices.declare(
    {"warehouse.sanitised": "The record is kept, and never changes. Its certificate can be printed."}
)


async def view(visit: Visit) -> ASGIResponse:
    """Show the form for a scanned device of a parcel."""
    number = return_number(visit)
    bench = await get_bench_sheet(visit.db, actor=visit.actor, number=number)
    if bench.sheet is None:
        raise ReturnUnknown(number=number)
    scanned = [item for item in bench.sheet.items if item.verdict not in {Verdict.MISSING, Verdict.DUPLICATE}]
    if not scanned:
        raise SerialUnscanned(serial_number=visit.asked("serial") or "", number=number)
    return visit.page(
        "warehouse/sanitise.html",
        title="Record a sanitisation",
        number=number,
        base=path_of(number),
        devices=[
            (item.serial_number, " ".join(part for part in (item.name, item.serial_number) if part))
            for item in scanned
        ],
        serial=visit.asked("serial") or scanned[0].serial_number,
        lock=_lock_of(scanned),
        performed_by=visit.browsing.name,
        at=visit.now.astimezone(visit.zone).strftime("%Y-%m-%dT%H:%M"),
        zone_name=visit.browsing.time_zone,
        words=words,
        media=[(one, "") for one in _MEDIA],
        techniques=[(one, "") for one in _TECHNIQUES],
    )


def _lock_of(scanned: Sequence[SheetItem]) -> str:
    """Return what the checklist says of every device there is to choose from; nothing where they differ."""
    said = {item.is_lock_removed for item in scanned}
    return _LOCKS.get(said.pop(), "") if len(said) == 1 else ""


async def record(visit: Visit, form: Form) -> ASGIResponse:
    """Keep the record."""
    number = return_number(visit)
    await record_sanitisation(
        visit.db, actor=visit.actor, number=number, new=_new(form, visit.zone), now=visit.now
    )
    return visit.go(f"{path_of(number)}#sanitisations", notice="warehouse.sanitised")


def _new(form: Form, zone: ZoneInfo) -> NewSanitisation:
    """Return what a form says, or refuse what cannot be read; the rest is judged where it is recorded."""
    problems: list[FieldProblem] = []
    performed_at = _instant(form, "performed_at", zone, problems)
    verified_at = _instant(form, "verified_at", zone, problems)
    method = _one_of(Method, form, "method", problems)
    verification = _one_of(Verification, form, "verification", problems)
    result = _one_of(Result, form, "result", problems)
    lock_status = _one_of(LockStatus, form, "lock_status", problems)
    if problems:
        raise InvalidInput(problems)
    return NewSanitisation(
        serial_number=form["serial_number"],
        method=method,
        verification=verification,
        result=result,
        lock_status=lock_status,
        performed_at=performed_at,
        verified_at=verified_at,
        media_type=form["media_type"],
        technique=form["technique"],
        tool=form["tool"],
        performed_by=form["performed_by"],
        verified_by=form["verified_by"],
        tool_version=form.optional("tool_version"),
        media_serial_number=form.optional("media_serial_number"),
        note=form.optional("note"),
    )


def _one_of(kind: type[Chosen], form: Form, name: str, problems: list[FieldProblem]) -> Chosen:
    chosen = code_or_none(kind, form[name])
    if chosen is None:
        problems.append(FieldProblem(name, "inclusion", "choose one of the list"))
        return next(iter(kind))
    return chosen


def _instant(form: Form, name: str, zone: ZoneInfo, problems: list[FieldProblem]) -> datetime:
    """Return an instant that was given by the viewer's clock."""
    try:
        given = datetime.fromisoformat(form[name])
        return given.replace(tzinfo=given.tzinfo or zone).astimezone(UTC)
    except (ValueError, OverflowError):
        problems.append(FieldProblem(name, "shape", "must be a day and a time"))
        return datetime.min.replace(tzinfo=UTC)


_PAGE = f"{PATH}/parcels/{{number:str}}/sanitise"
HANDLERS = [
    shows(_PAGE, view, right=Right.WAREHOUSE_OPERATE),
    takes(_PAGE, record, right=Right.WAREHOUSE_OPERATE, again=view),
]
