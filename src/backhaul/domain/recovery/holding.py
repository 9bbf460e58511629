"""What a court may ask for: holds on what is marked when somebody is added, and what they forbid."""

from collections.abc import Sequence

from backhaul.domain.holds import KnownSubject, NewHold, require_free
from backhaul.domain.recovery.model import Case, Item, Outcome
from backhaul.storage.database import Tx

# What ends the search for a thing without having it. Whoever returns a thing, or refuses to, lets nothing go.
LETTING_GO = {
    Outcome.KEPT: "kept",
    Outcome.LOST: "given up for lost",
    Outcome.WRITTEN_OFF: "written off",
    Outcome.CANCELLED: "called off",
}


def holds_on(case: Case, items: Sequence[Item]) -> list[NewHold]:
    """Return the hold on what is marked of a new case: each device that is known, else the case with all of it."""
    marked = [item for item in items if item.is_legal_hold]
    if not marked:
        return []
    named = ", ".join(item.name for item in marked)
    has_unknown = any(item.asset_id is None for item in marked)
    held = items if has_unknown else marked
    return [
        NewHold(
            summary=f"Marked in recovery {case.public_number}",
            description=f"Marked for legal hold when {case.email} was added to a campaign: {named}.",
            subjects=tuple(
                KnownSubject(
                    asset_id=item.asset_id,
                    case_number=case.public_number,
                    employee_id=case.employee_id,
                    person_name=f"{case.first_name} {case.last_name}",
                    person_email=case.email,
                )
                for item in held
            ),
        )
    ]


async def require_release(tx: Tx, case: Case, items: Sequence[Item], outcome: Outcome) -> None:
    """Refuse to let go what is held: the case, a device, or whatever somebody on hold was asked for.

    Locks devices, then people, then the case's hold, until the commit; the case itself is locked after this.
    """
    if outcome not in LETTING_GO:
        return
    await require_free(
        tx,
        asset_ids={item.asset_id for item in items if item.asset_id is not None},
        employee_ids=() if case.employee_id is None else {case.employee_id},
        case_numbers=[case.public_number, case.code],
        doing=LETTING_GO[outcome],
    )
