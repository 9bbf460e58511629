"""What is measured: one row each. To add one, describe a request; everything else is derived from it."""

from collections.abc import Callable

import msgspec

from bench import subjects
from bench.asking import RESHIPMENT, TRANSFER
from bench.credentials import Scheme
from bench.options import LARGE, Options, Part
from bench.seeding.campaigns import CAMPAIGN
from bench.subjects import Subjects


class Bound(msgspec.Struct, frozen=True):
    """How large a share of pgbench's rate a row shall keep."""

    aim: float  # what is wanted; a row below it is named
    least: float  # what it must not lose again; a row below it fails the run
    why: str = ""  # where it is written down why the two differ


class Compared(msgspec.Struct, frozen=True):
    """How much slower than another row's a row's p95 may be."""

    to: str
    times: float


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of request, sent over and over about random `subjects`, as a user of the organization of each.

    The mark in the path or the body stands for the subject. Which statements the request sends is read from the
    application's own log (`recording.py`).
    """

    name: str
    method: str = "GET"
    path: str
    body: bytes = b""
    status: int = 200
    shows: bytes = b""  # what every answer holds: an empty page would be quick, and a measurement of nothing
    scheme: Scheme = Scheme.ACCESS_TOKEN
    subjects: Callable[[Options], Subjects]
    needs: frozenset[Part]
    budget: int = 2  # how many statements a request may send, COMMIT included; more end the run
    of_pgbench: Bound | None = None
    p95: Compared | None = None


ASSET = b'"serialNumber"'
RETURN = b'"rma_number"'
PERSON = b'"return_tracking_number":"78'

BOXC_READ = 3  # the bucket's statement beside the tenant and the question
CONSOLE_READ = 5  # who is there, the tenant, and at most three questions

SCENARIOS = [
    Scenario(
        name="view",
        path="/api/v1/device_transfers/{transfer}",
        scheme=Scheme.KEY,
        subjects=subjects.transfers,
        needs=frozenset({Part.TRANSFERS}),
        of_pgbench=Bound(aim=0.23, least=0.23),
    ),
    Scenario(
        name="create",
        method="POST",
        path="/api/v1/device_transfers",
        body=msgspec.json.encode(TRANSFER),
        status=201,
        scheme=Scheme.KEY,
        subjects=subjects.transfers,
        needs=frozenset({Part.TRANSFERS}),
        budget=5,
        of_pgbench=Bound(aim=0.50, least=0.33, why="docs/decisions/0019-create-and-pgbench.md"),
    ),
    Scenario(
        name="assets",
        path="/api/v1/assets?page=1",
        shows=ASSET,
        subjects=subjects.organizations,
        needs=frozenset({Part.ASSETS}),
        of_pgbench=Bound(aim=0.25, least=0.25),
    ),
    Scenario(
        name="assets_1m",
        path="/api/v1/assets?page={page}",
        shows=ASSET,
        subjects=subjects.page_of(Part.ASSETS_1M, share=0),
        needs=frozenset({Part.ASSETS_1M}),
        of_pgbench=Bound(aim=0.25, least=0.25),
    ),
    Scenario(
        name="assets_1m_deep",
        path="/api/v1/assets?page={page}",
        shows=ASSET,
        subjects=subjects.page_of(Part.ASSETS_1M, share=0.5),
        needs=frozenset({Part.ASSETS_1M}),
        p95=Compared(to="assets_1m", times=5.0),
    ),
    # The console's list shows fifty devices where an answer of the API has ten, so it may take as long as five of them,
    # and half as long again.
    Scenario(
        name="assets_page",
        path="/assets",
        shows=b"devices in the inventory",
        scheme=Scheme.BROWSER,
        subjects=subjects.page_of(Part.ASSETS_1M, share=0),
        needs=frozenset({Part.ASSETS_1M}),
        budget=CONSOLE_READ,
        p95=Compared(to="assets_1m", times=5 * 1.5),
    ),
    Scenario(
        name="asset_by_serial",
        path="/api/v1/assets?serialNumber={serial}",
        shows=ASSET,
        subjects=subjects.serials_of(Part.ASSETS_1M),
        needs=frozenset({Part.ASSETS_1M}),
    ),
    Scenario(
        name="campaigns",
        path="/api/v1/recover/campaigns?page={page}",
        shows=b'"compain_title"',
        subjects=subjects.campaign_pages(share=0),
        needs=frozenset({Part.CAMPAIGNS}),
        of_pgbench=Bound(aim=0.15, least=0.05),
    ),
    Scenario(
        name="campaign_details",
        path=f"/api/v1/recover/campaign/{CAMPAIGN}?page={{page}}",
        shows=PERSON,
        subjects=subjects.campaign_pages(share=0),
        needs=frozenset({Part.CAMPAIGNS}),
        of_pgbench=Bound(aim=0.25, least=0.15),
    ),
    Scenario(
        name="campaign_details_deep",
        path=f"/api/v1/recover/campaign/{CAMPAIGN}?page={{page}}",
        shows=PERSON,
        subjects=subjects.campaign_pages(share=0.9),
        needs=frozenset({Part.CAMPAIGNS}),
        p95=Compared(to="campaign_details", times=3.0),
    ),
    Scenario(
        name="returns_1m",
        path="/v1/returns",
        shows=RETURN,
        scheme=Scheme.CLIENT,
        subjects=subjects.first_page_of_returns,
        needs=frozenset({Part.RETURNS}),
        budget=BOXC_READ,
        of_pgbench=Bound(aim=0.25, least=0.25),
    ),
    Scenario(
        name="returns_1m_deep",
        path="/v1/returns?page_token={token}",
        shows=RETURN,
        scheme=Scheme.CLIENT,
        subjects=subjects.pages_of_returns(share=0.5),
        needs=frozenset({Part.RETURNS}),
        budget=BOXC_READ,
        of_pgbench=Bound(aim=0.25, least=0.25),
        p95=Compared(to="returns_1m", times=3.0),
    ),
    Scenario(
        name="return_1m",
        path="/v1/returns/{return}",
        shows=RETURN,
        scheme=Scheme.CLIENT,
        subjects=subjects.returns,
        needs=frozenset({Part.RETURNS}),
        budget=BOXC_READ,
        of_pgbench=Bound(aim=0.23, least=0.20),
    ),
    Scenario(
        name="reship",
        method="POST",
        path="/v1/reshipments",
        body=msgspec.json.encode(RESHIPMENT).replace(b"[0]", b"[{return}]"),
        status=201,
        scheme=Scheme.CLIENT,
        subjects=subjects.reshippable,
        needs=frozenset({Part.RESHIPPABLE}),
        budget=10,
        of_pgbench=Bound(aim=0.25, least=0.25),
    ),
    # The console's other lists, as `assets_page`: fifty lines, where a page of a campaign's people has ten.
    Scenario(
        name="transfers_page",
        path="/transfers",
        shows=b'href="/transfers/',
        scheme=Scheme.BROWSER,
        subjects=subjects.campaign_pages(share=0),
        needs=frozenset({Part.CAMPAIGNS}),
        budget=CONSOLE_READ,
    ),
    Scenario(
        name="cases_page",
        path="/cases",
        shows=b"erin.doe.",
        scheme=Scheme.BROWSER,
        subjects=subjects.campaign_pages(share=0),
        needs=frozenset({Part.CAMPAIGNS}),
        budget=CONSOLE_READ,
        p95=Compared(to="campaign_details", times=5 * 1.5),
    ),
    Scenario(
        name="returns_page",
        path="/returns",
        shows=b'href="/returns/',
        scheme=Scheme.BROWSER,
        subjects=subjects.first_page_of_returns,
        needs=frozenset({Part.RETURNS}),
        budget=CONSOLE_READ,
    ),
]


def _growing(part: Part) -> list[Scenario]:
    page, serial = "/api/v1/assets?page={page}", "/api/v1/assets?serialNumber={serial}"
    questions = {
        "first": (page, subjects.page_of(part, share=0)),
        "last": (page, subjects.page_of(part, share=1)),
        "serial": (serial, subjects.serials_of(part)),
    }
    return [
        Scenario(name=f"{part}_{name}", path=path, subjects=about, shows=ASSET, needs=frozenset({part}))
        for name, (path, about) in questions.items()
    ]


# The same three questions, asked one at a time of ever larger organizations: page 1, the last page, a serial number.
GROWING = {part: _growing(part) for part in reversed(LARGE)}
