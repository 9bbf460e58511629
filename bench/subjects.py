"""What the requests of a row are about: numbers drawn at random, and what each stands for.

Drawn and put into words alike in three languages: here, in wrk's Lua and in pgbench's scripts.
"""

from collections.abc import Callable

import msgspec

from bench.numbering import DIGITS, Prefix, email_of, id_in_script, id_of
from bench.options import Options, Part

PER_PAGE = 10
PAGES_AROUND = 100  # how far pages are drawn from the one that is meant
CAMPAIGN_PAGES_AROUND = 0.05  # the same of a campaign's people, as a share of its pages
SERIAL = "SN"


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a path that a drawn number fills."""

    name: str
    text: Callable[[int], str]
    lua: str  # the same as an expression of `number`
    argument: Callable[[int], str]  # what the request's statement is given for it, as text
    script: str  # the same in a pgbench script, as an expression of :number


TRANSFER = Mark(
    name="{transfer}",
    text=lambda number: str(id_of(Prefix.TRANSFER, number)),
    lua=f'string.format("{Prefix.TRANSFER}%0{DIGITS}d", number)',
    argument=lambda number: str(id_of(Prefix.TRANSFER, number)),
    script=id_in_script(Prefix.TRANSFER, "number"),
)
PAGE = Mark(
    name="{page}",
    text=str,
    lua="number",
    argument=lambda number: str((number - 1) * PER_PAGE),
    script=f"((:number - 1) * {PER_PAGE})",
)
SERIAL_IN_OTHER_CASE = Mark(
    name="{serial}",
    text=lambda number: f"{SERIAL.lower()}{number:0{DIGITS}d}",
    lua=f'string.format("{SERIAL.lower()}%0{DIGITS}d", number)',
    argument=lambda number: f"{SERIAL.lower()}{number:0{DIGITS}d}",
    script=f"('{SERIAL.lower()}' || lpad(:number, {DIGITS}, '0'))",
)


class Sample(msgspec.Struct, frozen=True):
    """One of them: its number, and with it one organization, one user and one key."""

    number: int
    organization: int
    is_only_organization: bool  # of the row: what belongs to it is then the same in every request
    mark: Mark | None

    def path(self, pattern: str) -> str:
        """Return the path of a request about it."""
        return pattern if self.mark is None else pattern.replace(self.mark.name, self.mark.text(self.number))

    def known(self) -> dict[str, str]:
        """Return what every value that differs from sample to sample is in a pgbench script."""
        known = {} if self.mark is None else {self.mark.argument(self.number): self.mark.script}
        if not self.is_only_organization:
            for prefix in (Prefix.ORGANIZATION, Prefix.USER, Prefix.KEY):
                known[str(id_of(prefix, self.organization))] = id_in_script(prefix, "organization")
            email = f"('hr' || lpad(:organization, {DIGITS}, '0') || '@example.com')"
            known[email_of(self.organization)] = email
        return known


class Subjects(msgspec.Struct, frozen=True, kw_only=True):
    """All of them: the numbers `first` to `last`, handed out to some organizations in turn."""

    first: int = 1
    last: int = 1
    first_organization: int = 1
    organizations: int = 1
    mark: Mark | None = None

    def sample(self, number: int) -> Sample:
        """Return one of them."""
        position = (number - 1) % self.organizations
        return Sample(number, self.first_organization + position, self.organizations == 1, self.mark)

    def two(self) -> tuple[Sample, Sample]:
        """Return two that differ in everything in which two can differ."""
        return self.sample(self.first), self.sample(min(self.last, self.first + self.organizations + 1))


def transfers(options: Options) -> Subjects:
    """Every transfer."""
    return Subjects(last=options.transfers, organizations=options.organizations, mark=TRANSFER)


def organizations(options: Options) -> Subjects:
    """Every organization that is one of many."""
    return Subjects(last=options.organizations, organizations=options.organizations)


def page_of(part: Part, *, share: float) -> Callable[[Options], Subjects]:
    """Pages of one large organization around one that lies so far down its list: 0 is page 1 alone, 1 the last."""

    def subjects(options: Options) -> Subjects:
        last = options.assets_of(part) // PER_PAGE
        middle = max(1, round(last * share))
        around = round(PAGES_AROUND * last / 100_000) if 0 < share < 1 else 0
        return Subjects(
            first=middle - around,
            last=middle + around,
            first_organization=options.organization_of(part),
            mark=PAGE,
        )

    return subjects


def campaign_pages(*, share: float) -> Callable[[Options], Subjects]:
    """Pages of the largest campaign's people around one that lies so far down: 0 is page 1 alone."""

    def subjects(options: Options) -> Subjects:
        last = options.cases // PER_PAGE
        middle = max(1, round(last * share))
        around = round(last * CAMPAIGN_PAGES_AROUND) if share else 0
        return Subjects(
            first=middle - around,
            last=middle + around,
            first_organization=options.organization_of_campaigns,
            mark=PAGE,
        )

    return subjects


def serials_of(part: Part) -> Callable[[Options], Subjects]:
    """Every serial number of one large organization, in the letter case it is not written in."""

    def subjects(options: Options) -> Subjects:
        return Subjects(
            last=options.assets_of(part),
            first_organization=options.organization_of(part),
            mark=SERIAL_IN_OTHER_CASE,
        )

    return subjects
