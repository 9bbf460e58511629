"""What is done with one transfer by a single button, and its labels."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.shipping.errors import LabelUnknown
from backhaul.domain.shipping.model import LabelFormat
from backhaul.domain.shipping.queries import find_of_subject, get_label
from backhaul.domain.transfers import operations
from backhaul.web.console import answering, notices
from backhaul.web.console.cursors import code_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.notices import Notice, Undo
from backhaul.web.console.transfers import showing
from backhaul.web.console.transfers.filtering import PATH
from backhaul.web.console.transfers.reading import path_of, transfer_id_of
from backhaul.web.console.visiting import Visit

notices.declare(
    {
        "transfers.none_chosen": "Tick some transfers first, then choose what to do with them.",
        "transfers.placed": "The transfer is placed. Its labels are being bought.",
        "transfers.cancelled": "The transfer is cancelled. Its labels are void and its money is given back.",
        "transfers.muted": Notice("Reminders are off.", Undo(f"{PATH}/{{about}}/unmute")),
        "transfers.unmuted": Notice("Reminders are on.", Undo(f"{PATH}/{{about}}/mute")),
        "transfers.not_returned": "The transfer is closed as not returned. A device that still comes reopens it.",
        "transfers.address_changed": "The address is changed. New labels are being bought.",
        "transfers.pickup_requested": Notice(
            "The pickup is asked for; the carrier confirms it.", Undo(f"{PATH}/{{about}}/pickup/cancel")
        ),
        "transfers.pickup_cancelled": "The pickup is cancelled.",
        "transfers.number_replaced": "The tracking number is kept. The old label is not printed any more.",
        "transfers.scan_recorded": "The scan is written down.",
    }
)
_TYPES = {LabelFormat.PDF: "application/pdf", LabelFormat.ZPL: "text/plain"}


async def cancel(visit: Visit, form: Form) -> ASGIResponse:
    """Cancel the transfer."""
    transfer_id = transfer_id_of(visit)
    await operations.cancel_transfer(
        visit.db, actor=visit.actor, transfer_id=transfer_id, reason=form.optional("reason"), now=visit.now
    )
    return visit.go(path_of(transfer_id), notice="transfers.cancelled")


async def mute(visit: Visit, _: Form) -> ASGIResponse:
    """Switch reminders off."""
    return await _set_reminders(visit, is_muted=True)


async def unmute(visit: Visit, _: Form) -> ASGIResponse:
    """Switch reminders on."""
    return await _set_reminders(visit, is_muted=False)


async def _set_reminders(visit: Visit, *, is_muted: bool) -> ASGIResponse:
    transfer_id = transfer_id_of(visit)
    await operations.mute_reminders(
        visit.db, actor=visit.actor, transfer_id=transfer_id, is_muted=is_muted, now=visit.now
    )
    notice = "transfers.muted" if is_muted else "transfers.unmuted"
    return visit.go(path_of(transfer_id), notice=notice, about=transfer_id)


async def mark_not_returned(visit: Visit, form: Form) -> ASGIResponse:
    """Stop waiting for the device."""
    transfer_id = transfer_id_of(visit)
    await operations.mark_not_returned(
        visit.db, actor=visit.actor, transfer_id=transfer_id, reason=form.optional("reason"), now=visit.now
    )
    return visit.go(path_of(transfer_id), notice="transfers.not_returned")


async def cancel_pickup(visit: Visit, _: Form) -> ASGIResponse:
    """Call the carrier off."""
    transfer_id = transfer_id_of(visit)
    await operations.cancel_pickup(visit.db, actor=visit.actor, transfer_id=transfer_id, now=visit.now)
    return visit.go(path_of(transfer_id), notice="transfers.pickup_cancelled")


async def print_label(visit: Visit) -> ASGIResponse:
    """Show a label to be printed: as PDF in the browser, as ZPL in a file for a label printer."""
    transfer_id, wanted = transfer_id_of(visit), visit.named("label")
    leg, _, kind = wanted.partition(".")
    form = code_or_none(LabelFormat, kind)
    scope = visit.actor.scope(Right.TRANSFERS_READ)
    async with visit.db.read(scope) as reader:
        shipments = await find_of_subject(reader, scope, kind="transfer", subject_id=transfer_id)
        shipment = next((one for one in shipments.values() if one.leg.value == leg), None)
        if form is None or shipment is None:
            raise LabelUnknown(shipment_id=wanted[:64])
        content = await get_label(reader, scope, shipment_id=shipment.id, form=form)
    name = f"{leg}-{str(transfer_id)[-12:]}.{kind}"
    return answering.download(content, name=name, media_type=_TYPES[form], is_shown=form is LabelFormat.PDF)


_WRITE = Right.TRANSFERS_WRITE
_ONE = f"{PATH}/{{transfer:str}}"
HANDLERS = [
    takes(f"{_ONE}/cancel", cancel, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/mute", mute, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/unmute", unmute, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/not-returned", mark_not_returned, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/pickup/cancel", cancel_pickup, right=_WRITE, again=showing.view),
    shows(f"{_ONE}/labels/{{label:str}}", print_label, right=Right.TRANSFERS_READ),
]
