"""backhaul warehouse sanitise …: what was wiped, by whom, who checked it, and the certificates of it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from backhaul.cli.exports import Out, opened
from backhaul.cli.opening import Serial, app
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.cli.warehouse import Number
from backhaul.domain.returns import sanitisation
from backhaul.domain.returns.sanitisation import LockStatus, Method, Result, Verification

__all__ = ["app"]


@app.command()
def sanitise(
    number: Number,
    serial: Serial,
    method: Annotated[Method, typer.Option(help="NIST SP 800-88 Rev. 1.")],
    technique: Annotated[str, typer.Option(help="Overwrite, block erase, cryptographic erase, shred …")],
    media: Annotated[str, typer.Option(help="What the data was on: NVMe SSD, magnetic disk …")],
    tool: Annotated[str, typer.Option()],
    lock: Annotated[LockStatus, typer.Option(help="Whether it is locked to an account.")],
    performed_by: Annotated[str, typer.Option(help="Who did it.")],
    verified_by: Annotated[str, typer.Option(help="Who checked it: another person.")],
    tool_version: Annotated[str | None, typer.Option()] = None,
    media_serial: Annotated[str | None, typer.Option(help="The storage's own serial number.")] = None,
    performed_at: Annotated[str | None, typer.Option(help="UTC; default: now.")] = None,
    verified_at: Annotated[str | None, typer.Option(help="UTC; default: now.")] = None,
    verification: Annotated[Verification, typer.Option()] = Verification.FULL,
    result: Annotated[Result, typer.Option()] = Result.SUCCESS,
    note: Annotated[str | None, typer.Option()] = None,
    data_dir: DataDir = None,
) -> None:
    """Record that a scanned device was sanitised. After a success it may be deployed again."""

    async def work(session: Session) -> None:
        now = session.clock.now()
        new = sanitisation.NewSanitisation(
            serial_number=serial,
            media_type=media,
            method=method,
            technique=technique,
            tool=tool,
            tool_version=tool_version,
            media_serial_number=media_serial,
            verification=verification,
            result=result,
            lock_status=lock,
            performed_by=performed_by,
            performed_at=_instant(performed_at, now),
            verified_by=verified_by,
            verified_at=_instant(verified_at, now),
            note=note,
        )
        one = await sanitisation.record_sanitisation(
            session.db, actor=session.operator, number=number, new=new, now=now
        )
        print(f"{one.id}  {one.serial_number}: {one.method.value}, {one.result.value}")

    run(data_dir, work)


@app.command()
def certificate(
    org: Org,
    number: Number,
    serial: Serial,
    out: Out,
    data_dir: DataDir = None,
) -> None:
    """Write the signed certificate of a device's sanitisation."""

    async def work(session: Session) -> bytes:
        proof = await sanitisation.certify(
            session.db,
            actor=await session.operator_in(org),
            number=number,
            serial_number=serial,
            key=session.port(sanitisation.CertificateKey),
            printer=session.port(sanitisation.CertificatePrinter),
        )
        return proof.page

    page = run(data_dir, work)
    with opened(out) as write:
        write(page)
    if out != "-":
        print(Path(out))


@app.command("check-certificate")
def check_certificate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)], data_dir: DataDir = None
) -> None:
    """Say whether a certificate is ours, unaltered, and what it proves."""

    async def work(session: Session) -> None:
        one = await sanitisation.check_certificate(
            session.db,
            page=file.read_bytes(),
            key=session.port(sanitisation.CertificateKey),
            printer=session.port(sanitisation.CertificatePrinter),
        )
        print(
            f"Genuine: {one.serial_number}, {one.method.value}, {one.result.value}, {one.performed_at:%Y-%m-%d}"
        )

    run(data_dir, work)


@app.command("certificate-key")
def certificate_key(data_dir: DataDir = None) -> None:
    """Print the public keys that certificates are checked with: JSON Web Keys, the newest first."""

    async def work(session: Session) -> None:
        for seed in await session.port(sanitisation.CertificateKey).seeds():
            print(json.dumps(sanitisation.public_key(seed)))

    run(data_dir, work)


@app.command("rotate-certificate-key")
def rotate_certificate_key(data_dir: DataDir = None) -> None:
    """Sign certificates with a new key from now on; what former keys signed stays valid."""

    async def work(session: Session) -> None:
        count = await sanitisation.rotate_certificate_key(
            session.db, actor=session.operator, now=session.clock.now()
        )
        print(f"Key {count} signs from now on.")

    run(data_dir, work)


def _instant(text: str | None, otherwise: datetime) -> datetime:
    """Return a time as it was typed, UTC unless it says otherwise."""
    if text is None:
        return otherwise
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no time such as 2026-05-04T12:00") from None
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)
