"""The SQL of returns: the operator's side of a parcel (`intakes`), the owner's side (`returns`), and what was in it."""

from backhaul.domain.returns.model import (
    Intake,
    ListedReturn,
    Return,
    ReturnItem,
    ReturnMessage,
    ReturnPhoto,
    Warehouse,
)

INTAKE = ", ".join(Intake.__struct_fields__)
COLUMNS = ", ".join(Return.__struct_fields__)
_SELECTED = ", ".join(f"r.{name}" for name in Return.__struct_fields__)
ITEM = ", ".join(ReturnItem.__struct_fields__)
MESSAGE = ", ".join(ReturnMessage.__struct_fields__)
PHOTO = ", ".join(ReturnPhoto.__struct_fields__)
_WAREHOUSE = ", ".join(Warehouse.__struct_fields__)

# --- warehouses: everybody may know them, so they are read through a function.

LIST_WAREHOUSES = f"SELECT {_WAREHOUSE} FROM known_warehouses() ORDER BY code"
FIND_WAREHOUSE = f"SELECT {_WAREHOUSE} FROM known_warehouses() WHERE code = $1"
ADD_WAREHOUSE = f"""
INSERT INTO warehouses (org_id, {_WAREHOUSE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (org_id, code) DO NOTHING RETURNING id
"""

# --- the operator's side

FIND_EXPECTED = "SELECT org_id, shipment_id, transfer_id, tracking_number FROM find_expected_parcel($1)"
# What is there already, or what is added now; no row: somebody was quicker a moment ago, and is seen when asked again.
NOTE_INTAKE = f"""
WITH found AS (
    SELECT {INTAKE} FROM intakes WHERE org_id = $1 AND tracking_key = tracking_key($4)
), added AS (
    INSERT INTO intakes (org_id, id, warehouse_id, tracking_number, owner_org_id, return_id, shipment_id, transfer_id,
        received_at, identified_at, version)
    SELECT $1, $2, $3::uuid, $4, $5::uuid, $6::uuid, $7::uuid, $8::uuid, $9::timestamptz,
        CASE WHEN $5 IS NOT NULL THEN $9 END, 1
    WHERE NOT EXISTS (SELECT FROM found)
    ON CONFLICT (org_id, tracking_key) DO NOTHING RETURNING {INTAKE}
)
SELECT {INTAKE}, false AS is_new FROM found UNION ALL SELECT {INTAKE}, true FROM added
"""
LOCK_INTAKE = f"SELECT {INTAKE} FROM intakes WHERE org_id = $1 AND number = $2 FOR NO KEY UPDATE"
GET_INTAKE = f"SELECT {INTAKE} FROM intakes WHERE org_id = $1 AND number = $2"
GET_INTAKE_BY_ID = f"SELECT {INTAKE} FROM intakes WHERE org_id = $1 AND id = $2"
SAVE_INTAKE = """
UPDATE intakes SET owner_org_id = $3, return_id = $4, rma_number = $5, identified_at = $6, version = $7
WHERE org_id = $1 AND id = $2 AND version = $7 - 1
"""
LIST_UNIDENTIFIED = f"""
SELECT {INTAKE} FROM intakes WHERE org_id = $1 AND owner_org_id IS NULL AND ($2::bigint IS NULL OR number < $2)
ORDER BY number DESC LIMIT $3
"""

FIND_INTAKE = f"SELECT {INTAKE} FROM intakes WHERE org_id = $1 AND tracking_key = tracking_key($2)"
LIST_DEVICES = """
SELECT owner_name, called, serial_number, name, parcels
FROM warehouse_devices(org_id => $1, wanted => $2, most => $3)
"""
DROP_INTAKE = "DELETE FROM intakes WHERE org_id = $1 AND id = $2"

# --- the owner's side

_OPENED = ", ".join(
    f"${n}" for n in range(3, len(Return.__struct_fields__) + 1)
)  # the tenant is $1, the id $2
# Without a named index: of two who open the same return at once, the second may meet its number before its id.
OPEN = f"""
INSERT INTO returns ({COLUMNS}) VALUES ($2, $1, {_OPENED})
ON CONFLICT DO NOTHING RETURNING id
"""
LOCK = f"SELECT {COLUMNS} FROM returns WHERE org_id = $1 AND number = $2 FOR NO KEY UPDATE"
LOCK_BY_ID = f"SELECT {COLUMNS} FROM returns WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE"
# In order of their numbers, like everybody who locks several: two who want the same ones wait, and do not deadlock.
LOCK_MANY = f"""
SELECT {COLUMNS} FROM returns WHERE org_id = $1 AND number = ANY ($2::bigint[]) ORDER BY number FOR NO KEY UPDATE
"""
LOCK_OF_RESHIPMENT = f"""
SELECT {COLUMNS} FROM returns WHERE org_id = $1 AND reshipment_id = $2 ORDER BY number FOR NO KEY UPDATE
"""
SAVE = """
UPDATE returns AS r SET status = n.status, status_before_reshipping = n.status_before_reshipping,
    reshipment_id = n.reshipment_id, rma_number = n.rma_number, weight_grams = n.weight_grams,
    process_fee_minor = n.process_fee_minor, is_process_fee_due = n.is_process_fee_due,
    verify_fee_minor = n.verify_fee_minor, currency = n.currency,
    message_count = n.message_count, processed_at = n.processed_at, verified_at = n.verified_at,
    discarded_at = n.discarded_at, updated_at = n.updated_at, version = n.version
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::integer[], $8::bigint[], $9::boolean[],
        $10::bigint[], $11::text[], $12::integer[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[],
        $16::timestamptz[], $17::integer[])
    AS n (id, status, status_before_reshipping, reshipment_id, rma_number, weight_grams, process_fee_minor,
        is_process_fee_due, verify_fee_minor, currency, message_count, processed_at, verified_at,
        discarded_at, updated_at, version)
WHERE r.org_id = $1 AND r.id = n.id AND r.version = n.version - 1
RETURNING r.id
"""

DROP = "DELETE FROM returns WHERE org_id = $1 AND id = $2"
# What a parcel that was received by mistake does not have, each in a word.
TRACES = """
SELECT what FROM (VALUES
    ('contents', EXISTS (SELECT FROM return_items WHERE org_id = $1 AND return_id = $2)),
    ('pictures', EXISTS (SELECT FROM return_photos WHERE org_id = $1 AND return_id = $2)),
    ('messages', EXISTS (SELECT FROM return_messages WHERE org_id = $1 AND return_id = $2)),
    ('records of a sanitisation', EXISTS (SELECT FROM sanitisations WHERE org_id = $1 AND return_id = $2)),
    ('fees', EXISTS (SELECT FROM wallet_fees WHERE org_id = $1 AND subject_id = $2 AND subject_kind = 'return'))
) AS found (what, is_there) WHERE is_there
"""

# --- what is in a parcel

# What a transfer's parcel should hold: the items of the recovery it belongs to, else the one device that was ordered.
# Recovery stands above returns; as holds do with assets, its rows are read here so that it need not be asked.
EXPECTED = """
WITH items AS (
    SELECT i.position, i.name, i.serial_number, i.asset_id
    FROM recovery_parcels AS p
    JOIN recovery_items AS i ON i.org_id = $1 AND i.case_id = p.case_id AND i.parcel = p.position
    WHERE p.org_id = $1 AND p.transfer_id = $2 AND i.outcome IS DISTINCT FROM 'kept'
        AND i.outcome IS DISTINCT FROM 'cancelled'
), announced AS (
    SELECT position, name, serial_number, asset_id FROM items
    UNION ALL
    SELECT 1, concat_ws(' ', t.device_make, coalesce(t.device_model, t.device_type)), t.device_serial_number, l.asset_id
    FROM transfers AS t
    LEFT JOIN asset_transfers AS l ON l.org_id = $1 AND l.transfer_id = t.id
    WHERE t.org_id = $1 AND t.id = $2 AND NOT EXISTS (
        SELECT FROM recovery_parcels AS p WHERE p.org_id = $1 AND p.transfer_id = $2)
)
SELECT n.name, coalesce(n.serial_number, a.serial_number) AS serial_number, a.id AS asset_id
FROM announced AS n
LEFT JOIN LATERAL (
    SELECT id, serial_number FROM assets WHERE org_id = $1 AND id = n.asset_id
    UNION ALL
    SELECT id, serial_number FROM assets
    WHERE n.asset_id IS NULL AND org_id = $1 AND serial_key = serial_key(n.serial_number)
    LIMIT 1
) AS a ON true
ORDER BY n.position
"""
# What is known of a scanned serial number, by its readings ($2, the likeliest first): which device it is, whether
# somebody else has it or it is awaited in another parcel than that of transfer $3, and by which reading. Where the
# inventory knows one of them, that is what was read.
KNOWN = """
WITH a AS (
    SELECT id, serial_key, custody, employee_id, shipment_id FROM assets
    WHERE org_id = $1 AND serial_key = ANY ($2::text[])
    ORDER BY array_position($2::text[], serial_key) LIMIT 1
), awaited AS (
    SELECT i.serial_key FROM recovery_items AS i
    LEFT JOIN recovery_parcels AS p ON p.org_id = $1 AND p.case_id = i.case_id AND p.position = i.parcel
    WHERE i.org_id = $1 AND (i.asset_id = (SELECT id FROM a) OR i.serial_key = ANY (
            CASE WHEN EXISTS (SELECT FROM a) THEN ARRAY(SELECT serial_key FROM a) ELSE $2::text[] END))
        AND i.outcome IS NULL AND p.transfer_id IS DISTINCT FROM $3 AND NOT EXISTS (
            SELECT FROM recovery_parcels AS q WHERE q.org_id = $1 AND q.case_id = i.case_id AND q.position = i.parcel
                AND q.transfer_id = $3)
    ORDER BY array_position($2::text[], i.serial_key) LIMIT 1
)
SELECT (SELECT id FROM a) AS asset_id,
    coalesce((SELECT serial_key FROM a), (SELECT serial_key FROM awaited)) AS serial_key,
    EXISTS (
        SELECT FROM a JOIN employees AS e ON e.org_id = $1 AND e.id = a.employee_id
        LEFT JOIN transfers AS t ON t.org_id = $1 AND t.id = $3::uuid
        WHERE t.id IS NULL OR NOT e.email_key = ANY (ARRAY(
            SELECT email_key(one) FROM jsonb_array_elements_text(t.employee_address->'notification_emails') AS one))
    ) OR EXISTS (
        SELECT FROM a JOIN asset_transfers AS l ON l.org_id = $1 AND l.asset_id = a.id
        JOIN transfers AS t ON t.org_id = $1 AND t.id = l.transfer_id
        WHERE t.id IS DISTINCT FROM $3 AND t.status NOT IN ('complete', 'cancelled') AND NOT EXISTS (
            -- One of the two came to nothing, and the other was sent in its place.
            SELECT FROM recovery_parcels AS p JOIN recovery_parcels AS q
                ON q.org_id = $1 AND q.case_id = p.case_id AND q.position = p.position AND q.transfer_id = $3
            WHERE p.org_id = $1 AND p.transfer_id = t.id)
    ) OR EXISTS (SELECT FROM awaited) AS is_of_others
"""
ITEMS = f"SELECT {ITEM} FROM return_items WHERE org_id = $1 AND return_id = $2 ORDER BY position"
ADD_ITEMS = f"""
INSERT INTO return_items (org_id, {ITEM})
SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::uuid[], $7::text[], $8::boolean[],
    $9::boolean[], $10::boolean[], $11::text[], $12::timestamptz[])
"""
REMOVE_ITEM = "DELETE FROM return_items WHERE org_id = $1 AND id = $2"
SAVE_MATCHED = "UPDATE return_items SET verdict = 'matched' WHERE org_id = $1 AND id = ANY ($2::uuid[])"
IS_PROVEN = """
SELECT EXISTS (
    SELECT FROM sanitisations WHERE org_id = $1 AND return_id = $2
        AND (serial_key(serial_number) = serial_key($3) OR asset_id = $4::uuid))
"""
SAVE_CHECKLIST = """
UPDATE return_items SET has_charger = $3, is_powering_on = $4, is_lock_removed = $5, grade = $6
WHERE org_id = $1 AND id = $2
"""
# Whether a warehouse received a device ($2) since $3 in another parcel than that of the return with number $4.
IS_BACK_SINCE = """
SELECT EXISTS (
    SELECT FROM custody_events WHERE org_id = $1 AND asset_id = $2 AND at > $3 AND to_custody = 'warehouse'
        AND evidence->>'return' IS DISTINCT FROM $4)
"""

# --- messages and pictures

# Counted on the locked return in the same statement; no row: it was not locked, and has another version by now.
ADD_MESSAGE = f"""
WITH counted AS (
    UPDATE returns SET message_count = $8, updated_at = $7, version = $9
    WHERE org_id = $1 AND id = $3 AND version = $9 - 1 RETURNING id
)
INSERT INTO return_messages (org_id, id, return_id, author, author_id, body, created_at)
SELECT $1, $2, id, $4, $5, $6, $7 FROM counted RETURNING {MESSAGE}
"""
COUNT_PHOTOS = """
SELECT count(*) FROM return_photos WHERE org_id = $1 AND return_id = $2 AND removed_at IS NULL
"""
ADD_PHOTO = f"""
INSERT INTO return_photos (org_id, {PHOTO}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
# Across tenants: ids only, each is then done in its tenant's scope.
FEES_DUE = """
SELECT org_id, number FROM returns WHERE is_process_fee_due AND (org_id, number) > ($2, $3)
ORDER BY org_id, number LIMIT $1
"""
PHOTOS_OF_DISCARDED = """
SELECT p.id FROM return_photos AS p
JOIN returns AS r ON r.org_id = $1 AND r.id = p.return_id AND r.status = 'discarded'
WHERE p.org_id = $1 AND p.return_id = $2 AND p.removed_at IS NULL ORDER BY p.id
"""
MARK_REMOVED = """
UPDATE return_photos SET removed_at = $4
WHERE org_id = $1 AND return_id = $2 AND id = ANY ($3::uuid[]) AND removed_at IS NULL
"""

# --- what is read

# Reshipments stand above returns; the number by which their owner knows one is read here, so that a list asks once.
_RESHIPMENT_NUMBER = "(SELECT s.number FROM reshipments AS s WHERE s.org_id = $1 AND s.id = r.reshipment_id)"
_DETAIL = f"""
SELECT {_SELECTED}, {_RESHIPMENT_NUMBER} AS reshipment_number,
    (SELECT coalesce(jsonb_agg(to_jsonb(m) ORDER BY m.number DESC), '[]') FROM (
        SELECT {MESSAGE} FROM return_messages WHERE org_id = $1 AND return_id = r.id) AS m) AS messages,
    (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.id), '[]') FROM (
        SELECT id, return_id, media_type, byte_count, width, height, taken_at,
            replace(encode(sha256, 'base64'), E'\\n', '') AS sha256
        FROM return_photos WHERE org_id = $1 AND return_id = r.id AND removed_at IS NULL) AS p) AS photos,
    (SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.position), '[]') FROM (
        SELECT {ITEM} FROM return_items WHERE org_id = $1 AND return_id = r.id) AS i) AS items
FROM returns AS r WHERE r.org_id = $1 AND r.number = $2
"""
_VISIBLE = "r.status NOT IN ('received', 'discarded')"  # the condition of the index `returns_listed`
GET_ANY = _DETAIL  # the operator's own look
GET = f"{_DETAIL} AND {_VISIBLE}"
NUMBERS = (
    f"SELECT r.id, r.number FROM returns AS r WHERE r.org_id = $1 AND r.id = ANY ($2::uuid[]) AND {_VISIBLE}"
)

# Pages by number: behind $2, at most $3, each as one text: fifty rows of many columns take the driver longer to read
# than PostgreSQL to find. One statement for each way of finding and each order, so that each has its index: with LIMIT
# a plan that suits all of them would suit none.
_LISTED = ", ".join(
    _RESHIPMENT_NUMBER if name == "reshipment_number" else f"r.{name}"
    for name in ListedReturn.__struct_fields__
)


def _list(condition: str, *, is_newest_first: bool) -> str:
    behind, order = ("<", "DESC") if is_newest_first else (">", "ASC")
    return f"""
SELECT coalesce(json_agg(page.listed ORDER BY page.number {order}), '[]')::text FROM (
    SELECT r.number, json_build_array({_LISTED}) AS listed FROM returns AS r
    WHERE r.org_id = $1 AND {_VISIBLE} AND {condition} r.number {behind} $2 ORDER BY r.number {order} LIMIT $3
) AS page
"""


_STATUS = "r.status = $4 AND"
_TRACKING = "r.tracking_key = tracking_key($4) AND ($5::text IS NULL OR r.status = $5) AND"
LIST_NEWEST = _list("", is_newest_first=True)
LIST_OLDEST = _list("", is_newest_first=False)
LIST_BY_STATUS_NEWEST = _list(_STATUS, is_newest_first=True)
LIST_BY_STATUS_OLDEST = _list(_STATUS, is_newest_first=False)
LIST_BY_TRACKING_NEWEST = _list(_TRACKING, is_newest_first=True)
LIST_BY_TRACKING_OLDEST = _list(_TRACKING, is_newest_first=False)
