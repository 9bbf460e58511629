"""Confirm or correct the address: by the country's rules, as long as no label is made of it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from backhaul.domain.directory import Details, check_details
from backhaul.domain.directory.addresses import examine
from backhaul.domain.directory.model import PostalAddress
from backhaul.domain.directory.spelling import clean_details
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.model import Case
from backhaul.domain.recovery.person import tables
from backhaul.domain.recovery.person.errors import AddressFixed, CaseEndedAlready
from backhaul.domain.recovery.person.model import Linked
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.domain.transfers.model import Transfer, TransferId
from backhaul.domain.transfers.operations import readdress_order
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history
from backhaul.storage.database import Database, Tx

_PARTS = PostalAddress.__struct_fields__


async def correct_address(
    db: Database, *, linked: Linked, address: PostalAddress, is_certain: bool, now: datetime
) -> Case:
    """Keep that an address is right, and write it to the case and to parcels without a label.

    What the country's rules object to is refused, unless the person is certain: the rules know less than who lives
    there. A changed address is refused once a label of it exists or is being made; the same one never is.
    """
    clean = _checked(address, is_certain=is_certain)
    async with db.transaction(linked.scope) as tx:
        transfers = await _lock_transfers(tx, linked)
        before, _ = await recovery_tables.lock_case(tx, linked.case_id)
        if before.outcome is not None:
            raise CaseEndedAlready
        changes = {name: getattr(clean, name) for name in _PARTS}
        after = before
        if any(getattr(before, name) != value for name, value in changes.items()):
            after = msgspec.structs.replace(before, **changes, updated_at=now, version=before.version + 1)
            await _readdress(tx, linked, after, transfers, at=now)
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


async def _lock_transfers(tx: Tx, linked: Linked) -> dict[TransferId, Transfer]:
    # Before the case and in the order of their ids, as everybody does: scans of a parcel lock its transfer first.
    parcels = await recovery_tables.list_parcels(tx, linked.case_id)
    return {
        transfer_id: await transfer_tables.lock(tx, transfer_id)
        for transfer_id in sorted(parcel.transfer_id for parcel in parcels)
    }


async def _readdress(
    tx: Tx, linked: Linked, case: Case, transfers: Mapping[TransferId, Transfer], *, at: datetime
) -> None:
    for parcel in await recovery_tables.list_parcels(tx, case.id):
        transfer = transfers.get(parcel.transfer_id)  # None: ordered while we waited for the case
        if transfer is None or await shipping_tables.lock_of_subject(tx, "transfer", transfer.id):
            raise AddressFixed
        await readdress_order(
            tx, author=linked.author, transfer=transfer, employee_address=case.address, at=at
        )
