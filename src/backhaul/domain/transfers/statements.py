"""The SQL of lists and of the page about one transfer."""

from backhaul.domain.transfers.model import Transfer

_SELECTED = ", ".join(f"t.{name}" for name in Transfer.__struct_fields__)

# $3, $4: what came before this in the list is not shown; $5: placed since; $6: statuses, all of them when none was
# chosen; $7: direction; $8: carrier; $9: of which leg; $10: whether only what needs somebody; $11: country; $12: e-mail
# address.
_MEANT = """
t.org_id = $1 AND (t.created_at, t.id) < ($3::timestamptz, $4::uuid) AND t.created_at >= $5::timestamptz
    AND ($7::text IS NULL OR t.direction = $7)
    AND ($8::text IS NULL OR EXISTS (
        SELECT FROM shipments AS s
        WHERE s.org_id = $1 AND s.subject_kind = 'transfer' AND s.subject_id = t.id AND s.carrier = $8
            AND ($9::text IS NULL OR s.leg = $9)))
    AND ($10::boolean IS NOT TRUE OR EXISTS (
        SELECT FROM parcel_exceptions AS x
        WHERE x.org_id = $1 AND x.transfer_id = t.id AND x.closed_at IS NULL))
    AND ($11::text IS NULL OR t.country_code = $11)
    AND ($12::text IS NULL OR t.email_key = email_key($12))
"""

# The newest of each status first, so that the rarest of them is found as quickly as the others.
_OF_EACH_STATUS = """(
SELECT newest.id, newest.created_at FROM unnest($6::text[]) AS wanted (status)
CROSS JOIN LATERAL (
    SELECT t.id, t.created_at FROM transfers AS t
    WHERE t.status = wanted.status AND {also} AND {meant}
    ORDER BY t.created_at DESC, t.id DESC LIMIT $2
) AS newest
)"""
_BY_STATUS = _OF_EACH_STATUS.format(also="true", meant=_MEANT)
_BY_DIRECTION = _OF_EACH_STATUS.format(also="t.direction = $7::text", meant=_MEANT)
_BY_COUNTRY = _OF_EACH_STATUS.format(also="t.country_code = $11::text", meant=_MEANT)

# What was found first is looked up one by one. A join would be planned for an organization of middling size: all of a
# large one's transfers would be read. LIMIT keeps the lookup a lookup.
_EACH = f"""
CROSS JOIN LATERAL (
    SELECT t.id, t.created_at FROM transfers AS t
    WHERE t.id = found.id AND t.status = ANY ($6::text[]) AND {_MEANT} LIMIT 1
) AS t
"""
# Few at a time: whatever is open.
_BY_ATTENTION = f"""(
SELECT t.id, t.created_at FROM (
    SELECT DISTINCT x.transfer_id AS id FROM parcel_exceptions AS x WHERE x.org_id = $1 AND x.closed_at IS NULL
) AS found {_EACH}
)"""
# By the transfers' ids, which are in the order of time, so that a carrier that few have is found as quickly as others:
# along the parcels of the carrier, from the newest on, until the page is full. $13: the id this begins below.
_BY_CARRIER = f"""(
SELECT t.id, t.created_at FROM (
    SELECT DISTINCT ON (s.subject_id) s.subject_id AS id FROM shipments AS s
    WHERE s.org_id = $1 AND s.carrier = $8::text AND s.subject_kind = 'transfer' AND s.subject_id < $13::uuid
    ORDER BY s.subject_id DESC
) AS found {_EACH}
ORDER BY found.id DESC LIMIT $2
)"""
_BY_PERSON = f"""(
SELECT t.id, t.created_at FROM transfers AS t
WHERE t.email_key = email_key($12) AND t.status = ANY ($6::text[]) AND {_MEANT}
)"""

# $13: ids.
_BY_IDS = f"""(
SELECT t.id, t.created_at FROM transfers AS t
WHERE t.id = ANY ($13::uuid[]) AND t.status = ANY ($6::text[]) AND {_MEANT}
)"""

# $13: what was typed, folded as names are; $14: as serial numbers are; $15: the end of such a text's range; $16: that
# of a serial number; $17: an id or NULL; $18: how many a branch may find; $19: what may be the end of an id, as labels
# print it. Of a text that many have in common only some are found: whoever searches types more of it.
_FOUND = """(
            SELECT id FROM transfers WHERE org_id = $1 AND {column} >= {start} AND {column} < {end}
            ORDER BY {column} LIMIT $18
        )"""
_BY_TEXT = f"""(
SELECT t.id, t.created_at FROM (
        {_FOUND.format(column="person_key", start="$13::text", end="$15::text")}
        UNION {_FOUND.format(column="surname_key", start="$13", end="$15")}
        UNION {_FOUND.format(column="email_key", start="$13", end="$15")}
        UNION {_FOUND.format(column="ticket_key", start="$13", end="$15")}
        UNION {_FOUND.format(column="serial_key", start="$14::text", end="$16::text")}
        UNION (SELECT id FROM transfers WHERE org_id = $1 AND short_id = $19::text)
        UNION (SELECT id FROM transfers WHERE org_id = $1 AND id = $17::uuid)
        UNION (SELECT subject_id FROM shipments
               WHERE org_id = $1 AND tracking_key = tracking_key($14) AND subject_kind = 'transfer' LIMIT $18)
    ) AS found {_EACH}
)"""


# The ids come from an index first; what a line shows is read for those of the page alone.
def _list(found: str, order: tuple[str, ...] = ("created_at", "id")) -> str:
    return f"""
WITH page AS MATERIALIZED (
    SELECT id, created_at FROM {found} AS f ORDER BY {", ".join(f"{name} DESC" for name in order)} LIMIT $2
)
SELECT t.id, t.short_id, t.direction, t.status, t.employee_address ->> 'name' AS person_name,
    t.employee_address -> 'notification_emails' ->> 0 AS email, t.employee_address ->> 'city' AS city, t.country_code,
    t.device_type, t.device_make, t.device_model, t.device_serial_number, t.ticket_reference, t.is_muted, t.created_at,
    (SELECT jsonb_agg(jsonb_build_object('leg', s.leg, 'carrier', s.carrier, 'status', s.status,
                'tracking_number', s.tracking_number) ORDER BY s.leg)
     FROM shipments AS s
     WHERE s.org_id = $1 AND s.subject_kind = 'transfer' AND s.subject_id = t.id) AS parcels,
    ARRAY(SELECT x.kind FROM parcel_exceptions AS x
          WHERE x.org_id = $1 AND x.transfer_id = t.id AND x.closed_at IS NULL ORDER BY x.number) AS needs
FROM page JOIN transfers AS t ON t.org_id = $1 AND t.id = page.id
ORDER BY {", ".join(f"page.{name} DESC" for name in order)}
"""


LIST_BY_STATUS = _list(_BY_STATUS)
LIST_BY_DIRECTION = _list(_BY_DIRECTION)
LIST_BY_COUNTRY = _list(_BY_COUNTRY)
LIST_BY_ATTENTION = _list(_BY_ATTENTION)
LIST_BY_PERSON = _list(_BY_PERSON)
LIST_BY_CARRIER = _list(_BY_CARRIER, order=("id",))
LIST_BY_IDS = _list(_BY_IDS)
LIST_BY_TEXT = _list(_BY_TEXT)

_SHOWN = {
    "shipment": """'id', s.id, 'leg', s.leg, 'adapter', s.adapter, 'carrier', s.carrier, 'service', s.service,
        'status', s.status, 'fault', s.fault, 'tracking_number', s.tracking_number, 'tracking_url', s.tracking_url,
        'created_at', s.created_at, 'labelled_at', s.labelled_at, 'ready_at', s.ready_at, 'shipped_at', s.shipped_at,
        'delivered_at', s.delivered_at, 'readdressed', s.readdressed""",
    "scan": """'status', e.status, 'fault', e.fault, 'at', e.at, 'text', e.text, 'place', e.place,
        'tracking_number', e.tracking_number""",
    "pickup": """'on_date', p.on_date, 'status', p.status, 'instructions', p.instructions,
        'confirmation', p.confirmation, 'refusal', p.refusal""",
    "charge": """'amount_minor', c.amount_minor, 'currency', c.currency, 'refunded_minor', c.refunded_minor,
        'refund_requested_minor', c.refund_requested_minor, 'status', c.status, 'lines', c.lines,
        'decline_text', c.decline_text, 'captured_at', c.captured_at, 'created_at', c.created_at""",
    "message": """'id', m.id, 'channel', m.channel, 'template', m.template, 'recipient', m.recipient,
        'subject', m.subject, 'status', m.status, 'decided_at', m.decided_at, 'sent_at', m.sent_at,
        'failure', m.failure""",
    "exception": """'number', x.number, 'kind', x.kind, 'suggested_action', x.suggested_action, 'leg', x.leg,
        'owner_email', x.owner_email, 'since', x.since, 'due_at', x.due_at, 'acknowledged_at', x.acknowledged_at,
        'note', x.note, 'closed_at', x.closed_at, 'closed_because', x.closed_because""",
}

_PARCELS = f"""(
SELECT jsonb_agg(jsonb_build_object({_SHOWN["shipment"]},
    'scans', coalesce((
        SELECT jsonb_agg(jsonb_build_object({_SHOWN["scan"]}) ORDER BY e.at, e.received_at)
        FROM tracking_events AS e WHERE e.org_id = $1 AND e.shipment_id = s.id), '[]'),
    'pickup', (
        SELECT jsonb_build_object({_SHOWN["pickup"]})
        FROM pickups AS p WHERE p.org_id = $1 AND p.shipment_id = s.id ORDER BY p.id DESC LIMIT 1),
    'labels', coalesce((
        SELECT jsonb_agg(f.format ORDER BY f.format) FROM label_files AS f
        WHERE f.org_id = $1 AND f.shipment_id = s.id AND f.tracking_number = s.tracking_number
            AND s.status <> 'cancelled'), '[]')
) ORDER BY s.leg)
FROM shipments AS s WHERE s.org_id = $1 AND s.subject_kind = 'transfer' AND s.subject_id = t.id
)"""

# Who did it is named as the members and keys of the organization are now.
_HISTORY = """(
SELECT jsonb_agg(jsonb_build_object('subject', h.subject_kind, 'leg', o.leg, 'action', h.action, 'at', h.at,
    'actor_kind', h.actor_kind, 'actor_name', coalesce(u.name, k.name), 'change', h.change) ORDER BY h.id DESC)
FROM (
    SELECT 'transfer' AS kind, t.id, NULL AS leg
    UNION ALL
    SELECT 'shipment', s.id, s.leg FROM shipments AS s
    WHERE s.org_id = $1 AND s.subject_kind = 'transfer' AND s.subject_id = t.id
    UNION ALL
    SELECT 'pickup', p.id, s.leg FROM shipments AS s JOIN pickups AS p ON p.org_id = $1 AND p.shipment_id = s.id
    WHERE s.org_id = $1 AND s.subject_kind = 'transfer' AND s.subject_id = t.id
    UNION ALL
    SELECT 'charge', c.id, NULL FROM charges AS c
    WHERE c.org_id = $1 AND c.subject_kind = 'transfer' AND c.subject_id = t.id
) AS o
JOIN history AS h ON h.org_id = $1 AND h.subject_kind = o.kind AND h.subject_id = o.id
LEFT JOIN users AS u ON h.actor_kind = 'user' AND u.id = h.actor_id
LEFT JOIN api_keys AS k ON h.actor_kind = 'api_key' AND k.org_id = $1 AND k.id = h.actor_id
)"""

GET_FULL = f"""
SELECT {_SELECTED}, t.short_id,
    {_PARCELS} AS parcels,
    (SELECT jsonb_agg(jsonb_build_object({_SHOWN["charge"]}) ORDER BY c.created_at)
     FROM charges AS c
     WHERE c.org_id = $1 AND c.subject_kind = 'transfer' AND c.subject_id = t.id) AS charges,
    (SELECT jsonb_agg(jsonb_build_object({_SHOWN["message"]}) ORDER BY m.id DESC)
     FROM (SELECT * FROM messages
           WHERE org_id = $1 AND subject_kind = 'transfer' AND subject_id = t.id ORDER BY id DESC LIMIT 100) AS m
    ) AS messages,
    (SELECT jsonb_build_object('number', a.number, 'created_at', a.created_at, 'serial_number', a.serial_number,
                'tag', a.tag, 'model_name', d.name, 'custody', a.custody)
     FROM asset_transfers AS l
     JOIN assets AS a ON a.org_id = $1 AND a.id = l.asset_id
     JOIN models AS d ON d.org_id = $1 AND d.id = a.model_id
     WHERE l.org_id = $1 AND l.transfer_id = t.id) AS asset,
    (SELECT jsonb_build_object('number', e.number, 'first_name', e.first_name, 'last_name', e.last_name,
                'email', e.email)
     FROM employees AS e WHERE e.org_id = $1 AND e.email_key = t.email_key COLLATE "default") AS person,
    (SELECT jsonb_build_object('number', k.number, 'code', k.code, 'campaign_name', g.name)
     FROM recovery_parcels AS p
     JOIN recovery_cases AS k ON k.org_id = $1 AND k.id = p.case_id
     JOIN recovery_campaigns AS g ON g.org_id = $1 AND g.id = k.campaign_id
     WHERE p.org_id = $1 AND p.transfer_id = t.id) AS "case",
    (SELECT jsonb_agg(jsonb_build_object({_SHOWN["exception"]}) ORDER BY x.number DESC)
     FROM parcel_exceptions AS x WHERE x.org_id = $1 AND x.transfer_id = t.id) AS exceptions,
    {_HISTORY} AS history
FROM transfers AS t
WHERE t.org_id = $1 AND t.id = $2
"""

# $2, $3: where e-mail addresses, names and surnames begin and end that start with a text; $4, $5: the same of serial
# numbers; $6: a tag; $7: at most so many of each; $8: at most so many places; $9: how their names begin; $10: the
# number of one that is wanted whatever it is called.
FIND_PARTS = """
SELECT
    (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.last_name, p.first_name, p.number)
     FROM (
        SELECT e.number, e.first_name, e.last_name, e.email, e.line_1, e.line_2, e.city, e.state, e.postal_code,
            e.country_code
        FROM (
            (SELECT id FROM employees
             WHERE org_id = $1 AND typed_email >= $2::text AND typed_email < $3::text ORDER BY typed_email LIMIT $7)
            UNION
            (SELECT id FROM employees
             WHERE org_id = $1 AND person_key >= $2 AND person_key < $3 ORDER BY person_key LIMIT $7)
            UNION
            (SELECT id FROM employees
             WHERE org_id = $1 AND surname_key >= $2 AND surname_key < $3 ORDER BY surname_key LIMIT $7)
            LIMIT $7
        ) AS found
        CROSS JOIN LATERAL (SELECT * FROM employees WHERE org_id = $1 AND id = found.id LIMIT 1) AS e
     ) AS p) AS people,
    (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.serial_number)
     FROM (
        SELECT a.number, a.serial_number, a.tag, t.name AS product_type, f.name AS manufacturer, m.name AS model_name,
            e.number AS holder_number
        FROM (
            (SELECT id FROM assets
             WHERE org_id = $1 AND serial_key >= $4::text AND serial_key < $5::text ORDER BY serial_key LIMIT $7)
            UNION (SELECT id FROM assets WHERE org_id = $1 AND $4 IS NOT NULL AND tag_key = $6::text LIMIT $7)
            LIMIT $7
        ) AS found
        JOIN assets AS a ON a.org_id = $1 AND a.id = found.id
        JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
        JOIN product_types AS t ON t.org_id = $1 AND t.id = m.product_type_id
        JOIN manufacturers AS f ON f.org_id = $1 AND f.id = m.manufacturer_id
        LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = a.employee_id
     ) AS a) AS assets,
    (SELECT jsonb_agg(jsonb_build_object('number', l.number, 'name', l.name, 'type', l.type, 'address', l.address)
            ORDER BY l.name_key)
     FROM ((SELECT * FROM locations WHERE org_id = $1 AND address IS NOT NULL
                AND name_key >= coalesce(name_key($9::text), '')
                AND name_key < coalesce(name_key($9), '') || chr(1114111) ORDER BY name_key LIMIT $8)
           UNION (SELECT * FROM locations WHERE org_id = $1 AND address IS NOT NULL AND number = $10::bigint AND $8 > 0)
     ) AS l) AS places,
    (SELECT default_address FROM organizations WHERE org_id = $1) AS default_address
"""

# Transfers of a device ($2) that are not over yet, the latest first.
OPEN_OF_DEVICE = """
SELECT id, direction, created_at, employee_address ->> 'name' AS person_name FROM transfers
WHERE org_id = $1 AND serial_key = serial_key($2) AND status NOT IN ('complete', 'failed', 'not_returned', 'cancelled')
ORDER BY created_at DESC, id DESC LIMIT 3
"""
