"""What follows from a new case: the person is invited to their page."""

from backhaul.domain.identity.queries import get_organization
from backhaul.domain.ladders import place_of
from backhaul.domain.ladders.calendar import day_where
from backhaul.domain.ladders.tables import policy_of
from backhaul.domain.notify import RecoveryLetter, decide
from backhaul.domain.recovery import tables
from backhaul.domain.recovery.events import CaseOpened
from backhaul.domain.recovery.model import CaseId, Shipping
from backhaul.domain.recovery.person.links import page_url
from backhaul.domain.recovery.person.model import Pages
from backhaul.storage.database import Scope, Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(CaseOpened)
async def invite(tx: Tx, opened: CaseOpened, then: Aftermath) -> None:
    """Write to the person, in the language of the campaign's ladder, what is expected and where their page is.

    Nobody is written to when nothing is expected any more.
    """
    case, items = await tables.lock_case(tx, CaseId(opened.subject_id))
    if case.outcome is not None:
        return
    campaign = await tables.get_campaign(tx, case.campaign_id)
    organization = await get_organization(tx, Scope(tx.org_id))
    policy = await policy_of(tx, campaign.ladder_id)
    today = day_where(then.now, place_of(case.country_code, case.state))
    letter = RecoveryLetter(
        person_name=f"{case.first_name} {case.last_name}",
        organization_name=organization.name,
        campaign_name=campaign.name,
        items=tuple(item.name for item in items if item.outcome is None),
        page_url=await page_url(tx, case=case, at=then.now, pages=then.port(Pages)),
        helpdesk_email=campaign.helpdesk_email,
        deadline_on=campaign.deadline_on,
        is_overdue=campaign.deadline_on is not None and today > campaign.deadline_on,
        has_box=None if case.shipping is Shipping.ASK else case.shipping is Shipping.KIT,
        reference=case.code,
    )
    await decide(
        tx,
        key=f"recovery:invited:{case.id}",
        template="recovery/invited",
        to=[case.email],
        about=("recovery_case", case.id),
        context=letter,
        at=then.now,
        reply_to=campaign.helpdesk_email,
        locale=policy.locale,
    )
