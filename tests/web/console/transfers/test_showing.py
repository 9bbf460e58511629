"""The page of one transfer, and its labels."""

import msgspec
import pypdfium2
import pytest

from backhaul.domain.transfers.model import Status
from tests.making import HOME
from tests.web.console.transfers.furnish import world_of

HOSTILE = '"><script>alert(1)</script><b onmouseover=alert(1)>{{7*7}}'


async def text_of(browse, path):
    return " ".join((await browse.page(path)).texts)


async def test_both_legs_payments_letters_and_history_are_on_one_page(own_console, visitors):
    world = world_of(own_console, "owner")
    await own_console.make.employee(world.actor, first_name="Chris", email="Mitchell.9@home.example")
    await own_console.make.asset(world.actor, serial_number="SN-9", tag="LAP-9")
    home = msgspec.structs.replace(HOME, notification_emails=("mitchell.9@home.example",))
    transfer = await world.order(
        employee_address=home, device_serial_number="sn-9", device_make="Apple", ticket_reference="HELP-9"
    )
    await world.live_until(transfer, Status.COMPLETE)
    browse = await visitors(own_console, "owner")
    path = f"/transfers/{transfer.id}"
    page = await browse.page(path)
    text = " ".join(page.texts)
    box, device = await world.box(transfer), await world.device(transfer)
    for said in (
        "Apple from Christopher Mitchell", "Complete", "Empty box", box.tracking_number, device.tracking_number,
        "Handed to the carrier", "Delivered", "Box delivered, please pack", "Device received, thanks",
        "mitchell.9@home.example", "Paid", "Ordered", "Box is on its way", "Device found in the inventory", "HELP-9",
        "404 Hidden Spring Lane", "Chris", "LAP-9",
    ):  # fmt: skip
        assert said in text, said
    assert {f"{path}/labels/{name}" for name in ("box.pdf", "box.zpl", "device.pdf", "device.zpl")} <= set(
        page.links
    )
    assert any(link.startswith("/people/") for link in page.links[10:])
    assert any(link.startswith("/assets/") for link in page.links[10:])
    assert f"{path}/cancel" not in page.posts
    answer, sent = await browse.statements(path)
    assert (answer.status_code, len(sent)) == (200, 2)


async def test_an_order_shows_before_and_after_of_each_changed_value(own_console, visitors):
    browse = await visitors(own_console, "owner")
    path = f"/transfers/{own_console.ids['ours']['transfer']}"
    await browse.get(path)
    await browse.does(f"{path}/mute")
    page = await browse.page(path)
    text = " ".join(page.texts)
    assert "Reminders switched off by owner" in text.replace(" ,", ",") or "Reminders switched off" in text
    assert "Is muted no → yes" in text


async def test_what_needs_somebody_stands_at_the_top(console, browse):
    text = await text_of(browse, f"/transfers/{console.ids['ours']['lost']}")
    assert "Box undeliverable" in text
    assert "Find out what went wrong with the receiver, and order the transfer again." in text
    assert "the carrier lost it" in text.lower()


async def test_only_what_is_possible_now_is_offered(console, browse):
    ids = console.ids["ours"]
    offered = {
        name: {post.rpartition(f"{ids[name]}/")[2] for post in (await browse.page(f"/transfers/{ids[name]}")).posts
               if post.startswith("/transfers/")}
        for name in ("transfer", "waived", "lost")
    }  # fmt: skip
    assert offered == {
        "transfer": {"mute", "cancel"},
        "waived": {"mute", "cancel", "not-returned"},
        "lost": set(),
    }
    page = await browse.page(f"/transfers/{ids['waived']}")
    assert f"/transfers/{ids['waived']}/pickup" in page.links
    assert f"/transfers/{ids['waived']}/address" not in page.links


async def test_every_text_of_an_order_is_shown_as_it_was_written(own_console, visitors):
    world = world_of(own_console, "owner")
    home = msgspec.structs.replace(
        HOME, name=HOSTILE, line_1=HOSTILE, line_2=HOSTILE, city=HOSTILE, notification_emails=(HOSTILE,)
    )
    transfer = await world.place(
        employee_address=home,
        organization_address=home,
        device_type=HOSTILE,
        device_make=HOSTILE,
        device_model=HOSTILE,
        device_serial_number=HOSTILE,
        device_condition=HOSTILE,
        ticket_reference=HOSTILE,
    )
    await world.relay()
    browse = await visitors(own_console, "owner")
    for path in ("", f"/{transfer.id}", f"/{transfer.id}/address", "?q=%22%3E%3Cscript"):
        answer = await browse.get(f"/transfers{path}")
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text
        assert "<b onmouseover" not in answer.text
        assert "49" not in [word for word in answer.text.split() if word == "49"]


@pytest.mark.parametrize("leg", ["box", "device"])
async def test_labels_are_printed_as_pdf_and_sent_as_zpl(console, browse, leg):
    path = f"/transfers/{console.ids['ours']['transfer']}/labels/{leg}"
    shown = await browse.get(f"{path}.pdf")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "application/pdf")
    assert shown.headers["content-disposition"].startswith("inline;")
    assert len(pypdfium2.PdfDocument(shown.content)) == 1
    raw = await browse.get(f"{path}.zpl")
    assert raw.headers["content-disposition"].startswith("attachment;")
    assert raw.content.startswith(b"^XA")


async def test_a_label_that_is_not_there_or_not_theirs_is_not_found(console, browse, visitors):
    ours, theirs = console.ids["ours"], console.ids["theirs"]
    for path in (
        f"{ours['transfer']}/labels/box.exe",
        f"{ours['transfer']}/labels/onward.pdf",
        f"{ours['waived']}/labels/box.pdf",
        f"{ours['lost']}/labels/device.pdf", f"{theirs['transfer']}/labels/box.pdf", "x/labels/box.pdf",
    ):  # fmt: skip
        answer = await browse.get(f"/transfers/{path}")
        is_cancelled = path.startswith(ours["lost"])
        assert answer.status_code == (200 if is_cancelled else 404), path
    viewer = await visitors(console, "viewer")
    assert (await viewer.get(f"/transfers/{ours['transfer']}/labels/box.pdf")).status_code == 200
