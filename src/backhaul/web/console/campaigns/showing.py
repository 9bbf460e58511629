"""The page of one campaign: how far its people are, and each of them; what can be done with it."""

from litestar.response.base import ASGIResponse

from backhaul.domain import recovery
from backhaul.domain.identity import Right
from backhaul.domain.ladders import BUILT_IN_NAME
from backhaul.domain.recovery import CampaignStatus
from backhaul.domain.recovery.browsing import Stage, get_campaign_sheet
from backhaul.domain.recovery.starting import is_waiting, today_of
from backhaul.kernel.countries import country_name
from backhaul.web.console import notices
from backhaul.web.console.campaigns.listing import PATH
from backhaul.web.console.campaigns.measures import box_text
from backhaul.web.console.cases import listing, words
from backhaul.web.console.cases.filtering import address_of
from backhaul.web.console.cases.history import lines_of
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.visiting import Visit

# The way of a case from left to right, then what left it.
FUNNEL = (
    Stage.UNSENT, Stage.BOX, Stage.PERSON, Stage.RETURNING, Stage.RECEIVED, Stage.STUCK, Stage.ENDED,
)  # fmt: skip

notices.declare(
    {
        "campaigns.created": "The campaign is made. Nobody is in it yet, and nothing is sent: add people next.",
        "campaigns.changed": "The campaign is changed. Reminders follow it from now on.",
        "campaigns.completed": "The campaign is completed. Nobody can be added to it any more.",
        "campaigns.people_added": "The people are added. Their parcels are being ordered.",
        "campaigns.people_wait": "The people are added. Nothing is sent to them before the campaign starts.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show a campaign with its cases."""
    sheet = await get_campaign_sheet(visit.db, actor=visit.actor, number=visit.named("campaign"))
    campaign, progress = sheet.campaign, sheet.progress
    path = path_of(campaign.public_number)
    shown = await listing.listed(visit, path, campaign)
    total = progress.count(*Stage)
    return visit.page(
        "campaigns/campaign.html",
        title=campaign.name,
        sheet=sheet,
        campaign=campaign,
        is_waiting=campaign.status is CampaignStatus.ACTIVE and is_waiting(campaign, visit.now),
        today_there=today_of(campaign, visit.now),
        progress=progress,
        total=total,
        steps=[
            (
                stage,
                words.STAGES[stage],
                progress.count(stage),
                round(100 * progress.count(stage) / total) if total else 0,
                address_of(path, {}, stage=stage.value),
            )
            for stage in FUNNEL
        ],
        steps_received=(Stage.RECEIVED,),
        claimed_path=address_of(path, {}, open="1", claimed="1"),
        uncontacted_path=address_of(path, {}, open="1", contact="none"),
        base=path,
        ladder_name=sheet.ladder_name or BUILT_IN_NAME,
        countries=[(code, country_name(code)) for code in sheet.countries],
        history=lines_of(sheet.changes),
        box_text=box_text,
        country_name=country_name,
        **shown,
    )


async def export(visit: Visit) -> ASGIResponse:
    """Give out the campaign's cases that the filters ask for as a file."""
    found = await recovery.get_campaign(
        visit.db, actor=visit.actor, number=visit.named("campaign"), per_page=0
    )
    return await listing.exported(visit, found.campaign)


async def complete(visit: Visit, _: Form) -> ASGIResponse:
    """Complete the campaign."""
    number = visit.named("campaign")
    await recovery.complete_campaign(visit.db, actor=visit.actor, campaign_number=number, now=visit.now)
    return visit.go(path_of(number), notice="campaigns.completed")


def path_of(number: str) -> str:
    """Return the address of a campaign's page; its number is all digits, or there is no such campaign."""
    return f"{PATH}/{number}"


_ONE = f"{PATH}/{{campaign:str}}"
HANDLERS = [
    shows(_ONE, view, right=Right.RECOVERY_READ),
    shows(f"{_ONE}/export", export, right=Right.RECOVERY_READ),
    takes(f"{_ONE}/complete", complete, right=Right.RECOVERY_WRITE, again=view),
]
