"""The SQL of lists and pages of returns."""

from backhaul.domain.returns import statements as returns
from backhaul.domain.returns.model import Return, Status
from backhaul.domain.returns.sanitisation.statements import COLUMNS as SANITISATION

MOST_CHANGES = 200
TAKEABLE = (Status.PROCESSED, Status.VERIFYING, Status.VERIFIED)  # what `lifecycle.MOVES` lets be taken
DEVICES_SHOWN = 3
_SELECTED = ", ".join(f"r.{name}" for name in Return.__struct_fields__)
_VISIBLE = "r.status NOT IN ('received', 'discarded')"  # the condition of the indexes of lists
_NAMED = "concat_ws(' ', f.name, m.name)"
_ASSET = """
LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = i.asset_id
LEFT JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
LEFT JOIN manufacturers AS f ON f.org_id = $1 AND f.id = m.manufacturer_id
"""

# --- lists: the page's ids from an index first, what is in each behind it. $2 the cursor, $3 at most so many and one.

_DEVICES = f"""(
SELECT coalesce(jsonb_agg(jsonb_build_object('serial_number', d.serial_number, 'verdict', d.verdict,
    'name', nullif(d.name, '')) ORDER BY d.position), '[]')
FROM (
    SELECT i.position, i.serial_number, i.verdict, {_NAMED} AS name FROM return_items AS i {_ASSET}
    WHERE i.org_id = $1 AND i.return_id = r.id ORDER BY i.position LIMIT {DEVICES_SHOWN}
) AS d
)"""


def _listed(page: str) -> str:
    return f"""
SELECT {_SELECTED}, {_DEVICES} AS devices,
    (SELECT count(*) FROM return_items AS i WHERE i.org_id = $1 AND i.return_id = r.id) AS device_count,
    (SELECT count(*) FROM return_photos AS p
     WHERE p.org_id = $1 AND p.return_id = r.id AND p.removed_at IS NULL) AS photo_count
FROM ({page}) AS page
JOIN returns AS r ON r.org_id = $1 AND r.id = page.id
ORDER BY r.number DESC
"""


def _page(condition: str) -> str:
    return _listed(f"""
SELECT r.id FROM returns AS r WHERE r.org_id = $1 AND {_VISIBLE} AND {condition} AND r.number < $2
ORDER BY r.number DESC LIMIT $3""")


LIST_ALL = _page("true")
LIST_BY_STATUS = _page("r.status = $4")
LIST_BY_WAREHOUSE = _page("r.warehouse_code = $4")
LIST_BY_BOTH = _page("r.status = $4 AND r.warehouse_code = $5")
# What a reshipment can take: the first of each status, so that what was sent on long ago is never looked at.
LIST_TO_SEND_ON = _listed(
    "SELECT f.id FROM ("
    + " UNION ALL ".join(
        f"""(SELECT id, number FROM returns WHERE org_id = $1 AND status = '{status.value}' AND number < $2
        ORDER BY number DESC LIMIT $3)"""
        for status in TAKEABLE
    )
    + ") AS f ORDER BY f.number DESC LIMIT $3"
)
# $4 a tracking number, an RMA number or a serial number, $5 the number it may be; $6 and $7 as above, or NULL.
LIST_BY_TEXT = _listed(f"""
SELECT r.id FROM (
    SELECT id FROM returns WHERE org_id = $1 AND tracking_key = tracking_key($4)
    UNION SELECT id FROM returns WHERE org_id = $1 AND rma_number = $4
    UNION SELECT id FROM returns WHERE org_id = $1 AND number = $5::bigint
    UNION SELECT return_id FROM return_items WHERE org_id = $1 AND serial_key = serial_key($4)
) AS found
JOIN returns AS r ON r.org_id = $1 AND r.id = found.id
WHERE {_VISIBLE} AND ($6::text IS NULL OR r.status = $6) AND ($7::text IS NULL OR r.warehouse_code = $7)
    AND r.number < $2
ORDER BY r.number DESC LIMIT $3""")
# $2 their numbers; those that are listed.
LIST_OF_NUMBERS = _listed(
    f"""
SELECT r.id FROM (SELECT DISTINCT number FROM unnest($2::bigint[]) AS named (number)) AS named
CROSS JOIN LATERAL (SELECT id FROM returns AS r WHERE r.org_id = $1 AND {_VISIBLE} AND r.number = named.number
    LIMIT 1) AS r"""
)

# --- one with all that belongs to it

_ITEMS = f"""(
SELECT coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'position', i.position, 'serial_number', i.serial_number,
    'verdict', i.verdict, 'has_charger', i.has_charger, 'is_powering_on', i.is_powering_on,
    'is_lock_removed', i.is_lock_removed, 'grade', i.grade, 'noted_at', i.noted_at, 'asset_number', a.number,
    'asset_tag', a.tag, 'name', nullif({_NAMED}, '')) ORDER BY i.position), '[]')
FROM return_items AS i {_ASSET} WHERE i.org_id = $1 AND i.return_id = r.id
)"""
_EXPECTED = f"""(
SELECT coalesce(jsonb_agg(to_jsonb(e)), '[]') FROM ({returns.EXPECTED.replace("$2", "r.transfer_id")}) AS e
)"""
_MESSAGES = """(
SELECT coalesce(jsonb_agg(jsonb_build_object('number', m.number, 'author', m.author, 'author_name', u.name,
    'body', m.body, 'created_at', m.created_at) ORDER BY m.number DESC), '[]')
FROM return_messages AS m LEFT JOIN users AS u ON u.id = m.author_id
WHERE m.org_id = $1 AND m.return_id = r.id
)"""
_PHOTOS = """(
SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'media_type', p.media_type, 'width', p.width,
    'height', p.height, 'taken_at', p.taken_at) ORDER BY p.id), '[]')
FROM return_photos AS p WHERE p.org_id = $1 AND p.return_id = r.id AND p.removed_at IS NULL
)"""
_SANITISATIONS = f"""(
SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.id), '[]')
FROM (SELECT {SANITISATION} FROM sanitisations WHERE org_id = $1 AND return_id = r.id) AS s
)"""
_FEES = """(
SELECT coalesce(jsonb_agg(jsonb_build_object('text', w.text, 'amount_minor', w.amount_minor, 'currency', w.currency,
    'charged_at', w.charged_at, 'refunded_at', w.refunded_at) ORDER BY w.id), '[]')
FROM wallet_fees AS w WHERE w.org_id = $1 AND w.subject_kind = 'return' AND w.subject_id = r.id
)"""
# Recovery stands above returns, and so does reshipping; their rows are read here so that neither need be asked.
_TRANSFER = """(
SELECT jsonb_build_object('id', t.id, 'person_name', t.employee_address ->> 'name', 'case_number', k.number,
    'case_code', k.code)
FROM transfers AS t
LEFT JOIN recovery_parcels AS p ON p.org_id = $1 AND p.transfer_id = t.id
LEFT JOIN recovery_cases AS k ON k.org_id = $1 AND k.id = p.case_id
WHERE t.org_id = $1 AND t.id = r.transfer_id
)"""
_CHANGES = f"""(
SELECT coalesce(jsonb_agg(jsonb_build_object('action', h.action, 'at', h.at, 'actor_kind', h.actor_kind,
    'actor_name', coalesce(u.name, k.name), 'change', h.change) ORDER BY h.id DESC), '[]')
FROM (
    SELECT * FROM history WHERE org_id = $1 AND subject_kind = 'return' AND subject_id = r.id
    ORDER BY id DESC LIMIT {MOST_CHANGES}
) AS h
LEFT JOIN users AS u ON h.actor_kind = 'user' AND u.id = h.actor_id
LEFT JOIN api_keys AS k ON h.actor_kind = 'api_key' AND k.org_id = $1 AND k.id = h.actor_id
)"""
_SHEET = f"""
SELECT {_SELECTED}, o.name AS owner_name,
    (SELECT w.name FROM known_warehouses() AS w WHERE w.id = r.warehouse_id) AS warehouse_name,
    {_ITEMS} AS items, {_EXPECTED} AS expected, {_MESSAGES} AS messages, {_PHOTOS} AS photos,
    {_SANITISATIONS} AS sanitisations, {_FEES} AS fees, {_TRANSFER} AS transfer,
    (SELECT s.number FROM reshipments AS s WHERE s.org_id = $1 AND s.id = r.reshipment_id) AS reshipment_number,
    {_CHANGES} AS history
FROM returns AS r JOIN organizations AS o ON o.org_id = $1
WHERE r.org_id = $1 AND r.number = $2
"""
GET_ANY_SHEET = _SHEET  # the operator's own look
GET_SHEET = f"{_SHEET} AND {_VISIBLE}"
# $2 the return's number, $3 the picture.
FIND_PHOTO = """
SELECT r.id AS return_id, p.id, p.media_type FROM returns AS r
JOIN return_photos AS p ON p.org_id = $1 AND p.return_id = r.id
WHERE r.org_id = $1 AND r.number = $2 AND p.id = $3 AND p.removed_at IS NULL
"""

# --- the queues of a warehouse: the operator organization is $1, nobody else gets an answer

LIST_INTAKES = """
SELECT number, tracking_number, warehouse_code, received_at, owner_name, status
FROM warehouse_intakes(org_id => $1, below => $2, only_unidentified => $3, most => $4)
"""
LIST_QUEUE = """
SELECT number, tracking_number, warehouse_code, owner_name, received_at, since, message_count, rma_number, devices
FROM warehouse_returns(org_id => $1, queue => $2, above => $3, most => $4)
"""
COUNT_QUEUES = """
SELECT unidentified, to_open, to_verify, to_quote, to_weigh, to_dispatch
FROM warehouse_counts(org_id => $1, most => $2)
"""
LIST_CUSTOMERS = (
    "SELECT id, number, name, slug FROM warehouse_customers(org_id => $1, wanted => $2, most => $3)"
)
