"""What can be done with one case and with many, and what is refused."""

import re
from urllib.parse import urlsplit

from backhaul.domain.directory import PostalAddress
from backhaul.domain.recovery import get_case
from backhaul.domain.recovery.person import follow
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.model import TransferId
from backhaul.domain.transfers.queries import get_detail
from tests.web.console.browse import Parsed
from tests.web.console.transfers.furnish import world_of

TRACED = (
    "recovery_cases", "recovery_items", "recovery_contacts", "recovery_links", "recovery_reminders", "transfers",
    "history", "outbox",
)  # fmt: skip
ACTIONS = (
    "send",
    "address",
    "remind",
    "mute",
    "unmute",
    "items/1",
    "close",
    "diagnose",
    "link",
    "links/revoke",
)


async def detail_of(console, name):
    found = await get_case(console.db, actor=console.actors["owner"], ref=console.ids["ours"][name])
    return found.detail


async def test_somebody_is_sent_a_label_reminded_muted_and_unmuted(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['asking_case']}"
    page = await browse.page(path)
    assert {f"{path}/send", f"{path}/remind", f"{path}/mute", f"{path}/close"} <= page.posts
    assert (await browse.post(f"{path}/send", {"choice": "drone"})).status_code == 422
    page = await browse.page(await browse.does(f"{path}/send", {"choice": "label"}))
    assert "It is ordered. The parcels show up here in a moment." in page.texts
    await world_of(own_console, "owner").settle()
    detail = await detail_of(own_console, "asking_case")
    assert [parcel.is_box_waived for parcel in detail.parcels] == [True] * len(detail.parcels)
    assert detail.parcels
    assert (await browse.post(f"{path}/send", {"choice": "kit"})).status_code == 409
    page = await browse.page(await browse.does(f"{path}/remind"))
    assert "by hand" in page.texts
    again = await browse.post(f"{path}/remind")
    assert (again.status_code, "by hand today already" in again.text) == (409, True)
    page = await browse.page(await browse.does(f"{path}/mute"))
    assert {"Reminders are muted.", "Undo"} <= set(page.texts)
    assert f"{path}/unmute" in page.posts
    assert "Reminders are on." in (await browse.page(await browse.does(f"{path}/unmute"))).texts


async def test_an_item_is_settled_with_evidence_and_the_case_closed(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['asking_case']}"
    await browse.page(path)
    before = await own_console.traces(TRACED)
    for fields, field in (
        ({"outcome-1": ""}, "outcome-1"),
        ({"outcome-1": "partly_returned", "outstanding-1": ""}, "outstanding-1"),
        ({"outcome-1": "lost", "reason-1": "x" * 1001}, "reason-1"),
    ):
        answer = await browse.post(f"{path}/items/1", fields)
        assert (answer.status_code, f'id="{field}-problem"' in answer.text) == (422, True), field
    assert (await browse.post(f"{path}/items/9", {"outcome-9": "lost"})).status_code == 404
    assert (await browse.post(f"{path}/items/x", {"outcome-x": "lost"})).status_code == 404
    assert await own_console.traces(TRACED) == before
    fields = {"outcome-1": "lost", "reason-1": "On a train.", "evidence-1": "Police report 7"}
    page = await browse.page(await browse.does(f"{path}/items/1", fields))
    assert {"What became of the item is written down.", "Lost", "Item: lost"} <= set(page.texts)
    page = await browse.page(await browse.does(f"{path}/close", {"outcome-all": "written_off"}))
    assert {"Written off", "How it ended", "by member@console.example"} <= set(page.texts)
    items = (await detail_of(own_console, "asking_case")).items
    assert [(item.outcome.value, item.ending.evidence) for item in items] == [
        ("lost", {"note": "Police report 7"}),
        ("written_off", {}),
    ]
    page = await browse.page(await browse.does(f"{path}/diagnose"))
    assert "The devices are noted as inspected." in page.texts


async def test_what_is_on_legal_hold_is_not_given_up(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['held_case']}"
    page = await browse.page(path)
    assert "On legal hold:" in page.texts
    before = await own_console.traces(TRACED)
    answer = await browse.post(f"{path}/close", {"outcome-all": "lost"})
    assert (answer.status_code, "is on legal hold" in answer.text) == (409, True)
    assert await own_console.traces(TRACED) == before


async def test_a_link_is_shown_once_works_and_is_revoked(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['case']}"
    await browse.page(path)
    answer = await browse.post(f"{path}/link")
    (url,) = re.findall(r'<code id="link">([^<]+)</code>', answer.text)
    token = urlsplit(url).path.rpartition("/")[2]
    assert await follow(own_console.db, token=token, now=own_console.clock.now())
    assert token not in (await browse.get(path)).text
    page = await browse.page(await browse.does(f"{path}/links/revoke"))
    assert "No link to the person's page works any more." in page.texts
    assert f"{path}/links/revoke" not in page.posts


async def test_many_are_muted_reminded_sent_and_closed_and_refusals_are_named(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/cases")
    codes = [(await detail_of(own_console, name)).case.code for name in ("asking_case", "ended_case")]
    theirs = own_console.ids["theirs"]["code"]

    async def do(wish, **more):
        answer = await browse.post(
            "/cases/many", {"do": wish, "ids": [*codes, theirs], "back": "/cases?q=x", **more}
        )
        assert answer.status_code == 200
        return Parsed(answer.text)

    page = await do("mute")
    assert "2 cases are muted." in page.texts
    assert {"1 was refused", f"There is no recovery {theirs}.", "Undo"} <= set(page.texts)
    assert "/cases?q=x" in page.links
    await do("unmute")
    assert "1 case was reminded." in (await do("remind")).texts
    assert "1 case is sent a box." in (await do("kit")).texts
    asked = await do("close")
    assert "Close 3 cases" in asked.texts
    assert (await detail_of(own_console, "asking_case")).case.outcome is None
    assert "1 case is closed." in (await do("close", outcome="cancelled", sure="1", reason="Over.")).texts
    assert (await detail_of(own_console, "asking_case")).case.outcome.value == "cancelled"
    none = await browse.does("/cases/many", {"do": "mute", "back": "https://evil.example"})
    assert none == "/cases?notice=cases.none_chosen"


async def test_who_may_not_and_what_is_not_theirs_is_refused_without_a_trace(own_console, visitors):
    viewer, member = await visitors(own_console, "viewer"), await visitors(own_console, "member")
    ours, theirs = own_console.ids["ours"]["asking_case"], own_console.ids["theirs"]["asking_case"]
    await viewer.page(f"/cases/{ours}")
    await member.page("/cases")
    before = await own_console.traces(TRACED)
    fields = {"choice": "kit", "outcome-1": "lost", "outcome-all": "lost"}
    for action in ACTIONS:
        assert (await viewer.post(f"/cases/{ours}/{action}", fields)).status_code == 403, action
        assert (await member.post(f"/cases/{theirs}/{action}", fields)).status_code == 404, action
    assert (await viewer.post("/cases/many", {"do": "mute", "ids": ours})).status_code == 403
    assert await own_console.traces(TRACED) == before


async def test_a_parcel_that_was_cancelled_is_sent_again_once(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['case']}"
    (first,) = (await detail_of(own_console, "case")).parcels
    again = f"{path}/parcels/{first.transfer_id}/send-again"
    assert again not in (await browse.page(path)).posts
    early = await browse.post(again, {f"choice-{first.transfer_id}": "kit"})
    assert (early.status_code, "It can be sent again once it failed" in early.text) == (409, True)
    await browse.get(f"/transfers/{first.transfer_id}")
    await browse.does(f"/transfers/{first.transfer_id}/cancel", {"reason": "Moved house"})
    await world_of(own_console, "owner").settle()
    assert again in (await browse.page(path)).posts
    before = await own_console.traces(TRACED)
    wrong = await browse.post(again, {f"choice-{first.transfer_id}": "drone"})
    assert (wrong.status_code, "Choose what to send." in wrong.text) == (422, True)
    for name, status in (("viewer", 403), ("stranger", 404)):
        other = await visitors(own_console, name)
        await other.get("/")
        answer = await other.post(again, {f"choice-{first.transfer_id}": "kit"})
        assert answer.status_code == status, name
    for unknown in ("made-up", "01a202ef-fec1-71ea-9865-dbd15535a77a"):
        answer = await browse.post(f"{path}/parcels/{unknown}/send-again", {f"choice-{unknown}": "kit"})
        assert answer.status_code == 404
    traces = {name: count for name, count in before.items() if name != "history"}  # which knows of signing in
    assert traces.items() <= (await own_console.traces(TRACED)).items()
    for _ in range(2):
        where = await browse.does(again, {f"choice-{first.transfer_id}": "label"})
    await world_of(own_console, "owner").settle()
    page = await browse.page(where)
    assert {"Parcel 1", "Parcel 1, sent again", "Parcel 1 sent again", "Cancelled"} <= {
        text.removesuffix(" by member@console.example, ") for text in page.texts
    }
    (second,) = (await detail_of(own_console, "case")).parcels
    assert (second.transfer_id == first.transfer_id, second.is_box_waived) == (False, True)


async def test_the_address_is_corrected_with_what_is_wrong_beside_each_field(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['case']}"
    page = await browse.page(path)
    assert f"{path}/address" in page.posts
    given = {
        one["name"]: one["value"] for one in page.tags("input") if one.get("name", "").startswith("address.")
    }
    fields = {**given, "address.country_code": "US"}
    assert "is_certain" not in {one.get("name") for one in page.tags("input")}
    before = await own_console.traces(TRACED)
    for name, wrong, said in (
        ("line_1", "", "line_1-problem"),
        ("postal_code", "1", "postal_code-problem"),
        ("country_code", "XX", "country_code-problem"),
    ):
        answer = await browse.post(f"{path}/address", {**fields, f"address.{name}": wrong})
        assert (answer.status_code, f'id="address.{said}"' in answer.text) == (422, True), name
        refused = Parsed(answer.text)
        assert "is_certain" in {one.get("name") for one in refused.tags("input")}
    assert await own_console.traces(TRACED) == before
    for _ in range(2):
        where = await browse.does(f"{path}/address", {**fields, "address.line_1": "1 New Street"})
    page = await browse.page(where)
    assert "The address is corrected. What is sent from now on goes there." in page.texts
    assert [text for text in page.texts if text.startswith("Address corrected")] == ["Address corrected"]
    assert "1 New Street" in page.texts
    await browse.does(f"{path}/address", {**fields, "address.postal_code": "1", "is_certain": "1"})
    assert (await detail_of(own_console, "case")).case.postal_code == "1"


async def test_the_address_of_a_box_on_its_way_stays(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['case']}"
    world = world_of(own_console, "owner")
    (parcel,) = (await detail_of(own_console, "case")).parcels
    await browse.page(path)
    actor = own_console.actors["owner"]
    found = await get_detail(own_console.db, actor=actor, transfer_id=TransferId(parcel.transfer_id))
    await world.report(await world.box(found.transfer), Tracking.IN_TRANSIT)
    await world.settle()
    assert f"{path}/address" not in (await browse.page(path)).posts
    before = await own_console.traces(TRACED)
    case = (await detail_of(own_console, "case")).case
    fields = {f"address.{name}": getattr(case, name) or "" for name in PostalAddress.__struct_fields__}
    answer = await browse.post(f"{path}/address", {**fields, "address.line_1": "1 New Street"})
    assert (answer.status_code, "a label of the old address" in answer.text) == (409, True)
    assert await own_console.traces(TRACED) == before


async def test_a_second_box_that_nobody_needs_and_nobody_can_call_off_is_pointed_out(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['case']}"
    world = world_of(own_console, "owner")
    (first,) = (await detail_of(own_console, "case")).parcels
    await browse.get(f"/transfers/{first.transfer_id}")
    await browse.does(f"/transfers/{first.transfer_id}/cancel")
    again = f"{path}/parcels/{first.transfer_id}/send-again"
    await browse.does(again, {f"choice-{first.transfer_id}": "kit"})
    await world.settle()
    (second,) = (await detail_of(own_console, "case")).parcels
    for parcel, leg, status in ((second, "box", Tracking.IN_TRANSIT), (first, "device", Tracking.DELIVERED)):
        assert "it cannot be called off" not in (await browse.get(path)).text
        found = await get_detail(
            own_console.db, actor=own_console.actors["owner"], transfer_id=TransferId(parcel.transfer_id)
        )
        shipment = await (world.box if leg == "box" else world.device)(found.transfer)
        await world.report(shipment, status)
        await world.settle()
    assert "it cannot be called off: its box has left" in (await browse.get(path)).text
