"""Record that a device was sanitised, and prove it."""

import asyncio
from datetime import datetime

import msgspec

from backhaul.domain.holds import require_free
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory.model import AssetId
from backhaul.domain.inventory.operations import custody
from backhaul.domain.returns import tables as returns
from backhaul.domain.returns.errors import (
    CertificateRefused,
    SanitisationUnknown,
    SerialUnscanned,
    StillLocked,
)
from backhaul.domain.returns.events import DeviceSanitised
from backhaul.domain.returns.matching import serial_key
from backhaul.domain.returns.model import Return, Status
from backhaul.domain.returns.operations.locks import note_locked
from backhaul.domain.returns.operations.working import at_table
from backhaul.domain.returns.sanitisation import signing, statements
from backhaul.domain.returns.sanitisation.model import (
    LockStatus,
    NewSanitisation,
    Result,
    Sanitisation,
    SanitisationId,
)
from backhaul.domain.returns.sanitisation.ports import CertificateKey, CertificatePrinter
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.kernel.writing import is_writable
from backhaul.storage import history, outbox
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope, Tx
from backhaul.storage.rows import record

# Texts and how long they may be; None: may be left out.
_TEXTS = {"media_type": 100, "technique": 200, "tool": 100, "performed_by": 100, "verified_by": 100}
_OPTIONAL = {"tool_version": 100, "media_serial_number": 200, "note": 1000}


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate: the record, the text that proves it, and the page."""

    record: Sanitisation
    signed: str
    page: bytes


async def record_sanitisation(
    db: Database, *, actor: Actor, number: int, new: NewSanitisation, now: datetime
) -> Sanitisation:
    """Record how a device that was scanned in a return was sanitised, by whom, and who else checked it.

    After a success, and unless it is still locked to somebody, the device may become deployable again; not if it was
    used and received once more since it was wiped. Refused while its line in the return says that it is locked and the
    record does not; for a device on legal hold: what it holds must be kept; and for a time before the parcel was
    received or after it was sent on. A discarded return's devices have records, too: destroyed ones above all.
    """
    new = _clean(new, now=now)
    table = await at_table(db, actor=actor, number=number)
    async with db.transaction(table.scope) as tx:
        one = await returns.lock(tx, number)
        if new.performed_at < one.received_at.replace(second=0, microsecond=0):  # people write down minutes
            text = f"must not be before the parcel was received: {one.received_at:%Y-%m-%d %H:%M:%S} UTC"
            raise InvalidInput([FieldProblem("performed_at", "returns.order_of_times", text)])
        await _require_here(tx, one, new)
        return await _write(tx, table.author, one, _not_before(new, one.received_at), at=now)


async def _require_here(tx: Tx, one: Return, new: NewSanitisation) -> None:
    """Refuse what was done to a device after it had been sent on; what was done before may be written down later."""
    if one.status is not Status.RESHIPPED:
        return
    sent_at: datetime | None = await tx.fetchval(statements.SENT_ON_AT, tx.org_id, one.id)
    if sent_at is not None and new.performed_at > sent_at:
        text = f"must not be after the device was sent on: {sent_at:%Y-%m-%d %H:%M:%S} UTC"
        raise InvalidInput([FieldProblem("performed_at", "returns.order_of_times", text)])


def _not_before(new: NewSanitisation, received_at: datetime) -> NewSanitisation:
    """Return what was done in the minute of the receipt as done after it."""
    performed_at = max(new.performed_at, received_at)
    verified_at = max(new.verified_at, performed_at)
    return msgspec.structs.replace(new, performed_at=performed_at, verified_at=verified_at)


async def _write(tx: Tx, author: Author, one: Return, new: NewSanitisation, *, at: datetime) -> Sanitisation:
    row = await tx.fetchrow(statements.FIND_SCANNED, tx.org_id, one.id, new.serial_number)
    if row is None:
        raise SerialUnscanned(serial_number=new.serial_number, number=one.number)
    device = dict(row)
    if device.pop("is_locked") and new.lock_status is not LockStatus.LOCKED:
        raise StillLocked(serial_number=device["serial_number"], number=one.number)
    asset_id: AssetId | None = device["asset_id"]
    if asset_id is None:
        await require_free(tx, return_numbers=[one.number], doing="wiped")
    else:
        await require_free(tx, asset_ids=[asset_id], doing="wiped")
    said = {**msgspec.structs.asdict(new), **device}
    written = Sanitisation(
        id=SanitisationId(new_id()), org_id=one.org_id, return_id=one.id, recorded_at=at, **said
    )
    await tx.execute(statements.ADD, *msgspec.structs.astuple(written))
    asset = None if asset_id is None else await custody.lock(tx, asset_id)
    # Read behind the lock: whoever receives the device in another parcel has committed by then, or waits for us.
    if (
        asset is not None
        and written.frees
        and not await returns.is_back_since(tx, asset.id, written.performed_at, number=one.number)
    ):
        await custody.note_sanitised(tx, author, asset, at=at)
    if asset is not None and written.lock_status is LockStatus.LOCKED:
        await note_locked(tx, author, one, asset, since=written.performed_at, at=at)
    history.note(tx, author, subject=("return", one.id), action="sanitised", at=at, after=written)
    told = DeviceSanitised(
        subject_id=one.id,
        sanitisation_id=written.id,
        asset_id=asset_id,
        is_successful=written.result is Result.SUCCESS,
    )
    outbox.record(tx, told, at=at)
    return written


async def list_sanitisations(db: Database, *, actor: Actor, number: int) -> tuple[Sanitisation, ...]:
    """Return the records of a return, oldest first; also of one that was discarded: somebody may have to prove it."""
    scope = actor.scope(Right.RETURNS_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_OF_RETURN, scope.org_id, number)
    return tuple(record(Sanitisation, row) for row in rows)


async def certify(
    db: Database,
    *,
    actor: Actor,
    number: int,
    serial_number: str,
    key: CertificateKey,
    printer: CertificatePrinter,
) -> Proof:
    """Return the certificate of a device's last successful sanitisation in a return, or refuse."""
    done = await list_sanitisations(db, actor=actor, number=number)
    wanted = serial_key(serial_number)
    for one in reversed(done):
        if one.result is Result.SUCCESS and serial_key(one.serial_number) == wanted:
            newest, *_ = await key.seeds()
            signed = signing.sign(one, newest)
            page = await asyncio.to_thread(printer.print, one, signed=signed)
            return Proof(record=one, signed=signed, page=page)
    raise SanitisationUnknown(serial_number=serial_number, number=number)


async def check_certificate(
    db: Database, *, page: bytes, key: CertificateKey, printer: CertificatePrinter
) -> Sanitisation:
    """Return the record of a certificate that is ours, unaltered, and still says what we have on record; or refuse."""
    signed = printer.signed_text(page)
    if signed is None:
        raise CertificateRefused(reason="it carries no signature")
    said = signing.read_signed(signed, await key.seeds())
    if await asyncio.to_thread(printer.print, said, signed=signed) != page:
        raise CertificateRefused(reason="what it shows is not what was signed")
    scope = Scope(said.org_id)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(statements.GET, scope.org_id, said.id)
    if row is None or record(Sanitisation, row) != said:
        raise CertificateRefused(reason="the record it is about is another one")
    return said


def _clean(new: NewSanitisation, *, now: datetime) -> NewSanitisation:
    given = {name: (getattr(new, name) or "").strip() for name in (*_TEXTS, *_OPTIONAL)}
    problems = [
        FieldProblem(name, "returns.text_length", f"must have 1 to {longest} characters on one line")
        for name, longest in _TEXTS.items()
        if not 1 <= len(given[name]) <= longest or not is_writable(given[name])
    ] + [
        FieldProblem(name, "returns.text_length", f"must have at most {longest} characters on one line")
        for name, longest in _OPTIONAL.items()
        if len(given[name]) > longest or not is_writable(given[name])
    ]
    if given["performed_by"].casefold() == given["verified_by"].casefold():
        problems.append(
            FieldProblem("verified_by", "returns.second_person", "must be another person than performed it")
        )
    if not new.performed_at <= new.verified_at <= now:
        text = "must not be before it was performed, nor in the future"
        problems.append(FieldProblem("verified_at", "returns.order_of_times", text))
    if problems:
        raise InvalidInput(problems)
    optional = {name: given[name] or None for name in _OPTIONAL}
    return msgspec.structs.replace(new, **{name: given[name] for name in _TEXTS}, **optional)
