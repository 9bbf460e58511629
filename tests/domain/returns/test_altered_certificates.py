"""A certificate is the bytes that were printed, or it is refused."""

import asyncio

import pytest
from joserfc import jws
from tests.domain.returns.test_sanitising import certificate, check, unpacked, wipe

from backhaul.domain.returns import sanitisation
from backhaul.domain.returns.sanitisation import CertificateKey, CertificatePrinter, signing
from backhaul.kernel.errors import DomainError

__all__ = ["unpacked"]


@pytest.fixture
async def printed(depot, unpacked):
    one, laptop = unpacked
    await wipe(depot, one, laptop.serial_number)
    return await certificate(depot, one, laptop)


async def refusal(depot, page):
    with pytest.raises(DomainError) as refused:
        await check(depot, page)
    assert refused.value.code == "returns.certificate_refused"
    return refused.value.data["reason"]


async def test_no_byte_can_be_altered(depot, printed):
    page = printed.page
    for at in range(0, len(page), len(page) // 80):
        for bit in (0, 5):
            altered = bytearray(page)
            altered[at] ^= 1 << bit
            assert await refusal(depot, bytes(altered))
    assert await check(depot, page) == printed.record


async def test_every_byte_of_the_signed_text_counts(depot, printed):
    begin = printed.page.index(printed.signed.encode())
    for at in range(begin, begin + len(printed.signed), 9):
        altered = bytearray(printed.page)
        altered[at] = ord("A") if altered[at] != ord("A") else ord("B")
        assert "did not sign it" in await refusal(depot, bytes(altered))


async def test_nothing_can_be_added_or_cut_off(depot, printed):
    page = printed.page
    for altered in (page + b"\n", b"\n" + page, page[:-1], page[: len(page) // 2], page + page, b""):
        assert await refusal(depot, altered)


async def test_a_page_says_whose_signature_it_carries_first(depot, printed):
    """A signed text in front of another's is the one that is read."""
    forged = (
        b"%backhaul-sanitisation:"
        + printed.signed.encode()
        + b"\n"
        + printed.page.replace(b"Purge", b"Clear")
    )
    assert "not what was signed" in await refusal(depot, forged)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}])
async def test_no_other_way_of_signing_is_believed(depot, printed, header):
    import json
    from base64 import urlsafe_b64encode

    head = urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    _, payload, signature = printed.signed.split(".")
    printer = depot.world.ports[CertificatePrinter]
    page = printer.print(printed.record, signed=f"{head}.{payload}.{signature}")
    assert "did not sign it" in await refusal(depot, page)


async def test_an_altered_record_is_not_what_is_on_record(depot, printed):
    import msgspec

    seed, *_ = await depot.world.ports[CertificateKey].seeds()
    forged = msgspec.structs.replace(printed.record, verified_by="Somebody Else")
    page = depot.world.ports[CertificatePrinter].print(forged, signed=signing.sign(forged, seed))
    assert "another one" in await refusal(depot, page)


# Rotation


async def rotate(depot, actor=None):
    return await sanitisation.rotate_certificate_key(depot.db, actor=actor or depot.operator, now=depot.now)


async def test_what_former_keys_signed_is_believed_after_every_rotation(depot, unpacked, printed):
    one, laptop = unpacked
    pages = [printed.page]
    before = len(await depot.world.ports[CertificateKey].seeds())
    for count in range(before + 1, before + 12):  # past nine: numbers are no texts
        assert await rotate(depot) == count
        pages.append((await certificate(depot, one, laptop)).page)
    assert len(set(pages)) == len(pages)
    seeds = await depot.world.ports[CertificateKey].seeds()
    assert len(set(seeds)) == len(seeds) == before + 11
    for page, seed in zip(reversed(pages), seeds, strict=False):
        assert await check(depot, page) == printed.record
        key_id = sanitisation.public_key(seed)["kid"]
        signed = depot.world.ports[CertificatePrinter].signed_text(page)
        assert jws.extract_compact(signed.encode()).headers()["kid"] == key_id


async def test_rotations_at_once_make_a_key_each(depot):
    before = await rotate(depot)
    counts = await asyncio.gather(*(rotate(depot) for _ in range(4)))
    assert sorted(counts) == [before + n for n in (1, 2, 3, 4)]


async def test_only_the_operator_rotates_and_history_knows(depot):
    seeds = await depot.world.ports[CertificateKey].seeds()
    async with depot.refused("identity.right_missing"):
        await rotate(depot, depot.customer)
    assert await depot.world.ports[CertificateKey].seeds() == seeds
    await rotate(depot)
    async with depot.db.system() as reader:
        told = await reader.fetchval(
            "SELECT count(*) FROM history WHERE action = 'certificate_key_rotated' AND org_id = $1",
            depot.operator.org_id,
        )
    assert told == 1


async def test_a_key_of_another_installation_is_not_believed_after_a_rotation_either(depot, printed):
    await rotate(depot)
    foreign = signing.sign(printed.record, b"x" * 32)
    page = depot.world.ports[CertificatePrinter].print(printed.record, signed=foreign)
    assert "did not sign it" in await refusal(depot, page)
