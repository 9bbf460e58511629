"""Writing links, and what people confirm, claim and sign: steps in the caller's transaction."""

from datetime import datetime

import msgspec

from backhaul.domain.recovery.model import Case, CaseId, Item, ItemId
from backhaul.domain.recovery.person import statements
from backhaul.domain.recovery.person.model import GoneReason, Linked, LinkId
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Tx


async def keep_link(
    tx: Tx, case_id: CaseId, *, token_hash: bytes, at: datetime, expires_at: datetime
) -> LinkId:
    """Keep a link by its token's hash and return its id."""
    link_id = LinkId(new_id())
    await tx.execute(statements.KEEP_LINK, tx.org_id, link_id, case_id, token_hash, at, expires_at)
    return link_id


async def revoke_links(tx: Tx, case_id: CaseId, *, at: datetime) -> int:
    """End all links of a case that are good still, and return how many."""
    tag: str = await tx.execute(statements.REVOKE_LINKS, tx.org_id, case_id, at)
    return int(tag.rsplit(" ", 1)[-1])


async def save_address(tx: Tx, case: Case) -> None:
    """Write a locked case's address; its version has grown by one."""
    parts = (case.line_1, case.line_2, case.city, case.state, case.postal_code, case.country_code)
    changed = (case.updated_at, case.version, case.is_address_doubtful)
    await tx.execute(statements.SAVE_ADDRESS, tx.org_id, case.id, *parts, *changed)


async def save_shipping(tx: Tx, case: Case) -> None:
    """Write how a locked case's things are sent; its version has grown by one."""
    await tx.execute(
        statements.SAVE_SHIPPING, tx.org_id, case.id, case.shipping.value, case.updated_at, case.version
    )


async def confirm(tx: Tx, linked: Linked, case: Case, *, at: datetime) -> None:
    """Keep that the address was called right as it stands."""
    address = msgspec.to_builtins(case.address)
    await tx.execute(statements.CONFIRM, tx.org_id, case.id, linked.link_id, address, at)


async def is_confirmed(tx: Tx, case_id: CaseId) -> bool:
    """Return whether the person called the address of a case right, as it is written now."""
    found: bool = await tx.fetchval(statements.IS_CONFIRMED, tx.org_id, case_id)
    return found


async def claimed_items(tx: Tx, case_id: CaseId) -> set[ItemId]:
    """Return which items somebody claims not to have."""
    return {ItemId(row["item_id"]) for row in await tx.fetch(statements.CLAIMED, tx.org_id, case_id)}


async def gone_at(tx: Tx, case_id: CaseId, at: datetime) -> set[ItemId]:
    """Return which items somebody claimed at a moment to be gone; one that is said to be on its way back is not."""
    return {ItemId(row["item_id"]) for row in await tx.fetch(statements.GONE_AT, tx.org_id, case_id, at)}


async def add_claim(
    tx: Tx, linked: Linked, item: Item, *, reason: GoneReason, note: str | None, at: datetime
) -> bool:
    """Keep a claim; False when one of this item stands already."""
    added = await tx.fetchval(
        statements.ADD_CLAIM,
        tx.org_id,
        new_id(),
        item.case_id,
        item.id,
        linked.link_id,
        reason.value,
        note,
        at,
    )
    return added is not None


async def withdraw_claim(tx: Tx, item: Item, *, at: datetime) -> bool:
    """Take the claim about an item back; False when none stands."""
    return await tx.fetchval(statements.WITHDRAW_CLAIM, tx.org_id, item.id, at) is not None


async def add_signature(
    tx: Tx,
    linked: Linked,
    *,
    full_name: str,
    text: str,
    text_hash: bytes,
    client_hash: bytes | None,
    at: datetime,
) -> bool:
    """Keep the signature of a case; False when there is one."""
    added = await tx.fetchval(
        statements.ADD_SIGNATURE,
        tx.org_id,
        linked.case_id,
        linked.link_id,
        full_name,
        text,
        text_hash,
        client_hash,
        at,
    )
    return added is not None
