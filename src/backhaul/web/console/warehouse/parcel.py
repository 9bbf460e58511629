"""The page of one parcel on the warehouse's table: whose it is, what is in it, how that looks, what was said."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.returns import MAX_MESSAGE_LENGTH, Policy, Status
from backhaul.domain.returns.browsing import (
    BenchSheet,
    ReturnSheet,
    count_queues,
    find_photo_on_table,
    get_bench_sheet,
    list_customers,
)
from backhaul.domain.returns.model import MAX_RMA_LENGTH, MAX_WEIGHT_GRAMS
from backhaul.domain.returns.sanitisation import CertificateKey, CertificatePrinter
from backhaul.domain.returns.sanitisation.proving import certify_on_table
from backhaul.kernel.money import Money
from backhaul.web.console import answering
from backhaul.web.console.declaring import shows
from backhaul.web.console.returns import words
from backhaul.web.console.returns.contents import awaited, certified, counted, sorted_items
from backhaul.web.console.returns.history import lines_of
from backhaul.web.console.returns.reading import photo_id, return_number, shown_photo
from backhaul.web.console.visiting import Visit
from backhaul.web.console.warehouse.queues import PATH, Queue, tabs_of

_QUEUES = {Status.RECEIVED: Queue.OPEN, Status.VERIFYING: Queue.VERIFY}


async def view(visit: Visit) -> ASGIResponse:
    """Show a parcel; one that nobody knows yet with the customers it may belong to."""
    number = return_number(visit)
    bench = await get_bench_sheet(visit.db, actor=visit.actor, number=number)
    if bench.sheet is None:
        return await _unidentified(visit, bench)
    sheet = bench.sheet
    counts = await count_queues(visit.db, actor=visit.actor)
    policy: Policy = visit.port(Policy)
    return visit.page(
        "warehouse/parcel.html",
        title=f"Parcel {number}",
        tabs_shown=_marked(tabs_of(counts, _QUEUES.get(sheet.one.status)), sheet.one.status),
        sheet=sheet,
        one=sheet.one,
        base=path_of(number),
        items=sorted_items(sheet.items),
        counts=counted(sheet.items),
        awaited=awaited(sheet.expected, sheet.items),
        certified=certified(sheet.sanitisations),
        may_do=_possible(sheet, policy),
        history=lines_of(sheet.history, words.ACTIONS),
        policy=policy,
        process_fee=Money(policy.process_fee_minor, policy.currency),
        longest_message=MAX_MESSAGE_LENGTH,
        longest_rma=MAX_RMA_LENGTH,
        heaviest=MAX_WEIGHT_GRAMS,
        words=words,
    )


async def _unidentified(visit: Visit, bench: BenchSheet) -> ASGIResponse:
    text = visit.asked("customer")
    customers = await list_customers(visit.db, actor=visit.actor, text=text or "")
    return visit.page(
        "warehouse/unidentified.html",
        title=f"Parcel {bench.intake.number}",
        intake=bench.intake,
        base=path_of(bench.intake.number),
        text=text,
        customers=customers,
        whose=[(str(one.id), f"{one.name} ({one.slug})") for one in customers],
        longest_rma=MAX_RMA_LENGTH,
    )


def path_of(number: int) -> str:
    """Return the address of a parcel's page."""
    return f"{PATH}/parcels/{number}"


def _marked(tabs: list[tuple[str, str, bool]], status: Status) -> list[tuple[str, str, bool]]:
    """Return the tabs; a parcel that waits in no queue marks none of them."""
    return tabs if status in _QUEUES else [(label, href, False) for label, href, _ in tabs]


def _possible(sheet: ReturnSheet, policy: Policy) -> frozenset[str]:
    """Return what can be done with a parcel now: no button that would be refused."""
    status = sheet.one.status
    allowed = {
        "open": status is Status.RECEIVED,
        "drop": status is Status.RECEIVED
        and not (sheet.items or sheet.photos or sheet.messages or sheet.sanitisations or sheet.fees),
        "verify": status is Status.VERIFYING,
        "look": status not in {Status.RESHIPPED, Status.DISCARDED},
        "write": status is not Status.DISCARDED,
        "photograph": status is not Status.DISCARDED and len(sheet.photos) < policy.max_photos,
    }
    return frozenset(name for name, is_allowed in allowed.items() if is_allowed)


async def photo(visit: Visit) -> ASGIResponse:
    """Show a picture."""
    stored = await find_photo_on_table(
        visit.db, actor=visit.actor, number=return_number(visit), photo_id=photo_id(visit)
    )
    return await shown_photo(visit, stored)


async def certificate(visit: Visit) -> ASGIResponse:
    """Show the certificate that a device was sanitised, as its owner gets it."""
    number = return_number(visit)
    proof = await certify_on_table(
        visit.db,
        actor=visit.actor,
        number=number,
        serial_number=visit.asked("serial") or "",
        key=visit.port(CertificateKey),
        printer=visit.port(CertificatePrinter),
    )
    name = f"sanitisation-{number}.pdf"
    return answering.download(proof.page, name=name, media_type="application/pdf", is_shown=True)


_ONE = f"{PATH}/parcels/{{number:str}}"
HANDLERS = [
    shows(_ONE, view, right=Right.WAREHOUSE_OPERATE),
    shows(f"{_ONE}/photos/{{photo:str}}", photo, right=Right.WAREHOUSE_OPERATE),
    shows(f"{_ONE}/certificate", certificate, right=Right.WAREHOUSE_OPERATE),
]
