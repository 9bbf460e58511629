"""A device's storage is wiped: the record, what it allows, and its certificate."""

from datetime import timedelta

import msgspec
import pytest

from backhaul.domain import holds
from backhaul.domain.inventory.model import AssetPatch
from backhaul.domain.inventory.operations import change_asset, take_in
from backhaul.domain.returns import sanitisation
from backhaul.domain.returns.sanitisation import (
    CertificateKey,
    CertificatePrinter,
    LockStatus,
    Method,
    Result,
)
from backhaul.kernel.errors import DomainError
from backhaul.storage.database import Scope


def said(depot, serial_number, **changes):
    values = {
        "serial_number": serial_number,
        "media_type": "NVMe SSD",
        "method": Method.PURGE,
        "technique": "Cryptographic erase",
        "tool": "nvme-cli",
        "tool_version": "2.8",
        "lock_status": LockStatus.NOT_APPLICABLE,
        "performed_by": "Ada Lovelace",
        "performed_at": depot.now,
        "verified_by": "Grace Hopper",
        "verified_at": depot.now,
    }
    return sanitisation.NewSanitisation(**{**values, **changes})


async def wipe(depot, one, serial_number, **changes):
    return await sanitisation.record_sanitisation(
        depot.db,
        actor=depot.operator,
        number=one.number,
        new=said(depot, serial_number, **changes),
        now=depot.now,
    )


async def deploy(depot, laptop):
    return await change_asset(
        depot.db,
        actor=depot.customer,
        asset=laptop.serial_number,
        patch=AssetPatch(status_name="Available"),
        now=depot.now,
    )


@pytest.fixture
async def unpacked(depot):
    """A processed return with a laptop of the inventory in it."""
    laptop = await depot.laptop(tag="IT-7")
    return await depot.parcel(laptop=laptop), laptop


async def test_a_sanitised_device_may_be_deployed_again(depot, unpacked):
    one, laptop = unpacked
    with pytest.raises(DomainError) as refused:
        await deploy(depot, laptop)
    assert refused.value.code == "inventory.not_sanitised"
    written = await wipe(depot, one, laptop.serial_number.lower())
    assert (written.serial_number, written.asset_tag, written.asset_id) == (
        laptop.serial_number,
        "IT-7",
        laptop.id,
    )
    assert (written.manufacturer, written.model) == ("Apple", "MacBook Pro 16")
    await deploy(depot, laptop)
    assert await depot.status_of(laptop) == "Available"
    assert (await depot.asset(laptop)).custody == "warehouse"
    assert await sanitisation.list_sanitisations(depot.db, actor=depot.customer, number=one.number) == (
        written,
    )


@pytest.mark.parametrize("changes", [{"result": Result.FAILURE}, {"lock_status": LockStatus.LOCKED}])
async def test_what_failed_or_is_still_locked_frees_nothing(depot, unpacked, changes):
    one, laptop = unpacked
    await wipe(depot, one, laptop.serial_number, **changes)
    async with depot.refused("inventory.not_sanitised"):
        await deploy(depot, laptop)
    await wipe(depot, one, laptop.serial_number, lock_status=LockStatus.UNLOCKED)
    await deploy(depot, laptop)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"verified_by": " ada  lovelace ".replace("  ", " ")}, "verified_by"),
        ({"verified_by": ""}, "verified_by"),
        ({"technique": "x" * 201}, "technique"),
        ({"tool": "a\nb"}, "tool"),
        ({"note": "x" * 1001}, "note"),
        ({"verified_at": timedelta(seconds=1)}, "verified_at"),
        ({"performed_at": timedelta(seconds=1)}, "verified_at"),
        ({"performed_at": timedelta(seconds=-1)}, "performed_at"),
    ],
)
async def test_what_a_record_cannot_say(depot, unpacked, changes, path):
    one, laptop = unpacked
    changes = {
        name: depot.now + value if isinstance(value, timedelta) else value for name, value in changes.items()
    }
    async with depot.refused("input.invalid") as caught:
        await wipe(depot, one, laptop.serial_number, **changes)
    assert [problem.path for problem in caught.value.problems] == [path]
    async with depot.refused("inventory.not_sanitised"):
        await deploy(depot, laptop)


async def test_what_is_written_down_in_minutes_is_after_the_receipt_of_that_minute(depot):
    depot.world.clock.advance(timedelta(seconds=40))
    laptop = await depot.laptop()
    one = await depot.parcel(laptop=laptop)
    minute = depot.now.replace(second=0, microsecond=0)
    record = await wipe(depot, one, laptop.serial_number, performed_at=minute, verified_at=minute)
    assert record.performed_at == record.verified_at == depot.now
    assert (await deploy(depot, laptop)).asset.is_sanitisation_due is False


async def test_a_late_record_does_not_free_what_came_back_since(depot, unpacked):
    one, laptop = unpacked
    wiped_at = depot.now
    await take_in(depot.db, actor=depot.customer, asset=laptop.serial_number, now=depot.now)
    depot.world.clock.advance(timedelta(hours=1))
    again = await depot.parcel(laptop=laptop)
    await wipe(depot, one, laptop.serial_number, performed_at=wiped_at, verified_at=wiped_at)
    async with depot.refused("inventory.not_sanitised"):
        await deploy(depot, laptop)
    await wipe(depot, again, laptop.serial_number)
    await deploy(depot, laptop)


async def test_a_discarded_device_is_destroyed_on_record(depot, unpacked):
    one, laptop = unpacked
    await depot.discard(one.number)
    written = await wipe(depot, one, laptop.serial_number, method=Method.DESTROY, technique="Shred")
    assert (await certificate(depot, one, laptop)).record == written
    assert await depot.custody_of(laptop) == "outside"


async def test_only_a_scanned_device_has_a_record(depot, unpacked):
    one, _ = unpacked
    async with depot.refused("returns.serial_unscanned"):
        await wipe(depot, one, "NEVER-SCANNED")


async def test_a_device_on_legal_hold_is_not_wiped(depot, unpacked):
    one, laptop = unpacked
    subject = holds.NewSubject(kind=holds.SubjectKind.ASSET, name=laptop.serial_number)
    await holds.place_hold(
        depot.db, actor=depot.customer, summary="Court", description="Keep", subjects=[subject], now=depot.now
    )
    async with depot.refused("holds.held"):
        await wipe(depot, one, laptop.serial_number)


@pytest.mark.parametrize("is_home", [False, True])
async def test_a_hold_that_ends_leaves_an_unsanitised_device_undeployable(depot, is_home):
    laptop = await depot.laptop(status_name="Available")
    subject = holds.NewSubject(kind=holds.SubjectKind.ASSET, name=laptop.serial_number)
    texts = {"summary": "Court", "description": "Keep", "now": depot.now}
    hold = await holds.place_hold(depot.db, actor=depot.customer, subjects=[subject], **texts)
    one = await depot.parcel(laptop=laptop)
    assert await depot.status_of(laptop) == "Legal Hold"
    release, _ = await holds.request_release(depot.db, actor=depot.customer, hold=hold.number, **texts)
    from backhaul.domain.identity import operator_actor
    from backhaul.domain.identity.queries import get_organization

    async with depot.db.read(Scope(one.org_id)) as reader:
        operator = operator_actor(await get_organization(reader, Scope(one.org_id)))
    if is_home:  # where it was when the hold came, and could be deployed
        await take_in(depot.db, actor=depot.customer, asset=laptop.serial_number, now=depot.now)
    await holds.approve_release(depot.db, actor=operator, release=release.number, now=depot.now)
    assert await depot.status_of(laptop) == "Pending"


# Certificates


async def certificate(depot, one, laptop):
    return await sanitisation.certify(
        depot.db,
        actor=depot.customer,
        number=one.number,
        serial_number=laptop.serial_number,
        key=depot.world.ports[CertificateKey],
        printer=depot.world.ports[CertificatePrinter],
    )


async def check(depot, page):
    return await sanitisation.check_certificate(
        depot.db,
        page=page,
        key=depot.world.ports[CertificateKey],
        printer=depot.world.ports[CertificatePrinter],
    )


async def test_a_certificate_proves_its_record(depot, unpacked):
    one, laptop = unpacked
    written = await wipe(depot, one, laptop.serial_number, note="Battery swollen")
    proof = await certificate(depot, one, laptop)
    assert proof.record == written
    assert await check(depot, proof.page) == written
    assert (await certificate(depot, one, laptop)).page == proof.page


async def test_a_certificate_reads_as_its_record(depot, unpacked):
    import pypdfium2

    one, laptop = unpacked
    await wipe(depot, one, laptop.serial_number)
    document = pypdfium2.PdfDocument((await certificate(depot, one, laptop)).page)
    text = document[0].get_textpage().get_text_range()
    document.close()
    for words in (
        "Purge",
        "Cryptographic erase",
        "nvme-cli 2.8",
        "Ada Lovelace",
        "Grace Hopper",
        laptop.serial_number,
    ):
        assert words in text


async def test_altered_and_foreign_certificates_are_refused(depot, unpacked):
    one, laptop = unpacked
    await wipe(depot, one, laptop.serial_number)
    proof = await certificate(depot, one, laptop)

    async def other_seed():
        return b"x" * 32

    from backhaul.domain.returns.sanitisation import signing

    printer = depot.world.ports[CertificatePrinter]
    forged = msgspec.structs.replace(proof.record, serial_number="ANOTHER")
    foreign = signing.sign(forged, await other_seed())
    unrecorded = signing.sign(forged, (await depot.world.ports[CertificateKey].seeds())[0])
    cases = {
        "carries no signature": b"%PDF-1.4",
        "did not sign it": printer.print(forged, signed=foreign),
        "is not what was signed": printer.print(forged, signed=proof.signed),
        "is another one": printer.print(forged, signed=unrecorded),
    }
    for reason, page in cases.items():
        with pytest.raises(DomainError) as refused:
            await check(depot, page)
        assert refused.value.code == "returns.certificate_refused"
        assert reason in refused.value.data["reason"]


async def test_there_is_no_certificate_of_a_failure(depot, unpacked):
    one, laptop = unpacked
    await wipe(depot, one, laptop.serial_number, result=Result.FAILURE)
    async with depot.refused("returns.sanitisation_unknown"):
        await certificate(depot, one, laptop)


async def test_the_public_key_checks_the_signature(depot, unpacked):
    from joserfc import jws
    from joserfc.jwk import OKPKey

    one, laptop = unpacked
    written = await wipe(depot, one, laptop.serial_number)
    public = sanitisation.public_key((await depot.world.ports[CertificateKey].seeds())[0])
    assert "d" not in public
    signed = (await certificate(depot, one, laptop)).signed
    found = jws.deserialize_compact(signed, OKPKey.import_key(public), algorithms=["Ed25519"])
    assert msgspec.json.decode(found.payload)["id"] == str(written.id)
