"""The SQL of the person's page: links, the one read, what people say."""

from backhaul.domain.recovery.model import Case
from backhaul.domain.recovery.statements import IS_LATEST

KEEP_LINK = """
INSERT INTO recovery_links (org_id, id, case_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
FIND_LINK = "SELECT org_id, link_id, case_id, valid_until, is_revoked FROM find_person_link($1)"
REVOKE_LINKS = """
UPDATE recovery_links SET revoked_at = $3 WHERE org_id = $1 AND case_id = $2 AND revoked_at IS NULL AND expires_at > $3
"""

_CASE = ", ".join(f"'{name}', x.{name}" for name in Case.__struct_fields__)

LEG_JSON = """
(SELECT jsonb_build_object('shipment_id', s.id, 'carrier', s.carrier, 'tracking_number', s.tracking_number,
        'tracking_url', s.tracking_url, 'is_simulated', s.adapter IS NOT DISTINCT FROM 'simulated', 'status', s.status,
        'shipped_at', s.shipped_at, 'delivered_at', s.delivered_at, 'scans', coalesce((
            SELECT jsonb_agg(jsonb_build_object('at', e.at, 'text', e.text, 'place', e.place) ORDER BY e.at DESC)
            FROM (SELECT at, text, place FROM tracking_events AS t
                WHERE t.org_id = s.org_id AND t.shipment_id = s.id AND t.tracking_number = s.tracking_number
                ORDER BY t.at DESC LIMIT 5) AS e), '[]'))
    FROM shipments AS s
    WHERE s.org_id = p.org_id AND s.subject_kind = 'transfer' AND s.subject_id = p.transfer_id AND s.leg = '{leg}')
"""
CLAIMS_JSON = """
(SELECT jsonb_agg(jsonb_build_object('item_id', k.item_id, 'position', i.position, 'reason', k.reason, 'note', k.note,
    'claimed_at', k.claimed_at, 'withdrawn_at', k.withdrawn_at) ORDER BY k.claimed_at, i.position)
FROM recovery_claims AS k JOIN recovery_items AS i ON i.org_id = k.org_id AND i.id = k.item_id
WHERE k.org_id = x.org_id AND k.case_id = x.id{more})
"""
SIGNATURE_JSON = """
(SELECT jsonb_build_object('full_name', g.full_name, 'text', g.text, 'text_sha256', encode(g.text_hash, 'hex'),
    'signed_at', g.signed_at)
FROM recovery_signatures AS g WHERE g.org_id = x.org_id AND g.case_id = x.id)
"""
# When the person called the address of the case `x` right, as it is written now: what the organization corrected
# afterwards, they have not.
CONFIRMED_AT = """
(SELECT f.confirmed_at FROM recovery_confirmations AS f WHERE f.org_id = x.org_id AND f.case_id = x.id
    AND (f.address ->> 'line_1', f.address ->> 'line_2', f.address ->> 'city', f.address ->> 'state_code',
        f.address ->> 'postal_code', f.address ->> 'country_code')
        IS NOT DISTINCT FROM (x.line_1, x.line_2, x.city, x.state, x.postal_code, x.country_code))
"""

LOOK = f"""
SELECT o.name AS organization_name, jsonb_build_object({_CASE}) AS case,
    jsonb_build_object('name', c.name, 'helpdesk_email', c.helpdesk_email, 'deadline_on', c.deadline_on,
        'return_addresses', c.return_addresses) AS campaign,
    coalesce((SELECT jsonb_agg(to_jsonb(i) ORDER BY i.position) FROM recovery_items AS i
        WHERE i.org_id = x.org_id AND i.case_id = x.id), '[]') AS items,
    coalesce({CLAIMS_JSON.format(more=" AND k.withdrawn_at IS NULL")}, '[]') AS claims,
    coalesce((SELECT jsonb_agg(jsonb_build_object(
            'position', p.position, 'transfer_id', p.transfer_id, 'device', p.device, 'status', t.status,
            'is_box_waived', t.is_box_waived, 'return_to', t.organization_address, 'box', {LEG_JSON.format(leg="box")},
            'back', {LEG_JSON.format(leg="device")},
            'pickup', (SELECT jsonb_build_object('on_date', u.on_date, 'instructions', u.instructions,
                    'status', u.status)
                FROM pickups AS u JOIN shipments AS s ON s.org_id = u.org_id AND s.id = u.shipment_id
                WHERE u.org_id = p.org_id AND s.subject_kind = 'transfer' AND s.subject_id = p.transfer_id
                    AND u.status IN ('requested', 'booked') AND u.on_date >= $3)) ORDER BY p.position)
        FROM recovery_parcels AS p JOIN transfers AS t ON t.org_id = p.org_id AND t.id = p.transfer_id
        WHERE p.org_id = x.org_id AND p.case_id = x.id AND {IS_LATEST}), '[]') AS parcels,
    {CONFIRMED_AT} AS confirmed_at,
    {SIGNATURE_JSON} AS signature,
    EXISTS (SELECT FROM recovery_reminders AS r
        WHERE r.org_id = x.org_id AND r.case_id = x.id AND r.opted_out_at IS NOT NULL) AS has_opted_out
FROM recovery_cases AS x
JOIN recovery_campaigns AS c ON c.org_id = x.org_id AND c.id = x.campaign_id
JOIN organizations AS o ON o.org_id = x.org_id
WHERE x.org_id = $1 AND x.id = $2
"""

# What somebody said and signed, for the organization; claims that were taken back, too.
LIST_STATEMENTS = f"""
SELECT coalesce({CLAIMS_JSON.format(more="")}, '[]') AS claims, {SIGNATURE_JSON} AS signature,
    {CONFIRMED_AT} AS confirmed_at
FROM recovery_cases AS x WHERE x.org_id = $1 AND x.id = $2
"""

FIND_TRANSFER = """
SELECT transfer_id FROM recovery_parcels WHERE org_id = $1 AND case_id = $2 AND position = $3
ORDER BY attempt DESC LIMIT 1
"""

SAVE_ADDRESS = """
UPDATE recovery_cases SET line_1 = $3, line_2 = $4, city = $5, state = $6, postal_code = $7, country_code = $8,
    updated_at = $9, version = $10, is_address_doubtful = $11
WHERE org_id = $1 AND id = $2 AND version = $10 - 1
"""
CONFIRM = """
INSERT INTO recovery_confirmations (org_id, case_id, link_id, address, confirmed_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (org_id, case_id) DO UPDATE
SET link_id = excluded.link_id, address = excluded.address, confirmed_at = excluded.confirmed_at
"""
IS_CONFIRMED = f"SELECT {CONFIRMED_AT} IS NOT NULL FROM recovery_cases AS x WHERE x.org_id = $1 AND x.id = $2"
SAVE_SHIPPING = """
UPDATE recovery_cases SET shipping = $3, updated_at = $4, version = $5
WHERE org_id = $1 AND id = $2 AND version = $5 - 1
"""
CLAIMED = "SELECT item_id FROM recovery_claims WHERE org_id = $1 AND case_id = $2 AND withdrawn_at IS NULL"
# What somebody claimed not to have (any more) at a moment, by what is known of it now.
GONE_AT = """
SELECT item_id FROM recovery_claims
WHERE org_id = $1 AND case_id = $2 AND reason <> 'returned' AND claimed_at < $3
    AND (withdrawn_at IS NULL OR withdrawn_at > $3)
"""
ADD_CLAIM = """
INSERT INTO recovery_claims (org_id, id, case_id, item_id, link_id, reason, note, claimed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id
"""
WITHDRAW_CLAIM = """
UPDATE recovery_claims SET withdrawn_at = $3 WHERE org_id = $1 AND item_id = $2 AND withdrawn_at IS NULL RETURNING id
"""
ADD_SIGNATURE = """
INSERT INTO recovery_signatures (org_id, case_id, link_id, full_name, text, text_hash, client_hash, signed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING case_id
"""
