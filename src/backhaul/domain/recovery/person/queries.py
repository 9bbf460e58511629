"""Reading the person's page, and what was said on it."""

from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery.errors import CaseUnknown
from backhaul.domain.recovery.model import Case, CaseId
from backhaul.domain.recovery.person import statements
from backhaul.domain.recovery.person.errors import PersonLinkInvalid
from backhaul.domain.recovery.person.model import Claim, Linked, LinkId, Page, Signature
from backhaul.domain.transfers.model import TransferId
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Database, Reader
from backhaul.storage.rows import optional, record


class Statements(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said and signed; claims that were taken back, too."""

    claims: tuple[Claim, ...]
    signature: Signature | None
    confirmed_at: datetime | None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A link as it is kept, with ids only."""

    org_id: OrgId
    link_id: LinkId
    case_id: CaseId
    valid_until: datetime
    is_revoked: bool


async def look(db: Database, *, linked: Linked, now: datetime) -> Page:
    """Return everything the page shows."""
    async with db.read(linked.scope) as reader:
        return await read_page(reader, linked, now=now)


async def read_page(reader: Reader, linked: Linked, *, now: datetime) -> Page:
    """Return everything the page shows, within a read or a transaction."""
    row = await reader.fetchrow(statements.LOOK, linked.scope.org_id, linked.case_id, now.date())
    if row is None:
        raise PersonLinkInvalid
    return record(Page, row)


async def list_statements(db: Database, *, actor: Actor, case: Case) -> Statements:
    """Return what the person of a case said and signed, for the organization."""
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(statements.LIST_STATEMENTS, scope.org_id, case.id)
    if row is None:
        raise CaseUnknown(case=case.id)
    return record(Statements, row)


async def find_transfer(reader: Reader, linked: Linked, parcel: int) -> TransferId | None:
    """Return which transfer carries a parcel of the case."""
    found: UUID | None = await reader.fetchval(
        statements.FIND_TRANSFER, linked.scope.org_id, linked.case_id, parcel
    )
    return None if found is None else TransferId(found)


async def find_link(reader: Reader, token_hash: bytes) -> Found | None:
    """Return where a token leads, good or not. Needs a look-up without a tenant."""
    return optional(Found, await reader.fetchrow(statements.FIND_LINK, token_hash))
