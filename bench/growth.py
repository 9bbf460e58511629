"""How the time of one request grows with the list it is about: one request at a time, in ever larger organizations."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

import msgspec

from bench import load
from bench.ground import Ground
from bench.measured import Measured
from bench.options import Options
from bench.scenarios import GROWING, Scenario

ROUNDS = 3

Run = Callable[[Path], Measured]


class Grown(msgspec.Struct, frozen=True):
    """The medians in an organization of some size, in milliseconds."""

    assets: int
    first_page_ms: float
    last_page_ms: float
    serial_ms: float


def measure(ground: Ground, options: Options, folder: Path, run: Run) -> list[Grown]:
    """Ask every question of every size in turn, several times: a busy moment then spoils no size alone."""

    def write(scenario: Scenario) -> Path:
        return load.write_script(folder, scenario, scenario.subjects(options), ground.credentials)

    scripts = {part: [write(question) for question in questions] for part, questions in GROWING.items()}
    rounds = [
        {part: [run(script).p50_ms for script in asked] for part, asked in scripts.items()}
        for _ in range(ROUNDS)
    ]
    return [
        Grown(
            options.assets_of(part),
            *(round(median(times), 3) for times in zip(*(one[part] for one in rounds), strict=True)),
        )
        for part in scripts
    ]
