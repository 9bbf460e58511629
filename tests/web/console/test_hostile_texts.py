"""What no person types: NULs, numbers beyond any column, origins that are none. Refused or read, never a defect."""

import pytest

from backhaul.domain.billing import exporting as ledger
from backhaul.domain.bulk.values import FORMULA, tidy
from backhaul.domain.identity.audit import exporting as audit
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.csrf import comes_from_here
from backhaul.web.console.forms import Form
from backhaul.web.console.trouble import Trouble

LISTS = (
    "/campaigns", "/holds", "/locations", "/people/departments", "/returns", "/transfers/new", "/imports", "/people",
    "/assets", "/transfers", "/exceptions", "/cases", "/reshipments", "/search", "/scan", "/settings/audit",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("value", ["%00", "a%00b", "9" * 19, "9" * 30, "%ff%fe"])
async def test_a_list_is_asked_for_what_no_column_holds(console, path, value):
    browse = await console.kept("owner")
    names = ("q", "before", "after", "person", "device", "status", "tracking", "country", "stage", "kind")
    answer = await browse.get(f"{path}?" + "&".join(f"{name}={value}" for name in names))
    assert answer.status_code in {200, 303, 404, 422}


async def test_a_form_holds_no_nul(bare_console, visitors):
    form = Form([("na\x00me", "a\x00b"), ("ids", "\x00")], [])
    assert (form["na\ufffdme"], form.raw("na\ufffdme"), form.all("ids")) == (
        "a\ufffdb",
        "a\ufffdb",
        ["\ufffd"],
    )
    browse = await visitors(bare_console, "owner")
    await browse.get("/account")
    refused = await browse.post("/people/departments", {"name": "Ware\x00house"})
    assert refused.status_code in {303, 422}


async def test_an_amount_that_no_column_holds_is_refused_beside_its_field(bare_console, visitors):
    browse = await visitors(bare_console, "operator")
    await browse.get("/account")
    number = await bare_console.owner.fetchval("SELECT number FROM organizations WHERE name = 'Maas Biolabs'")
    refused = await browse.post(f"/settings/customers/{number}/credit-limit", {"limit": "9" * 19})
    assert (refused.status_code, 'id="limit-problem"' in refused.text) == (422, True)


@pytest.mark.parametrize("origin", ["http://[", "null", "http://evil.example", "//", "x"])
async def test_an_origin_that_is_not_ours_is_refused(bare_console, visitors, origin):
    browse = await visitors(bare_console, "owner")
    await browse.get("/account")
    assert (await browse.post("/account/theme", {"theme": "dark"}, origin=origin)).status_code == 403
    assert not comes_from_here({"headers": [(b"origin", origin.encode())]})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("can't be blank", "Can't be blank."),
        ("must be a country", "Must be a country."),
        ("ada@example.com is no person here", "ada@example.com is no person here."),
        ("gibson is no person here", "gibson is no person here."),
        ("c02xyz has a hold", "c02xyz has a hold."),
        ("steps[0].name: is missing", "steps[0].name: is missing."),
    ],
)
def test_what_somebody_wrote_begins_as_they_wrote_it(text, shown):
    refusal = InvalidInput([FieldProblem("who", "x.y", text)])
    trouble = Trouble.of(refusal, Form([("who", "neuromancer\r\n gibson \r\nm"), ("n", "")], []))
    assert trouble.of_field("who") == shown


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n", "  ="]
)
def test_every_export_guards_every_sign_that_a_spreadsheet_calculates(sign):
    cell = f"{sign}HYPERLINK(1)"
    assert ledger._cell(cell) == f"'{cell}"
    assert audit._FORMULA.match(cell)
    assert FORMULA.match(cell)
    assert tidy(f"'{cell}").strip() == cell.strip()
