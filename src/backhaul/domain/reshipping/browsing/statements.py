"""The SQL of lists and pages of reshipments."""

from backhaul.domain.reshipping.tables import COLUMNS

MOST_CHANGES = 200
_SELECTED = ", ".join(f"s.{name.strip()}" for name in COLUMNS.split(","))
_VISIBLE = "s.status NOT IN ('deleted', 'expired')"  # the condition of the indexes of lists


def _page(condition: str) -> str:
    """Return a statement for a page below the number $2, at most $3: one for each stage, so that each has an index."""
    return f"""
SELECT {_SELECTED} FROM reshipments AS s WHERE s.org_id = $1 AND {_VISIBLE} AND {condition} AND s.number < $2
ORDER BY s.number DESC LIMIT $3
"""


LIST_ALL = _page("true")
LIST_TO_QUOTE = _page("s.status = 'pending' AND s.estimated_fee_minor = 0")
LIST_TO_ANSWER = _page("s.status = 'pending' AND s.estimated_fee_minor > 0")
LIST_APPROVED = _page("s.status = 'approved' AND s.dispatched_at IS NULL")
LIST_SENT = _page("s.status = 'approved' AND s.dispatched_at IS NOT NULL")
LIST_DECLINED = _page("s.status = 'declined'")

# What lies in the returns is the warehouse's to say; its rows are read here, so that a page asks once.
_RETURNS = """(
SELECT coalesce(jsonb_agg(jsonb_build_object('number', r.number, 'status', r.status,
    'tracking_number', r.tracking_number, 'weight_grams', r.weight_grams,
    'serial_numbers', ARRAY(SELECT i.serial_number FROM return_items AS i
        WHERE i.org_id = $1 AND i.return_id = r.id AND i.verdict <> 'missing' ORDER BY i.position)
) ORDER BY r.number), '[]')
FROM unnest(s.return_numbers) AS held (number)
CROSS JOIN LATERAL (SELECT * FROM returns WHERE org_id = $1 AND number = held.number LIMIT 1) AS r
)"""
_PARCEL = """(
SELECT jsonb_build_object('status', p.status, 'fault', p.fault, 'carrier', p.carrier, 'service', p.service,
    'tracking_number', p.tracking_number, 'tracking_url', p.tracking_url, 'shipped_at', p.shipped_at,
    'delivered_at', p.delivered_at,
    'labels', coalesce((SELECT jsonb_agg(f.format ORDER BY f.format) FROM label_files AS f
        WHERE f.org_id = $1 AND f.shipment_id = p.id AND f.tracking_number = p.tracking_number
            AND p.status <> 'cancelled'), '[]'),
    'events', coalesce((SELECT jsonb_agg(jsonb_build_object('status', e.status, 'at', e.at,
            'carrier_status', e.carrier_status, 'text', e.text, 'place', e.place, 'fault', e.fault) ORDER BY e.at DESC)
        FROM tracking_events AS e WHERE e.org_id = $1 AND e.shipment_id = p.id), '[]'))
FROM shipments AS p WHERE p.org_id = $1 AND p.id = s.shipment_id
)"""
_SPENDABLE = """(
SELECT coalesce(jsonb_agg(jsonb_build_object('currency', w.currency,
    'amount_minor', w.available_minor + w.credit_limit_minor)), '[]')
FROM wallets AS w WHERE w.org_id = $1
)"""
_CHANGES = f"""(
SELECT coalesce(jsonb_agg(jsonb_build_object('action', h.action, 'at', h.at, 'actor_kind', h.actor_kind,
    'actor_name', coalesce(u.name, k.name), 'change', h.change) ORDER BY h.id DESC), '[]')
FROM (
    SELECT * FROM history WHERE org_id = $1 AND subject_kind = 'reshipment' AND subject_id = s.id
    ORDER BY id DESC LIMIT {MOST_CHANGES}
) AS h
LEFT JOIN users AS u ON h.actor_kind = 'user' AND u.id = h.actor_id
LEFT JOIN api_keys AS k ON h.actor_kind = 'api_key' AND k.org_id = $1 AND k.id = h.actor_id
)"""
GET_SHEET = f"""
SELECT {_SELECTED}, o.name AS owner_name, w.name AS warehouse_name, w.address AS origin,
    {_RETURNS} AS returns, {_PARCEL} AS parcel, {_SPENDABLE} AS spendable,
    (SELECT t.tolerance_percent FROM reshipping_terms AS t WHERE t.org_id = $1) AS tolerance_percent,
    {_CHANGES} AS history
FROM reshipments AS s
JOIN organizations AS o ON o.org_id = $1
JOIN known_warehouses() AS w ON w.id = s.warehouse_id
WHERE s.org_id = $1 AND s.number = $2 AND {_VISIBLE}
"""
# A label whose number was replaced, or that was cancelled, is void, and must not be printed any more.
GET_LABEL = f"""
SELECT f.content FROM reshipments AS s
JOIN shipments AS p ON p.org_id = $1 AND p.id = s.shipment_id AND p.status <> 'cancelled'
JOIN label_files AS f ON f.org_id = $1 AND f.shipment_id = p.id AND f.tracking_number = p.tracking_number
WHERE s.org_id = $1 AND s.number = $2 AND f.format = $3 AND {_VISIBLE}
"""
# The operator organization is $1; nobody else gets an answer.
LIST_QUEUE = """
SELECT number, contents, warehouse_code, owner_name, return_numbers, recipient, city, country_code, since, expires_at,
    estimated_fee_minor, final_fee_minor, currency, weight_grams, carrier, tracking_number, is_refused
FROM warehouse_reshipments(org_id => $1, queue => $2, above => $3, most => $4)
"""
