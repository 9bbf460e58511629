"""What strangers, browsers gone wrong and clever people send to the person's page."""

import asyncio

import pytest
import structlog

from backhaul.domain.recovery import NewItem, Outcome, Shipping, person
from backhaul.settings import RecoverySettings
from tests.dialects.mounting import mounted, small
from tests.domain.recovery.desk import Desk
from tests.web.recovery.conftest import ADDRESS, Parsed, Visitor, link_to

XSS = """"><script>alert(1)</script><img src=x onerror=alert(1)> {{7*7}} ' & </textarea>"""
STEPS = ("address", "choice", "gone", "pickup", "reminders", "signature")


async def dead_links(visitor):
    """One good link's relatives that lead nowhere: malformed, unknown, revoked."""
    desk = visitor.desk
    other = Visitor(desk, visitor.app, visitor.case, await link_to(desk, visitor.case))
    await person.revoke_links(desk.db, actor=desk.actor, case=visitor.case.code, now=desk.now)
    return ["x", "A" * 43, "A" * 5000, "%00", "%3Cscript%3E", other.token, visitor.token + "%0a"]


async def test_every_link_that_leads_nowhere_gets_the_same_answer(invite):
    visitor = await invite()
    answers = []
    for token in await dead_links(visitor):
        for method, path in [
            ("GET", ""), ("GET", "/label.pdf"), ("GET", "/packing-list.pdf"), *(("POST", f"/{step}") for step in STEPS),
        ]:  # fmt: skip
            answers.append(await visitor.app.request(method, f"/return/{token}{path}"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "This link does not work" in answers[0].text
    assert answers[0].headers["referrer-policy"] == "no-referrer"
    assert (await visitor.case_now()).case.version == 1


async def test_a_link_of_another_organization_shows_that_organization_alone(invite, desk, app):
    ours = await invite("Our laptop")
    stranger = await Desk(await desk.world.elsewhere()).furnished()
    case = await stranger.add("Their laptop", shipping=Shipping.ASK)
    theirs = Visitor(stranger, app, case, await link_to(stranger, case))
    for mine, other in ((ours, theirs), (theirs, ours)):
        text = (await mine.get()).text
        assert mine.case.code in text
        assert other.case.code not in text
    await theirs.confirms(line_1="1 Their Street")
    assert (await ours.case_now()).case.line_1 == "404 Hidden Spring Lane"


async def test_a_transfer_of_another_case_can_be_neither_printed_nor_collected(invite):
    one, other = await invite("Laptop"), await invite("Laptop")
    await other.confirms()
    await other.does("choice", choice="label")
    assert (await other.get("/label.pdf?parcel=1")).status_code == 200
    assert (await one.get("/label.pdf?parcel=1")).status_code == 404
    assert (await one.post("pickup", parcel="1", day="2026-05-12")).status_code == 422


@pytest.mark.parametrize("number", ["0", "6", "-1", "1e1", "x", "", "99999999999999999999"])
async def test_a_parcel_that_is_none_has_no_label(invite, number):
    visitor = await invite()
    assert (await visitor.get(f"/label.pdf?parcel={number}")).status_code == 404
    assert (await visitor.post("pickup", parcel=number, day="2026-05-12")).status_code == 422


async def test_whatever_people_write_is_shown_as_text(invite, desk):
    visitor = await invite(
        NewItem(name=XSS, serial_number=XSS, tag=XSS, imei=XSS), "Monitor", first_name=XSS, last_name="<b>"
    )
    await visitor.confirms(line_1=XSS, line_2=XSS, city=XSS)
    await visitor.does("gone", item="2", reason="lost", note=XSS)
    await visitor.does("choice", choice="label")
    await visitor.does("pickup", parcel="1", day="2026-05-12", instructions=XSS)
    await visitor.does("signature", full_name=XSS, agreed="1", text_sha256=await visitor.hash_shown())
    page = await visitor.look()
    plain = " ".join(XSS.split())
    assert sum(plain in text for text in page.texts) >= 7
    assert not {"script", "img", "b"} & set(page.elements)
    assert (await visitor.get("/packing-list.pdf")).status_code == 200


async def test_what_was_refused_is_shown_as_text_too(invite):
    visitor = await invite()
    answer = await visitor.post("address", **{**ADDRESS, "line_1": XSS, "city": "", "state": XSS})
    assert answer.status_code == 422
    page = Parsed(answer.text)
    assert not {"script", "img"} & set(page.elements)
    assert "alert(1)" in answer.text


@pytest.mark.parametrize(
    ("step", "fields", "ids"),
    [
        ("address", {**ADDRESS, "city": " ", "postal_code": "x" * 33}, {"city", "postal_code"}),
        ("address", {**ADDRESS, "line_1": "a\x00b"}, {"line_1"}),
        ("address", {**ADDRESS, "country_code": "XX"}, {"country_code"}),
        ("address", {}, {"line_1", "city", "country_code"}),
        ("choice", {}, {"choice"}),
        ("choice", {"choice": "camel"}, {"choice"}),
        ("choice", {"choice": "kit"}, {"choice"}),  # the address is not confirmed
        ("gone", {}, {"gone"}),
        ("gone", {"item": "7", "reason": "lost"}, {"gone"}),
        ("gone", {"item": "1", "reason": "eaten"}, {"reason-1"}),
        ("gone", {"item": "1", "reason": "lost", "note": "x" * 501}, {"note-1"}),
        ("signature", {}, {"full_name", "agreed"}),
        ("signature", {"full_name": "J\x07", "agreed": "1"}, {"full_name"}),
        ("signature", {"full_name": "John", "agreed": "1", "text_sha256": "é"}, {"signature"}),
    ],
)
async def test_a_refusal_stands_beside_its_field_and_changes_nothing(invite, step, fields, ids):
    visitor = await invite()
    before = await visitor.desk.traces()
    answer = await visitor.post(step, **fields)
    assert answer.status_code == 422
    assert await visitor.desk.traces() == before
    page = Parsed(answer.text)
    fragments = {link[1:] for link in page.links if link.startswith("#")}
    assert fragments == ids
    assert ids <= set(page.ids)
    assert set(page.described) <= set(page.ids)


async def test_the_form_that_was_posted_from_leads_back_when_it_is_loaded_again(invite):
    visitor = await invite()
    for step in STEPS:
        answer = await visitor.get(f"/{step}")
        assert (answer.status_code, answer.headers["location"]) == (303, visitor.path)
    assert (await visitor.get("/elsewhere")).status_code == 404
    assert (await visitor.post("elsewhere")).status_code == 404


@pytest.mark.parametrize(
    "body", [b"x" * 16_385, b"&".join(b"a%d=1" % n for n in range(41)), b"address=" + b"%41" * 6000]
)
async def test_a_huge_form_is_refused(invite, body):
    visitor = await invite()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await visitor.app.request("POST", f"{visitor.path}/address", content=body, headers=headers)
    assert answer.status_code == 413
    assert "The form was not understood" in answer.text


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"line_1=%ff%fe&city=%00", b"{}", b"=&=&&&==", b"\x00"])
async def test_what_is_no_form_is_refused_like_an_empty_one(invite, body):
    visitor = await invite()
    answer = await visitor.app.request("POST", f"{visitor.path}/address", content=body)
    assert answer.status_code == 422


async def test_two_signatures_at_once_are_one(invite):
    visitor = await invite()
    shown = await visitor.hash_shown()
    answers = await asyncio.gather(
        *(visitor.post("signature", full_name=f"N {n}", agreed="1", text_sha256=shown) for n in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]


async def test_an_ended_case_shows_thanks_and_no_forms(invite, desk):
    visitor = await invite()
    await desk.end(visitor.case, Outcome.RETURNED)
    page = await visitor.look()
    assert "form" not in page.elements
    assert any("nothing is expected of you any more" in text for text in page.texts)
    for step in STEPS:
        assert (
            await visitor.post(step, item="1", reason="lost", choice="kit", parcel="1", **ADDRESS)
        ).status_code == 422


async def test_reminders_are_stopped_and_wanted_again(invite):
    visitor = await invite()
    await visitor.does("reminders", wanted="0")
    assert "Remind me again" in (await visitor.look()).texts
    await visitor.does("reminders", wanted="1")
    assert "Send me no more reminders" in (await visitor.look()).texts


async def test_a_link_is_used_so_often_and_every_process_counts(invite, database_url, clock, tmp_path):
    visitor = await invite()
    settings = small(database_url, recovery=RecoverySettings(link_burst=6, link_per_minute=6))
    async with (
        mounted(database_url, tmp_path / "one", clock=clock, settings=settings) as one,
        mounted(database_url, tmp_path / "two", clock=clock, settings=settings) as two,
    ):
        answers = [
            await app.request("GET", visitor.path, address=f"192.0.2.{n}")
            for n in range(4)
            for app in (one, two)
        ]
        assert sorted(answer.status_code for answer in answers) == [200] * 6 + [429] * 2
        refused = answers[-1]
        assert refused.headers["retry-after"] == "10"
        assert "Please wait 10 seconds" in refused.text
        other = await invite()
        assert (await one.request("GET", other.path)).status_code == 200


async def test_whoever_tries_links_is_slowed_down_by_address(invite, database_url, clock, tmp_path):
    visitor = await invite()
    settings = small(database_url, recovery=RecoverySettings(client_burst=5, client_per_minute=6))
    async with mounted(database_url, tmp_path / "one", clock=clock, settings=settings) as app:
        tried = [await app.request("GET", f"/return/{'A' * 42}{n}", address="2001:db8::1") for n in range(7)]
        assert [answer.status_code for answer in tried] == [404] * 5 + [429] * 2
        # The same line at home, and a good link: no answer tells whether a link is good.
        assert (await app.request("GET", visitor.path, address="2001:db8::2")).status_code == 429
        assert (await app.request("GET", visitor.path, address="2001:db8:0:1::2")).status_code == 200


async def test_no_log_line_names_a_link(invite):
    visitor = await invite()
    with structlog.testing.capture_logs() as logs:
        visitor.app.frame._logs_requests = True
        for below in ("", "/label.pdf", "/packing-list.pdf", "/a/b/c"):
            await visitor.get(below)
        await visitor.app.request("PUT", visitor.path)
        await visitor.post("choice", choice="kit")
        await visitor.post("address/again")
    assert len(logs) >= 7
    assert not any(visitor.token in str(line) for line in logs)


async def test_a_refused_pickup_is_worded_for_people(invite):
    visitor = await invite(shipping=Shipping.KIT)  # the box is not there yet
    answer = await visitor.post("pickup", parcel="1", day="2026-05-12")
    assert answer.status_code == 422
    assert "There is no parcel now with which this can be done" in answer.text
    assert "pending_box" not in answer.text
    assert "#pickup" not in answer.text  # no such part is on the page
    other = await invite()
    await other.confirms()
    await other.does("choice", choice="label")
    for day in ("2026-05-10", "2020-01-01", "2026-05-09", "9999-12-31", "0001-01-01"):
        answer = await other.post("pickup", parcel="1", day=day)
        assert (answer.status_code, "Nobody comes on that day" in answer.text) == (422, True)
