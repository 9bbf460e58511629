"""What a reminder is told. Pure."""

from datetime import datetime

from backhaul.domain.ladders import Anchor
from backhaul.domain.ladders.calendar import day_where
from backhaul.domain.notify import RecoveryLetter
from backhaul.domain.recovery.model import Case
from backhaul.domain.recovery.reminding.deciding import Due
from backhaul.domain.recovery.reminding.model import Facts, ParcelFacts, Reader


def letter_for(
    case: Case, facts: Facts, due: Due, reader: Reader, *, page_url: str | None, now: datetime
) -> RecoveryLetter:
    """Return what the letter of a step says about a case."""
    campaign, parcel = facts.campaign, _parcel_of(facts, due)
    return RecoveryLetter(
        person_name=f"{case.first_name} {case.last_name}",
        organization_name=facts.organization_name,
        campaign_name=campaign.name,
        items=facts.items,
        page_url=page_url,
        helpdesk_email=campaign.helpdesk_email,
        deadline_on=campaign.deadline_on,
        level=due.step.level,
        days=_days_since(due, now=now),
        has_box=any(not one.is_box_waived and one.ready_at is not None for one in facts.parcels),
        reminder_count=facts.reminder_count,
        carrier=None if parcel is None else parcel.carrier,
        tracking_number=None if parcel is None else parcel.tracking_number,
        tracking_url=None if parcel is None else parcel.tracking_url,
        reader_name=reader.name,
        audience=due.step.audience.value,
        reference=case.code,
    )


def _days_since(due: Due, *, now: datetime) -> int | None:
    if due.step.anchor is Anchor.DEADLINE:
        return None
    return (day_where(now, due.place) - day_where(due.anchor_at, due.place)).days


def _parcel_of(facts: Facts, due: Due) -> ParcelFacts | None:
    """Return the parcel a letter is about: the silent one, else the first that should be handed over."""
    if due.step.anchor is Anchor.NO_SCAN:
        silent = (one for one in facts.parcels if due.anchor_at in (one.last_scan_at, one.shipped_at))
        return next(silent, None)
    return next(iter(facts.waiting), None)
