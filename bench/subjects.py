"""What the requests of a row are about: numbers drawn at random, and what each stands for.

Drawn and put into words alike in three languages: here, in wrk's Lua and in pgbench's scripts.
"""

import itertools
from collections.abc import Callable, Iterator

import msgspec

from backhaul.dialects.boxc import paging
from bench.numbering import DIGITS, Prefix, email_of, id_in_script, id_of
from bench.options import Options, Part

PER_PAGE = 10
PAGES_AROUND = 100  # how far pages are drawn from the one that is meant
CAMPAIGN_PAGES_AROUND = 0.05  # the same of a campaign's people, as a share of its pages
SERIAL = "SN"
FIRST_RETURN = 10_000_001  # eight digits, as the last one, so that bodies are of one length
RETURNS_APART = 50_000_000  # between the numbers of the two organizations with returns
RETURNS_PER_PAGE = 50
PAGE_SECRET = bytes(32)  # what tokens of pages are signed with on the ground that is laid

# Of the subjects that are good for one request: how many are tried out first, and how many pgbench sends about. The
# others are sent about over HTTP, each run having its own.
TRIED, OF_PGBENCH = 0.1, 0.1
RUNS = 16


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a path or in a body that a drawn number fills."""

    name: str
    text: Callable[[int], str]
    lua: str  # the same as an expression of `number`
    argument: Callable[[int], str]  # what the request's statement is given for it, as text
    script: str  # the same in a pgbench script, as an expression of :number
    also: dict[
        Prefix, int
    ] = {}  # ids that the request reads: of what kind, and how far their numbers lie behind
    before_lua: str = ""  # what `lua` needs


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

    def said(self, pattern: str) -> str:
        """Return the path or the body of a request about it."""
        return pattern if self.mark is None else pattern.replace(self.mark.name, self.mark.text(self.number))

    def known(self) -> dict[str, str]:
        """Return what every value that differs from sample to sample is in a pgbench script."""
        known = {} if self.mark is None else {self.mark.argument(self.number): self.mark.script}
        for prefix, behind in {} if self.mark is None else self.mark.also.items():
            known[str(id_of(prefix, behind + self.number))] = id_in_script(prefix, "number", behind=behind)
        if not self.is_only_organization:
            for prefix in (Prefix.ORGANIZATION, Prefix.USER, Prefix.KEY):
                known[str(id_of(prefix, self.organization))] = id_in_script(prefix, "organization")
            email = f"('hr' || lpad(:organization, {DIGITS}, '0') || '@example.com')"
            known[email_of(self.organization)] = email
        return known


class Subjects(msgspec.Struct, frozen=True, kw_only=True):
    """All of them: the numbers `first` to `last`, handed out to some organizations in turn.

    `is_once`: a request changes its subject for good, so that each is good for one.
    """

    first: int = 1
    last: int = 1
    first_organization: int = 1
    organizations: int = 1
    mark: Mark | None = None
    is_once: bool = False

    def sample(self, number: int) -> Sample:
        """Return one of them."""
        position = (number - 1) % self.organizations
        return Sample(number, self.first_organization + position, self.organizations == 1, self.mark)

    def in_turn(self) -> Iterator[Sample]:
        """Hand out two in turn that differ in all they can; ever new ones where each is good for one request."""
        if self.is_once:
            return map(self.sample, range(self.first, self.first + self._share(TRIED)))
        other = min(self.last, self.first + self.organizations + 1)
        return itertools.cycle([self.sample(self.first), self.sample(other)])

    @property
    def of_pgbench(self) -> tuple[int, int]:
        """The first and the last that pgbench sends about, any number of times: it is refused nothing."""
        if not self.is_once:
            return self.first, self.last
        first = self.first + self._share(TRIED)
        return first, first + self._share(OF_PGBENCH) - 1

    @property
    def drawn_in_lua(self) -> str:
        """How the next is found in Lua, by `seed`, the run's number, and `sent`, how many there were."""
        if not self.is_once:
            return f"math.random({self.first}, {self.last})"
        _, behind = self.of_pgbench
        return f"{behind} + (seed - 1) * {(self.last - behind) // RUNS} + sent"

    def _share(self, share: float) -> int:
        return int((self.last - self.first + 1) * share)


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


def returns(options: Options) -> Subjects:
    """Every return of the organization whose returns are looked at."""
    return Subjects(last=options.returns, first_organization=options.organization_of_returns, mark=_return(0))


def reshippable(options: Options) -> Subjects:
    """Every return that waits to be sent on."""
    return Subjects(
        last=options.reshippable,
        first_organization=options.organization_of_reshippable,
        mark=_return(RETURNS_APART),
        is_once=True,
    )


def pages_of_returns(*, share: float) -> Callable[[Options], Subjects]:
    """Pages of returns around one that lies so far down, newest first, by their tokens."""

    def subjects(options: Options) -> Subjects:
        last = options.returns // RETURNS_PER_PAGE
        middle = round(last * share)
        around = min(PAGES_AROUND, last) // 4
        first, organization = middle - around, options.organization_of_returns
        return Subjects(
            first=first,
            last=middle + around,
            first_organization=organization,
            mark=_page_of_returns(options, first, middle + around),
        )

    return subjects


def first_page_of_returns(options: Options) -> Subjects:
    """Nothing in particular of that organization: its first page."""
    return Subjects(first_organization=options.organization_of_returns)


def _return(behind: int) -> Mark:
    base = FIRST_RETURN - 1 + behind
    return Mark(
        name="{return}",
        text=lambda number: str(base + number),
        lua=f"({base} + number)",
        argument=lambda number: str(base + number),
        script=f"({base} + :number)",
        also={Prefix.RETURN: behind},
    )


def _page_of_returns(options: Options, first: int, last: int) -> Mark:
    end = FIRST_RETURN + options.returns
    bound_to = f"{id_of(Prefix.ORGANIZATION, options.organization_of_returns)} returns"

    def last_seen(number: int) -> int:
        return end - (number - 1) * RETURNS_PER_PAGE

    def token(number: int) -> str:
        page = paging.Page(limit=RETURNS_PER_PAGE, last_id=last_seen(number))
        return paging.encode(page, secret=PAGE_SECRET, bound_to=bound_to)

    tokens = ", ".join(f'"{token(number)}"' for number in range(first, last + 1))
    return Mark(
        name="{token}",
        text=token,
        lua=f"tokens[number - {first - 1}]",
        before_lua=f"local tokens = {{{tokens}}}",
        argument=lambda number: str(last_seen(number)),
        script=f"({end} - (:number - 1) * {RETURNS_PER_PAGE})",
    )
