"""The SQL that finds: one asset, or a page of them. Pages take their keys from the index and join after."""

from backhaul.domain.directory.model import Employee
from backhaul.domain.inventory.model import Asset

COLUMNS = ", ".join(Asset.__struct_fields__)
_ASSET = ", ".join(f"a.{name}" for name in Asset.__struct_fields__)
_EMPLOYEE = ", ".join(f"e.{name}" for name in Employee.__struct_fields__)

# The digits behind the number are those of the creation, or those that say it is not known (contract §2.4).
CREATED = """
({digits} = '19700101000000' OR to_char(created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS') = {digits})
"""

# Which asset a text means, by serial number, asset number or tag. One text may fit several assets, each in its own way.
MEANT = f"""
meant AS MATERIALIZED (
    SELECT id FROM assets WHERE org_id = $1 AND serial_key = serial_key({{text}})
    UNION SELECT id FROM assets WHERE org_id = $1 AND number = {{number}} AND {CREATED}
    UNION (SELECT id FROM assets WHERE org_id = $1 AND tag_key = name_key({{text}}) LIMIT 2)
), best AS MATERIALIZED (SELECT (array_agg(id))[1] AS id, count(*) > 1 AS is_ambiguous FROM meant)
"""
_MEANT = MEANT.format(text="$2", number="$3", digits="$4")

# Everything an asset refers to, by name. The asset is `a`; a sub-select as a whole is NULL when there is no row.
DETAIL = f"""{_ASSET}, to_jsonb(m) AS model, to_jsonb(t) AS product_type, to_jsonb(f) AS manufacturer,
    to_jsonb(s) AS status, to_jsonb(d) AS department, to_jsonb(l) AS location, to_jsonb(h) AS holder"""
REFERRED = """
LEFT JOIN LATERAL (SELECT id, number, name, product_type_id, manufacturer_id FROM models
    WHERE org_id = $1 AND id = a.model_id) AS m ON true
LEFT JOIN LATERAL (SELECT id, number, name FROM product_types WHERE org_id = $1 AND id = m.product_type_id) AS t ON true
LEFT JOIN LATERAL (SELECT id, number, name FROM manufacturers WHERE org_id = $1 AND id = m.manufacturer_id) AS f ON true
LEFT JOIN LATERAL (SELECT id, number, name, type FROM status_labels WHERE org_id = $1 AND id = a.status_id) AS s ON true
LEFT JOIN LATERAL (SELECT id, number, name FROM departments WHERE org_id = $1 AND id = a.department_id) AS d ON true
LEFT JOIN LATERAL (SELECT id, number, name FROM locations WHERE org_id = $1 AND id = a.location_id) AS l ON true
LEFT JOIN LATERAL (SELECT number, first_name, last_name, email FROM employees
    WHERE org_id = $1 AND id = a.employee_id) AS h ON true
"""

GET_BY_SERIAL = f"""
SELECT {DETAIL} FROM assets AS a {REFERRED} WHERE a.org_id = $1 AND a.serial_key = serial_key($2)
"""

# A page of numbers, newest first: $2 rows are passed over, $3 returned. Whole buckets are passed over by their counts,
# so that the last page costs what the first does.
_BUCKETS = """
buckets AS MATERIALIZED (
    SELECT bucket, live, sum(live) OVER (ORDER BY bucket DESC) AS through FROM row_buckets
    WHERE org_id = $1 AND list = '{list}' AND live > 0
), start AS MATERIALIZED (
    SELECT bucket, $2::bigint - (through - live) AS skip FROM buckets WHERE through > $2::bigint
    ORDER BY bucket DESC LIMIT 1
), counted AS (SELECT coalesce(max(through), 0)::bigint AS total FROM buckets)
"""
_NUMBERS = """
(ARRAY(SELECT p.number FROM {list} AS p WHERE p.org_id = $1 AND p.number < ((SELECT bucket FROM start) + 1) << 12
    ORDER BY p.number DESC LIMIT $3::bigint OFFSET (SELECT skip FROM start)))
"""
# The same for the few rows that a filter finds.
_FOUND = """
found AS MATERIALIZED (SELECT number FROM {list} WHERE org_id = $1 AND {condition}),
counted AS (SELECT count(*) AS total FROM found)
"""
_NUMBERS_FOUND = """
(ARRAY(SELECT number FROM found ORDER BY number DESC LIMIT $3::bigint OFFSET $2::bigint))
"""


def _page(table: str, columns: str) -> str:
    numbers = _NUMBERS.format(list=table)
    return f"WITH {_BUCKETS.format(list=table)} SELECT {columns.format(numbers=numbers)}"


def _found(table: str, condition: str, columns: str) -> str:
    found = _FOUND.format(list=table, condition=condition)
    return f"WITH {found} SELECT {columns.format(numbers=_NUMBERS_FOUND)}"


_LISTED = """a.number, a.created_at, a.tag, m.name AS model_name, a.model_number, t.name AS product_type,
    f.name AS manufacturer, a.purchased_on, a.serial_number, a.imei, a.imei2, a.sku, s.name AS status_name,
    s.type AS status_type, e.number AS holder_number, e.first_name, e.last_name, e.email"""
# ANY of an array: the planner then expects a handful of rows and looks each name up, whatever the size of the list.
_ASSETS = f"""
counted.total, {_LISTED}
FROM counted
LEFT JOIN assets AS a ON a.org_id = $1 AND a.number = ANY {{numbers}}
LEFT JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
LEFT JOIN product_types AS t ON t.org_id = $1 AND t.id = m.product_type_id
LEFT JOIN manufacturers AS f ON f.org_id = $1 AND f.id = m.manufacturer_id
LEFT JOIN status_labels AS s ON s.org_id = $1 AND s.id = a.status_id
LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = a.employee_id
ORDER BY a.number DESC
"""
LIST_ASSETS = _page("assets", _ASSETS)

# One statement for each way of finding, so that each has its index; what else is asked for only narrows it.
_BY_SERIAL = f"""
serial_key = serial_key($4) AND ($5::text IS NULL OR tag_key = name_key($5))
AND ($6::bigint IS NULL OR number = $6 AND {CREATED.format(digits="$7::text")})
"""
LIST_BY_SERIAL = _found("assets", _BY_SERIAL, _ASSETS)
_BY_NUMBER = (
    f"number = $4 AND {CREATED.format(digits='$5::text')} AND ($6::text IS NULL OR tag_key = name_key($6))"
)
LIST_BY_NUMBER = _found("assets", _BY_NUMBER, _ASSETS)
LIST_BY_TAG = _found("assets", "tag_key = name_key($4)", _ASSETS)

_PEOPLE = f"""
counted.total, {_EMPLOYEE}, l.name AS location_name, d.name AS department_name,
    m.first_name || ' ' || m.last_name AS manager_name, m.email AS manager_email, held.assets
FROM counted
LEFT JOIN employees AS e ON e.org_id = $1 AND e.number = ANY {{numbers}}
LEFT JOIN locations AS l ON l.org_id = $1 AND l.id = e.location_id
LEFT JOIN departments AS d ON d.org_id = $1 AND d.id = e.department_id
LEFT JOIN employees AS m ON m.org_id = $1 AND m.id = e.manager_id
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
        'number', a.number, 'created_at', a.created_at, 'tag', a.tag, 'model_name', mo.name,
        'model_number', a.model_number, 'product_type', t.name, 'purchased_on', a.purchased_on,
        'serial_number', a.serial_number, 'imei', a.imei, 'imei2', a.imei2, 'sku', a.sku, 'status_name', s.name)
        ORDER BY a.number) AS assets
    FROM assets AS a
    JOIN models AS mo ON mo.org_id = $1 AND mo.id = a.model_id
    JOIN product_types AS t ON t.org_id = $1 AND t.id = mo.product_type_id
    JOIN status_labels AS s ON s.org_id = $1 AND s.id = a.status_id
    WHERE a.org_id = $1 AND a.employee_id = e.id) AS held ON true
ORDER BY e.number DESC
"""
LIST_PEOPLE = _page("employees", _PEOPLE)
LIST_PEOPLE_BY_EMAIL = _found("employees", "email_key = email_key($4)", _PEOPLE)

LIST_STATUS_LABELS = "SELECT id, number, name, type FROM status_labels WHERE org_id = $1 ORDER BY number"

# A person's name by id, or the number that is left of somebody who was removed.
_NAME = """
coalesce(
    (SELECT first_name || ' ' || last_name FROM employees WHERE org_id = $1 AND id = {id}),
    (SELECT 'Former employee ' || number FROM former_employees WHERE org_id = $1 AND id = {id}))
"""
_STATUS = "(SELECT name FROM status_labels WHERE org_id = $1 AND id = {id})"

_ENTRY = f"""
h.action, h.at, h.change,
{_STATUS.format(id="(h.change->'status_id'->>1)::uuid")} AS status,
{_STATUS.format(id="(h.change->'status_id'->>0)::uuid")} AS old_status,
{_NAME.format(id="(h.change->'employee_id'->>1)::uuid")} AS holder,
{_NAME.format(id="(h.change->'employee_id'->>0)::uuid")} AS old_holder
"""
_OLDEST_FIRST = "ORDER BY (h.change->'version'->>1)::integer"

LIST_HISTORY = f"""
WITH {_MEANT}
SELECT best.id, best.is_ambiguous, {_ENTRY}
FROM best
LEFT JOIN history AS h ON h.org_id = $1 AND h.subject_kind = 'asset' AND h.subject_id = best.id
{_OLDEST_FIRST}
"""

GET_WITH_HISTORY = f"""
SELECT {DETAIL}, ARRAY(
    SELECT to_jsonb(entry) FROM (SELECT {_ENTRY} FROM history AS h
        WHERE h.org_id = $1 AND h.subject_kind = 'asset' AND h.subject_id = a.id {_OLDEST_FIRST}) AS entry) AS entries
FROM assets AS a {REFERRED} WHERE a.org_id = $1 AND a.serial_key = serial_key($2)
"""

_CUSTODY = f"""
c.asset_id, a.number AS asset_number, a.serial_number, c.sequence, c.reason, c.from_custody, c.from_id, c.to_custody,
c.to_id, c.at, c.author_kind, c.author_id, c.evidence,
CASE c.from_custody WHEN 'employee' THEN {_NAME.format(id="c.from_id")} END AS from_name,
CASE c.to_custody WHEN 'employee' THEN {_NAME.format(id="c.to_id")} END AS to_name
"""
LIST_CUSTODY = f"""
WITH {_MEANT}
SELECT best.id, best.is_ambiguous, {_CUSTODY}
FROM best
LEFT JOIN custody_events AS c ON c.org_id = $1 AND c.asset_id = best.id
LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = c.asset_id
ORDER BY c.sequence
"""
_CUSTODY_OF = f"""
person AS MATERIALIZED (
    SELECT id FROM employees WHERE org_id = $1 AND {{column}} = $2
    UNION ALL SELECT id FROM former_employees WHERE org_id = $1 AND {{column}} = $2
), touched AS (
    SELECT asset_id, sequence FROM custody_events
    WHERE org_id = $1 AND to_custody = 'employee' AND to_id = (SELECT id FROM person)
    UNION
    SELECT asset_id, sequence FROM custody_events
    WHERE org_id = $1 AND from_custody = 'employee' AND from_id = (SELECT id FROM person)
)
SELECT person.id AS person_id, {_CUSTODY}
FROM person
LEFT JOIN touched ON true
LEFT JOIN custody_events AS c ON c.org_id = $1 AND c.asset_id = touched.asset_id AND c.sequence = touched.sequence
LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = c.asset_id
ORDER BY c.at, c.asset_id, c.sequence
"""
LIST_CUSTODY_OF_EMPLOYEE = f"WITH {_CUSTODY_OF.format(column='id')}"
LIST_CUSTODY_OF_EMPLOYEE_NUMBER = f"WITH {_CUSTODY_OF.format(column='number')}"
