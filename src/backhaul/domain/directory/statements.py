"""The SQL that writes the directory. Whoever is meant is always found by the schema's own name_key and email_key."""

from backhaul.domain.directory.model import Employee
from backhaul.storage.facts import FactKind

COLUMNS = ", ".join(Employee.__struct_fields__)
_ADDED_COLUMNS = ", ".join(name for name in Employee.__struct_fields__ if name != "number")


# A place that exists is found; a new one is made; one that somebody else is making at this moment is waited for and
# not seen, so that the statement has to be sent again.
def _ensure(table: str) -> str:
    return f"""
WITH known AS (SELECT id FROM {table} WHERE org_id = $1 AND name_key = name_key($3)),
made AS (
    INSERT INTO {table} (org_id, id, name, created_at)
    SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (org_id, name_key) DO NOTHING RETURNING id
)
SELECT id FROM known UNION ALL SELECT id FROM made
"""


ENSURE_LOCATION = _ensure("locations")
ENSURE_DEPARTMENT = _ensure("departments")


# Many places at once, in one order everywhere, so that two transactions cannot wait for each other.
def _ensure_many(table: str) -> str:
    return f"""
INSERT INTO {table} (org_id, id, name, created_at)
SELECT DISTINCT ON (name_key(wanted.name)) $1::uuid, wanted.id, wanted.name, $4::timestamptz
FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS wanted (id, name, position)
WHERE NOT EXISTS (SELECT FROM {table} AS p WHERE p.org_id = $1 AND p.name_key = name_key(wanted.name))
ORDER BY name_key(wanted.name), wanted.position
ON CONFLICT (org_id, name_key) DO NOTHING
"""


ENSURE_LOCATIONS = _ensure_many("locations")
ENSURE_DEPARTMENTS = _ensure_many("departments")

# Whom and what an employee's details name: $2 location, $4 department, $6 manager; NULL names nothing.
_NAMED = """
known_location AS (SELECT id FROM locations WHERE org_id = $1 AND name_key = name_key($2::text)),
new_location AS (
    INSERT INTO locations (org_id, id, name, created_at)
    SELECT $1, $3::uuid, $2, $7::timestamptz WHERE $2 IS NOT NULL AND NOT EXISTS (SELECT FROM known_location)
    ON CONFLICT (org_id, name_key) DO NOTHING RETURNING id
),
known_department AS (SELECT id FROM departments WHERE org_id = $1 AND name_key = name_key($4::text)),
new_department AS (
    INSERT INTO departments (org_id, id, name, created_at)
    SELECT $1, $5::uuid, $4, $7 WHERE $4 IS NOT NULL AND NOT EXISTS (SELECT FROM known_department)
    ON CONFLICT (org_id, name_key) DO NOTHING RETURNING id
),
manager AS (
    SELECT id FROM employees WHERE org_id = $1 AND email_key = email_key($6::text) FOR KEY SHARE
),
named AS (
    SELECT (SELECT id FROM known_location UNION ALL SELECT id FROM new_location) AS location_id,
        (SELECT id FROM known_department UNION ALL SELECT id FROM new_department) AS department_id,
        (SELECT id FROM manager) AS manager_id
)
"""
_NAMED_COLUMNS = (
    "n.location_id AS named_location_id, n.department_id AS named_department_id, "
    "n.manager_id AS named_manager_id"
)

# Finds or makes what is named and adds the employee, unless something named is not there: then the id is NULL.
ADD = f"""
WITH {_NAMED},
added AS (
    INSERT INTO employees ({_ADDED_COLUMNS})
    SELECT $8, $1, $9, $10, $11, $12, $13, $14, $15, n.department_id, n.manager_id, n.location_id, $16,
        $17, $18, $19, $20, $21, $22, $23, $24, $7, $7, 1
    FROM named AS n
    WHERE ($2 IS NULL) = (n.location_id IS NULL) AND ($4 IS NULL) = (n.department_id IS NULL)
        AND ($6 IS NULL) = (n.manager_id IS NULL)
    RETURNING {COLUMNS}
)
SELECT a.*, {_NAMED_COLUMNS} FROM named AS n LEFT JOIN added AS a ON true
"""


# Nobody but a change of the row itself has to wait: reports of this employee may be added meanwhile.
def _lock(which: str) -> str:
    return f"""
WITH {_NAMED},
locked AS (SELECT {COLUMNS} FROM employees WHERE org_id = $1 AND {which} FOR NO KEY UPDATE)
SELECT l.*, {_NAMED_COLUMNS} FROM locked AS l CROSS JOIN named AS n
"""


LOCK_BY_ID = _lock("id = $8::uuid")
LOCK_BY_NUMBER = _lock("number = $8::bigint")

# A saved employee is written together with history and event: one statement (decision 0004).
_SAVED_TYPES = {
    "id": "uuid",
    "org_id": "uuid",
    "first_name": "text",
    "last_name": "text",
    "email": "text",
    "phone": "text",
    "phone_country": "text",
    "status": "text",
    "starts_on": "date",
    "department_id": "uuid",
    "manager_id": "uuid",
    "location_id": "uuid",
    "location_type": "text",
    "line_1": "text",
    "line_2": "text",
    "city": "text",
    "state": "text",
    "postal_code": "text",
    "country_code": "text",
    "normalized_address": "jsonb",
    "address_warnings": "jsonb",
    "updated_at": "timestamptz",
    "version": "integer",
}
SAVED_COLUMNS = tuple(_SAVED_TYPES)
SAVED = FactKind(
    name="employee_saved",
    width=len(_SAVED_TYPES),
    insert=f"""
UPDATE employees AS e
SET {", ".join(f"{name} = saved.{name}" for name in SAVED_COLUMNS[2:])}
FROM unnest({", ".join(f"${n}::{kind}[]" for n, kind in enumerate(_SAVED_TYPES.values(), 1))})
    AS saved ({", ".join(SAVED_COLUMNS)})
WHERE e.org_id = saved.org_id AND e.id = saved.id
""",
)


# Takes the personal row away and keeps id and number; answers with the ids of those who lose their manager. Whoever is
# on legal hold stays: the count stands on the row, so that a hold of this very moment is waited for and seen.
def _remove(which: str) -> str:
    return f"""
WITH removed AS (
    DELETE FROM employees WHERE org_id = $1 AND {which} AND hold_count = 0 RETURNING id, number
),
kept AS (
    INSERT INTO former_employees (org_id, id, number, removed_at)
    SELECT $1, id, number, $3 FROM removed
),
freed AS (
    UPDATE employees SET manager_id = NULL, updated_at = $3, version = version + 1
    WHERE org_id = $1 AND manager_id = (SELECT id FROM removed) RETURNING id
)
SELECT r.id, ARRAY(SELECT id FROM freed ORDER BY id) AS freed FROM removed AS r
"""


REMOVE_BY_ID = _remove("id = $2::uuid")
REMOVE_BY_NUMBER = _remove("number = $2::bigint")
HELD_BY_ID = "SELECT number FROM employees WHERE org_id = $1 AND id = $2::uuid AND hold_count > 0"
HELD_BY_NUMBER = "SELECT number FROM employees WHERE org_id = $1 AND number = $2::bigint AND hold_count > 0"

# A list of people before it is written. A manager may stand anywhere in the list; nobody is their own.
LOOK_AT_MANY = """
WITH listed AS (
    SELECT position, email_key(email) AS email_key, email_key(manager_email) AS manager_key
    FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS l (email, manager_email, position)
)
SELECT row_number() OVER (PARTITION BY l.email_key ORDER BY l.position) > 1 AS is_repeated,
    EXISTS (SELECT FROM employees AS e WHERE e.org_id = $1 AND e.email_key = l.email_key) AS is_known,
    l.manager_key IS NULL OR l.manager_key <> l.email_key AND (
        l.manager_key IN (SELECT email_key FROM listed)
        OR EXISTS (SELECT FROM employees AS e WHERE e.org_id = $1 AND e.email_key = l.manager_key)
    ) AS has_good_manager
FROM listed AS l ORDER BY l.position
"""

# The rows come as one JSON list. Addresses that somebody has are passed over, also one of this very moment.
ADD_MANY = f"""
WITH listed AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS l (
        id uuid, first_name text, last_name text, email text, phone text, phone_country text, status text,
        starts_on date, department_name text, manager_email text, location_name text, location_type text, line_1 text,
        line_2 text, city text, state text, postal_code text, country_code text, normalized_address jsonb,
        address_warnings jsonb)
),
managers AS (
    SELECT id, email_key FROM employees
    WHERE org_id = $1 AND email_key IN (SELECT email_key(manager_email) FROM listed) ORDER BY id FOR KEY SHARE
)
INSERT INTO employees ({_ADDED_COLUMNS})
SELECT l.id, $1, l.first_name, l.last_name, l.email, l.phone, l.phone_country, l.status, l.starts_on, d.id, m.id, p.id,
    l.location_type, l.line_1, l.line_2, l.city, l.state, l.postal_code, l.country_code,
    l.normalized_address, l.address_warnings, $3::timestamptz, $3, 1
FROM listed AS l
LEFT JOIN departments AS d ON d.org_id = $1 AND d.name_key = name_key(l.department_name)
LEFT JOIN managers AS m ON m.email_key = email_key(l.manager_email)
LEFT JOIN locations AS p ON p.org_id = $1 AND p.name_key = name_key(l.location_name)
ORDER BY email_key(l.email)
ON CONFLICT (org_id, email_key) DO NOTHING
RETURNING {COLUMNS}
"""

# Managers of a list that came with it themselves.
SET_MANAGERS = """
UPDATE employees AS e SET manager_id = m.id
FROM unnest($2::uuid[], $3::text[]) AS led (id, manager_email)
JOIN employees AS m ON m.org_id = $1 AND m.email_key = email_key(led.manager_email)
WHERE e.org_id = $1 AND e.id = led.id
RETURNING e.id, e.manager_id
"""
