"""The page of one return: what was in it, how it looked, what was said and paid, and what can be done now."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.returns import MAX_MESSAGE_LENGTH, Policy
from backhaul.domain.returns.browsing import ReturnSheet, find_photo, get_return_sheet
from backhaul.domain.returns.lifecycle import MOVES
from backhaul.domain.returns.model import Action
from backhaul.domain.returns.sanitisation import CertificateKey, CertificatePrinter, certify
from backhaul.kernel.money import Money
from backhaul.web.console import answering
from backhaul.web.console.declaring import shows
from backhaul.web.console.returns import words
from backhaul.web.console.returns.contents import certified, sorted_items
from backhaul.web.console.returns.history import lines_of
from backhaul.web.console.returns.listing import PATH
from backhaul.web.console.returns.reading import photo_id, return_number, shown_photo
from backhaul.web.console.visiting import Visit


async def view(visit: Visit) -> ASGIResponse:
    """Show a return with everything that belongs to it."""
    sheet = await get_return_sheet(visit.db, actor=visit.actor, number=return_number(visit))
    policy: Policy = visit.port(Policy)
    return visit.page(
        "returns/return.html",
        title=f"Return {sheet.one.number}",
        sheet=sheet,
        one=sheet.one,
        base=path_of(sheet.one.number),
        items=sorted_items(sheet.items),
        certified=certified(sheet.sanitisations),
        may_do=_possible(sheet) if visit.may(Right.RETURNS_WRITE) else frozenset(),
        history=lines_of(sheet.history, words.ACTIONS),
        verify_fee=Money(policy.verify_fee_minor, policy.currency),
        longest_message=MAX_MESSAGE_LENGTH,
        Money=Money,
        words=words,
    )


def path_of(number: int) -> str:
    """Return the address of a return's page."""
    return f"{PATH}/{number}"


def _possible(sheet: ReturnSheet) -> frozenset[str]:
    """Return what can be done with a return now: no button that would be refused."""
    allowed = {
        "verify": Action.REQUEST_VERIFICATION,
        "reship": Action.TAKE,
        "discard": Action.DISCARD,
    }
    moves = {name for name, action in allowed.items() if (sheet.one.status, action) in MOVES}
    return frozenset({*moves, "message"})


async def photo(visit: Visit) -> ASGIResponse:
    """Show a picture."""
    stored = await find_photo(
        visit.db, actor=visit.actor, number=return_number(visit), photo_id=photo_id(visit)
    )
    return await shown_photo(visit, stored)


async def certificate(visit: Visit) -> ASGIResponse:
    """Show the certificate that a device was sanitised."""
    number = return_number(visit)
    proof = await certify(
        visit.db,
        actor=visit.actor,
        number=number,
        serial_number=visit.asked("serial") or "",
        key=visit.port(CertificateKey),
        printer=visit.port(CertificatePrinter),
    )
    name = f"sanitisation-{number}.pdf"
    return answering.download(proof.page, name=name, media_type="application/pdf", is_shown=True)


HANDLERS = [
    shows(f"{PATH}/{{number:str}}", view, right=Right.RETURNS_READ),
    shows(f"{PATH}/{{number:str}}/photos/{{photo:str}}", photo, right=Right.RETURNS_READ),
    shows(f"{PATH}/{{number:str}}/certificate", certificate, right=Right.RETURNS_READ),
]
