"""The SQL of reminders: everything a case's depend on in one statement, and what is written of them."""

from backhaul.domain.holds.statements import is_held
from backhaul.domain.recovery.reminding.model import Contact
from backhaul.domain.recovery.statements import CAMPAIGN_COLUMNS, IS_LATEST
from backhaul.storage.facts import FactKind

CONTACT_COLUMNS = ", ".join(Contact.__struct_fields__)

# Of the locked case $2. $3 is its public number, by which legal holds know it.
GATHER = f"""
SELECT
    (SELECT to_jsonb(n) FROM (SELECT {CAMPAIGN_COLUMNS} FROM recovery_campaigns
        WHERE org_id = $1 AND id = x.campaign_id) AS n) AS campaign,
    (SELECT l.policy FROM recovery_campaigns AS c JOIN ladders AS l ON l.org_id = c.org_id AND l.id = c.ladder_id
        WHERE c.org_id = $1 AND c.id = x.campaign_id) AS policy,
    (SELECT o.name FROM organizations AS o WHERE o.org_id = $1) AS organization_name,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('name', i.name, 'is_claimed', EXISTS (
            SELECT FROM recovery_claims AS y WHERE y.org_id = $1 AND y.item_id = i.id AND y.withdrawn_at IS NULL))
            ORDER BY i.position), '[]') FROM recovery_items AS i
        WHERE i.org_id = $1 AND i.case_id = x.id AND i.outcome IS NULL) AS items,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'is_expected', EXISTS (SELECT FROM recovery_items AS i WHERE i.org_id = $1 AND i.case_id = x.id
                AND i.parcel = p.position AND i.outcome IS NULL)
                AND (t.status <> 'cancelled' OR d.shipped_at IS NOT NULL),
            'status', t.status, 'is_box_waived', t.is_box_waived, 'ready_at', t.sender_ready_at,
            'shipped_at', d.shipped_at,
            'last_scan_at', (SELECT max(s.at) FROM tracking_events AS s WHERE s.org_id = $1 AND s.shipment_id = d.id
                AND s.tracking_number = d.tracking_number),
            'pickup_on', (SELECT max(u.on_date) FROM pickups AS u WHERE u.org_id = $1 AND u.shipment_id = d.id
                AND u.status IN ('requested', 'booked')),
            'carrier', d.carrier, 'tracking_number', d.tracking_number, 'tracking_url', d.tracking_url,
            'position', p.position, 'attempt', p.attempt)
            ORDER BY p.position), '[]')
        FROM recovery_parcels AS p
        JOIN transfers AS t ON t.org_id = p.org_id AND t.id = p.transfer_id
        LEFT JOIN shipments AS d ON d.org_id = p.org_id AND d.subject_kind = 'transfer'
            AND d.subject_id = p.transfer_id AND d.leg = 'device'
        WHERE p.org_id = $1 AND p.case_id = x.id AND {IS_LATEST}) AS parcels,
    (SELECT jsonb_build_object('name', m.first_name || ' ' || m.last_name, 'email', m.email, 'phone', m.phone,
            'country_code', m.country_code, 'state', m.state)
        FROM employees AS e JOIN employees AS m ON m.org_id = e.org_id AND m.id = e.manager_id
        WHERE e.org_id = $1 AND e.id = x.employee_id) AS manager,
    (EXISTS (SELECT FROM hold_subjects AS h WHERE h.org_id = $1 AND h.case_number IN ($3, x.code)
            AND h.released_at IS NULL)
        OR EXISTS (SELECT FROM hold_subjects AS h WHERE h.org_id = $1 AND h.kind = 'employee'
            AND h.employee_id = x.employee_id AND h.released_at IS NULL)
        OR EXISTS (SELECT FROM recovery_items AS i JOIN assets AS a ON a.org_id = i.org_id AND a.id = i.asset_id
            WHERE i.org_id = $1 AND i.case_id = x.id AND i.outcome IS NULL AND {is_held("a")})) AS is_held,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(k.step, k.occasion)), '[]') FROM recovery_contacts AS k
        WHERE k.org_id = $1 AND k.case_id = x.id) AS taken,
    (SELECT count(*) FROM recovery_contacts AS k WHERE k.org_id = $1 AND k.case_id = x.id
        AND k.audience = 'employee' AND k.outcome = 'sent') AS reminder_count,
    r.muted_at, r.opted_out_at, r.next_at, coalesce(r.wakes, 0) AS wakes
FROM recovery_cases AS x
LEFT JOIN recovery_reminders AS r ON r.org_id = x.org_id AND r.case_id = x.id
WHERE x.org_id = $1 AND x.id = $2
"""

# Due work across tenants: ids only, the work then runs in each tenant's own scope.
DUE = "SELECT org_id, case_id FROM recovery_reminders WHERE next_at <= $1 ORDER BY next_at, case_id LIMIT $2"
# What failed waits, so that it does not stand before the others for ever.
PUT_OFF = "UPDATE recovery_reminders SET next_at = $3 WHERE org_id = $1 AND case_id = $2 AND next_at < $3"

SWITCHES = "SELECT muted_at, opted_out_at FROM recovery_reminders WHERE org_id = $1 AND case_id = $2"
SWITCH = """
INSERT INTO recovery_reminders (org_id, case_id, muted_at, opted_out_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (org_id, case_id) DO UPDATE SET muted_at = excluded.muted_at, opted_out_at = excluded.opted_out_at
"""
LIST_CONTACTS = f"""
SELECT {CONTACT_COLUMNS} FROM recovery_contacts WHERE org_id = $1 AND case_id = $2 ORDER BY decided_at, planned_at, id
"""
# Every open case of campaigns that use a ladder. In order, so that two changes at once cannot deadlock.
WAKE_USERS = """
UPDATE recovery_reminders SET next_at = least(next_at, $3), wakes = wakes + 1
WHERE org_id = $1 AND case_id IN (
    SELECT r.case_id FROM recovery_campaigns AS c
    JOIN recovery_cases AS x ON x.org_id = c.org_id AND x.campaign_id = c.id AND x.outcome IS NULL
    JOIN recovery_reminders AS r ON r.org_id = x.org_id AND r.case_id = x.id
    WHERE c.org_id = $1 AND c.ladder_id = $2 ORDER BY r.case_id FOR NO KEY UPDATE OF r)
"""
WAKE_CAMPAIGN = """
UPDATE recovery_reminders SET next_at = least(next_at, $3), wakes = wakes + 1
WHERE org_id = $1 AND case_id IN (
    SELECT r.case_id FROM recovery_cases AS x
    JOIN recovery_reminders AS r ON r.org_id = x.org_id AND r.case_id = x.id
    WHERE x.org_id = $1 AND x.campaign_id = $2 AND x.outcome IS NULL ORDER BY r.case_id FOR NO KEY UPDATE OF r)
"""
# A campaign with what a preview has to know, and where the people in it are whose cases are open, by when they were
# asked: to the quarter of an hour, within which no zone's day changes. Who waits for the start has no such time.
PREVIEW = f"""
WITH c AS (
    SELECT {CAMPAIGN_COLUMNS} FROM recovery_campaigns
    WHERE org_id = $1 AND number = $2 AND floor(extract(epoch FROM created_at)) = $3
)
SELECT to_jsonb(c) AS campaign,
    (SELECT l.name FROM ladders AS l WHERE l.org_id = $1 AND l.id = c.ladder_id) AS ladder_name,
    (SELECT l.policy FROM ladders AS l WHERE l.org_id = $1 AND l.id = c.ladder_id) AS policy,
    (SELECT coalesce(jsonb_agg(to_jsonb(g) ORDER BY g.people DESC, g.country_code, g.state, g.opened_at), '[]') FROM (
        SELECT x.country_code, x.state, count(*) AS people, CASE WHEN x.begins_at IS NULL
            THEN date_bin('15 minutes', coalesce(x.begun_at, x.created_at), 'epoch') END AS opened_at
        FROM recovery_cases AS x
        WHERE x.org_id = $1 AND x.campaign_id = c.id AND x.outcome IS NULL GROUP BY 1, 2, 4) AS g) AS people
FROM c
"""

_CONTACT_TYPES = {
    "id": "uuid", "org_id": "uuid", "case_id": "uuid", "step": "text", "occasion": "text", "anchor": "text",
    "anchor_at": "timestamptz", "planned_at": "timestamptz", "decided_at": "timestamptz", "channel": "text",
    "audience": "text", "recipient": "text", "template": "text", "locale": "text", "message_ids": "text",
    "outcome": "text", "reason": "text",
}  # fmt: skip
CONTACT_FIELDS = tuple(_CONTACT_TYPES)
_COLUMNS = ", ".join(CONTACT_FIELDS)
_ARRAYS = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(_CONTACT_TYPES.values(), 1))

CONTACTED = FactKind(
    name="recovery_contacted",
    width=len(CONTACT_FIELDS),
    insert=f"""
INSERT INTO recovery_contacts ({_COLUMNS})
SELECT {_COLUMNS.replace("message_ids", "string_to_array(message_ids, ',')::uuid[]")}
FROM unnest({_ARRAYS}) AS n ({_COLUMNS})
""",
)
# What happened since the case was looked at asked for another look, and is not undone.
PLANNED = FactKind(
    name="recovery_reminders_planned",
    width=5,
    insert="""
UPDATE recovery_reminders AS r SET next_at = CASE WHEN r.wakes = n.wakes THEN n.next_at ELSE least(r.next_at, n.now) END
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::integer[], $5::timestamptz[])
    AS n (org_id, case_id, next_at, wakes, now)
WHERE r.org_id = n.org_id AND r.case_id = n.case_id
""",
)
# Noted, so that it is written last: whoever locks a case locks it before this row.
WOKEN = FactKind(
    name="recovery_reminders_woken",
    width=3,
    insert="""
INSERT INTO recovery_reminders AS r (org_id, case_id, next_at, wakes)
SELECT n.org_id, n.case_id, n.at, 1 FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS n (org_id, case_id, at)
ON CONFLICT (org_id, case_id) DO UPDATE SET next_at = least(r.next_at, excluded.next_at), wakes = r.wakes + 1
""",
)
