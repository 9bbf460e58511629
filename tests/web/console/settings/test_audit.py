"""The audit log: filters, pages, both values of a change, and a file that no spreadsheet calculates."""

import csv
import io

from backhaul.domain.identity import rename_organization
from backhaul.domain.identity.audit import AuditFilter, list_changes

PATH = "/settings/audit"
FORMULA = '=HYPERLINK("http://evil.example")'


async def test_the_log_is_cut_down_by_who_what_when_and_record(console, browse):
    ids, owner = console.ids["ours"], console.actors["owner"]
    page = await browse.page(f"{PATH}?kind=charge&record={ids['charge']}")
    assert {"Charge", "opened", "captured"} <= set(page.texts)
    mine = await list_changes(
        console.db, actor=owner, wanted=AuditFilter(actor_id=owner.user_id, kind="client"), limit=500
    )
    page = await browse.page(f"{PATH}?who={owner.user_id}&kind=client")
    assert f"{len(mine)} line" in page.texts
    day = console.clock.now().date().isoformat()
    assert "Nothing was found" in (await browse.page(f"{PATH}?until=2020-01-01")).texts
    assert "Nothing was found" not in (await browse.page(f"{PATH}?from={day}")).texts
    for query in ("record=x", f"record={ids['charge']}", "from=x", "who=x"):
        assert "That cannot be looked up" in (await browse.page(f"{PATH}?{query}")).texts, query
    theirs = console.ids["theirs"]["charge"]
    assert "Nothing was found" in (await browse.page(f"{PATH}?kind=charge&record={theirs}")).texts


async def test_pages_follow_one_another_without_a_gap(console, browse):
    seen, path = 0, PATH
    while path is not None:
        page = await browse.page(path)
        seen += int(next(text for text in page.texts if text.endswith((" lines", " line"))).split()[0])
        path = next((link for link in page.links if link.startswith(f"{PATH}?before=")), None)
    expected = await console.owner.fetchval(
        "SELECT count(*) FROM history WHERE org_id = $1", console.organizations["ours"].id
    )
    assert seen == expected
    assert seen > 100


async def test_the_file_has_every_line_and_no_formula(own_console, visitors):
    owner = own_console.actors["owner"]
    await rename_organization(own_console.db, actor=owner, name=FORMULA, now=own_console.clock.now())
    await own_console.owner.execute("UPDATE users SET name = $1 WHERE id = $2", FORMULA, owner.user_id)
    browse = await visitors(own_console, "owner")
    answer = await browse.get(f"{PATH}/export?kind=organization")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["record"] for row in rows} == {"organization"}
    assert rows[0]["actor_name"] == f"'{FORMULA}"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    page = await browse.page(f"{PATH}?kind=organization")
    assert {"Maas Biolabs", FORMULA} <= set(page.texts)
    member = await visitors(own_console, "member")
    assert (await member.get(f"{PATH}/export")).status_code == 403
