"""Sign the hand-over: once, for everything, with the very words that were shown."""

import hashlib
import hmac
from datetime import datetime

from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.person import agreement, tables
from backhaul.domain.recovery.person.errors import (
    CaseEndedAlready,
    HandOverChanged,
    NothingToSend,
    SignedAlready,
)
from backhaul.domain.recovery.person.model import Linked
from backhaul.domain.recovery.person.queries import read_page
from backhaul.domain.recovery.person.spelling import clean_name
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history
from backhaul.storage.database import Database


async def sign(
    db: Database,
    *,
    linked: Linked,
    full_name: str,
    has_agreed: bool,
    shown_sha256: str,
    client: str | None,
    now: datetime,
) -> None:
    """Keep a signature with the words that were signed, refused when they are not those that were shown.

    `shown_sha256` is that of the words, hexadecimal. Of the client's address only a hash is kept, made with the link's
    id: it tells whether two were the same, not which.
    """
    name, problems = clean_name("full_name", full_name)
    if not has_agreed:
        problems.append(FieldProblem("agreed", "missing", "must be ticked to sign"))
    if problems:
        raise InvalidInput(problems)
    async with db.transaction(linked.scope) as tx:
        await recovery_tables.lock_case(tx, linked.case_id)
        page = await read_page(tx, linked, now=now)
        if page.signature is not None:
            raise SignedAlready
        if not page.is_open:
            raise CaseEndedAlready
        if not page.expected:
            raise NothingToSend
        text = agreement.handover_text(page, on=now.date())
        digest = agreement.text_hash(text)
        if not hmac.compare_digest(digest.hex().encode(), shown_sha256.encode()):
            raise HandOverChanged
        client_hash = client and hashlib.sha256(linked.link_id.bytes + client.encode()).digest()
        added = await tables.add_signature(
            tx,
            linked,
            full_name=name,
            text=text,
            text_hash=digest,
            client_hash=client_hash or None,
            at=now,
        )
        if not added:
            raise SignedAlready
        history.note(
            tx,
            linked.author,
            subject=("recovery_case", linked.case_id),
            action="hand_over_signed",
            at=now,
            reason=f"{name}, SHA-256 {digest.hex()}",
        )
