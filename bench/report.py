"""What a run found: for people a few tables, for machines build/bench.json."""

import statistics
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from bench.measured import Measured, median
from bench.options import CONNECTIONS, Options
from bench.pgbench import DIFFERENCES
from bench.preparing import Alone
from bench.scenarios import Scenario

QUIET = 0.10
RESULTS = Path("build/bench.json")


class Row(msgspec.Struct, frozen=True):
    """A scenario with every measurement of its lanes."""

    scenario: Scenario
    alone: Alone
    rounds: dict[str, list[Measured]]

    @property
    def lanes(self) -> dict[str, Measured]:
        """The median of each lane."""
        return {lane: median(many) for lane, many in self.rounds.items()}

    @property
    def ratio_pgbench(self) -> float:
        """How much of PostgreSQL's own rate is left."""
        return self._ratio("pgbench")

    @property
    def ratio_http(self) -> float:
        """How much of a bare HTTP answer's rate is left."""
        return self._ratio("bare")

    def _ratio(self, lane: str) -> float:
        # Of neighbours in time: what else the machine does changes from round to round.
        pairs = zip(self.rounds["backhaul"], self.rounds[lane], strict=True)
        return statistics.median(ours.rps / theirs.rps for ours, theirs in pairs)

    @property
    def passes(self) -> bool:
        """Whether the row is as fast as it must be."""
        least = self.scenario.least_of_pgbench
        return least is None or self.ratio_pgbench >= least


class Result(msgspec.Struct, frozen=True):
    """A row of build/bench.json."""

    name: str
    rps: float
    p50_ms: float
    p99_ms: float
    ratio_pgbench: float
    ratio_http: float


def report(rows: list[Row], options: Options, *, seconds: float) -> int:
    """Print and write everything; return the exit code."""
    console = Console(width=118, highlight=False)
    console.print(_ratios(rows))
    console.print(_lanes(rows))
    console.print(_parts(rows))
    console.print(
        f"{options.organizations:,} organizations, {options.transfers:,} transfers, {CONNECTIONS} connections; medians "
        f"of {options.rounds} rounds of {options.seconds} s each, in turn; {seconds:.0f} s in all."
    )
    console.print(_strangers(rows))
    console.print("pgbench sends the statements the application logged, with these differences:")
    for difference in DIFFERENCES:
        console.print(f"  - {difference}")
    _write(rows)
    return _verdict(console, rows, options)


def _strangers(rows: list[Row]) -> str:
    most = max(one.strangers for row in rows for one in row.lanes.values())
    said = f"Other processes of this machine took up to {most:.0%} of its processors."
    if most > QUIET:
        said += " That is not quiet: one serving process loses more by it than pgbench's many do."
    return said


def _ratios(rows: list[Row]) -> Table:
    table = Table(title="Ratios", title_justify="left")
    for name in (
        "request",
        "of pgbench",
        "wanted",
        "of bare HTTP",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "load client",
    ):
        table.add_column(name, justify="left" if name == "request" else "right")
    for row in rows:
        ours = row.lanes["backhaul"]
        wanted = row.scenario.least_of_pgbench
        table.add_row(
            row.scenario.name,
            f"{row.ratio_pgbench:.3f}",
            "–" if wanted is None else f"{wanted:.2f}",
            f"{row.ratio_http:.3f}",
            f"{ours.rps:,.0f}",
            f"{ours.p50_ms:.2f}",
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


def _write(rows: list[Row]) -> None:
    """Write this run's rows; rows of others that were not run stay."""
    results = {
        row.scenario.name: Result(
            name=row.scenario.name,
            rps=round(row.lanes["backhaul"].rps, 1),
            p50_ms=round(row.lanes["backhaul"].p50_ms, 3),
            p99_ms=round(row.lanes["backhaul"].p99_ms, 3),
            ratio_pgbench=round(row.ratio_pgbench, 4),
            ratio_http=round(row.ratio_http, 4),
        )
        for row in rows
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(list(results.values()))) + b"\n")


def _verdict(console: Console, rows: list[Row], options: Options) -> int:
    failed = [row.scenario.name for row in rows if not row.passes]
    if not options.is_full:
        console.print("TRY-OUT: BENCH_SCALE makes this run too small to be judged.")
        return 0
    if failed:
        console.print(f"FAIL: {', '.join(failed)} below the wanted share of pgbench. Written to {RESULTS}.")
        return 1
    console.print(f"PASS: every row keeps its wanted share of pgbench. Written to {RESULTS}.")
    return 0
