"""Remind the person of one case now, besides what its ladder says."""

from datetime import datetime

from backhaul.domain import notify
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.ladders import Anchor, Audience, Channel, Step
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.model import Case
from backhaul.domain.recovery.person.links import page_url
from backhaul.domain.recovery.person.model import Pages
from backhaul.domain.recovery.reminding import tables
from backhaul.domain.recovery.reminding.deciding import Due
from backhaul.domain.recovery.reminding.errors import ReminderRefused
from backhaul.domain.recovery.reminding.letters import letter_for
from backhaul.domain.recovery.reminding.model import Contact, ContactId, ContactOutcome, Facts, Reader, Taken
from backhaul.domain.recovery.reminding.readers import place_where
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database, Tx

STEP = "by hand"
_TEMPLATE = "recovery/reminder"


async def remind_now(db: Database, *, actor: Actor, case: str, pages: Pages, now: datetime) -> Contact:
    """Write to the person of a recovery at once, named by its id or code: at most once a day (UTC), kept as evidence.

    Refused with `ReminderRefused` when nothing is left that the person could hand over, when reminders are off, and
    when they asked for none. The ladder goes on as before.
    """
    async with db.transaction(actor.scope(Right.RECOVERY_WRITE)) as tx:
        found, _ = await recovery_tables.lock_case_by(tx, case)
        facts = await tables.gather(tx, found)
        occasion = now.date().isoformat()
        why = _why_not(found, facts, occasion)
        if why is not None:
            raise ReminderRefused(case=found.code, why=why)
        contact = await _write(tx, found, facts, occasion, pages=pages, now=now)
        tables.add_contact(tx, contact)
        subject = ("recovery_case", found.id)
        history.note(tx, actor.author, subject=subject, action="reminded", at=now, reason=STEP)
    return contact


def _why_not(case: Case, facts: Facts, occasion: str) -> str | None:
    if case.outcome is not None:
        return "nothing is expected any more"
    if case.is_waiting:
        return f"its campaign does not start before {facts.campaign.starts_on.isoformat()}"
    reasons = {
        "they asked for no more reminders": facts.opted_out_at is not None,
        "its reminders are muted": facts.muted_at is not None,
        "they say that they have none of it": facts.is_all_claimed,
        "the carrier has everything already": bool(facts.parcels) and not facts.waiting,
        "they were reminded by hand today already": Taken(STEP, occasion) in facts.taken,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


async def _write(tx: Tx, case: Case, facts: Facts, occasion: str, *, pages: Pages, now: datetime) -> Contact:
    step = Step(name=STEP, anchor=Anchor.CASE_OPENED, offset_days=0, template=_TEMPLATE)
    due = Due(
        step=step,
        occasion=occasion,
        anchor_at=case.opened_at,
        planned_at=now,
        place=place_where(case, facts, Audience.EMPLOYEE),
    )
    reader = Reader(address=case.email, name=f"{case.first_name} {case.last_name}")
    url = await page_url(tx, case=case, at=now, pages=pages)
    message_ids = await notify.decide(
        tx,
        key=f"recovery:{case.id}:{STEP}:{occasion}",
        template=_TEMPLATE,
        to=[reader.address],
        about=("recovery_case", case.id),
        context=letter_for(case, facts, due, reader, page_url=url, now=now),
        at=now,
        reply_to=facts.campaign.helpdesk_email,
        locale=facts.ladder.locale,
    )
    return Contact(
        id=ContactId(new_id()),
        org_id=case.org_id,
        case_id=case.id,
        step=STEP,
        occasion=occasion,
        anchor=Anchor.CASE_OPENED,
        anchor_at=case.opened_at,
        planned_at=now,
        decided_at=now,
        channel=Channel.EMAIL,
        audience=Audience.EMPLOYEE,
        recipient=reader.address,
        template=_TEMPLATE,
        locale=facts.ladder.locale,
        message_ids=tuple(message_ids),
        outcome=ContactOutcome.SENT,
        reason=None,
    )
