"""Prove at the warehouse's table that a device was sanitised there."""

from backhaul.domain.identity.model import Actor, system_actor
from backhaul.domain.returns.operations.working import at_table
from backhaul.domain.returns.sanitisation.operations import Proof, certify
from backhaul.domain.returns.sanitisation.ports import CertificateKey, CertificatePrinter
from backhaul.storage.database import Database


async def certify_on_table(
    db: Database,
    *,
    actor: Actor,
    number: int,
    serial_number: str,
    key: CertificateKey,
    printer: CertificatePrinter,
) -> Proof:
    """Return the certificate of a device in a parcel on the warehouse's table, as its owner gets it; or refuse."""
    table = await at_table(db, actor=actor, number=number)
    return await certify(
        db,
        actor=system_actor(table.scope.org_id),
        number=number,
        serial_number=serial_number,
        key=key,
        printer=printer,
    )
