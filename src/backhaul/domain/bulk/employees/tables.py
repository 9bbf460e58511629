"""Writing judged people, and taking them back. Each statement stands for all rows of a chunk.

History keeps which fields changed and never their values: it outlives the person's record.
"""

from backhaul.domain.bulk.employees import statements
from backhaul.domain.bulk.employees.statements import PLAIN

TEMPORARY = statements.TEMPORARY  # what these statements stand on


def _make_names(table: str, column: str) -> str:
    return f"""
INSERT INTO {table} (org_id, id, name, created_at)
SELECT $1, id_after($2, row_number() OVER ()), n.name, $3 FROM (
    SELECT DISTINCT ON (name_key({column})) {column} AS name FROM judged_employees
    WHERE verdict IN ('create', 'update') AND {column} IS NOT NULL ORDER BY name_key({column}), row_number) AS n
ORDER BY name_key(n.name)
ON CONFLICT (org_id, name_key) DO NOTHING
"""


# In the order everybody keeps: locations before departments.
MAKE_LOCATIONS = _make_names("locations", "location_name")
MAKE_DEPARTMENTS = _make_names("departments", "department_name")
MAKE_NAMES = (MAKE_LOCATIONS, MAKE_DEPARTMENTS)
POINT_AT_NAMES = """
UPDATE judged_employees AS j SET
    location_id = CASE WHEN j.location_name IS NULL THEN j.location_id ELSE (
        SELECT id FROM locations WHERE org_id = $1 AND name_key = name_key(j.location_name)) END,
    department_id = CASE WHEN j.department_name IS NULL THEN j.department_id ELSE (
        SELECT id FROM departments WHERE org_id = $1 AND name_key = name_key(j.department_name)) END
WHERE j.verdict IN ('create', 'update') AND (j.location_name IS NOT NULL OR j.department_name IS NOT NULL)
"""

NEW_ADDRESSES = """
SELECT row_number, line_1, line_2, city, state, postal_code, country_code FROM judged_employees
WHERE verdict IN ('create', 'update') AND has_new_address
"""
KEEP_EXAMINED = """
UPDATE judged_employees AS j
SET normalized_address = nullif(e.normalized_address, 'null'), address_warnings = e.address_warnings
FROM jsonb_to_recordset($1::jsonb) AS e (row_number integer, normalized_address jsonb, address_warnings jsonb)
WHERE j.row_number = e.row_number
"""

_VALUES = ("department_id", "location_id", "status", *PLAIN)
_WRITTEN = ", ".join(_VALUES)

# $2 an id to count from, $3 now, $4 and $5 the author.
# Its own id serves the first line of a record's history as well.
CREATE = f"""
WITH added AS (
    INSERT INTO employees (org_id, id, email, {_WRITTEN}, manager_id, normalized_address, address_warnings, created_at,
        updated_at, version)
    SELECT $1, id_after($2, row_number), email, {_WRITTEN}, manager_id, normalized_address, address_warnings, $3, $3, 1
    FROM judged_employees WHERE verdict = 'create' ORDER BY row_number
    RETURNING id
), noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id, 'employee', id, 'added', $4, $5, $3, '{{}}' FROM added
)
SELECT coalesce(array_agg(id), '{{}}') AS ids FROM added
"""

# Managers who came with the same chunk are there now.
POINT_AT_MANAGERS = """
UPDATE judged_employees AS j SET manager_id = m.id
FROM employees AS m WHERE m.org_id = $1 AND m.email_key = j.manager_key AND j.verdict IN ('create', 'update')
"""
SET_MANAGERS = """
UPDATE employees AS e SET manager_id = j.manager_id
FROM judged_employees AS j
WHERE e.org_id = $1 AND e.email_key = j.key AND j.verdict = 'create' AND j.manager_key IS NOT NULL
"""

_SET = ", ".join(f"{name} = j.{name}" for name in (*_VALUES, "manager_id"))
_CHANGED_FIELDS = """
jsonb_build_object('fields', jsonb_build_array(NULL, (
    SELECT jsonb_agg(field ORDER BY field) FROM jsonb_object_keys(image_difference({before}, {after})) AS field
    WHERE field NOT IN ('updated_at', 'version', 'person_key', 'surname_key', 'typed_email'))))
"""
UPDATE = f"""
WITH before AS MATERIALIZED (
    SELECT e.id, employee_image(e) AS image
    FROM judged_employees AS j JOIN employees AS e ON e.org_id = $1 AND e.id = j.employee_id
    WHERE j.verdict = 'update'
), changed AS (
    UPDATE employees AS e SET {_SET},
        normalized_address = CASE WHEN j.has_new_address THEN j.normalized_address ELSE e.normalized_address END,
        address_warnings = CASE WHEN j.has_new_address THEN j.address_warnings ELSE e.address_warnings END,
        updated_at = greatest($3, e.updated_at), version = e.version + 1
    FROM judged_employees AS j WHERE e.org_id = $1 AND e.id = j.employee_id AND j.verdict = 'update'
    RETURNING e.id, e.version, employee_image(e) AS image
), noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id_after($2, row_number() OVER ()), 'employee', c.id, 'updated', $4, $5, $3,
        {_CHANGED_FIELDS.format(before="b.image", after="c.image")}
    FROM changed AS c JOIN before AS b ON b.id = c.id
)
SELECT coalesce(array_agg(c.id ORDER BY c.id), '{{}}') AS ids,
    coalesce(array_agg(c.version ORDER BY c.id), '{{}}') AS versions,
    coalesce(jsonb_agg(b.image ORDER BY c.id), '[]') AS images
FROM changed AS c JOIN before AS b ON b.id = c.id
"""

# --- undoing. $4 is whose rows: ids, in UNDO_CHANGES with their versions ($7) and images ($8).

# Whoever holds a device, or leads somebody who stays, however many levels down, stays too. Id and number remain, as of
# everybody who leaves.
UNDO_CREATIONS = """
WITH RECURSIVE free AS MATERIALIZED (
    SELECT e.id, e.manager_id FROM employees AS e
    WHERE e.org_id = $1 AND e.id = ANY ($4::uuid[]) AND restored_version($1, e.id, e.version) = 1
        AND e.hold_count = 0 AND NOT EXISTS (SELECT FROM assets AS a WHERE a.org_id = $1 AND a.employee_id = e.id)
), staying AS (
    SELECT f.id, f.manager_id FROM free AS f WHERE EXISTS (
        SELECT FROM employees AS led
        WHERE led.org_id = $1 AND led.manager_id = f.id AND led.id NOT IN (SELECT id FROM free))
    UNION
    SELECT f.id, f.manager_id FROM staying AS s JOIN free AS f ON f.id = s.manager_id
), removed AS (
    DELETE FROM employees AS e WHERE e.org_id = $1 AND e.id IN (SELECT id FROM free)
        AND e.id NOT IN (SELECT id FROM staying)
    RETURNING e.id, e.number
), kept_number AS (
    INSERT INTO former_employees (org_id, id, number, removed_at) SELECT $1, id, number, $3 FROM removed
), noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id_after($2, row_number() OVER ()), 'employee', id, 'removed', $5, $6, $3, '{}' FROM removed
)
SELECT (SELECT count(*) FROM removed) AS undone, coalesce(jsonb_agg(jsonb_build_object(
    'id', k.id, 'reason', CASE WHEN e.id IS NULL THEN 'gone' WHEN e.hold_count > 0 THEN 'held'
        WHEN restored_version($1, e.id, e.version) > 1 THEN 'changed_since' ELSE 'in_use' END)), '[]') AS kept
FROM unnest($4::uuid[]) AS k (id) LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = k.id
WHERE k.id NOT IN (SELECT id FROM removed)
"""

_RESTORED = ", ".join(
    f"{name} = (w.was).{name}" for name in (*_VALUES, "manager_id", "normalized_address", "address_warnings")
)
UNDO_CHANGES = f"""
WITH locked AS MATERIALIZED (
    SELECT e.id, e.version, employee_image(e) AS image
    FROM employees AS e WHERE e.org_id = $1 AND e.id = ANY ($4::uuid[]) ORDER BY e.id FOR NO KEY UPDATE
), wanted AS MATERIALIZED (
    SELECT e.id, restored_version($1, e.id, e.version) = i.version AS is_untouched, e.image,
        jsonb_populate_record(NULL::employees, i.image) AS was
    FROM (SELECT unnest($4::uuid[]) AS id, unnest($7::integer[]) AS version, jsonb_array_elements($8::jsonb) AS image)
        AS i
    LEFT JOIN locked AS e ON e.id = i.id
), possible AS MATERIALIZED (
    SELECT w.*, CASE WHEN w.id IS NULL THEN 'gone' WHEN NOT w.is_untouched THEN 'changed_since'
        WHEN (w.was).manager_id IS NOT NULL AND m.id IS NULL THEN 'manager_gone' END AS reason
    FROM wanted AS w LEFT JOIN employees AS m ON m.org_id = $1 AND m.id = (w.was).manager_id
), restored AS (
    UPDATE employees AS e SET {_RESTORED}, updated_at = greatest($3, e.updated_at), version = e.version + 1
    FROM possible AS w WHERE e.org_id = $1 AND e.id = w.id AND w.reason IS NULL
    RETURNING e.id, e.version, employee_image(e) AS image
), marked AS (
    INSERT INTO import_restorations (org_id, subject_id, version, as_of)
    SELECT $1, r.id, r.version, restored_version($1, r.id, (w.was).version)
    FROM restored AS r JOIN possible AS w ON w.id = r.id
), noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id_after($2, row_number() OVER ()), 'employee', r.id, 'updated', $5, $6, $3,
        {_CHANGED_FIELDS.format(before="w.image", after="r.image")}
    FROM restored AS r JOIN possible AS w ON w.id = r.id
)
SELECT (SELECT count(*) FROM restored) AS undone, coalesce(jsonb_agg(jsonb_build_object(
    'id', (w.was).id, 'reason', w.reason))
    FILTER (WHERE w.reason IS NOT NULL), '[]') AS kept
FROM possible AS w
"""
