"""From a file to judged rows: parsed in a thread, staged by COPY and judged by one statement, chunk by chunk.

While PostgreSQL judges one chunk, the next is parsed.
"""

import asyncio
import io
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing

import msgspec

from backhaul.domain.bulk.columns import Layout, lay_out, refuse_missing
from backhaul.domain.bulk.importer import Importer
from backhaul.domain.bulk.model import KEPT_PROBLEMS, BatchId, Review, RowProblem, Verdict
from backhaul.domain.bulk.parsing import NOTHING, Parsed, Parser
from backhaul.domain.bulk.reading import Source
from backhaul.domain.bulk.tables import ADD_CHUNK
from backhaul.storage.database import Tx

Report = Callable[[RowProblem], None]
Progress = Callable[[int], None]  # rows so far


async def stage(
    tx: Tx, importer: Importer, source: Source, *, keep_as: BatchId | None, report: Report, progress: Progress
) -> Review:
    """Judge every row of a file; with `keep_as`, keep the good ones as that import's chunks.

    Everything refused is reported at once and in order; nothing of it is held in memory but the first.
    """
    layout = lay_out(source.header, importer.columns)
    wording = Wording(importer, layout, await importer.hints(tx))
    for definition in importer.temporary:
        await tx.execute(definition)
    verdicts: Counter[Verdict] = Counter()
    kept: list[RowProblem] = []
    rows = sequence = 0
    async with aclosing(_parsed(source, Parser(importer.columns, layout), importer.chunk_rows)) as chunks:
        async for parsed in chunks:
            judged, problems = await _judge(tx, importer, parsed, wording)
            if layout.missing and any(p.code == "missing" and p.column in layout.missing for p in problems):
                raise refuse_missing(layout, source.header)
            verdicts += judged
            problems.sort(key=lambda problem: problem.row)
            for problem in problems:
                report(problem)
            kept += problems[: KEPT_PROBLEMS - len(kept)]
            refused = {problem.row for problem in problems}
            verdicts[Verdict.ERROR] += len(refused)
            rows += len(parsed.rows)
            if keep_as is not None and (lines := await _kept_lines(tx, importer, parsed, refused)):
                sequence += 1
                await tx.execute(ADD_CHUNK, tx.org_id, keep_as, sequence, len(lines), encoded(lines))
            progress(rows)
    stored = tuple(wording.stored(problem) for problem in kept)
    return Review(rows=rows, verdicts=verdicts, problems=stored, ignored_columns=layout.ignored)


async def _kept_lines(tx: Tx, importer: Importer, parsed: Parsed, refused: set[int]) -> list[str]:
    """Return the good rows' lines, each with the id of what there is already."""
    found = (
        {row["row_number"]: str(row["id"]) for row in await tx.fetch(importer.found)} if parsed.lines else {}
    )
    return [f"{line}\t{found.get(row, NOTHING)}" for row, line in parsed.lines.items() if row not in refused]


class Wording:
    """Words what the database finds wrong: with the file's own column names and values."""

    def __init__(self, importer: Importer, layout: Layout, hints: dict[str, str]) -> None:
        self._layout = layout
        self._hints = hints
        self.key = next(column.field for column in importer.columns if column.is_key)
        # A cell too many, which has no column, may be anything.
        self._personal = {"", *(layout.names[field] for field in importer.personal_fields)}

    def problem(self, row: int, cells: list[str], fault: str, hint: str | None = None) -> RowProblem:
        """Return the problem behind `field:code`."""
        field, code = fault.split(":")
        position = self._layout.positions.get(field)
        return RowProblem(
            row=row,
            column=self._layout.names[field],
            value="" if position is None else cells[position].strip(),
            code=code,
            hint=hint or self._hints.get(fault) or self._hints[code],
        )

    def stored(self, problem: RowProblem) -> RowProblem:
        """Return a problem as it may be kept: it outlives the record of whom it is about."""
        return msgspec.structs.replace(problem, value="") if problem.column in self._personal else problem


async def _judge(
    tx: Tx, importer: Importer, parsed: Parsed, wording: Wording
) -> tuple[Counter[Verdict], list[RowProblem]]:
    problems = list(parsed.problems)
    verdicts: Counter[Verdict] = Counter()
    if not parsed.lines:
        return verdicts, problems
    await tx.execute(importer.empty)
    await copy(tx, importer, encoded(parsed.lines.values()), importer.staged_columns)
    claimed = await tx.execute(importer.claim_keys)
    if int(claimed.rsplit(" ", 1)[-1]) < len(parsed.lines):
        for repeated in await tx.fetch(importer.drop_repeated):
            row = repeated["row_number"]
            hint = f"Row {repeated['first_row']} is about the same one."
            problems.append(wording.problem(row, parsed.rows[row], f"{wording.key}:repeated", hint))
    await judge(tx, importer)
    for judged in await tx.fetch(importer.verdicts):
        verdicts[Verdict(judged["verdict"])] = judged["rows"]
    if verdicts.pop(Verdict.ERROR, 0):
        for refused in await tx.fetch(importer.problems):
            row = refused["row_number"]
            problems += [wording.problem(row, parsed.rows[row], fault) for fault in refused["problems"]]
    return verdicts, problems


async def judge(tx: Tx, importer: Importer) -> None:
    """Decide what every staged row means."""
    await tx.execute(importer.judge, tx.org_id)
    while importer.spread is not None and await tx.fetchval(importer.spread):
        await tx.execute(importer.empty_judged)
        await tx.execute(importer.judge, tx.org_id)


async def copy(tx: Tx, importer: Importer, lines: bytes, columns: list[str]) -> None:
    """Fill the staging table."""
    await tx.connection.copy_to_table(importer.staged, source=io.BytesIO(lines), columns=columns)


def encoded(lines: Iterable[str]) -> bytes:
    """Return lines as COPY reads them."""
    return ("\n".join(lines) + "\n").encode()


async def _parsed(source: Source, parser: Parser, chunk_rows: int) -> AsyncGenerator[Parsed]:
    """Return the file's chunks, each parsed while the one before is worked on."""

    def read() -> Parsed | None:
        rows = source.take(chunk_rows)
        return parser.parse(rows) if rows else None

    ahead = asyncio.create_task(asyncio.to_thread(read))
    try:
        while (parsed := await ahead) is not None:
            ahead = asyncio.create_task(asyncio.to_thread(read))
            yield parsed
    finally:
        # The thread reads the caller's file: let it end before the file is closed.
        await asyncio.wait([ahead])
        if not ahead.cancelled():
            ahead.exception()
