"""Campaigns of one organization: one with many people, each with a laptop on its way, and others beside it."""

from datetime import UTC, datetime

import asyncpg

from backhaul.domain.recovery.model import public_number
from bench.numbering import Prefix, id_in_sql, id_of
from bench.options import Options
from bench.seeding.transfers import example_address

CAMPAIGNS = 200
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)  # part of public numbers
FIRST_CAMPAIGN, FIRST_CASE = 1001, 10_001
CAMPAIGN = public_number(FIRST_CAMPAIGN, BEGAN)

# $1: the organization; $2: the user; $3: when; $4: how many people the first has; $5: how many campaigns; $6: where to.
CAMPAIGN_ROWS = f"""
INSERT INTO recovery_campaigns (org_id, id, number, name, status, country_code, starts_on, owner_id, owner_email,
    return_addresses, case_count, item_count, created_at, updated_at, version)
SELECT $1, {id_in_sql(Prefix.CAMPAIGN, "k")}, {FIRST_CAMPAIGN} - 1 + k, 'Campaign ' || k, 'active', 'US',
    date '2026-01-05', $2, 'hr@example.com', jsonb_build_array(jsonb_build_object('address', $6::jsonb, 'packages',
    '[{{"device": "Laptop", "quantity": 1, "size": {{"length_mm": 406, "width_mm": 305, "height_mm": 102,
        "weight_grams": 4536}}}}]'::jsonb)),
    CASE WHEN k = 1 THEN $4::int ELSE 0 END, CASE WHEN k = 1 THEN $4 ELSE 0 END, $3, $3, 1
FROM generate_series(1, $5::int) AS k
"""
# $1: the organization; $2: when; $3: how many.
CASES = f"""
INSERT INTO recovery_cases (org_id, id, number, code, campaign_id, email, first_name, last_name, phone, line_1, city,
    state, postal_code, country_code, shipping, created_at, updated_at, version)
SELECT $1, {id_in_sql(Prefix.CASE, "k")}, {FIRST_CASE} - 1 + k, 'RC' || lpad(k::text, 10, '0'),
    {id_in_sql(Prefix.CAMPAIGN, "1")}, 'erin.doe.' || k || '@example.com', 'Erin', 'Doe ' || k, '5551234567',
    '5623 Howardsville Rd', 'Millsboro', 'DE', '19966', 'US', 'kit', $2, $2, 1
FROM generate_series(1, $3::int) AS k
"""
ITEMS = f"""
INSERT INTO recovery_items (org_id, id, case_id, position, parcel, name, serial_number, is_legal_hold)
SELECT $1, {id_in_sql(Prefix.ITEM, "k")}, {id_in_sql(Prefix.CASE, "k")}, 1, 1, 'Laptop', 'SN' || k, false
FROM generate_series(1, $2::int) AS k
"""
PARCELS = f"""
INSERT INTO recovery_parcels (org_id, case_id, position, transfer_id, device)
SELECT $1, {id_in_sql(Prefix.CASE, "k")}, 1, {id_in_sql(Prefix.PARCEL, "k")}, 'Laptop'
FROM generate_series(1, $2::int) AS k
"""
# $1: the organization; $2: the user; $3: when; $4: how many; $5 and $6: where to, and where from.
TRANSFERS = f"""
INSERT INTO transfers (org_id, id, direction, status, user_id, user_email, organization_address, employee_address,
    device_type, device_model, device_serial_number, is_box_rush, is_box_waived, is_device_rush, insured_minor,
    sender_ready_at, created_at, updated_at, version)
SELECT $1, {id_in_sql(Prefix.PARCEL, "k")}, 'return', 'device_in_transit', $2, 'hr@example.com', $5, $6, 'Laptop',
    'Laptop', 'SN' || k, false, false, false, 0, $3, $3, $3, 4
FROM generate_series(1, $4::int) AS k
"""
SHIPMENTS = f"""
INSERT INTO shipments (org_id, id, subject_kind, subject_id, leg, adapter, carrier, parcel, reference, status,
    service, tracking_number, tracking_url, carrier_shipment_id, cost_minor, cost_currency, ready_at, shipped_at,
    delivered_at, created_at, updated_at, version)
SELECT $1, made.id, 'transfer', {id_in_sql(Prefix.PARCEL, "k")}, made.leg, 'simulated', made.carrier,
    jsonb_build_object('origin', $4::jsonb, 'destination', $5::jsonb), 'BH-R' || k || ' ' || made.leg, made.status,
    'ground', made.number, 'http://127.0.0.1:8000/track/' || made.number, made.number, 1250, 'USD', $2, $2,
    CASE WHEN made.leg = 'box' THEN $2::timestamptz END, $2, $2, 4
FROM generate_series(1, $3::int) AS k CROSS JOIN LATERAL (VALUES
    ({id_in_sql(Prefix.PARCEL_BOX, "k")}, 'box', 'USPS', '91' || lpad(k::text, 20, '0'), 'delivered'),
    ({id_in_sql(Prefix.PARCEL_DEVICE, "k")}, 'device', 'FedEx', '789' || lpad(k::text, 9, '0'), 'in_transit')
) AS made (id, leg, carrier, number, status)
"""


async def fill(owner: asyncpg.Connection, options: Options) -> None:
    """Write all of them in one transaction."""
    organization = options.organization_of_campaigns
    org_id, user_id = id_of(Prefix.ORGANIZATION, organization), id_of(Prefix.USER, organization)
    to = example_address("organization_address", "organization_name")
    home = example_address("employee_address", "person_name")
    async with owner.transaction():
        await owner.execute(CAMPAIGN_ROWS, org_id, user_id, BEGAN, options.cases, CAMPAIGNS, to)
        await owner.execute(CASES, org_id, BEGAN, options.cases)
        await owner.execute(ITEMS, org_id, options.cases)
        await owner.execute(TRANSFERS, org_id, user_id, BEGAN, options.cases, to, home)
        await owner.execute(SHIPMENTS, org_id, BEGAN, options.cases, to, home)
        await owner.execute(PARCELS, org_id, options.cases)
