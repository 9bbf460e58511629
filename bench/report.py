"""What a run found: for people a few tables, for machines build/bench.json."""

from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from bench.growth import Grown
from bench.importing import Figures
from bench.judging import (
    PEAK_MB,
    ROWS_PER_SECOND,
    Row,
    below_aim,
    failures,
    slowdowns,
)
from bench.options import CONNECTIONS, Options
from bench.pgbench import DIFFERENCES

QUIET = 0.10
RESULTS = Path("build/bench.json")
OTHERS = Path("build/bench-others.json")  # what has no lanes


class Result(msgspec.Struct, frozen=True):
    """A row of build/bench.json."""

    name: str
    rps: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    ratio_pgbench: float
    ratio_http: float
    aim: float | None  # of pgbench; None: nothing is wanted
    least: float | None


class Found(msgspec.Struct, frozen=True):
    """Everything a run found."""

    rows: list[Row]
    growth: list[Grown]
    imported: Figures | None
    size: str  # what was measured on


def report(found: Found, options: Options, *, seconds: float) -> int:
    """Print and write everything; return the exit code."""
    console = Console(width=124, highlight=False)
    if found.rows:
        _report_rows(console, found.rows, options)
    if found.growth:
        console.print(_growth(found.growth))
    if found.imported is not None:
        console.print(_imported(found.imported))
    console.print(f"Measured on {found.size or 'an empty database'}; {seconds:.0f} s in all.")
    _write(found)
    return _verdict(console, found, options)


def _report_rows(console: Console, rows: list[Row], options: Options) -> None:
    for table in (_ratios(rows), _lanes(rows), _parts(rows)):
        console.print(table)
    for one in slowdowns(rows):
        console.print(
            f"p95 of {one.name}: {one.found:.2f} times that of {one.to}; {one.allowed:g} times are allowed."
        )
    console.print(
        f"{CONNECTIONS} connections; medians of {options.rounds} rounds of {options.seconds} s each, in turn."
    )
    console.print(_strangers(rows))
    console.print("pgbench sends the statements the application logged, with these differences:")
    for difference in DIFFERENCES:
        console.print(f"  - {difference}")


def _strangers(rows: list[Row]) -> str:
    most = max(one.strangers for row in rows for one in row.lanes.values())
    said = f"Other processes of this machine took up to {most:.0%} of its processors."
    if most > QUIET:
        said += " That is not quiet: such a run proves no ratio, neither kept nor missed."
    return said


def _ratios(rows: list[Row]) -> Table:
    table = Table(title="Ratios", title_justify="left")
    for name in (
        "request",
        "of pgbench",
        "aim",
        "least",
        "of bare HTTP",
        "requests/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "load client",
    ):
        table.add_column(name, justify="left" if name == "request" else "right")
    for row in rows:
        ours = row.lanes["backhaul"]
        bound = row.scenario.of_pgbench
        table.add_row(
            row.scenario.name,
            f"{row.ratio_pgbench:.3f}",
            "–" if bound is None else f"{bound.aim:.2f}",
            "–" if bound is None else f"{bound.least:.2f}",
            f"{row.ratio_http:.3f}",
            f"{ours.rps:,.0f}",
            f"{ours.p50_ms:.2f}",
            f"{ours.p95_ms:.2f}",
            f"{ours.p99_ms:.2f}",
            f"{ours.client_us * ours.rps / 1e6:.0%} of one CPU",
        )
    return table


def _lanes(rows: list[Row]) -> Table:
    table = Table(
        title=f"Processor time of one request at {CONNECTIONS} connections, µs", title_justify="left"
    )
    for name in ("request", "lane", "requests/s", "load client", "serving process", "PostgreSQL", "together"):
        table.add_column(name, justify="left" if name in ("request", "lane") else "right")
    for row in rows:
        for lane in ("pgbench", "backhaul", "bare"):
            one = row.lanes[lane]
            parts = (one.client_us, one.server_us, one.postgres_us)
            table.add_row(
                row.scenario.name, lane, f"{one.rps:,.0f}", *(f"{us:.0f}" for us in (*parts, sum(parts)))
            )
    return table


def _parts(rows: list[Row]) -> Table:
    table = Table(title="Where the time of one request goes, one at a time", title_justify="left")
    for name in (
        "request",
        "HTTP and client",
        "framework",
        "own Python",
        "PostgreSQL, driver",
        "µs",
        "measured µs",
    ):
        table.add_column(name, justify="left" if name == "request" else "right")
    for row in rows:
        parts = (
            1e6 / row.lanes["bare alone"].rps,
            row.alone.framework_us,
            row.alone.python_us,
            row.alone.postgres_us,
        )
        whole = sum(parts)
        measured = 1e6 / row.lanes["backhaul alone"].rps
        shares = (f"{part / whole:.0%} ({part:.0f})" for part in parts)
        table.add_row(row.scenario.name, *shares, f"{whole:.0f}", f"{measured:.0f}")
    return table


def _growth(growth: list[Grown]) -> Table:
    table = Table(title="How it grows: p50 of one request at a time, ms", title_justify="left")
    for name in ("assets of the organization", "page 1", "last page", "a serial number"):
        table.add_column(name, justify="right")
    for one in growth:
        times = (one.first_page_ms, one.last_page_ms, one.serial_ms)
        table.add_row(f"{one.assets:,}", *(f"{ms:.2f}" for ms in times))
    return table


def _imported(imported: Figures) -> str:
    return (
        f"{imported['name']}: {imported['rows_per_second']:,.0f} rows/s (wanted {ROWS_PER_SECOND:,}), at most "
        f"{imported['peak_mb']:,.0f} MB (wanted less than {PEAK_MB}); the same file again: "
        f"{imported['repeated_seconds']:.1f} s"
    )


def _write(found: Found) -> None:
    """Write what this run found, in place of what another run found before."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    if found.rows:
        _write_json(RESULTS, [_result(row) for row in found.rows])
    if found.growth or found.imported:
        _write_json(OTHERS, {"growth": found.growth, "import": found.imported})


def _result(row: Row) -> Result:
    ours, bound = row.lanes["backhaul"], row.scenario.of_pgbench
    return Result(
        name=row.scenario.name,
        rps=round(ours.rps, 1),
        p50_ms=round(ours.p50_ms, 3),
        p95_ms=round(ours.p95_ms, 3),
        p99_ms=round(ours.p99_ms, 3),
        ratio_pgbench=round(row.ratio_pgbench, 4),
        ratio_http=round(row.ratio_http, 4),
        aim=None if bound is None else bound.aim,
        least=None if bound is None else bound.least,
    )


def _write_json(path: Path, value: object) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(value)) + b"\n")


def _verdict(console: Console, found: Found, options: Options) -> int:
    below = below_aim(found.rows)
    failed = failures(found.rows, found.imported)
    console.print(f"Written to {RESULTS.parent}/.")
    if not options.is_full:
        console.print("TRY-OUT: BENCH_SCALE makes this run too small to be judged.")
        return 0
    if below:
        console.print(f"Below its aim: {', '.join(below)}.")
    if failed:
        console.print(f"FAIL: {'; '.join(failed)}.")
        return 1
    console.print("PASS: nothing is slower than its bound.")
    return 0
