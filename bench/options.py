"""What a run is told: how long, how often, how large."""

import argparse
import os
from enum import StrEnum

import msgspec

ORGANIZATIONS = 1_000
TRANSFERS_PER_ORGANIZATION = 200
ASSETS_PER_ORGANIZATION = 500
CASES = 10_000
RETURNS = 1_000_000
RESHIPPABLE = 200_000  # each is sent on once, so that there must be more than a run can ask for
IMPORTED = 100_000
CONNECTIONS = 32
SECONDS, ROUNDS = 3, 4  # of every row by default: with all rows below the longest run
LONGEST_MINUTES = 20
OTHERWISE_MINUTES = 8  # filling the database, warming up, how lists grow, the import

GROWTH = "growth"
IMPORT = "import"


class Part(StrEnum):
    """What has to be there before something can be measured."""

    TRANSFERS = "transfers"
    ASSETS = "assets"  # of many organizations
    ASSETS_1M = "assets_1m"  # of one organization, as the two below
    ASSETS_100K = "assets_100k"
    ASSETS_10K = "assets_10k"
    CAMPAIGNS = "campaigns"  # of one organization, one of them with many people
    RETURNS = "returns"  # of one organization, many of them sent on
    RESHIPPABLE = "reshippable"  # returns of another one, none of them sent on yet


LARGE = {Part.ASSETS_1M: 1_000_000, Part.ASSETS_100K: 100_000, Part.ASSETS_10K: 10_000}


class Options(msgspec.Struct, frozen=True):
    """One run."""

    seconds: int
    rounds: int
    scale: float
    names: tuple[str, ...]

    @property
    def organizations(self) -> int:
        """How many there are beside the large ones."""
        return max(2, round(ORGANIZATIONS * self.scale))

    @property
    def transfers(self) -> int:
        """How many there are before the first request, of the many organizations together."""
        return self.organizations * TRANSFERS_PER_ORGANIZATION

    @property
    def assets(self) -> int:
        """How many the many organizations have together."""
        return self.organizations * ASSETS_PER_ORGANIZATION

    def organization_of(self, part: Part) -> int:
        """Return a large organization's number: they come after the many."""
        return self.organizations + 1 + list(LARGE).index(part)

    def assets_of(self, part: Part) -> int:
        """Return how many assets a large organization has."""
        return max(100, round(LARGE[part] * self.scale / 100) * 100)

    @property
    def organization_of_campaigns(self) -> int:
        """Return the number of the organization with campaigns: it comes last."""
        return self.organizations + 1 + len(LARGE)

    @property
    def cases(self) -> int:
        """How many people its largest campaign has."""
        return max(1_000, round(CASES * self.scale / 100) * 100)

    @property
    def organization_of_returns(self) -> int:
        """Return the number of the organization with returns that are only looked at."""
        return self.organization_of_campaigns + 1

    @property
    def returns(self) -> int:
        """How many it has."""
        return max(10_000, round(RETURNS * self.scale / 100) * 100)

    @property
    def organization_of_reshippable(self) -> int:
        """Return the number of the organization whose returns are sent on."""
        return self.organization_of_campaigns + 2

    @property
    def reshippable(self) -> int:
        """How many returns it has, at any scale."""
        return RESHIPPABLE

    @property
    def last_organization(self) -> int:
        """Return the highest number of all."""
        return self.organization_of_reshippable

    @property
    def imported(self) -> int:
        """How many assets are imported."""
        return max(1_000, round(IMPORTED * self.scale))

    @property
    def is_full(self) -> bool:
        """Whether this is the size that is judged, and not a try-out."""
        return self.scale >= 1


def read_options(rows: tuple[str, ...]) -> Options:
    """Read the command line and BENCH_SCALE (1 is full size, 0.01 a try-out)."""
    known = (*rows, GROWTH, IMPORT)
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, as ratios.")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long each single measurement takes")
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="how often each is repeated; medians are shown"
    )
    parser.add_argument("--only", choices=known, action="append", help="this alone; may be repeated")
    parser.add_argument("--skip", choices=known, action="append", help="not this; may be repeated")
    given = parser.parse_args()
    names = tuple(name for name in given.only or known if name not in (given.skip or ()))
    longest = given.seconds * given.rounds * 3 * len(set(names) & set(rows))
    if given.seconds < 1 or given.rounds < 1 or longest > (LONGEST_MINUTES - OTHERWISE_MINUTES) * 60:
        parser.error(
            f"--seconds and --rounds must be positive and keep the run below {LONGEST_MINUTES} minutes"
        )
    return Options(
        seconds=given.seconds,
        rounds=given.rounds,
        scale=float(os.environ.get("BENCH_SCALE", "1")),
        names=names,
    )
