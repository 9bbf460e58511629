"""Writing campaigns, cases and what belongs to them: steps in the caller's transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import asyncpg
import msgspec

from backhaul.domain.identity.model import Actor
from backhaul.domain.inventory.model import AssetId
from backhaul.domain.ladders import BUILT_IN_NAME, LadderId, LadderUnknown
from backhaul.domain.recovery import statements
from backhaul.domain.recovery.codes import is_code
from backhaul.domain.recovery.errors import (
    CampaignNameTaken,
    CampaignUnknown,
    CaseUnknown,
    OwnerMissing,
    PersonThereAlready,
)
from backhaul.domain.recovery.model import (
    Campaign,
    CampaignId,
    Case,
    CaseId,
    Item,
    NewCase,
    Parcel,
    number_of,
)
from backhaul.domain.transfers.model import TransferId
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import UserId
from backhaul.storage.database import Tx
from backhaul.storage.rows import optional, record


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What a new campaign follows."""

    number: int
    default_address: Address | None
    owner_id: UserId
    owner_email: str
    ladder_id: LadderId | None


class Parties(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a campaign is, and by which ladder it reminds."""

    owner_id: UserId
    owner_email: str
    ladder_id: LadderId | None  # None: the built-in one


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the database knows of new cases: numbers for them, and whom and what they name."""

    numbers: list[int]
    asset_ids: list[Any]  # of all items in order; None: no asset, or not one alone
    employee_ids: dict[str, Any] | None  # by address in small letters


async def look_around(tx: Tx, actor: Actor, owner_email: str | None, ladder: str | None) -> Surroundings:
    """Return what a new campaign follows; refuses an owner who is no enabled member, and an unknown ladder."""
    email = (owner_email or actor.user_email or "").casefold()
    row = await tx.fetchrow(statements.LOOK_AROUND, tx.org_id, email, ladder)
    _require_parties(row, email, ladder)
    return record(Surroundings, row)


def _require_parties(row: Any, email: str, ladder: str | None) -> None:
    if row["owner_id"] is None:
        if not email:
            raise OwnerMissing
        text = "must be the address of an enabled member of your organization"
        raise InvalidInput([FieldProblem("owner_email", "identity.not_a_member", text)])
    if ladder is not None and row["ladder_id"] is None and ladder.strip().lower() != BUILT_IN_NAME:
        raise LadderUnknown(ladder=ladder[:100])


def make(tx: Tx, campaign: Campaign) -> None:
    """Note a new campaign; `write` writes it."""
    tx.note(statements.MADE, *(_plain(getattr(campaign, name)) for name in statements.CAMPAIGN_TYPES))


def open_case(tx: Tx, case: Case, items: Sequence[Item]) -> None:
    """Note a new case with its items; `write` writes them."""
    tx.note(statements.OPENED, *(_plain(getattr(case, name)) for name in statements.CASE_TYPES))
    for item in items:
        tx.note(statements.EXPECTED, *(_plain(getattr(item, name)) for name in statements.ITEM_TYPES))


def count(tx: Tx, campaign_id: CampaignId, *, cases: int, items: int) -> None:
    """Note that so many cases with so many items were added to a locked campaign."""
    tx.note(statements.COUNTED, tx.org_id, campaign_id, cases, items)


def send(tx: Tx, parcel: Parcel) -> None:
    """Note which transfer carries a parcel."""
    tx.note(statements.SENT, *msgspec.structs.astuple(parcel))


def save_case(tx: Tx, case: Case) -> None:
    """Note a locked case's new state, its version one higher."""
    changed = (case.outcome, case.ending, case.diagnosed_at, case.updated_at, case.version)
    tx.note(statements.SAVED, case.org_id, case.id, *map(_plain, changed))


def save_item(tx: Tx, item: Item) -> None:
    """Note what became of an item of a locked case."""
    tx.note(statements.ENDED, item.org_id, item.id, _plain(item.outcome), _plain(item.ending))


def _plain(value: object) -> object:
    return msgspec.to_builtins(value) if isinstance(value, msgspec.Struct | tuple) else value


@contextmanager
def taken_names_refused(*, name: str = "", emails: str = "", campaign: str = "") -> Iterator[None]:
    """Refuse what somebody was quicker to take, when noted facts are written."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "recovery_campaigns_name":
            raise CampaignNameTaken(name=name) from error
        if error.constraint_name == "recovery_cases_email":
            raise PersonThereAlready(emails=emails, campaign=campaign) from error
        raise


async def lock_campaign(tx: Tx, number: str) -> Campaign:
    """Return a campaign by its public number, locked until the transaction ends; refuses an unknown one."""
    seconds, internal = _number(number)
    row = await tx.fetchrow(statements.LOCK_CAMPAIGN, tx.org_id, internal, seconds)
    return _campaign(row, number)


async def lock_and_look(tx: Tx, number: str, new: NewCase) -> tuple[Campaign, Known]:
    """Return a campaign, locked, and what is known of one new case in it."""
    seconds, internal = _number(number)
    row = await tx.fetchrow(
        statements.LOCK_AND_LOOK, tx.org_id, _items([new]), 1, [new.email], internal, seconds
    )
    return _campaign(row, number), record(Known, row)


async def look(tx: Tx, campaign: Campaign, many: Sequence[NewCase]) -> Known:
    """Return what is known of new cases in a locked campaign; refuses who is in it already."""
    emails = [new.email for new in many]
    row = await tx.fetchrow(statements.LOOK, tx.org_id, _items(many), len(many), emails, campaign.id)
    if row["taken"]:
        raise PersonThereAlready(emails=", ".join(row["taken"]), campaign=campaign.public_number)
    return record(Known, row)


def _items(many: Sequence[NewCase]) -> list[dict[str, str | None]]:
    return [
        {"serial_number": item.serial_number, "tag": item.tag, "imei": item.imei}
        for new in many
        for item in new.items
    ]


def _campaign(row: Any, number: str) -> Campaign:
    if row is None:
        raise CampaignUnknown(campaign=number)
    return record(Campaign, row)


def _number(number: str) -> tuple[int, int]:
    parsed = number_of(number)
    if parsed is None:
        raise CampaignUnknown(campaign=number[:64])
    return parsed


async def get_campaign(tx: Tx, campaign_id: CampaignId) -> Campaign:
    """Return the campaign of a case."""
    return record(Campaign, await tx.fetchrow(statements.FIND_CAMPAIGN, tx.org_id, campaign_id))


async def count_open(tx: Tx, campaign_id: CampaignId) -> int:
    """Return how many cases of a locked campaign are open."""
    found: int = await tx.fetchval(statements.COUNT_OPEN, tx.org_id, campaign_id)
    return found


async def find_parties(tx: Tx, owner_email: str, ladder: str) -> Parties:
    """Return who owns a changed campaign and which ladder it follows; refuses as `look_around` does."""
    row = await tx.fetchrow(statements.FIND_PARTIES, tx.org_id, owner_email.casefold(), ladder)
    _require_parties(row, owner_email, ladder)
    return record(Parties, row)


async def change(tx: Tx, campaign: Campaign) -> None:
    """Write what changed of a locked campaign; its version has grown by one."""
    await tx.execute(
        statements.CHANGE,
        tx.org_id,
        campaign.id,
        campaign.name,
        campaign.description,
        campaign.deadline_on,
        campaign.helpdesk_email,
        campaign.owner_id,
        campaign.owner_email,
        campaign.ladder_id,
        campaign.updated_at,
        campaign.version,
        _plain(campaign.return_addresses),
        campaign.starts_on,
    )


async def complete(tx: Tx, campaign: Campaign) -> None:
    """Write a locked campaign's new status; its version has grown by one."""
    await tx.execute(
        statements.COMPLETE,
        tx.org_id,
        campaign.id,
        campaign.status.value,
        campaign.updated_at,
        campaign.version,
    )


async def lock_case(tx: Tx, case_id: CaseId) -> tuple[Case, list[Item]]:
    """Return a case with its items, locked until the transaction ends."""
    case = optional(Case, await tx.fetchrow(statements.LOCK_CASE, tx.org_id, case_id))
    if case is None:
        raise CaseUnknown(case=case_id)
    return case, await list_items(tx, case.id)


async def find_case_by(tx: Tx, ref: str) -> tuple[Case, list[Item]]:
    """Return a case by its recovery id or code, with its items, not locked; refuses an unknown one."""
    return await _case_by(tx, ref, statements.FIND_CASE_BY_NUMBER, statements.FIND_CASE_BY_CODE)


async def lock_case_by(tx: Tx, ref: str) -> tuple[Case, list[Item]]:
    """Return a case by its recovery id or code, with its items, locked; refuses an unknown one."""
    return await _case_by(tx, ref, statements.LOCK_CASE_BY_NUMBER, statements.LOCK_CASE_BY_CODE)


async def _case_by(tx: Tx, ref: str, by_number: str, by_code: str) -> tuple[Case, list[Item]]:
    parsed = number_of(ref)
    if parsed is not None:
        row = await tx.fetchrow(by_number, tx.org_id, parsed[1], parsed[0])
    else:
        row = await tx.fetchrow(by_code, tx.org_id, ref) if is_code(ref) else None
    if row is None:
        raise CaseUnknown(case=ref[:64])
    case = record(Case, row)
    return case, await list_items(tx, case.id)


async def list_items(tx: Tx, case_id: CaseId) -> list[Item]:
    """Return a case's items, in order; what they are never changes, what became of them may."""
    return [record(Item, row) for row in await tx.fetch(statements.ITEMS_OF_CASE, tx.org_id, case_id)]


async def serials_of(tx: Tx, asset_ids: Sequence[AssetId]) -> dict[AssetId, str]:
    """Return the serial numbers of some devices; one that is gone is left out."""
    if not asset_ids:
        return {}
    rows = await tx.fetch(statements.SERIALS, tx.org_id, list(asset_ids))
    return {AssetId(row["id"]): row["serial_number"] for row in rows}


async def find_case_of(tx: Tx, transfer_id: TransferId) -> tuple[CaseId, int] | None:
    """Return which case's parcel a transfer carries, and which of them; None: another's."""
    row = await tx.fetchrow(statements.FIND_CASE_OF_TRANSFER, tx.org_id, transfer_id)
    return None if row is None else (CaseId(row["case_id"]), row["position"])


async def list_parcels(tx: Tx, case_id: CaseId) -> list[Parcel]:
    """Return a case's parcels, in order, each followed by those that were sent after it in its place."""
    return [record(Parcel, row) for row in await tx.fetch(statements.PARCELS_OF_CASE, tx.org_id, case_id)]


async def has_replacement(tx: Tx, transfer_id: TransferId) -> bool:
    """Return whether another parcel waits to be sent in the place of the one that a transfer carries."""
    found: bool = await tx.fetchval(statements.HAS_REPLACEMENT, tx.org_id, transfer_id)
    return found
