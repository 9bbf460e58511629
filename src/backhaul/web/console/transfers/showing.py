"""The page of one transfer: both legs, what was said and paid, and what can be done now."""

from litestar.response.base import ASGIResponse
from markupsafe import Markup

from backhaul.domain.identity import Right
from backhaul.domain.radar import SuggestedAction
from backhaul.domain.shipping.model import Leg
from backhaul.domain.transfers.answers import FullTransfer
from backhaul.domain.transfers.lifecycle import ENDED, MOVES
from backhaul.domain.transfers.model import Action, Status
from backhaul.domain.transfers.operations import is_address_open
from backhaul.kernel.countries import country_name
from backhaul.kernel.money import Money
from backhaul.web.console.declaring import shows
from backhaul.web.console.paths import with_query
from backhaul.web.console.transfers import words
from backhaul.web.console.transfers.filtering import PATH
from backhaul.web.console.transfers.history import lines_of
from backhaul.web.console.transfers.journey import leg_of
from backhaul.web.console.transfers.reading import read_full, title_of
from backhaul.web.console.visiting import Visit

_LINK = Markup('<a href="{0}">{1}</a>')


async def view(visit: Visit) -> ASGIResponse:
    """Show a transfer with everything that belongs to it."""
    full = await read_full(visit)
    device = full.parcel(Leg.DEVICE)
    return visit.page(
        "transfers/transfer.html",
        title=title_of(full),
        full=full,
        transfer=full.transfer,
        legs=[leg_of(full.transfer, parcel) for parcel in full.parcels],
        pickup=None if device is None else device.pickup,
        may_do=_possible(full) if visit.may(Right.TRANSFERS_WRITE) else frozenset(),
        history=lines_of(full.history),
        person_link=_person(visit, full),
        asset_link=_asset(visit, full),
        case_link=_case(visit, full),
        all_of_person=with_query(PATH, person=_email(full)),
        suggestions={action.value: action.sentence for action in SuggestedAction},
        country_name=country_name,
        Money=Money,
        words=words,
    )


def _possible(full: FullTransfer) -> frozenset[str]:
    """Return what can be done with a transfer now: no button that would be refused."""
    transfer, device = full.transfer, full.parcel(Leg.DEVICE)
    is_waiting = transfer.status is Status.PENDING_DEVICE
    has_pickup = (
        device is not None and device.pickup is not None and device.pickup.status in words.LIVE_PICKUPS
    )
    could_cancel = (transfer.status, Action.CANCEL) in MOVES and (not is_waiting or transfer.is_box_waived)
    allowed = {
        "cancel": could_cancel,
        "mute": transfer.status not in ENDED,
        "address": is_address_open(transfer),
        "not_returned": (transfer.status, Action.GIVE_UP) in MOVES,
        "pickup": is_waiting and not has_pickup and device is not None and bool(device.labels),
        "cancel_pickup": has_pickup,
        "carrier": True,
    }
    return frozenset(name for name, is_allowed in allowed.items() if is_allowed)


def _person(visit: Visit, full: FullTransfer) -> Markup | None:
    one = full.person
    if one is None or not visit.may(Right.DIRECTORY_READ):
        return None
    return _LINK.format(f"/people/{one.number}", f"{one.first_name} {one.last_name}")


def _asset(visit: Visit, full: FullTransfer) -> Markup | None:
    one = full.asset
    if one is None or not visit.may(Right.INVENTORY_READ):
        return None
    return _LINK.format(f"/assets/{one.number}", one.tag or one.serial_number)


def _case(visit: Visit, full: FullTransfer) -> Markup | None:
    one = full.case
    if one is None or not visit.may(Right.RECOVERY_READ):
        return None
    return _LINK.format(f"/cases/{one.code}", f"{one.code}, {one.campaign_name}")


def _email(full: FullTransfer) -> str | None:
    return next(iter(full.transfer.employee_address.notification_emails), None)


HANDLERS = [shows(f"{PATH}/{{transfer:str}}", view, right=Right.TRANSFERS_READ)]
