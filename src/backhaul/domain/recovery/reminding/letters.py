"""What a reminder is told. Pure."""

from datetime import datetime

from backhaul.domain.ladders import Anchor, Audience
from backhaul.domain.ladders.calendar import day_where
from backhaul.domain.notify import RecoveryLetter
from backhaul.domain.recovery.model import Case
from backhaul.domain.recovery.reminding.deciding import Due, anchors_of
from backhaul.domain.recovery.reminding.model import Facts, ParcelFacts, Reader


def letter_for(
    case: Case, facts: Facts, due: Due, reader: Reader, *, page_url: str | None, now: datetime
) -> RecoveryLetter:
    """Return what the letter of a step says about a case."""
    campaign, parcel = facts.campaign, _parcel_of(facts, due)
    has_box = any(
        one.is_expected and not one.is_box_waived and one.ready_at is not None for one in facts.parcels
    )
    return RecoveryLetter(
        person_name=f"{case.first_name} {case.last_name}",
        organization_name=facts.organization_name,
        campaign_name=campaign.name,
        items=_items_for(facts, due.step.audience),
        page_url=page_url,
        helpdesk_email=campaign.helpdesk_email,
        deadline_on=campaign.deadline_on,
        is_overdue=campaign.deadline_on is not None and day_where(now, due.place) > campaign.deadline_on,
        level=due.step.level,
        days=_days_since(due, case, facts, has_box=has_box, now=now),
        has_box=has_box,
        reminder_count=facts.reminder_count,
        carrier=None if parcel is None else parcel.carrier,
        tracking_number=None if parcel is None else parcel.tracking_number,
        tracking_url=None if parcel is None else parcel.tracking_url,
        reader_name=reader.name,
        audience=due.step.audience.value,
        reference=case.code,
    )


def _items_for(facts: Facts, audience: Audience) -> tuple[str, ...]:
    """Return what is still expected; to the person, without what they said they do not have."""
    theirs = [item for item in facts.items if not item.is_claimed]
    asked = theirs if audience is Audience.EMPLOYEE and theirs else facts.items
    return tuple(item.name for item in asked)


def _days_since(due: Due, case: Case, facts: Facts, *, has_box: bool, now: datetime) -> int | None:
    """Return the days since what the letter speaks of, which is not always what its step is counted from.

    A reminder says since when the box is there, or since when somebody was asked; an escalation, the latter.
    """
    since = due.anchor_at
    if due.step.template == "recovery/reminder" and has_box:
        box_at = anchors_of(case, facts).get(Anchor.BOX_DELIVERED)
        assert isinstance(box_at, datetime)
        since = box_at
    elif due.step.anchor is not Anchor.NO_SCAN:
        since = case.opened_at
    return (day_where(now, due.place) - day_where(since, due.place)).days


def _parcel_of(facts: Facts, due: Due) -> ParcelFacts | None:
    """Return the parcel a letter is about: the silent one, else the first that should be handed over."""
    if due.step.anchor is Anchor.NO_SCAN:
        silent = (one for one in facts.parcels if due.anchor_at in (one.last_scan_at, one.shipped_at))
        return next(silent, None)
    return next(iter(facts.waiting), None)
