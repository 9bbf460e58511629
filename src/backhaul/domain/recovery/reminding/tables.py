"""Writing reminders: steps in the caller's transaction."""

from datetime import datetime

import msgspec

from backhaul.domain.ladders import LadderId
from backhaul.domain.recovery.errors import CaseUnknown
from backhaul.domain.recovery.model import CampaignId, Case, CaseId
from backhaul.domain.recovery.reminding import statements
from backhaul.domain.recovery.reminding.model import Contact, Facts
from backhaul.domain.recovery.statements import LOCK_CASE
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Reader, Tx
from backhaul.storage.rows import optional, record


class Switches(msgspec.Struct, frozen=True, kw_only=True):
    """What is switched off for a case, and since when."""

    muted_at: datetime | None = None
    opted_out_at: datetime | None = None


async def lock(tx: Tx, case_id: CaseId) -> Case:
    """Return a case without its items, locked until the transaction ends; refuses an unknown one."""
    found = optional(Case, await tx.fetchrow(LOCK_CASE, tx.org_id, case_id))
    if found is None:
        raise CaseUnknown(case=case_id)
    return found


async def gather(tx: Tx, case: Case) -> Facts:
    """Return everything that the reminders of a locked case depend on."""
    return record(Facts, await tx.fetchrow(statements.GATHER, tx.org_id, case.id, case.public_number))


async def due(reader: Reader, *, now: datetime, limit: int) -> list[tuple[OrgId, CaseId]]:
    """Return (org_id, case_id) of cases to look at, across tenants; needs the worker role."""
    rows = await reader.fetch(statements.DUE, now, limit)
    return [(row["org_id"], row["case_id"]) for row in rows]


async def put_off(tx: Tx, case_id: CaseId, *, until: datetime) -> None:
    """Let the next look at a case wait until then, if it is due before."""
    await tx.execute(statements.PUT_OFF, tx.org_id, case_id, until)


def add_contact(tx: Tx, contact: Contact) -> None:
    """Note a contact; it is written at commit."""
    plain = (_plain(getattr(contact, name)) for name in statements.CONTACT_FIELDS)
    tx.note(statements.CONTACTED, *plain)


def plan(tx: Tx, case_id: CaseId, facts: Facts, *, next_at: datetime | None, now: datetime) -> None:
    """Note when a case is looked at next, unless something happened since its facts were gathered."""
    tx.note(statements.PLANNED, tx.org_id, case_id, next_at, facts.wakes, now)


def wake(tx: Tx, case_id: CaseId, *, at: datetime) -> None:
    """Note that a case is looked at soon; at most once in a transaction."""
    tx.note(statements.WOKEN, tx.org_id, case_id, at)


async def wake_users(tx: Tx, ladder_id: LadderId, *, at: datetime) -> None:
    """Have every open case that uses a ladder looked at."""
    await tx.execute(statements.WAKE_USERS, tx.org_id, ladder_id, at)


async def wake_campaign(tx: Tx, campaign_id: CampaignId, *, at: datetime) -> None:
    """Have every open case of a campaign looked at."""
    await tx.execute(statements.WAKE_CAMPAIGN, tx.org_id, campaign_id, at)


async def find_switches(reader: Reader, org_id: OrgId, case_id: CaseId) -> Switches:
    """Return what is switched off for a case."""
    found = optional(Switches, await reader.fetchrow(statements.SWITCHES, org_id, case_id))
    return found or Switches()


async def switch(tx: Tx, case_id: CaseId, switches: Switches) -> None:
    """Write what is switched off for a locked case."""
    await tx.execute(statements.SWITCH, tx.org_id, case_id, switches.muted_at, switches.opted_out_at)


def _plain(value: object) -> object:
    return ",".join(map(str, value)) if isinstance(value, tuple) else value  # arrays of arrays are none
