"""People are added to a campaign from a file or the directory, after a look at what would happen."""

import csv
import html
import io
import re

import xlsxwriter

from backhaul.domain.recovery import get_campaign
from backhaul.domain.recovery.rosters import COLUMNS
from tests.web.console.browse import Parsed
from tests.web.console.transfers.furnish import world_of

TRACED = ("recovery_cases", "recovery_items", "recovery_campaigns", "history", "outbox")
CARRIED = re.compile(r'name="people" value="([^"]*)"')
FILE = b"""email,first_name,last_name,phone,address_line_1,city,state,postal_code,country_code,item,serial_number
new@home.example,Nova,Jones,4125550100,404 Hidden Spring Lane,Pittsburgh,PA,15238,US,Laptop,N-1
new@home.example,,,,,,,,,Monitor,N-2
cara@ours.example,,,,,,,,,,
broken@home.example,Bo,Ken,call me,404 Hidden Spring Lane,Pittsburgh,PA,15238,US,Laptop,
"""


def base_of(console, whose="ours", name="empty_campaign"):
    return f"/campaigns/{console.ids[whose][name]}"


async def upload(browse, base, content=FILE, name="people.csv", **fields):
    await browse.page(f"{base}/people")
    return await browse.post(
        f"{base}/people/file", {"shipping": "ask", **fields}, files={"file": (name, content)}
    )


def carried(answer):
    return html.unescape(CARRIED.search(answer.text)[1])


async def people_of(console, base):
    number = base.rpartition("/")[2]
    found = await get_campaign(console.db, actor=console.actors["owner"], number=number)
    return {(one.case.email, one.case.shipping.value, len(one.items)) for one in found.cases}


async def test_a_file_is_looked_at_first_and_then_its_good_people_are_added(own_console, visitors):
    browse, base = await visitors(own_console, "member"), base_of(own_console)
    before = await own_console.traces(TRACED)
    answer = await upload(browse, base)
    page = Parsed(answer.text)
    assert answer.status_code == 200
    assert {
        "2 people can be added",
        "1 person cannot",
        "Nova Jones",
        "Cara Stone",
        "broken@home.example",
    } <= set(page.texts)
    assert "Phone must be a telephone number" in answer.text
    assert "When they are reminded" in page.texts
    assert await own_console.traces(TRACED) == before
    where = await browse.does(f"{base}/people", {"people": carried(answer)})
    assert where == f"{base}?notice=campaigns.people_added"
    assert await people_of(own_console, base) == {
        ("new@home.example", "ask", 2),
        ("cara@ours.example", "ask", 1),
    }
    await world_of(own_console, "owner").settle()
    assert {"Nova Jones", "Cara Stone"} <= set((await browse.page(where)).texts)


async def test_sending_the_same_people_twice_adds_them_once(own_console, visitors):
    browse, base = await visitors(own_console, "member"), base_of(own_console)
    people = {"people": carried(await upload(browse, base))}
    await browse.does(f"{base}/people", people)
    before = await own_console.traces(TRACED)
    assert await browse.does(f"{base}/people", people) == f"{base}?notice=campaigns.people_added"
    assert await own_console.traces(TRACED) == before


async def test_a_workbook_is_read_as_well(own_console, visitors):
    browse, base = await visitors(own_console, "member"), base_of(own_console)
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(FILE.decode()))):
            sheet.write_row(number, 0, row)
    answer = await upload(browse, base, kept.getvalue(), "people.xlsx")
    assert "2 people can be added" in Parsed(answer.text).texts


async def test_people_are_picked_from_the_directory_with_their_devices(own_console, visitors):
    browse, base = await visitors(own_console, "member"), base_of(own_console)
    page = await browse.page(f"{base}/people?q=stone")
    assert ("Cara Stone" in page.texts, "Ada Lovelace" in page.texts) == (True, False)
    picked = {"ids": "cara@ours.example", "picked_shipping": "kit", "picked_reason": "refresh"}
    answer = await browse.post(f"{base}/people/picked", picked)
    assert "ours-CARA" in answer.text
    await browse.does(f"{base}/people", {"people": carried(answer)})
    assert await people_of(own_console, base) == {("cara@ours.example", "kit", 1)}


async def test_what_cannot_be_read_is_said_beside_the_file(own_console, visitors):
    browse, base = await visitors(own_console, "member"), base_of(own_console)
    before = await own_console.traces(TRACED)
    for content in (b"name\nAda\n", b"email\n", b"", b"PK\x03\x04broken", b"email,sereal\na,b\n"):
        answer = await upload(browse, base, content)
        assert (answer.status_code, 'id="file-problem"' in answer.text) == (422, True), content
    nothing = await browse.post(f"{base}/people/file", {"shipping": "kit"})
    assert (nothing.status_code, 'id="file-problem"' in nothing.text) == (422, True)
    other = await upload(browse, base, reason="other")
    assert 'id="reason_note-problem"' in other.text
    assert "Tick some people first." in (await browse.post(f"{base}/people/picked")).text
    for people in ("", "nonsense", "{}", '[{"email": 1}]', "[]"):
        assert (await browse.post(f"{base}/people", {"people": people})).status_code == 422, people
    assert await own_console.traces(TRACED) == before


async def test_what_is_carried_is_checked_again(own_console, visitors):
    browse, base = await visitors(own_console, "member"), base_of(own_console)
    people = carried(await upload(browse, base)).replace('"4125550100"', '"call me"')
    before = await own_console.traces(TRACED)
    answer = await browse.post(f"{base}/people", {"people": people})
    assert (answer.status_code, "Must be a telephone number" in answer.text) == (422, True)
    assert await own_console.traces(TRACED) == before


async def test_nobody_is_added_to_a_campaign_of_others(own_console, visitors):
    browse = await visitors(own_console, "member")
    people = carried(await upload(browse, base_of(own_console)))
    theirs = base_of(own_console, "theirs")
    before = await own_console.traces(TRACED)
    assert (await browse.post(f"{theirs}/people", {"people": people})).status_code == 404
    answer = await browse.post(f"{theirs}/people/file", {"shipping": "ask"}, files={"file": ("a.csv", FILE)})
    assert answer.status_code == 404
    assert (await browse.post(f"{theirs}/people/picked", {"ids": "cara@ours.example"})).status_code == 404
    assert await own_console.traces(TRACED) == before


async def test_the_template_has_every_column(console, browse):
    answer = await browse.get("/campaigns/template")
    header, example = csv.reader(io.StringIO(answer.text))
    assert header == [column.name for column in COLUMNS]
    assert example[0] == "ada@example.com"


async def test_what_a_file_says_is_escaped(own_console, visitors):
    browse, base = await visitors(own_console, "member"), base_of(own_console)
    evil = b'"><script>alert(1)</script>'
    content = FILE.replace(b"Nova", evil.replace(b'"', b"'")).replace(
        b"broken@home.example", evil.replace(b'"', b"'")
    )
    answer = await upload(browse, base, content, "people.csv")
    assert "<script>alert" not in answer.text
    assert Parsed(answer.text).inline == []
