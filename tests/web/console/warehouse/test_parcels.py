"""A parcel on the warehouse's table: contents, checklist, pictures, messages, verification, sanitisation."""

from io import BytesIO

import pytest

from backhaul.domain.returns import Status
from backhaul.domain.returns.sanitisation import LockStatus
from tests.domain.returns.depot import picture
from tests.web.console.warehouse.furnish import bench_of, identified, lying

TABLES = ("returns", "return_items", "return_photos", "return_messages", "sanitisations", "history", "outbox")


@pytest.fixture
async def bench(busy_console):
    return await bench_of(busy_console, "owner")


@pytest.fixture
async def operator(busy_console):
    return await busy_console.kept("operator")


async def waiting(bench, tracking_number):
    """The address of a parcel that is to be opened, and its number."""
    got = await bench.receive(tracking_number)
    await identified(bench, got.intake.number)
    return f"/warehouse/parcels/{got.intake.number}", got.intake.number


async def test_scans_are_sorted_and_told_apart(bench, operator):
    laptop = await bench.laptop(serial_number="SORTED-MATCH")
    await bench.laptop(serial_number="SORTED-OTHER", assign_to_email="bob@ours.example", status_name="In Use")
    _, tracking = await bench.on_its_way(serial_number=laptop.serial_number)
    number = (await bench.receive(tracking)).intake.number
    base = f"/warehouse/parcels/{number}"
    await operator.page(base)
    said = []
    for serial in ("sorted-match", "SORTED-STRAY", "SORTED-OTHER", "SORTED-MATCH"):
        where = await operator.does(f"{base}/scan", {"serial_number": serial})
        said.append((await operator.page(where)).texts)
    for texts, text in zip(
        said, ("Matched: ", "Unexpected: ", "Somebody else’s: ", "Scanned twice: "), strict=True
    ):
        assert any(one.startswith(text) for one in texts), text
    shown = said[-1]
    assert {"1 matched", "1 unexpected", "1 somebody else’s", "1 scanned twice"} <= set(shown)
    order = [shown.index(serial) for serial in ("SORTED-OTHER", "SORTED-STRAY", "sorted-match")]
    assert order == sorted(order)


async def test_a_scan_that_does_not_fit_is_told_in_another_colour_than_one_that_does(bench, operator):
    laptop = await bench.laptop(serial_number="TONE-MATCH")
    _, tracking = await bench.on_its_way(serial_number=laptop.serial_number)
    base = f"/warehouse/parcels/{(await bench.receive(tracking)).intake.number}"
    await operator.page(base)
    tones = {}
    for serial in ("TONE-MATCH", "TONE-STRAY"):
        page = await operator.page(await operator.does(f"{base}/scan", {"serial_number": serial}))
        tones[serial] = [given["class"] for given in page.tags("div") if "data-notice" in given]
    assert tones == {"TONE-MATCH": ["notice"], "TONE-STRAY": ["notice warn"]}


async def test_what_was_expected_and_is_not_there_is_noted_as_missing(bench, operator):
    _, tracking = await bench.on_its_way(serial_number="NEVERCAME-1")
    number = (await bench.receive(tracking)).intake.number
    base = f"/warehouse/parcels/{number}"
    page = await operator.page(base)
    assert "Still expected" in page.texts
    where = await operator.does(f"{base}/process", {"weight_grams": "410", "rma_number": "RMA-9"})
    page = await operator.page(where)
    assert {"The parcel is processed. Its owner sees it now.", "1 missing", "410 g", "RMA-9"} <= set(
        page.texts
    )
    assert f"{base}/scan" not in page.posts
    late = await operator.post(f"{base}/scan", {"serial_number": "LATE"})
    assert (late.status_code, "it was processed already" in late.text) == (409, True)


async def test_what_was_looked_at_is_written_down_and_kept(bench, operator):
    base, number = await waiting(bench, "1ZCHECKED1")
    await bench.scan(number, "CHECKED-1")
    await operator.page(base)
    seen = {"checked_serial": "CHECKED-1", "has_charger": "yes", "is_powering_on": "no", "grade": "D"}
    page = await operator.page(await operator.does(f"{base}/check", seen))
    assert {"Charger", "Does not power on", "Grade D"} <= set(page.texts)
    await operator.does(f"{base}/check", {"checked_serial": "CHECKED-1", "is_lock_removed": "yes"})
    (item,) = (await bench.any_detail(number)).items
    assert (item.has_charger, item.is_powering_on, item.is_lock_removed, item.grade) == (
        True,
        False,
        True,
        "D",
    )
    unknown = await operator.post(f"{base}/check", {"checked_serial": "NOT-THERE"})
    assert unknown.status_code == 404


async def test_a_weight_that_is_none_is_refused_beside_its_field(busy_console, bench, operator):
    base, number = await waiting(bench, "1ZWEIGHTLESS")
    await operator.page(base)
    before = await busy_console.traces(TABLES)
    for weight in ("", "0", "heavy", "100001", "1.5"):
        answer = await operator.post(f"{base}/process", {"weight_grams": weight, "rma_number": "KEPT"})
        assert answer.status_code == 422, weight
        assert 'id="weight_grams-problem"' in answer.text
        assert 'value="KEPT"' in answer.text
    assert await busy_console.traces(TABLES) == before
    assert (await bench.any_detail(number)).one.status is Status.RECEIVED


async def test_pictures_are_kept_and_what_is_none_is_named(busy_console, bench, operator):
    base, number = await waiting(bench, "1ZPICTURES1")
    await operator.page(base)
    good = ("photos", ("one.jpg", BytesIO(picture()), "image/jpeg"))
    page = await operator.page(await operator.does(f"{base}/photos", files=[good, good]))
    assert "The pictures are kept." in page.texts
    assert len(page.tags("img")) == 2
    evil = ("photos", ("two.jpg", BytesIO(b"<script>alert(1)</script>"), "image/jpeg"))
    answer = await operator.post(f"{base}/photos", files=[evil, good])
    assert answer.status_code == 422
    assert "1 of the pictures were kept. Refused: picture 1" in answer.text
    assert len((await bench.any_detail(number)).photos) == 3
    before = await busy_console.traces(TABLES)
    none = await operator.post(
        f"{base}/photos", {"x": "y"}, files=[("other", ("", BytesIO(b""), "image/jpeg"))]
    )
    assert (none.status_code, "Choose 1 to 20 pictures." in none.text) == (422, True)
    assert await busy_console.traces(TABLES) == before


async def test_a_message_reaches_the_owner(busy_console, bench, operator):
    number = await lying(bench, "TOLD-1")
    base = f"/warehouse/parcels/{number}"
    await operator.page(base)
    where = await operator.does(f"{base}/messages", {"body": "The charger is missing."})
    assert "The message is with the owner." in (await operator.page(where)).texts
    viewer = await busy_console.kept("viewer")
    assert "The charger is missing." in (await viewer.page(f"/returns/{number}")).texts


async def test_a_return_is_verified_once(bench, operator):
    number = await lying(bench, "VERIFIED-1")
    base = f"/warehouse/parcels/{number}"
    assert f"{base}/verify" not in (await operator.page(base)).posts
    assert (await operator.post(f"{base}/verify")).status_code == 409
    await bench.ask(number)
    assert f"{base}/verify" in (await operator.page(base)).posts
    page = await operator.page(await operator.does(f"{base}/verify"))
    assert "The return is verified. Its owner sees it now." in page.texts
    assert (await bench.any_detail(number)).one.status is Status.VERIFIED
    assert (await operator.post(f"{base}/verify")).status_code == 409


def record_of(bench, **changes):
    at = bench.now.strftime("%Y-%m-%dT%H:%M")
    return {
        "serial_number": "WIPED-1", "media_type": "SSD", "lock_status": "unlocked", "method": "purge",
        "technique": "Cryptographic erase", "tool": "nwipe", "result": "success", "performed_by": "Op One",
        "performed_at": at, "verification": "full", "verified_by": "Op Two", "verified_at": at, **changes,
    }  # fmt: skip


async def test_a_sanitisation_is_recorded_and_its_certificate_offered(bench, operator):
    number = await lying(bench, "WIPED-1")
    base = f"/warehouse/parcels/{number}"
    form = await operator.page(f"{base}/sanitise?serial=WIPED-1")
    assert "WIPED-1" in {given.get("value") for given in form.tags("option")}
    page = await operator.page(await operator.does(f"{base}/sanitise", record_of(bench)))
    assert "The record is kept, and never changes. Its certificate can be printed." in page.texts
    assert f"{base}/certificate?serial=WIPED-1" in page.links
    assert any("Purge, Cryptographic erase, by Op One, checked by Op Two" in text for text in page.texts)


@pytest.mark.parametrize(("said", "proposed"), [("yes", ["unlocked"]), ("no", ["locked"]), ("", [])])
async def test_the_lock_that_is_proposed_is_what_the_checklist_says(bench, operator, said, proposed):
    serial = f"LOCK-{said or 'unsaid'}"
    base = f"/warehouse/parcels/{await lying(bench, serial)}"
    await operator.does(f"{base}/check", {"checked_serial": serial, "is_lock_removed": said})
    chosen = [
        given["value"]
        for given in (await operator.page(f"{base}/sanitise")).tags("option")
        if "selected" in given and given["value"] in set(LockStatus)
    ]
    assert chosen == proposed


async def test_a_record_that_contradicts_the_checklist_is_refused_by_name(busy_console, bench, operator):
    base = f"/warehouse/parcels/{await lying(bench, 'LOCKED-2')}"
    await operator.does(f"{base}/check", {"checked_serial": "LOCKED-2", "is_lock_removed": "no"})
    before = await busy_console.traces(TABLES)
    answer = await operator.post(f"{base}/sanitise", record_of(bench, serial_number="LOCKED-2"))
    assert answer.status_code == 409
    assert "was noted as locked. Note first that its lock was removed" in answer.text
    unsaid = await operator.post(
        f"{base}/sanitise", record_of(bench, serial_number="LOCKED-2", lock_status="")
    )
    assert unsaid.status_code == 422
    assert 'id="lock_status-problem"' in unsaid.text
    assert await busy_console.traces(TABLES) == before


async def test_a_record_that_is_wrong_is_refused_beside_its_fields(busy_console, bench, operator):
    number = await lying(bench, "WIPED-2")
    base = f"/warehouse/parcels/{number}"
    await operator.page(f"{base}/sanitise")
    before = await busy_console.traces(TABLES)
    for changes, field in (
        ({"verified_by": "op one"}, "verified_by"),
        ({"performed_at": "yesterday"}, "performed_at"),
        ({"method": "wishing"}, "method"),
        ({"tool": ""}, "tool"),
        ({"verified_at": "2099-01-01T00:00"}, "verified_at"),
    ):
        answer = await operator.post(
            f"{base}/sanitise", record_of(bench, **{"serial_number": "WIPED-2", **changes})
        )
        assert answer.status_code == 422, field
        assert f'id="{field}-problem"' in answer.text, field
        assert "Cryptographic erase" in answer.text
    assert await busy_console.traces(TABLES) == before
    empty, _ = await waiting(bench, "1ZNOTHINGINIT")
    assert (await operator.get(f"{empty}/sanitise")).status_code == 404
