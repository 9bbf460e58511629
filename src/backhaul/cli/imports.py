"""backhaul import …"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, BinaryIO, Self

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.bulk.errors import FileUnreadable, RowsRefused
from backhaul.domain.bulk.model import Batch, Kind, Review, RowProblem, Standing, Status, Verdict
from backhaul.domain.bulk.operations import apply_batch, find_begun, open_batch, review_file, undo_batch
from backhaul.domain.bulk.queries import get_batch, get_standing, list_batches
from backhaul.domain.bulk.reading import Source, open_source
from backhaul.domain.identity import Actor

app = typer.Typer(no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="A CSV or XLSX file.", exists=True, dir_okay=False)]
Apply = Annotated[bool, typer.Option("--apply", help="Write it. Without this, nothing is changed.")]
Skip = Annotated[
    bool, typer.Option("--skip-errors", help="Leave rows with errors out, and write the others.")
]
Delimiter = Annotated[
    str | None, typer.Option(help="Of a CSV file; found out by default. `tab` for a tab.", show_default=False)
]
Number = Annotated[int, typer.Argument(help="The import's number.")]


@app.command()
def assets(
    file: File,
    org: Org,
    apply: Apply = False,
    skip_errors: Skip = False,
    delimiter: Delimiter = None,
    data_dir: DataDir = None,
) -> None:
    """Import devices by their serial numbers. A dry run unless --apply."""
    _import(Kind.ASSETS, file, org, apply, skip_errors, delimiter, data_dir)


@app.command()
def employees(
    file: File,
    org: Org,
    apply: Apply = False,
    skip_errors: Skip = False,
    delimiter: Delimiter = None,
    data_dir: DataDir = None,
) -> None:
    """Import people by their e-mail addresses. A dry run unless --apply."""
    _import(Kind.EMPLOYEES, file, org, apply, skip_errors, delimiter, data_dir)


def _import(
    kind: Kind,
    file: Path,
    org: str,
    applies: bool,
    skips_errors: bool,
    delimiter: str | None,
    data_dir: Path | None,
) -> None:
    async def work(session: Session) -> bool:
        actor = await session.operator_in(org)
        with _opened(file) as opened:
            source = _open(opened, file, delimiter)
            if not applies:
                review = await _review(session, actor, kind, source)
                return not review.refused
            begun = await find_begun(session.db, actor=actor, kind=kind, source=source)
            if begun is None:
                is_clean, begun = await _check(session, actor, kind, source, skips_errors)
                if begun is None:
                    return is_clean
            else:
                print(f"Import {begun.number} of this file was begun already; it goes on.")
            return await _apply(session, actor, begun) and not begun.refused_count

    if not run(data_dir, work):
        sys.exit(1)


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise FileUnreadable(reason=error.strerror) from error


def _open(opened: BinaryIO, file: Path, delimiter: str | None) -> Source:
    return open_source(opened, name=file.name, delimiter="\t" if delimiter == "tab" else delimiter)


async def _review(session: Session, actor: Actor, kind: Kind, source: Source) -> Review:
    with _Bar("Checking", None) as bar:
        review = await review_file(
            session.db, actor=actor, kind=kind, source=source, report=_Problems(), progress=bar.show
        )
    _show_review(review)
    print("Nothing was changed. Repeat it with --apply to write it.")
    return review


async def _check(
    session: Session, actor: Actor, kind: Kind, source: Source, skips_errors: bool
) -> tuple[bool, Batch | None]:
    try:
        with _Bar("Checking", None) as bar:
            opened = await open_batch(
                session.db,
                actor=actor,
                kind=kind,
                source=source,
                now=session.clock.now(),
                skips_errors=skips_errors,
                report=_Problems(),
                progress=bar.show,
            )
    except RowsRefused as refusal:
        if refusal.review is not None:
            _show_review(refusal.review)
        raise
    _show_review(opened.review)
    if opened.batch is None:
        print("Nothing to change.")
    else:
        print(f"Import {opened.batch.number} is open.", flush=True)
    return not opened.review.refused, opened.batch


async def _apply(session: Session, actor: Actor, batch: Batch) -> bool:
    total = batch.row_count - batch.refused_count
    with _Bar("Writing", total) as bar:
        applied = await apply_batch(
            session.db, actor=actor, batch=batch, now=session.clock.now(), progress=bar.show
        )
    standing = await get_standing(session.db, actor=actor, batch=applied)
    report = _Problems()
    for problem in standing.problems:
        report(problem)
    print(
        f"Import {applied.number}: {standing.created} created, {standing.updated} updated, "
        f"{standing.unchanged} unchanged, {len({p.row for p in standing.problems})} went wrong meanwhile."
    )
    return not standing.problems


@app.command()
def resume(number: Number, org: Org, data_dir: DataDir = None) -> None:
    """Go on with an import that was interrupted. Its file is not needed any more."""

    async def work(session: Session) -> bool:
        actor = await session.operator_in(org)
        return await _apply(session, actor, await get_batch(session.db, actor=actor, number=number))

    if not run(data_dir, work):
        sys.exit(1)


@app.command()
def undo(number: Number, org: Org, data_dir: DataDir = None) -> None:
    """Take an import back. What others have changed since stays, and is listed."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        batch = await get_batch(session.db, actor=actor, number=number)
        with _Bar("Taking back", None) as bar:
            standing = await undo_batch(
                session.db, actor=actor, batch=batch, now=session.clock.now(), progress=bar.show
            )
        _show_kept(standing)
        print(f"Import {number}: {standing.undone} rows taken back, {len(standing.kept)} kept.")

    run(data_dir, work)


@app.command("list")
def list_all(org: Org, data_dir: DataDir = None) -> None:
    """List the imports, newest first."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        table = Listing("begun", "kind", "status", "rows", "refused", "file", "number")
        before = None
        while page := await list_batches(session.db, actor=actor, before=before):
            for batch in page:
                table.add_row(
                    f"{batch.created_at:%Y-%m-%d %H:%M}",
                    batch.kind.value,
                    batch.status.value,
                    str(batch.row_count),
                    str(batch.refused_count),
                    batch.file_name,
                    str(batch.number),
                )
            before = page[-1].number
        table.show()

    run(data_dir, work)


@app.command()
def show(number: Number, org: Org, data_dir: DataDir = None) -> None:
    """Show what an import did, how far it is, and which rows it left out."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        batch = await get_batch(session.db, actor=actor, number=number)
        standing = await get_standing(session.db, actor=actor, batch=batch)
        print(f"Import {batch.number} of {batch.file_name} ({batch.kind.value}) is {batch.status.value}.")
        print(f"Checked: {batch.create_count} new, {batch.update_count} changed, {batch.unchanged_count} the same, "
              f"{batch.refused_count} refused.")  # fmt: skip
        print(f"Written: {standing.created} created, {standing.updated} updated; "
              f"{standing.applied_chunks} of {standing.chunks} chunks.")  # fmt: skip
        if batch.status in {Status.UNDOING, Status.UNDONE_PARTLY, Status.UNDONE}:
            print(f"Taken back: {standing.undone} rows, {len(standing.kept)} kept.")
            _show_kept(standing)
        report = _Problems()
        for problem in (*batch.problems, *standing.problems):
            report(problem)

    run(data_dir, work)


def _show_review(review: Review) -> None:
    if review.ignored_columns:
        print(f"Columns ignored: {', '.join(review.ignored_columns)}")
    counts = review.verdicts
    print(
        f"{review.rows} rows: {counts.get(Verdict.CREATE, 0)} to create, {counts.get(Verdict.UPDATE, 0)} to update, "
        f"{counts.get(Verdict.UNCHANGED, 0)} unchanged, {review.refused} with errors."
    )


def _show_kept(standing: Standing) -> None:
    if standing.kept:
        table = Listing("what", "why kept", "id")
        for kept in standing.kept:
            table.add_row(kept.key, kept.reason, str(kept.id))
        table.show()


class _Problems:
    """Prints row errors as they come, a tab-separated line each, below one heading."""

    def __init__(self) -> None:
        self._has_heading = False

    def __call__(self, problem: RowProblem) -> None:
        if not self._has_heading:
            print("row\tcolumn\tvalue\tcode\thint")
            self._has_heading = True
        value = " ".join(problem.value.split())
        print(f"{problem.row}\t{problem.column}\t{value}\t{problem.code}\t{problem.hint}")


class _Bar:
    """How far it is, on standard error and for people only."""

    def __init__(self, what: str, total: int | None) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            *([] if total is None else [BarColumn()]),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._task = self._progress.add_task(what, total=total)
        self.show: Callable[[int], None] = lambda rows: self._progress.update(self._task, completed=rows)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
