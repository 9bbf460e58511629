"""Which rows are as fast as they must be, and which only as fast as they were."""

import statistics

import msgspec

from bench.importing import Figures
from bench.measured import Measured, median
from bench.preparing import Alone
from bench.scenarios import Scenario

# Of an import.
ROWS_PER_SECOND = 10_000
PEAK_MB = 300


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

    def p95_against(self, other: "Row") -> float:
        """How many times another row's p95 this row's is."""
        pairs = zip(self.rounds["backhaul"], other.rounds["backhaul"], strict=True)
        return statistics.median(ours.p95_ms / theirs.p95_ms for ours, theirs in pairs)


class Slowdown(msgspec.Struct, frozen=True):
    """A row's p95 beside the one it is compared to."""

    name: str
    to: str
    found: float
    allowed: float


def slowdowns(rows: list[Row]) -> list[Slowdown]:
    """Return every comparison whose two rows were both measured."""
    by_name = {row.scenario.name: row for row in rows}
    found = []
    for row in rows:
        wanted = row.scenario.p95
        if wanted is not None and wanted.to in by_name:
            times = row.p95_against(by_name[wanted.to])
            found.append(Slowdown(row.scenario.name, wanted.to, times, wanted.times))
    return found


def below_aim(rows: list[Row]) -> list[str]:
    """Name the rows that are slower than wanted, whether or not that fails the run."""
    found = []
    for row in rows:
        bound = row.scenario.of_pgbench
        if bound is not None and row.ratio_pgbench < bound.aim:
            why = f"; see {bound.why}" if bound.why else ""
            found.append(
                f"{row.scenario.name} ({row.ratio_pgbench:.3f} of pgbench, wanted {bound.aim:.2f}{why})"
            )
    return found


def failures(rows: list[Row], imported: Figures | None) -> list[str]:
    """Name everything that fails the run."""
    found = [
        f"{row.scenario.name} keeps less than {row.scenario.of_pgbench.least:.2f} of pgbench"
        for row in rows
        if row.scenario.of_pgbench is not None and row.ratio_pgbench < row.scenario.of_pgbench.least
    ]
    found += [
        f"the p95 of {one.name} is more than {one.allowed:g} times that of {one.to}"
        for one in slowdowns(rows)
        if one.found > one.allowed
    ]
    if imported is not None and imported["rows_per_second"] < ROWS_PER_SECOND:
        found.append(f"the import manages less than {ROWS_PER_SECOND:,} rows a second")
    if imported is not None and imported["peak_mb"] >= PEAK_MB:
        found.append(f"the import takes {PEAK_MB} MB or more")
    return found
