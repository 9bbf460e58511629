"""`python -m bench`: PostgreSQL alone, Backhaul and HTTP alone in turn, and the ratios between them."""

import asyncio
import logging
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import structlog
import uvloop

from bench import load, pgbench, servers
from bench.ground import Ground, lay
from bench.measured import Measured, Meter
from bench.options import CONNECTIONS, Options, read_options
from bench.preparing import Prepared, prepare
from bench.report import Row, report
from bench.scenarios import SCENARIOS
from bench.servers import Answering

WARM_SECONDS = 2
ALONE_SECONDS = 2
COLLECTED_SECONDS = 0.5


def main() -> int:
    """Run everything; the exit code says whether every row is as fast as it must be."""
    started = time.monotonic()
    options = read_options(tuple(scenario.name for scenario in SCENARIOS))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        wrk = load.find_wrk()
    except load.LoadClientMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    _say(f"Laying the ground: {options.organizations:,} organizations, {options.transfers:,} transfers …")
    with lay(options) as ground, tempfile.TemporaryDirectory(prefix="backhaul-bench-") as name:
        folder = Path(name)
        _say(f"… {time.monotonic() - started:.0f} s. Recording what each request sends …")
        chosen = [scenario for scenario in SCENARIOS if scenario.name in options.names]
        prepared = uvloop.run(prepare(ground, chosen, folder, options))
        rows = _measure(ground, prepared, wrk, folder, options)
    return report(rows, options, seconds=time.monotonic() - started)


class _Lanes:
    """The three ways to do the same, and the processes behind them."""

    def __init__(self, ground: Ground, wrk: str, options: Options) -> None:
        self._ground = ground
        self._wrk = wrk
        self._options = options
        self._session = asyncio.run(pgbench.session_options(ground.settings, ground.place))
        self._postmaster = ground.postmaster()
        self._runs = 0

    def alone(self, row: Prepared) -> Measured:
        """PostgreSQL without us."""
        self._runs += 1
        meter = Meter(self._postmaster)
        measured = pgbench.run_pgbench(
            self._ground.server,
            row.pgbench_script,
            row.pgbench_values,
            self._session,
            seconds=self._options.seconds,
            run=self._runs,
        )
        time.sleep(COLLECTED_SECONDS)  # PostgreSQL collects the processes that pgbench has left
        return meter.read(measured, self._options.seconds)

    def over_http(
        self, row: Prepared, answering: Answering, *, seconds: int, connections: int = CONNECTIONS
    ) -> Measured:
        """Backhaul, or the bare server."""
        self._runs += 1
        meter = Meter(self._postmaster, answering.pid)
        measured = load.run_wrk(
            self._wrk,
            row.wrk_script,
            answering.port,
            seconds=seconds,
            seed=self._runs,
            connections=connections,
        )
        return meter.read(measured, seconds)


def _measure(ground: Ground, prepared: list[Prepared], wrk: str, folder: Path, options: Options) -> list[Row]:
    lanes = _Lanes(ground, wrk, options)
    found: dict[str, dict[str, list[Measured]]] = {}
    with ExitStack() as stack:
        app = stack.enter_context(servers.backhaul(ground.settings.data_dir, folder / "serve.log"))
        bare = {
            row.scenario.name: stack.enter_context(servers.bare(row.answered, folder, row.scenario.name))
            for row in prepared
        }
        for row in prepared:
            name = row.scenario.name
            lanes.over_http(row, app, seconds=WARM_SECONDS)
            found[name] = {
                "pgbench": [],
                "backhaul": [],
                "bare": [],
                "backhaul alone": [lanes.over_http(row, app, seconds=ALONE_SECONDS, connections=1)],
                "bare alone": [lanes.over_http(row, bare[name], seconds=ALONE_SECONDS, connections=1)],
            }
        for number in range(options.rounds):
            for row in prepared:
                name = row.scenario.name
                _say(f"Round {number + 1} of {options.rounds}: {name}")
                ground.checkpoint()
                found[name]["pgbench"].append(lanes.alone(row))
                ground.checkpoint()
                found[name]["backhaul"].append(lanes.over_http(row, app, seconds=options.seconds))
                found[name]["bare"].append(lanes.over_http(row, bare[name], seconds=options.seconds))
    return [Row(row.scenario, row.alone, found[row.scenario.name]) for row in prepared]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
