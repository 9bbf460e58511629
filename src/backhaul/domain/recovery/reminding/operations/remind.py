"""Take the due steps of one case."""

from datetime import datetime

from backhaul.domain import notify
from backhaul.domain.ladders import Audience
from backhaul.domain.recovery.model import Case, CaseId
from backhaul.domain.recovery.person.links import page_url
from backhaul.domain.recovery.person.model import Pages
from backhaul.domain.recovery.reminding import tables
from backhaul.domain.recovery.reminding.deciding import Decided, decide
from backhaul.domain.recovery.reminding.letters import letter_for
from backhaul.domain.recovery.reminding.model import (
    Contact,
    ContactId,
    ContactOutcome,
    Facts,
    Reader,
    Skip,
)
from backhaul.domain.recovery.reminding.readers import reader_of, region_of
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database, Scope, Tx


async def remind(db: Database, *, scope: Scope, case_id: CaseId, pages: Pages, now: datetime) -> None:
    """Take every step of a case that is due, and plan the next look. Safe to run twice: a step is taken once.

    Message, contact and plan are one transaction: whoever is killed in it has written to nobody.
    """
    async with db.transaction(scope) as tx:
        case = await tables.lock(tx, case_id)
        facts = await tables.gather(tx, case)
        if facts.next_at is None or facts.next_at > now:
            return
        decision = decide(case, facts, now=now)
        for decided in decision.steps:
            await _take(tx, case, facts, decided, pages=pages, now=now)
        tables.plan(tx, case_id, facts, next_at=decision.next_at, now=now)


async def _take(tx: Tx, case: Case, facts: Facts, decided: Decided, *, pages: Pages, now: datetime) -> None:
    step = decided.due.step
    reader = decided.skip or reader_of(case, facts, step.audience, step.channel)
    message_ids: list[notify.MessageId] = []
    if isinstance(reader, Reader):
        message_ids = await _write(tx, case, facts, decided, reader, pages=pages, now=now)
    skip = reader if isinstance(reader, Skip) else None
    contact = Contact(
        id=ContactId(new_id()),
        org_id=case.org_id,
        case_id=case.id,
        step=step.name,
        occasion=decided.due.occasion,
        anchor=step.anchor,
        anchor_at=decided.due.anchor_at,
        planned_at=decided.due.planned_at,
        decided_at=now,
        channel=step.channel,
        audience=step.audience,
        recipient=reader.address if isinstance(reader, Reader) else None,
        template=step.template,
        locale=step.locale or facts.ladder.locale,
        message_ids=tuple(message_ids),
        outcome=ContactOutcome.SENT if skip is None else ContactOutcome.SKIPPED,
        reason=skip,
    )
    tables.add_contact(tx, contact)
    action = "reminded" if skip is None else "reminder_passed_over"
    history.note(
        tx,
        history.SYSTEM,
        subject=("recovery_case", case.id),
        action=action,
        at=now,
        reason=step.name if skip is None else f"{step.name}: {skip.value}",
    )


async def _write(
    tx: Tx, case: Case, facts: Facts, decided: Decided, reader: Reader, *, pages: Pages, now: datetime
) -> list[notify.MessageId]:
    due, step = decided.due, decided.due.step
    url = await page_url(tx, case=case, at=now, pages=pages) if step.audience is Audience.EMPLOYEE else None
    return await notify.decide(
        tx,
        key=f"recovery:{case.id}:{step.name}:{due.occasion}",
        template=step.template,
        to=[reader.address],
        about=("recovery_case", case.id),
        context=letter_for(case, facts, due, reader, page_url=url, now=now),
        at=now,
        reply_to=facts.campaign.helpdesk_email,
        locale=step.locale or facts.ladder.locale,
        channel=notify.Channel(step.channel.value),
        region=region_of(case, facts, step.audience),
    )
