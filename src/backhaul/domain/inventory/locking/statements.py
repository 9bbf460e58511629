"""The SQL that locks an asset, together with everything a change of it has to be judged by."""

from backhaul.domain.holds.statements import is_held
from backhaul.domain.inventory.statements import COLUMNS, CREATED, DETAIL, MEANT, REFERRED

_LABELS = """
(SELECT jsonb_agg(jsonb_build_object('id', id, 'number', number, 'name', name, 'type', type) ORDER BY number)
 FROM status_labels WHERE org_id = $1) AS labels
"""
_NAMED_STATUS = (
    "(SELECT id FROM status_labels WHERE org_id = $1 AND name_key = name_key({name})) AS named_status_id"
)

# What a new or changed asset names: $2 product type, $3 manufacturer, $4 model, $5 department, $6 location,
# $7 e-mail address, $8 status, $9 serial number.
_WANTED = f"""
to_jsonb(wt) AS wanted_product_type, to_jsonb(wf) AS wanted_manufacturer, to_jsonb(wm) AS wanted_model,
to_jsonb(wd) AS wanted_department, to_jsonb(wl) AS wanted_location, to_jsonb(wh) AS wanted_holder,
{_NAMED_STATUS.format(name="$8")}, {_LABELS}
"""
# An employee that is given something must not be removed meanwhile.
_PERSON = """
person AS MATERIALIZED (
    SELECT id, number, first_name, last_name, email FROM employees
    WHERE org_id = $1 AND email_key = email_key({email}) FOR KEY SHARE
)
"""
_WANTED_ROWS = """
LEFT JOIN LATERAL (SELECT id, number, name FROM product_types
    WHERE org_id = $1 AND name_key = name_key($2)) AS wt ON true
LEFT JOIN LATERAL (SELECT id, number, name FROM manufacturers
    WHERE org_id = $1 AND name_key = name_key($3)) AS wf ON true
LEFT JOIN LATERAL (SELECT id, number, name FROM models WHERE org_id = $1 AND product_type_id = {product_type}
    AND manufacturer_id = {manufacturer} AND name_key = name_key({model})) AS wm ON true
LEFT JOIN LATERAL (SELECT id, number, name FROM departments WHERE org_id = $1 AND name_key = name_key($5)) AS wd ON true
LEFT JOIN LATERAL (SELECT id, number, name FROM locations WHERE org_id = $1 AND name_key = name_key($6)) AS wl ON true
LEFT JOIN person AS wh ON true
"""

RESOLVE = f"""
WITH {_PERSON.format(email="$7")}
SELECT nextval('assets_number_seq') AS number, {_WANTED},
    EXISTS (SELECT FROM assets WHERE org_id = $1 AND serial_key = serial_key($9)) AS is_serial_taken
FROM (SELECT) AS one
{_WANTED_ROWS.format(product_type="wt.id", manufacturer="wf.id", model="$4")}
"""

_HELD = f"{is_held('a')} AS is_held"  # by a legal hold: the locked row `a`
# Locked first, joined after: whoever waited for the lock then sees the row as it has become.
LOCK_TO_CHANGE = f"""
WITH {MEANT.format(text="$10", number="$11", digits="$12")}, a AS MATERIALIZED (
    SELECT {
    COLUMNS
}, hold_count FROM assets WHERE org_id = $1 AND id = (SELECT id FROM best) FOR NO KEY UPDATE
), {_PERSON.format(email="$7")}
SELECT {DETAIL}, (SELECT is_ambiguous FROM best), {_WANTED}, {_HELD},
    EXISTS (SELECT FROM assets WHERE org_id = $1 AND serial_key = serial_key($9) AND id <> a.id) AS is_serial_taken
FROM a {REFERRED}
{
    _WANTED_ROWS.format(
        product_type="CASE WHEN $2 IS NULL THEN t.id ELSE wt.id END",
        manufacturer="CASE WHEN $3 IS NULL THEN f.id ELSE wf.id END",
        model="coalesce($4, m.name)",
    )
}
"""

# By the public number, with an employee by address: what assigning and unassigning need.
LOCK_FOR_PERSON = f"""
WITH a AS MATERIALIZED (
    SELECT {COLUMNS}, hold_count FROM assets
    WHERE org_id = $1 AND number = $2 AND {CREATED.format(digits="$3::text")} FOR NO KEY UPDATE
), {_PERSON.format(email="$4")}
SELECT a.*, p.id AS person_id, {_NAMED_STATUS.format(name="$5")}, {_LABELS}, {_HELD}
FROM a LEFT JOIN person AS p ON true
"""

LOCK_MEANT = f"""
WITH {MEANT.format(text="$2", number="$3", digits="$4")}, a AS MATERIALIZED (
    SELECT {COLUMNS}, hold_count FROM assets WHERE org_id = $1 AND id = (SELECT id FROM best) FOR NO KEY UPDATE
)
SELECT a.*, (SELECT is_ambiguous FROM best), {_LABELS}, {_HELD} FROM a
"""

LOCK = f"SELECT {COLUMNS} FROM assets WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE"

LOCK_BY_SERIAL = f"""
SELECT {COLUMNS} FROM assets WHERE org_id = $1 AND serial_key = serial_key($2) FOR NO KEY UPDATE
"""

# What a report about a parcel has to be judged by: what the ledger holds of this shipment already, without receipts
# that were taken back, and which of the addresses belongs to an employee, the first that does.
LOOK_AROUND = f"""
WITH person AS MATERIALIZED (
    SELECT e.id FROM employees AS e
    WHERE e.org_id = $1 AND e.email_key = ANY (ARRAY(SELECT email_key(one) FROM unnest($4::text[]) AS one))
    ORDER BY array_position(ARRAY(SELECT email_key(one) FROM unnest($4::text[]) AS one), e.email_key) LIMIT 1
    FOR KEY SHARE
)
SELECT (SELECT id FROM person) AS person_id, coalesce(bool_or(
        $3::text = c.to_id::text OR c.evidence->>'shipment_id' = $3::text), false) AS is_begun,
    coalesce(bool_or(
        $3::text = c.from_id::text OR c.reason <> 'shipped' AND c.evidence->>'shipment_id' = $3::text), false)
        AS is_over,
    (SELECT {is_held("a")} FROM assets AS a WHERE a.org_id = $1 AND a.id = $2) AS is_held, {_LABELS}
FROM custody_events AS c WHERE c.org_id = $1 AND c.asset_id = $2 AND NOT EXISTS (
    SELECT FROM custody_events AS k WHERE k.org_id = $1 AND k.asset_id = $2 AND k.reason = 'corrected'
        AND c.sequence BETWEEN (k.evidence->>'undoes')::integer AND k.sequence)
"""

# How an asset ($2) was before its last hand-over ($3), if that was its receipt in the return with number $4: with whom,
# in which status, and whether it had to be sanitised; where that was passed on to this return, before the receipt `o`
# that it was at first. Whoever left the directory since is outside it.
BEFORE_RECEIPT = """
SELECT o.sequence,
    CASE WHEN o.from_custody = 'employee' AND e.id IS NULL THEN 'outside' ELSE o.from_custody END AS custody,
    CASE WHEN o.from_custody = 'employee' THEN e.id ELSE o.from_id END AS to_id,
    coalesce((h.change #>> '{is_sanitisation_due,0}')::boolean, a.is_sanitisation_due) AS is_sanitisation_due,
    CASE WHEN l.id IS NOT NULL THEN
        jsonb_build_object('id', l.id, 'number', l.number, 'name', l.name, 'type', l.type) END AS label
FROM custody_events AS c
JOIN custody_events AS o ON o.org_id = $1 AND o.asset_id = $2
    AND o.sequence = coalesce((c.evidence->>'replaces')::integer, c.sequence)
JOIN assets AS a ON a.org_id = $1 AND a.id = $2
LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = o.from_id
LEFT JOIN LATERAL (
    SELECT change FROM history WHERE org_id = $1 AND subject_kind = 'asset' AND subject_id = $2
        AND action = 'received' AND (change #>> '{custody_count,1}')::integer = o.sequence
    ORDER BY id DESC LIMIT 1
) AS h ON true
LEFT JOIN status_labels AS l ON l.org_id = $1 AND l.id = (h.change #>> '{status_id,0}')::uuid
    AND a.status_id = (h.change #>> '{status_id,1}')::uuid
WHERE c.org_id = $1 AND c.asset_id = $2 AND c.sequence = $3 AND c.reason = 'received'
    AND c.to_custody = 'warehouse' AND c.evidence ->> 'return' = $4
"""
