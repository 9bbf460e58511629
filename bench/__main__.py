"""`python -m bench`: PostgreSQL alone, Backhaul and HTTP alone in turn, and the ratios between them."""

import asyncio
import logging
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import structlog
import uvloop

from bench import importing, load, pgbench, servers
from bench.ground import Ground, lay
from bench.growth import Grown
from bench.growth import measure as measure_growth
from bench.judging import Row
from bench.measured import Measured, Meter
from bench.options import CONNECTIONS, GROWTH, IMPORT, LARGE, Options, Part, read_options
from bench.preparing import Prepared, prepare
from bench.report import Found, report
from bench.scenarios import GROWING, SCENARIOS, Scenario
from bench.servers import Answering

WARM_SECONDS = 2
ALONE_SECONDS = 2
GROWTH_SECONDS = 1
ENDED = 128 + signal.SIGTERM
COLLECTED_SECONDS = 0.5


def main() -> int:
    """Run everything; the exit code says whether every row is as fast as it must be."""
    started = time.monotonic()
    options = read_options(tuple(scenario.name for scenario in SCENARIOS))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))  # so that nothing is left behind
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        wrk = load.find_wrk()
    except load.LoadClientMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    chosen = [scenario for scenario in SCENARIOS if scenario.name in options.names]
    parts = frozenset[Part]().union(*(scenario.needs for scenario in chosen))
    if GROWTH in options.names:
        parts |= frozenset(LARGE)
    rows: list[Row] = []
    growth: list[Grown] = []
    if parts:
        _say(f"Laying the ground: {_size(options, parts)} …")
        with lay(options, parts) as ground, tempfile.TemporaryDirectory(prefix="backhaul-bench-") as name:
            _say(f"… {time.monotonic() - started:.0f} s.")
            rows, growth = _measure(ground, chosen, wrk, Path(name), options)
    imported = None
    if IMPORT in options.names:
        _say("Importing")
        imported = importing.measure(options.imported)
    found = Found(rows, growth, imported, size=_size(options, parts))
    return report(found, options, seconds=time.monotonic() - started)


def _size(options: Options, parts: frozenset[Part]) -> str:
    if not parts:
        return ""
    said = [f"{options.organizations:,} organizations"]
    if Part.TRANSFERS in parts:
        said.append(f"{options.transfers:,} transfers")
    if Part.ASSETS in parts:
        said.append(f"{options.assets:,} assets")
    if Part.CAMPAIGNS in parts:
        said.append(f"a campaign of {options.cases:,} people")
    if Part.RETURNS in parts:
        said.append(f"{options.returns:,} returns")
    if Part.RESHIPPABLE in parts:
        said.append(f"{options.reshippable:,} returns to be sent on")
    large = [f"{options.assets_of(part):,}" for part in LARGE if part in parts]
    if large:
        said.append(f"one more organization each with {', '.join(large)} assets")
    return ", ".join(said)


class _Lanes:
    """The three ways to do the same, and the processes behind them."""

    def __init__(self, ground: Ground, wrk: str, options: Options) -> None:
        self.ground = ground
        self._wrk = wrk
        self._options = options
        self._session = asyncio.run(pgbench.session_options(ground.settings, ground.place))
        self._postmaster = ground.postmaster()
        self._runs = 0
        self._sent: Counter[Path] = Counter()  # each run over HTTP draws other numbers

    def alone(self, row: Prepared) -> Measured:
        """PostgreSQL without us."""
        self._runs += 1
        self.ground.checkpoint()
        meter = Meter(self._postmaster)
        measured = pgbench.run_pgbench(
            self.ground.server,
            row.pgbench_script,
            row.pgbench_values,
            self._session,
            seconds=self._options.seconds,
            run=self._runs,
        )
        time.sleep(COLLECTED_SECONDS)  # PostgreSQL collects the processes that pgbench has left
        return meter.read(measured, self._options.seconds)

    def over_http(
        self, script: Path, answering: Answering, *, seconds: int, connections: int = CONNECTIONS
    ) -> Measured:
        """Backhaul, or the bare server."""
        self._sent[script] += 1
        meter = Meter(self._postmaster, answering.pid)
        measured = load.run_wrk(
            self._wrk,
            script,
            answering.port,
            seconds=seconds,
            seed=self._sent[script],
            connections=connections,
        )
        return meter.read(measured, seconds)


def _measure(
    ground: Ground, chosen: list[Scenario], wrk: str, folder: Path, options: Options
) -> tuple[list[Row], list[Grown]]:
    _say("Recording what each request sends …")
    growing = [one for many in GROWING.values() for one in many] if GROWTH in options.names else []
    prepared = uvloop.run(prepare(ground, chosen, growing, folder, options))
    lanes = _Lanes(ground, wrk, options)
    with ExitStack() as stack:
        app = stack.enter_context(servers.backhaul(ground.settings.data_dir, folder / "serve.log"))
        bare = {
            row.scenario.name: stack.enter_context(servers.bare(row.answered, folder, row.scenario.name))
            for row in prepared
        }
        rows = _measure_rows(lanes, prepared, app, bare, options)
        growth: list[Grown] = []
        if growing:
            _say("How it grows")
            growth = measure_growth(
                ground,
                options,
                folder,
                lambda script: lanes.over_http(script, app, seconds=GROWTH_SECONDS, connections=1),
            )
    return rows, growth


def _measure_rows(
    lanes: _Lanes,
    prepared: list[Prepared],
    app: Answering,
    bare: dict[str, Answering],
    options: Options,
) -> list[Row]:
    found: dict[str, dict[str, list[Measured]]] = {}
    for row in prepared:
        name, script = row.scenario.name, row.wrk_script
        lanes.over_http(script, app, seconds=WARM_SECONDS)
        found[name] = {
            "pgbench": [],
            "backhaul": [],
            "bare": [],
            "backhaul alone": [lanes.over_http(script, app, seconds=ALONE_SECONDS, connections=1)],
            "bare alone": [lanes.over_http(script, bare[name], seconds=ALONE_SECONDS, connections=1)],
        }
    for number in range(options.rounds):
        for row in prepared:
            name, script = row.scenario.name, row.wrk_script
            _say(f"Round {number + 1} of {options.rounds}: {name}")
            found[name]["pgbench"].append(lanes.alone(row))
            lanes.ground.checkpoint()
            found[name]["backhaul"].append(lanes.over_http(script, app, seconds=options.seconds))
            found[name]["bare"].append(lanes.over_http(script, bare[name], seconds=options.seconds))
    return [Row(row.scenario, row.alone, found[row.scenario.name]) for row in prepared]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
