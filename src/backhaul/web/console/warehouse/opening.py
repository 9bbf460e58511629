"""What is done with a parcel on the table: identified, opened, looked at, photographed, verified, written about."""

from uuid import UUID

from litestar.response.base import ASGIResponse

from backhaul.domain import returns
from backhaul.domain.identity import Right
from backhaul.domain.returns import Checklist, Grade, Verdict
from backhaul.domain.returns.errors import PhotoRefused, PhotosFull
from backhaul.kernel.errors import DomainError, FieldProblem, InvalidInput, Kind
from backhaul.kernel.ids import OrgId
from backhaul.web.console import notices
from backhaul.web.console.cursors import code_or_none, number_or_none
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.notices import Notice
from backhaul.web.console.returns.reading import return_number
from backhaul.web.console.visiting import Visit
from backhaul.web.console.warehouse import parcel
from backhaul.web.console.warehouse.parcel import path_of
from backhaul.web.console.warehouse.queues import PATH

MAX_UPLOAD_BYTES = 100_000_000  # a handful of a telephone's pictures at once
MOST_FILES = 20
_SCANNED: dict[Verdict, str] = {
    verdict: f"warehouse.scanned_{verdict.value}" for verdict in Verdict if verdict is not Verdict.MISSING
}
_SAID = {"yes": True, "no": False}

notices.declare(
    {
        "warehouse.identified": "The parcel belongs to that customer now. Open it, and scan what is in it.",
        _SCANNED[Verdict.MATCHED]: "Matched: the device was expected in this parcel.",
        _SCANNED[Verdict.UNEXPECTED]: Notice("Unexpected: nobody announced this device.", is_warning=True),
        _SCANNED[Verdict.WRONG_PERSON]: Notice(
            "Somebody else’s: another person has it, or it is awaited in another parcel.", is_warning=True
        ),
        _SCANNED[Verdict.DUPLICATE]: Notice(
            "Scanned twice: the device is on the list already.", is_warning=True
        ),
        "warehouse.taken_back": "The scan is taken back. The device is with whoever had it before.",
        "warehouse.dropped": "The parcel is dropped. Its number can be received again.",
        "warehouse.checked": "What was looked at is written down.",
        "warehouse.processed": "The parcel is processed. Its owner sees it now.",
        "warehouse.photographed": "The pictures are kept.",
        "warehouse.message_added": "The message is with the owner.",
        "warehouse.verified": "The return is verified. Its owner sees it now.",
    }
)


class PicturesRefused(DomainError):
    """Some of several pictures were refused; the others are kept."""

    code = "console.pictures_refused"
    kind = Kind.INVALID
    message = "{kept} of the pictures were kept. Refused: {refused}."


async def identify(visit: Visit, form: Form) -> ASGIResponse:
    """Say whose the parcel is."""
    number = return_number(visit)
    try:
        owner_id = OrgId(UUID(form["owner"]))
    except ValueError:
        raise InvalidInput([FieldProblem("owner", "required", "choose a customer")]) from None
    await returns.identify_intake(
        visit.db,
        actor=visit.actor,
        number=number,
        owner_org_id=owner_id,
        rma_number=form.optional("rma_number"),
        now=visit.now,
    )
    return visit.go(path_of(number), notice="warehouse.identified")


async def scan(visit: Visit, form: Form) -> ASGIResponse:
    """Note a device that lies in the parcel, and say what it is next to what was expected."""
    number = return_number(visit)
    item = await returns.scan_device(
        visit.db, actor=visit.actor, number=number, serial_number=form["serial_number"], now=visit.now
    )
    return visit.go(path_of(number), notice=_SCANNED[item.verdict])


async def take_back(visit: Visit, form: Form) -> ASGIResponse:
    """Take back the scan of a device that is not in the parcel."""
    number = return_number(visit)
    await returns.take_back_scan(
        visit.db, actor=visit.actor, number=number, serial_number=form["wrong_serial"], now=visit.now
    )
    return visit.go(f"{path_of(number)}#contents", notice="warehouse.taken_back")


async def drop(visit: Visit, _: Form) -> ASGIResponse:
    """Drop a parcel that was received by mistake."""
    await returns.drop_parcel(visit.db, actor=visit.actor, number=return_number(visit), now=visit.now)
    return visit.go(PATH, notice="warehouse.dropped")


async def check(visit: Visit, form: Form) -> ASGIResponse:
    """Write down what was looked at on a device."""
    number = return_number(visit)
    seen = Checklist(
        has_charger=_SAID.get(form["has_charger"]),
        is_powering_on=_SAID.get(form["is_powering_on"]),
        is_lock_removed=_SAID.get(form["is_lock_removed"]),
        grade=code_or_none(Grade, form["grade"]),
    )
    await returns.check_device(
        visit.db,
        actor=visit.actor,
        number=number,
        serial_number=form["checked_serial"],
        seen=seen,
        now=visit.now,
    )
    return visit.go(f"{path_of(number)}#contents", notice="warehouse.checked")


async def process(visit: Visit, form: Form) -> ASGIResponse:
    """End the opening of the parcel."""
    number = return_number(visit)
    await returns.process_return(
        visit.db,
        actor=visit.actor,
        number=number,
        weight_grams=number_or_none(form["weight_grams"]) or 0,
        rma_number=form.optional("rma_number"),
        policy=visit.port(returns.Policy),
        now=visit.now,
    )
    return visit.go(path_of(number), notice="warehouse.processed")


async def photograph(visit: Visit, form: Form) -> ASGIResponse:
    """Keep pictures of the parcel; what is refused among them keeps no other from being kept."""
    number, files = return_number(visit), form.files("photos")
    if not 1 <= len(files) <= MOST_FILES:
        text = f"choose 1 to {MOST_FILES} pictures"
        raise InvalidInput([FieldProblem("photos", "returns.photo_count", text)])
    refused = []
    for at, file in enumerate(files, 1):
        try:
            await returns.add_photo(
                visit.db,
                visit.port(returns.Files),
                actor=visit.actor,
                number=number,
                content=await file.read(),
                policy=visit.port(returns.Policy),
                now=visit.now,
            )
        except (PhotoRefused, PhotosFull) as refusal:
            refused.append(f"picture {at}, {refusal.text.rstrip('.')}")
    if refused:
        raise PicturesRefused(kept=len(files) - len(refused), refused="; ".join(refused))
    return visit.go(f"{path_of(number)}#pictures", notice="warehouse.photographed")


async def write(visit: Visit, form: Form) -> ASGIResponse:
    """Write to the parcel's owner."""
    number = return_number(visit)
    await returns.add_operator_message(
        visit.db, actor=visit.actor, number=number, body=form["body"], now=visit.now
    )
    return visit.go(f"{path_of(number)}#messages", notice="warehouse.message_added")


async def verify(visit: Visit, _: Form) -> ASGIResponse:
    """Note that the closer look was taken that was asked for."""
    number = return_number(visit)
    await returns.verify_return(visit.db, actor=visit.actor, number=number, now=visit.now)
    return visit.go(path_of(number), notice="warehouse.verified")


_ONE = f"{PATH}/parcels/{{number:str}}"
HANDLERS = [
    takes(f"{_ONE}/identify", identify, right=Right.WAREHOUSE_OPERATE, again=parcel.view),
    takes(f"{_ONE}/scan", scan, right=Right.WAREHOUSE_OPERATE, again=parcel.view),
    takes(f"{_ONE}/take-back", take_back, right=Right.WAREHOUSE_OPERATE, again=parcel.view),
    takes(f"{_ONE}/drop", drop, right=Right.WAREHOUSE_OPERATE, again=parcel.view),
    takes(f"{_ONE}/check", check, right=Right.WAREHOUSE_OPERATE, again=parcel.view),
    takes(f"{_ONE}/process", process, right=Right.WAREHOUSE_OPERATE, again=parcel.view),
    takes(
        f"{_ONE}/photos",
        photograph,
        right=Right.WAREHOUSE_OPERATE,
        again=parcel.view,
        max_bytes=MAX_UPLOAD_BYTES,
    ),
    takes(f"{_ONE}/messages", write, right=Right.WAREHOUSE_OPERATE, again=parcel.view),
    takes(f"{_ONE}/verify", verify, right=Right.WAREHOUSE_OPERATE, again=parcel.view),
]
