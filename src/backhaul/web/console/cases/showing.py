"""The page of one case: what is expected, where it is, what was said and done about it, and what can be done now."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.recovery.browsing import CaseSheet, get_case_sheet
from backhaul.domain.recovery.contacting.statements import MOST_SHOWN
from backhaul.domain.recovery.lifecycle import BACK, MOVES
from backhaul.domain.recovery.model import Item, Outcome, Shipping
from backhaul.domain.recovery.person import CAME_TO_NOTHING
from backhaul.domain.recovery.person.model import BEHIND_THEM, PersonParcel
from backhaul.domain.transfers.model import Status, TransferId
from backhaul.kernel.countries import country_name
from backhaul.web.console.cases import words
from backhaul.web.console.cases.filtering import PATH
from backhaul.web.console.cases.history import lines_of
from backhaul.web.console.countries import COUNTRIES
from backhaul.web.console.declaring import shows
from backhaul.web.console.returns import words as return_words
from backhaul.web.console.settings.ladders import words as ladder_words
from backhaul.web.console.transfers import words as transfer_words
from backhaul.web.console.visiting import Visit


async def view(visit: Visit) -> ASGIResponse:
    """Show a case."""
    return await page_of(visit)


async def page_of(visit: Visit, *, link: str | None = None) -> ASGIResponse:
    """Return the page of a case; `link` is one to the person's page that was just made, and is shown this once."""
    sheet = await get_case_sheet(visit.db, actor=visit.actor, ref=visit.named("case"), now=visit.now)
    case = sheet.found.detail.case
    return visit.page(
        "cases/case.html",
        title=f"{case.first_name} {case.last_name}",
        sheet=sheet,
        case=case,
        campaign=sheet.found.campaign,
        items=sheet.found.detail.items,
        employee_number=sheet.found.detail.employee_number,
        asset_of={asset.item_id: asset for asset in sheet.assets},
        claim_of={claim.item_id: claim for claim in sheet.claims if claim.withdrawn_at is None},
        most_contacts=MOST_SHOWN,
        outcomes_of={item.position: _outcomes(item) for item in sheet.found.detail.items},
        may_do=_possible(sheet) if visit.may(Right.RECOVERY_WRITE) else frozenset(),
        pickup_ready=[parcel.position for parcel in sheet.parcels if _takes_pickup(parcel)],
        sendable=_sendable(sheet) if visit.may(Right.RECOVERY_WRITE) else frozenset(),
        needless=_needless(sheet),
        close_outcomes=[(one.value, words.OUTCOMES[one]) for one in Outcome],
        history=lines_of(sheet.changes),
        link=link,
        today=visit.now.astimezone(visit.zone).date(),
        country_name=country_name,
        countries=COUNTRIES,
        words=words,
        ladder_words=ladder_words,
        return_words=return_words,
        is_back=[item.position for item in sheet.found.detail.items if item.outcome in BACK],
        transfer_words=transfer_words,
    )


def _outcomes(item: Item) -> list[tuple[str, str]]:
    """Return what may become of an item now."""
    allowed = MOVES[item.outcome]
    return [(one.value, words.OUTCOMES[one]) for one in Outcome if one in allowed]


def _possible(sheet: CaseSheet) -> frozenset[str]:
    """Return what can be done with a case now: no button that would be refused."""
    case, detail = sheet.found.detail.case, sheet.found.detail
    is_open = case.outcome is None
    gone = {claim.item_id for claim in sheet.claims if claim.withdrawn_at is None}
    expected = [item for item in detail.items if item.outcome is None and item.id not in gone]
    allowed = {
        "send": case.shipping is Shipping.ASK and bool(expected) and not case.is_waiting,
        "address": is_open and all(_is_address_open(parcel) for parcel in _latest(sheet)),
        "remind": is_open
        and not case.is_waiting
        and sheet.muted_at is None
        and sheet.opted_out_at is None
        and bool(expected),
        "mute": is_open,
        "close": is_open,
        "settle": any(MOVES[item.outcome] for item in detail.items),
        "diagnose": case.diagnosed_at is None and not is_open,
        "link": not case.is_waiting,
        "revoke": sheet.live_link_count > 0,
    }
    return frozenset(name for name, is_allowed in allowed.items() if is_allowed)


def _sendable(sheet: CaseSheet) -> frozenset[TransferId]:
    """Return which parcels can be sent again, by their transfer: the last of a place where something is expected."""
    gone = {claim.item_id for claim in sheet.claims if claim.withdrawn_at is None}
    expected = {
        item.parcel for item in sheet.found.detail.items if item.outcome is None and item.id not in gone
    }
    return frozenset(
        parcel.transfer_id
        for parcel in _latest(sheet)
        if parcel.position in expected and parcel.status in CAME_TO_NOTHING
    )


def _needless(sheet: CaseSheet) -> frozenset[TransferId]:
    """Return what was sent again, cannot be called off any more, and has nothing in it that is expected."""
    expected = {item.parcel for item in sheet.found.detail.items if item.outcome is None}
    return frozenset(
        parcel.transfer_id
        for parcel in _latest(sheet)
        if parcel.attempt > 1
        and not parcel.is_box_waived
        and parcel.position not in expected
        and parcel.status in {Status.BOX_IN_TRANSIT, Status.PENDING_DEVICE}
    )


def _latest(sheet: CaseSheet) -> list[PersonParcel]:
    """Return what was sent last in each place."""
    return list({parcel.position: parcel for parcel in sheet.parcels}.values())


def _is_address_open(parcel: PersonParcel) -> bool:
    """Tell whether a parcel lets the address be corrected: nothing that cannot be made anew goes to the old one."""
    return parcel.status in CAME_TO_NOTHING | BEHIND_THEM or parcel.is_address_open


def _takes_pickup(parcel: PersonParcel) -> bool:
    """Tell whether a carrier can be asked to collect a parcel."""
    return parcel.status is Status.PENDING_DEVICE and parcel.pickup is None and parcel.is_printable


HANDLERS = [shows(f"{PATH}/{{case:str}}", view, right=Right.RECOVERY_READ)]
