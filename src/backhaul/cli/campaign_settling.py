"""backhaul campaign settle: what became of items; and how they are printed, with what a warehouse found."""

from collections.abc import Sequence
from typing import Annotated

import typer

from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain import recovery
from backhaul.domain.recovery import CaseDetail, Outcome
from backhaul.domain.recovery.inspecting import FoundLine, list_found

Recovery = Annotated[str, typer.Argument(help="The recovery id or recovery code.")]


def add_to(app: typer.Typer) -> None:
    """Add this command to those of campaigns."""
    app.command("settle")(settle)


def settle(
    org: Org,
    case: Recovery,
    outcome: Outcome,
    item: Annotated[int | None, typer.Option("--item", help="By default all that is expected.")] = None,
    reason: Annotated[str | None, typer.Option("--reason")] = None,
    outstanding: Annotated[
        str | None, typer.Option("--outstanding", help="What is missing of a thing partly returned.")
    ] = None,
    evidence: Annotated[
        list[str] | None, typer.Option("--evidence", help="What proves it: NAME=TEXT.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Say what became of an item, or of everything that is still expected of somebody.

    When nothing is expected any more, what was returned is corrected, with a reason.
    """
    proofs = dict(text.partition("=")[::2] for text in evidence or [])

    async def work(session: Session) -> None:
        actor, now = await session.operator_in(org), session.clock.now()
        if item is None:
            await recovery.close_case(
                session.db,
                actor=actor,
                case=case,
                outcome=outcome,
                now=now,
                reason=reason,
                outstanding=outstanding,
                evidence=proofs,
                may_correct=True,
            )
        else:
            await recovery.close_item(
                session.db,
                actor=actor,
                case=case,
                position=item,
                outcome=outcome,
                now=now,
                reason=reason,
                outstanding=outstanding,
                evidence=proofs,
            )
        detail = (await recovery.get_case(session.db, actor=actor, ref=case)).detail
        print_items(detail, await list_found(session.db, actor=actor, case_id=detail.case.id))

    run(data_dir, work)


def print_items(detail: CaseDetail, found: Sequence[FoundLine] = ()) -> None:
    """Print a line for each item, and for each thing that a warehouse noted in the parcels."""
    for item in detail.items:
        outcome = "expected" if item.outcome is None else item.outcome.value.replace("_", " ")
        more = ""
        if item.ending is not None:
            said = (item.ending.outstanding and f"outstanding: {item.ending.outstanding}", item.ending.reason)
            more = "".join(f"; {text}" for text in said if text)
        print(f"item {item.position}, parcel {item.parcel}: {item.name}, {outcome}{more}")
    for line in found:
        charger = {None: "", True: ", with charger", False: ", no charger"}[line.has_charger]
        verdict = line.verdict.value.replace("_", " ")
        print(f"return {line.return_number}: {line.serial_number}, {verdict}{charger}")
