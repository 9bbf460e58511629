"""Staging and judging people: each is one statement for all rows of a chunk. `tables` writes them.

`JUDGE` is the only place that decides what a row means; the check of a file and its application both run it.
"""

STAGED = """
CREATE TEMP TABLE staged_employees (
    row_number integer NOT NULL,
    email text NOT NULL,
    first_name text,
    last_name text,
    phone text,
    phone_country text,
    location_name text,
    location_type text,
    line_1 text,
    line_2 text,
    city text,
    state text,
    postal_code text,
    country_code text,
    department_name text,
    manager_email text,
    status text,
    starts_on date,
    found_id uuid, -- what the check found under this key
    key text NOT NULL GENERATED ALWAYS AS (email_key(email)) STORED
) ON COMMIT DROP
"""
JUDGED = """
CREATE TEMP TABLE judged_employees (
    row_number integer NOT NULL,
    email text NOT NULL,
    key text NOT NULL,
    employee_id uuid, -- NULL: they are new
    location_name text, -- to be made
    location_id uuid,
    department_name text, -- to be made
    department_id uuid,
    manager_key text, -- a row of the same file
    manager_id uuid,
    first_name text,
    last_name text,
    phone text,
    phone_country text,
    location_type text,
    line_1 text,
    line_2 text,
    city text,
    state text,
    postal_code text,
    country_code text,
    status text,
    starts_on date,
    has_new_address boolean NOT NULL,
    normalized_address jsonb,
    address_warnings jsonb,
    problems text[], -- field:code
    verdict text NOT NULL
) ON COMMIT DROP
"""
KEYS = """
CREATE TEMP TABLE staged_keys (
    key text PRIMARY KEY, row_number integer NOT NULL, is_refused boolean NOT NULL DEFAULT false
) ON COMMIT DROP
"""
TEMPORARY = (STAGED, JUDGED, KEYS)

EMPTY_STAGED = "TRUNCATE staged_employees, judged_employees"

CLAIM_KEYS = """
INSERT INTO staged_keys (key, row_number) SELECT key, min(row_number) FROM staged_employees GROUP BY key ORDER BY key
ON CONFLICT (key) DO NOTHING
"""
DROP_REPEATED = """
DELETE FROM staged_employees AS s USING staged_keys AS k WHERE k.key = s.key AND k.row_number <> s.row_number
RETURNING s.row_number, k.row_number AS first_row
"""
# Whoever is refused is nobody's manager: then the rows are judged anew, until nobody else is refused for it.
SPREAD = """
WITH refused AS (
    UPDATE staged_keys AS k SET is_refused = true FROM judged_employees AS j
    WHERE j.verdict = 'error' AND k.row_number = j.row_number AND NOT k.is_refused RETURNING k.key
)
SELECT EXISTS (SELECT FROM refused AS r JOIN staged_employees AS s ON email_key(s.manager_email) = r.key)
"""
EMPTY_JUDGED = "TRUNCATE judged_employees"

LOCK = """
SELECT count(*) FROM (
    SELECT e.id FROM staged_employees AS s
    JOIN LATERAL (SELECT id FROM employees WHERE org_id = $1 AND email_key = s.key OFFSET 0) AS found ON true
    JOIN employees AS e ON e.org_id = $1 AND e.id = found.id
    ORDER BY e.id FOR NO KEY UPDATE OF e
) AS locked
"""

ADDRESS = ("line_1", "line_2", "city", "state", "postal_code", "country_code")
# Values that a row has, and the employee if the row has none.
PLAIN = ("first_name", "last_name", "phone", "phone_country", "location_type", "starts_on", *ADDRESS)
_MERGED = ", ".join(f"coalesce(s.{name}, e.{name}) AS {name}" for name in PLAIN)
_DIFFERS = " OR ".join(
    f"s.{name} IS NOT NULL AND s.{name} IS DISTINCT FROM e.{name}" for name in (*PLAIN, "status")
)
_ADDRESS_DIFFERS = " OR ".join(
    f"s.{name} IS NOT NULL AND s.{name} IS DISTINCT FROM e.{name}" for name in ADDRESS
)
_NEEDED = ("first_name", "last_name", "line_1", "city", "country_code")
_MISSING = ", ".join(f"CASE WHEN f.is_new AND f.{name} IS NULL THEN '{name}:missing' END" for name in _NEEDED)


def _names(column: str, table: str) -> str:
    """Each spelling of a name once, with the row it means."""
    return f"""
    SELECT d.name, t.id FROM (SELECT DISTINCT {column} AS name FROM staged_employees WHERE {column} IS NOT NULL) AS d
    LEFT JOIN LATERAL (SELECT id FROM {table} WHERE org_id = $1 AND name_key = name_key(d.name) OFFSET 0) AS t ON true
    """


JUDGE = f"""
WITH locations_named AS MATERIALIZED ({_names("location_name", "locations")}),
departments_named AS MATERIALIZED ({_names("department_name", "departments")}),
managers AS MATERIALIZED (
    SELECT d.email, email_key(d.email) AS key, m.id, EXISTS (
        SELECT FROM staged_keys AS k WHERE k.key = email_key(d.email) AND NOT k.is_refused) AS is_in_file
    FROM (SELECT DISTINCT manager_email AS email FROM staged_employees WHERE manager_email IS NOT NULL) AS d
    LEFT JOIN LATERAL (SELECT id FROM employees
        WHERE org_id = $1 AND email_key = email_key(d.email) OFFSET 0) AS m ON true
),
found AS MATERIALIZED (
    SELECT s.row_number, s.email, s.key, e.id AS employee_id, e.id IS NULL AND s.found_id IS NULL AS is_new,
        s.found_id IS NOT NULL AND e.id IS DISTINCT FROM s.found_id AS is_gone,
        CASE WHEN l.id IS NULL THEN s.location_name END AS location_name,
        coalesce(l.id, e.location_id) AS location_id,
        CASE WHEN d.id IS NULL THEN s.department_name END AS department_name,
        coalesce(d.id, e.department_id) AS department_id,
        s.manager_email IS NOT NULL AS has_manager, m.key AS manager_key, m.id AS wanted_id, m.is_in_file,
        coalesce(m.id, e.manager_id) AS manager_id, {_MERGED},
        coalesce(s.status, e.status, 'active') AS status,
        ({_ADDRESS_DIFFERS}) AS has_new_address,
        ({_DIFFERS}) OR s.location_name IS NOT NULL AND l.id IS DISTINCT FROM e.location_id
            OR s.department_name IS NOT NULL AND d.id IS DISTINCT FROM e.department_id
            OR s.manager_email IS NOT NULL AND (m.id IS NULL OR m.id IS DISTINCT FROM e.manager_id) AS is_changed
    FROM staged_employees AS s
    LEFT JOIN LATERAL (SELECT * FROM employees WHERE org_id = $1 AND email_key = s.key OFFSET 0) AS e ON true
    LEFT JOIN locations_named AS l ON l.name = s.location_name
    LEFT JOIN departments_named AS d ON d.name = s.department_name
    LEFT JOIN managers AS m ON m.email = s.manager_email
),
weighed AS (
    SELECT f.*, array_remove(ARRAY[
        CASE WHEN f.is_gone THEN 'email:gone' END,
        {_MISSING},
        CASE WHEN f.has_manager AND f.manager_key = f.key THEN 'manager_email:own_manager'
            WHEN f.has_manager AND f.wanted_id IS NULL AND NOT f.is_in_file THEN 'manager_email:unknown' END
        ], NULL) AS problems
    FROM found AS f
)
INSERT INTO judged_employees
SELECT row_number, email, key, employee_id, location_name, location_id, department_name, department_id,
    CASE WHEN has_manager AND wanted_id IS NULL THEN manager_key END, manager_id, first_name, last_name, phone,
    phone_country, location_type, line_1, line_2, city, state, postal_code, country_code, status, starts_on,
    has_new_address, NULL, NULL, problems,
    CASE WHEN cardinality(problems) > 0 THEN 'error' WHEN is_new THEN 'create' WHEN is_changed THEN 'update'
        ELSE 'unchanged' END
FROM weighed
"""

FOUND = "SELECT row_number, employee_id AS id FROM judged_employees WHERE employee_id IS NOT NULL"
VERDICTS = "SELECT verdict, count(*) AS rows FROM judged_employees GROUP BY verdict"
PROBLEMS = "SELECT row_number, problems FROM judged_employees WHERE verdict = 'error' ORDER BY row_number"
