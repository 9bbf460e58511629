"""What a run is told: how long, how often, how large."""

import argparse
import os

import msgspec

from bench.numbering import TRANSFERS_PER_ORGANIZATION

ORGANIZATIONS = 1_000
CONNECTIONS = 32
LONGEST_MINUTES = 20


class Options(msgspec.Struct, frozen=True):
    """One run."""

    seconds: int
    rounds: int
    organizations: int
    names: tuple[str, ...]

    @property
    def transfers(self) -> int:
        """How many there are before the first request."""
        return self.organizations * TRANSFERS_PER_ORGANIZATION

    @property
    def is_full(self) -> bool:
        """Whether this is the size that is judged, and not a try-out."""
        return self.organizations >= ORGANIZATIONS


def read_options(known: tuple[str, ...]) -> Options:
    """Read the command line and BENCH_SCALE (1 is full size, 0.01 a try-out)."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, as ratios.")
    parser.add_argument("--seconds", type=int, default=4, help="how long each single measurement takes")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is repeated; medians are shown")
    parser.add_argument("--only", choices=known, action="append", help="one row; may be repeated")
    given = parser.parse_args()
    names = tuple(given.only or known)
    longest = given.seconds * given.rounds * 3 * len(names)
    if given.seconds < 1 or given.rounds < 1 or longest > (LONGEST_MINUTES - 4) * 60:
        parser.error(
            f"--seconds and --rounds must be positive and keep the run below {LONGEST_MINUTES} minutes"
        )
    scale = float(os.environ.get("BENCH_SCALE", "1"))
    return Options(
        seconds=given.seconds,
        rounds=given.rounds,
        organizations=max(2, round(ORGANIZATIONS * scale)),
        names=names,
    )
