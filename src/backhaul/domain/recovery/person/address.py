"""Confirm or correct the address, by the country's rules: the person on their page, or the organization."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from backhaul.domain.directory import Details, check_details
from backhaul.domain.directory.addresses import examine
from backhaul.domain.directory.model import PostalAddress
from backhaul.domain.directory.spelling import clean_details
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.model import Case, CaseId, Parcel
from backhaul.domain.recovery.person import tables
from backhaul.domain.recovery.person.errors import (
    AddressFixed,
    AddressInUse,
    AddressNotWanted,
    CaseEndedAlready,
)
from backhaul.domain.recovery.person.model import BEHIND_THEM, CAME_TO_NOTHING, Linked
from backhaul.domain.shipping.errors import ShipmentMoveRefused
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.domain.transfers.model import Transfer, TransferId
from backhaul.domain.transfers.operations import is_address_open, readdress_parcels
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history
from backhaul.storage.database import Database, Tx

_PARTS = PostalAddress.__struct_fields__


async def correct_address(
    db: Database, *, linked: Linked, address: PostalAddress, is_certain: bool, now: datetime
) -> Case:
    """Keep that an address is right, and write it to the case and to parcels that have not left for the old one.

    What the country's rules object to is refused, unless the person is certain: the rules know less than who lives
    there. Labels that nobody has used or printed are voided and bought anew, as they are for the organization. A
    changed address is refused (`AddressFixed`) where `correct_address_for` would be, and when everything is behind
    them; the same address never is.
    """
    clean = _checked(address, is_certain=is_certain)
    async with db.transaction(linked.scope) as tx:
        transfers = await _lock_transfers(tx, linked.case_id)
        before, _ = await recovery_tables.lock_case(tx, linked.case_id)
        if before.outcome is not None:
            raise CaseEndedAlready
        after = _moved(before, clean, at=now)
        if after is not before:
            if not _is_there(before, clean):
                await _follow(tx, linked, after, transfers, at=now)
            await tables.save_address(tx, after)
        await tables.confirm(tx, linked, after, at=now)
        history.note(
            tx,
            linked.author,
            subject=("recovery_case", after.id),
            action="address_confirmed",
            at=now,
            before=before,
            after=after,
            reason="The person is certain of it." if is_certain else None,
        )
    return after


async def correct_address_for(
    db: Database, *, actor: Actor, case: str, address: PostalAddress, is_certain: bool, now: datetime
) -> Case:
    """Write another address to a case, named by its id or code, and to parcels that have not left for the old one.

    Checked as the person's own correction is. Labels that nobody has used or printed are voided and bought anew; a
    parcel that goes to the old address with any other refuses it (`AddressInUse`). One that came to nothing, or is on
    its way back, does not: what is sent again goes to the new address. The person has called the new one right as
    little as we know. Safe to repeat: the same address again changes nothing.
    """
    scope = actor.scope(Right.RECOVERY_WRITE)
    clean = _checked(address, is_certain=is_certain)
    async with db.transaction(scope) as tx:
        found, _ = await recovery_tables.find_case_by(tx, case)
        transfers = await _lock_transfers(tx, found.id)
        before, _ = await recovery_tables.lock_case(tx, found.id)
        if before.outcome is not None:
            raise AddressNotWanted(case=before.public_number)
        after = _moved(before, clean, at=now)
        if after is before:
            return before
        if not _is_there(before, clean):
            await _lead(tx, actor.author, after, transfers, at=now)
        await tables.save_address(tx, after)
        history.note(
            tx,
            actor.author,
            subject=("recovery_case", after.id),
            action="address_corrected",
            at=now,
            before=before,
            after=after,
            reason="They are certain of it." if is_certain else None,
        )
    return after


def _checked(address: PostalAddress, *, is_certain: bool) -> PostalAddress:
    details = Details(first_name="-", last_name="-", email="nobody@example.com", address=address)
    clean = clean_details(details).address
    problems = check_details(details)
    if not problems and not is_certain:
        written, warnings = examine(clean)
        problems = [
            FieldProblem(f"address.{found.part}", f"directory.address_{found.code}", found.text)
            for found in warnings
        ]
        if written is not None:  # carriers know states by their codes; the rest stays as it was written
            clean = msgspec.structs.replace(clean, state=written.state)
    if problems:
        raise InvalidInput(problems)
    return clean


def _moved(case: Case, address: PostalAddress, *, at: datetime) -> Case:
    """Return the case at an address that somebody calls right; the very same one if nothing is new in that."""
    if _is_there(case, address) and not case.is_address_doubtful:
        return case
    changes = {name: getattr(address, name) for name in _PARTS}
    return msgspec.structs.replace(
        case, **changes, is_address_doubtful=False, updated_at=at, version=case.version + 1
    )


def _is_there(case: Case, address: PostalAddress) -> bool:
    return all(getattr(case, name) == getattr(address, name) for name in _PARTS)


async def _lock_transfers(tx: Tx, case_id: CaseId) -> dict[TransferId, Transfer]:
    # Before the case and in the order of their ids, as everybody does: scans of a parcel lock its transfer first.
    parcels = await recovery_tables.list_parcels(tx, case_id)
    return {
        transfer_id: await transfer_tables.lock(tx, transfer_id)
        for transfer_id in sorted(parcel.transfer_id for parcel in parcels)
    }


async def _follow(
    tx: Tx, linked: Linked, case: Case, transfers: Mapping[TransferId, Transfer], *, at: datetime
) -> None:
    """Have parcels go where the person says, in words that are for them when one cannot."""
    latest = _latest(await recovery_tables.list_parcels(tx, case.id))
    known = [transfers.get(parcel.transfer_id) for parcel in latest]
    if known and all(transfer is not None and transfer.status in BEHIND_THEM for transfer in known):
        raise AddressFixed
    try:
        await _lead(tx, linked.author, case, transfers, at=at)
    except (AddressInUse, ShipmentMoveRefused):
        raise AddressFixed from None


async def _lead(
    tx: Tx,
    author: history.Author,
    case: Case,
    transfers: Mapping[TransferId, Transfer],
    *,
    at: datetime,
) -> None:
    """Have parcels that have not left go to the case's address, with labels of it."""
    for parcel in _latest(await recovery_tables.list_parcels(tx, case.id)):
        transfer = transfers.get(parcel.transfer_id)
        if transfer is None:  # ordered while we waited for the case
            raise AddressInUse(position=parcel.position, status="being ordered at this moment")
        if transfer.status in CAME_TO_NOTHING | BEHIND_THEM:
            continue
        if not is_address_open(transfer):
            raise AddressInUse(position=parcel.position, status=transfer.status.value.replace("_", " "))
        await readdress_parcels(tx, author=author, transfer=transfer, employee_address=case.address, at=at)


def _latest(parcels: Iterable[Parcel]) -> list[Parcel]:
    """Return the parcel that counts in each place: what was sent before it goes nowhere."""
    return list({parcel.position: parcel for parcel in parcels}.values())
