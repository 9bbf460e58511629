"""No page reads much more than it shows, however large the organization is and whatever its lists are cut down to."""

import re
from urllib.parse import quote

import asyncpg
import pytest

from backhaul.domain.recovery.model import number_of
from backhaul.kernel.clock import SteppedClock
from backhaul.storage.database import SET_TENANT
from tests.conftest import NOON
from tests.dialects.databases import shared_database
from tests.web.console.at_size.explaining import Asked, plan_of, rows_read
from tests.web.console.at_size.multiplying import enlarge
from tests.web.console.browse import Browse
from tests.web.console.furnished import furnished

SESSION = "SET ROLE backhaul_app; SET plan_cache_mode = force_generic_plan"
MOST = 1_100  # of one node of a plan; counts stop at a thousand, and every list has more than twice as many
TEXTS = ("marlowe", "p77", "zzz", "SN-7", "1Z 99")
LISTS = {
    "/search": [f"q={quote(text)}" for text in TEXTS],
    "/scan": [f"q={quote(text)}" for text in TEXTS],
    "/people/departments": ["", "q=zzz"],
    "/locations": ["", "type=warehouse"],
    "/transfers": [
        "", *(f"q={quote(text)}" for text in TEXTS), "status=open", "status=done", "direction=deployment",
        "carrier=USPS", "carrier=Sendle", "country=FR", "leg=device", "until=2020-01-01",
    ],
    "/transfers/new": ["", "person=mar&device=SN"],
    "/transfers/{transfer}": [""],
    "/exceptions": [""],
    "/campaigns": ["", "q=zzz"],
    "/campaigns/{campaign}": [
        "", "stage=stuck", "stage=box", "stage=received", "stage=ended", "open=1&contact=none", "open=1&claimed=1",
    ],
    "/cases": [
        "", *(f"q={quote(text)}" for text in TEXTS), "open=1", "country=FR", "muted=1", "claimed=1", "overdue=1",
        "stage=received", "stage=ended", "stage=unsent", "stage=box", "stage=person", "stage=returning", "stage=stuck",
        "open=1&contact=none",
    ],
    "/cases/{case}": [""],
    "/holds": ["", "q=zzz"],
    "/returns": ["", *(f"q={quote(text)}" for text in TEXTS), "status=verified", "warehouse=WH0CVG01"],
    "/returns/{return}": [""],
    "/reshipments": ["", "status=answer", "status=sent"],
    "/reshipments/new": ["returns=12001&person=mar"],
    "/reshipments/{reshipment}": [""],
    "/money": [""],
    "/money/quotes": [""],
    "/money/holds": ["", "status=captured"],
    "/money/fees": ["", "kind=storage"],
    "/money/charges": ["", "status=declined"],
    "/settings/members": ["", "q=m7", "q=philip", "q=zzz", "after=m5"],
    "/settings/audit": ["", "kind=transfer", "until=2020-01-01"],
    "/settings/webhooks/callbacks": ["", "status=delivered"],
}  # fmt: skip
PAGES = [(path, query) for path, queries in LISTS.items() for query in queries]


# How many cases a campaign has of each stage is said exactly: counted in indexes alone, that of one campaign.
COUNTED = {"recovery_cases_outcomes", "recovery_open_cases_of_campaign"}
# Everybody whom the copies of a campaign have is in that one.
GATHER = """
UPDATE recovery_cases AS x SET campaign_id = c.id FROM recovery_campaigns AS c
WHERE x.org_id = $1 AND c.org_id = $1 AND c.number = $2 AND x.campaign_id <> c.id
    AND substr(x.campaign_id::text, 9) = substr(c.id::text, 9)
"""


@pytest.fixture(scope="session")
async def large(cluster, furniture, tmp_path_factory):
    """A console whose first organization is large among many small ones."""
    asked = Asked()
    async with shared_database(cluster, furniture.template, "size") as url:
        folder = tmp_path_factory.mktemp("size")
        async with furnished(
            url, folder, clock=SteppedClock(NOON), furniture=furniture, logger=asked
        ) as made:
            ours, theirs = (made.actors[name].org_id for name in ("owner", "stranger"))
            await enlarge(made.owner, ours=ours, theirs=theirs)
            _, number = number_of(made.ids["ours"]["campaign"])
            moved = await made.owner.execute(GATHER, ours, number)
            assert int(moved.split()[1]) > 2 * MOST
            await made.owner.execute("VACUUM (ANALYZE) recovery_cases, recovery_open_cases")
            client = await made.stack.enter_async_context(made.app.client(made.address()))
            made.browse = await Browse(client).sign_in(made.emails["owner"])
            made.asked = asked
            made.session = await asyncpg.connect(url)
            await made.session.execute(f"{SESSION}; SET app.org_id = '{ours}'")
            yield made
            await made.session.close()


@pytest.mark.parametrize(("path", "query"), PAGES, ids=lambda value: value or "-")
async def test_a_page_reads_little_more_than_it_shows(large, path, query):
    address = path.format(**large.ids["ours"]) + (f"?{query}" if query else "")
    await large.asked.take()
    answer = await large.browse.get(address)
    assert answer.status_code in {200, 303}, answer.text[:500]
    statements = [sent for sent in await large.asked.take() if sent[0] != SET_TENANT]
    assert statements
    for statement, arguments in statements:
        if "find_browser_session" in statement:
            continue
        for node in await plan_of(large.session, statement, arguments):
            assert _is_counted(node) or rows_read(node) <= MOST, (
                re.sub(r"\s+", " ", statement)[:300],
                _shown(node),
            )


def _is_counted(node):
    """Tell whether a node counts in an index alone; a condition on the tenant may stand above it."""
    if node["Node Type"] == "Result" and "Plans" in node:
        return all(map(_is_counted, node["Plans"]))
    return node["Node Type"] == "Index Only Scan" and node["Index Name"] in COUNTED


def _shown(node):
    kept = ("Node Type", "Relation Name", "Index Name", "Filter", "Actual Rows", "Actual Loops")
    return {name: node[name] for name in kept if name in node}
