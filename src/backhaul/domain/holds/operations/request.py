"""Ask for the release of a hold."""

from datetime import datetime

from backhaul.domain.holds import tables
from backhaul.domain.holds.errors import HoldUnknown, NothingHeld
from backhaul.domain.holds.events import ReleaseRequested
from backhaul.domain.holds.model import Release
from backhaul.domain.holds.spelling import check_texts, person_of
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def request_release(
    db: Database,
    *,
    actor: Actor,
    summary: str,
    description: str,
    now: datetime,
    hold: int | None = None,
    subject: int | None = None,
    serial_number: str | None = None,
) -> tuple[Release, bool]:
    """Ask that a hold be released, or that of one of its devices; it goes on until another person approves.

    The hold is named by its number, or by a subject's number: that of a device with its serial number, that of a person
    or a case alone, which is then what is to be released. Returns the request and whether it is new: what was asked for
    before and is not approved yet is not asked for twice.
    """
    scope = actor.scope(Right.HOLDS_WRITE)
    problems = check_texts(summary, description)
    if problems:
        raise InvalidInput(problems)
    async with db.transaction(scope) as tx:
        locked = await tables.lock_hold(tx, hold=hold, subject=subject, serial_number=serial_number)
        named = await tables.named_subjects(tx, locked.id, subject=subject, serial_number=serial_number)
        if not named:
            raise HoldUnknown
        if subject is not None and serial_number is None and named[0].serial_number is not None:
            raise InvalidInput([FieldProblem("serial_number", "missing", "can't be blank")])
        held = [one for one in named if not one.is_released]
        if not held:
            raise NothingHeld(hold=locked.ticket)
        new = [one for one in held if one.release is None]
        earlier = held[0].release
        if not new and earlier is not None:
            return earlier, False
        release = await tables.request(
            tx, locked, [one.id for one in new], summary=summary.strip(), description=description.strip(),
            person=person_of(actor), at=now,
        )  # fmt: skip
        history.note(
            tx, actor.author, subject=("hold", locked.id), action="release_requested", at=now, after=release
        )
        outbox.record(tx, ReleaseRequested(subject_id=locked.id, release_id=release.id), at=now)
    return release, True
