"""Finished transfers with their parcels and payments."""

from datetime import datetime

import asyncpg
import msgspec

from backhaul.kernel.addresses import Address
from bench.asking import TRANSFER
from bench.numbering import Prefix, id_in_sql
from bench.options import Options

BATCH = 50_000

_ORGANIZATION = id_in_sql(Prefix.ORGANIZATION, "n")
_USER = id_in_sql(Prefix.USER, "n")
_EMAIL = "'hr' || lpad(n::text, 12, '0') || '@example.com'"

# $1 and $2: the first and the last number; $3: how many organizations; $4: now.
_NUMBERED = """
FROM (SELECT t, 1 + (t - 1) % $3::int AS n FROM generate_series($1::int, $2::int) AS t) AS numbered
"""

TRANSFERS = f"""
INSERT INTO transfers (org_id, id, direction, status, user_id, user_email, organization_address, employee_address,
    device_type, device_make, device_model, device_serial_number, is_box_rush, is_box_waived, is_device_rush,
    insured_minor, sender_ready_at, created_at, updated_at, version)
SELECT {_ORGANIZATION}, {id_in_sql(Prefix.TRANSFER, "t")}, 'return', 'complete', {_USER}, {_EMAIL}, $5, $6,
    'laptop', 'Lenovo', 'T14', 'SN' || t, false, false, false, 0, $4, $4, $4, 5
{_NUMBERED}
"""

SHIPMENTS = f"""
INSERT INTO shipments (org_id, id, subject_kind, subject_id, leg, adapter, carrier, parcel, reference, status,
    service, tracking_number, tracking_url, carrier_shipment_id, cost_minor, cost_currency, ready_at, shipped_at,
    delivered_at, created_at, updated_at, version)
SELECT {_ORGANIZATION}, made.id, 'transfer', {id_in_sql(Prefix.TRANSFER, "t")}, made.leg, 'simulated', made.carrier,
    jsonb_build_object('origin', $5::jsonb, 'destination', $6::jsonb), 'BH-' || t || ' ' || made.leg, 'delivered',
    'ground', made.number, 'http://127.0.0.1:8000/track/' || made.number, made.number, 1250, 'USD',
    $4, $4, $4, $4, $4, 4
{_NUMBERED} CROSS JOIN LATERAL (VALUES
    ({id_in_sql(Prefix.BOX, "t")}, 'box', 'USPS', '92' || lpad(t::text, 20, '0')),
    ({id_in_sql(Prefix.DEVICE, "t")}, 'device', 'FedEx', '78' || lpad(t::text, 10, '0'))
) AS made (id, leg, carrier, number)
"""

CHARGES = f"""
INSERT INTO charges (org_id, id, subject_kind, subject_id, purpose, amount_minor, currency, status, reference,
    lines, gateway, gateway_reference, attempts, captured_at, created_at, updated_at, version)
SELECT {_ORGANIZATION}, {id_in_sql(Prefix.CHARGE, "t")}, 'transfer', {id_in_sql(Prefix.TRANSFER, "t")}, 'transfer',
    8500, 'USD', 'captured', '', '[]', 'simulated', 'sim_' || t, 1, $4, $4, $4, 3
{_NUMBERED}
"""


async def fill(owner: asyncpg.Connection, options: Options, now: datetime) -> None:
    """Write all of them, one transaction a batch."""
    addresses = (
        example_address("organization_address", "organization_name"),
        example_address("employee_address", "person_name"),
    )
    for first in range(1, options.transfers + 1, BATCH):
        last = min(first + BATCH - 1, options.transfers)
        batch = (first, last, options.organizations, now)
        async with owner.transaction():
            await owner.execute(TRANSFERS, *batch, *addresses)
            await owner.execute(SHIPMENTS, *batch, *addresses)
            await owner.execute(CHARGES, *batch)


def example_address(part: str, name: str) -> str:
    """Return an address of the example request as it is stored."""
    sent = dict(TRANSFER[part])
    address = Address(name=sent.pop(name), attention=sent.pop("attention_name", None), **sent)
    return msgspec.json.encode(address).decode()
