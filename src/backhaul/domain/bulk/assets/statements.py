"""Staging and judging devices: each is one statement for all rows of a chunk. `tables` writes them.

`JUDGE` is the only place that decides what a row means; the check of a file and its application both run it. Who may
be given a device, and with which status, is what `change_asset` says of a single one.
"""

from backhaul.domain.holds.statements import is_held
from backhaul.domain.inventory.lifecycle import STATUSES
from backhaul.domain.inventory.model import Custody

# Temporary tables of one transaction; the statements below stand on them.
STAGED = """
CREATE TEMP TABLE staged_assets (
    row_number integer NOT NULL,
    serial_number text NOT NULL,
    tag text,
    product_type text,
    product_name text,
    manufacturer text,
    status_name text,
    model_number text,
    sku text,
    condition text,
    purchased_on date,
    purchase_cost_minor bigint,
    purchase_currency text,
    purchase_type text,
    warranty_starts_on date,
    warranty_ends_on date,
    warranty_type text,
    assign_to_email text,
    department text,
    location_name text,
    imei text,
    imei2 text,
    specs jsonb,
    found_id uuid, -- what the check found under this key
    key text NOT NULL GENERATED ALWAYS AS (serial_key(serial_number)) STORED
) ON COMMIT DROP
"""
JUDGED = """
CREATE TEMP TABLE judged_assets (
    row_number integer NOT NULL,
    serial_number text NOT NULL,
    asset_id uuid, -- NULL: it is new
    product_type text,
    product_name text,
    manufacturer text,
    model_id uuid, -- NULL: to be made, as are departments and locations that are named
    department text,
    department_id uuid,
    location_name text,
    location_id uuid,
    status_id uuid,
    tag text,
    model_number text,
    sku text,
    condition text,
    purchased_on date,
    purchase_cost_minor bigint,
    purchase_currency text,
    purchase_type text,
    warranty_starts_on date,
    warranty_ends_on date,
    warranty_type text,
    imei text,
    imei2 text,
    specs jsonb,
    custody text,
    employee_id uuid,
    is_handed_over boolean,
    problems text[], -- field:code
    verdict text NOT NULL
) ON COMMIT DROP
"""
KEYS = "CREATE TEMP TABLE staged_keys (key text PRIMARY KEY, row_number integer NOT NULL) ON COMMIT DROP"
TEMPORARY = (STAGED, JUDGED, KEYS)

EMPTY_STAGED = "TRUNCATE staged_assets, judged_assets"

CLAIM_KEYS = """
INSERT INTO staged_keys (key, row_number) SELECT key, min(row_number) FROM staged_assets GROUP BY key ORDER BY key
ON CONFLICT (key) DO NOTHING
"""
DROP_REPEATED = """
DELETE FROM staged_assets AS s USING staged_keys AS k WHERE k.key = s.key AND k.row_number <> s.row_number
RETURNING s.row_number, k.row_number AS first_row
"""

LOCK = """
SELECT count(*) FROM (
    SELECT a.id FROM staged_assets AS s
    JOIN LATERAL (SELECT id FROM assets WHERE org_id = $1 AND serial_key = s.key OFFSET 0) AS found ON true
    JOIN assets AS a ON a.org_id = $1 AND a.id = found.id
    ORDER BY a.id FOR NO KEY UPDATE OF a
) AS locked
"""

# Values that a row has, and the asset if the row has none.
PLAIN = (
    "tag", "model_number", "sku", "condition", "purchased_on", "purchase_cost_minor", "purchase_type",
    "warranty_starts_on", "warranty_ends_on", "warranty_type", "imei", "imei2",
)  # fmt: skip
_MERGED = ", ".join(f"coalesce(s.{name}, a.{name}) AS {name}" for name in PLAIN)
_PRESENT = ", ".join(f"a.{name} AS present_{name}" for name in PLAIN)
_DIFFERS = " OR ".join(f"{name} IS DISTINCT FROM present_{name}" for name in PLAIN)


def _types(custody: Custody) -> str:
    """Return the types of status that a device may have there."""
    return ", ".join(f"'{kind}'" for kind in sorted(STATUSES[custody]))


def _names(column: str, table: str) -> str:
    """Each spelling of a name once, with the row it means: thousands of rows share a few names."""
    return f"""
    SELECT d.name, t.* FROM (SELECT DISTINCT {column} AS name FROM staged_assets WHERE {column} IS NOT NULL) AS d
    LEFT JOIN LATERAL (SELECT id{", type" if table == "status_labels" else ""} FROM {table}
        WHERE org_id = $1 AND name_key = name_key(d.name) OFFSET 0) AS t ON true
    """


# Looked up by index, row by row: the size of the inventory must not matter. OFFSET 0 keeps the planner from joining
# the whole table instead.
JUDGE = f"""
WITH statuses AS MATERIALIZED ({_names("status_name", "status_labels")}),
departments_named AS MATERIALIZED ({_names("department", "departments")}),
locations_named AS MATERIALIZED ({_names("location_name", "locations")}),
people AS MATERIALIZED (
    SELECT d.email, e.id FROM (
        SELECT DISTINCT assign_to_email AS email FROM staged_assets WHERE assign_to_email IS NOT NULL) AS d
    LEFT JOIN LATERAL (SELECT id FROM employees
        WHERE org_id = $1 AND email_key = email_key(d.email) OFFSET 0) AS e ON true
),
found AS MATERIALIZED (
    SELECT s.row_number, s.serial_number, a.id AS asset_id, a.id IS NULL AND s.found_id IS NULL AS is_new,
        s.found_id IS NOT NULL AND a.id IS DISTINCT FROM s.found_id AS is_gone,
        coalesce(s.product_type, t.name) AS product_type, coalesce(s.product_name, m.name) AS product_name,
        coalesce(s.manufacturer, f.name) AS manufacturer, a.model_id AS present_model_id,
        s.department, coalesce(d.id, a.department_id) AS department_id,
        s.location_name, coalesce(l.id, a.location_id) AS location_id,
        s.department IS NOT NULL AND d.id IS DISTINCT FROM a.department_id
            OR s.location_name IS NOT NULL AND l.id IS DISTINCT FROM a.location_id AS is_moved,
        s.department IS NOT NULL AND d.id IS NULL AS has_new_department,
        s.location_name IS NOT NULL AND l.id IS NULL AS has_new_location,
        s.status_name IS NOT NULL AND w.id IS NULL AS has_unknown_status,
        coalesce(w.id, a.status_id) AS status_id,
        w.id IS NOT NULL AND w.id IS DISTINCT FROM a.status_id AS is_status_new,
        coalesce(w.type, p.type) AS status_type, p.type AS present_type,
        s.status_name IS NOT NULL AS has_status, s.assign_to_email IS NOT NULL AS has_email, e.id AS wanted_id,
        a.custody AS present_custody, a.employee_id AS present_employee_id,
        coalesce(a.is_sanitisation_due, false) AS is_sanitisation_due,
        a.id IS NOT NULL AND {is_held("a")} AS is_on_hold,
        {_MERGED}, {_PRESENT},
        CASE WHEN coalesce(s.purchase_cost_minor, a.purchase_cost_minor) IS NOT NULL
            THEN coalesce(s.purchase_currency, a.purchase_currency, 'USD') END AS purchase_currency,
        a.purchase_currency AS present_purchase_currency,
        coalesce(a.specs, '{{}}') || coalesce(s.specs, '{{}}') AS specs, a.specs AS present_specs,
        s.warranty_starts_on IS NOT NULL OR s.warranty_ends_on IS NOT NULL AS has_warranty
    FROM staged_assets AS s
    LEFT JOIN LATERAL (SELECT * FROM assets WHERE org_id = $1 AND serial_key = s.key OFFSET 0) AS a ON true
    LEFT JOIN LATERAL (SELECT name, product_type_id, manufacturer_id FROM models
        WHERE org_id = $1 AND id = a.model_id OFFSET 0) AS m ON true
    LEFT JOIN LATERAL (SELECT name FROM product_types
        WHERE org_id = $1 AND id = m.product_type_id OFFSET 0) AS t ON true
    LEFT JOIN LATERAL (SELECT name FROM manufacturers
        WHERE org_id = $1 AND id = m.manufacturer_id OFFSET 0) AS f ON true
    LEFT JOIN LATERAL (SELECT type FROM status_labels WHERE org_id = $1 AND id = a.status_id OFFSET 0) AS p ON true
    LEFT JOIN statuses AS w ON w.name = s.status_name
    LEFT JOIN people AS e ON e.email = s.assign_to_email
    LEFT JOIN departments_named AS d ON d.name = s.department
    LEFT JOIN locations_named AS l ON l.name = s.location_name
),
models_named AS MATERIALIZED (
    SELECT n.*, m.id FROM (SELECT DISTINCT product_type, product_name, manufacturer FROM found) AS n
    LEFT JOIN LATERAL (
        SELECT m.id FROM product_types AS t
        JOIN manufacturers AS f ON f.org_id = $1 AND f.name_key = name_key(n.manufacturer)
        JOIN models AS m ON m.org_id = $1 AND m.product_type_id = t.id AND m.manufacturer_id = f.id
            AND m.name_key = name_key(n.product_name)
        WHERE t.org_id = $1 AND t.name_key = name_key(n.product_type) OFFSET 0) AS m ON true
),
held AS (
    -- Whom the row gives the device to. A status that its holder cannot have brings it home.
    SELECT f.*, CASE
        WHEN f.status_type = 'deployed' AND f.wanted_id IS NOT NULL THEN 'employee'
        WHEN f.is_new THEN 'organization'
        WHEN f.is_status_new AND f.present_custody = 'employee' AND f.status_type NOT IN ({_types(Custody.EMPLOYEE)})
            THEN 'organization'
        WHEN f.is_status_new AND f.present_custody = 'outside' AND f.status_type <> 'deployed'
            AND f.status_type NOT IN ({_types(Custody.OUTSIDE)}) THEN 'organization'
        ELSE f.present_custody END AS custody
    FROM found AS f
),
given AS (
    SELECT h.*, n.id AS model_id, CASE WHEN h.custody <> 'employee' THEN NULL
        WHEN h.status_type = 'deployed' AND h.wanted_id IS NOT NULL THEN h.wanted_id
        ELSE h.present_employee_id END AS employee_id
    FROM held AS h
    LEFT JOIN models_named AS n ON (n.product_type, n.product_name, n.manufacturer)
        = (h.product_type, h.product_name, h.manufacturer)
),
moved AS (
    SELECT g.*, NOT g.is_new AND (g.custody <> g.present_custody
        OR g.employee_id IS DISTINCT FROM g.present_employee_id) AS is_handed_over
    FROM given AS g
),
weighed AS (
    SELECT g.*,
        array_remove(ARRAY[
            CASE WHEN g.is_gone THEN 'serial_number:gone' END,
            CASE WHEN g.is_new AND g.product_type IS NULL THEN 'product_type:missing' END,
            CASE WHEN g.is_new AND g.product_name IS NULL THEN 'product_name:missing' END,
            CASE WHEN g.is_new AND g.manufacturer IS NULL THEN 'manufacturer:missing' END,
            CASE WHEN g.has_unknown_status THEN 'status_name:unknown'
                WHEN g.is_new AND NOT g.has_status THEN 'status_name:missing'
                WHEN g.present_custody = 'parcel' AND g.is_status_new
                    AND g.status_type NOT IN ({_types(Custody.PARCEL)}) THEN 'status_name:in_parcel'
                WHEN g.is_sanitisation_due AND g.status_type = 'deployable' THEN 'status_name:not_sanitised'
                WHEN g.is_on_hold AND g.status_type <> 'undeployable' AND (g.is_status_new OR g.is_handed_over)
                    THEN 'status_name:on_hold'
                WHEN g.is_handed_over AND g.custody = 'organization' AND g.present_type = 'undeployable'
                    THEN 'status_name:held' END,
            CASE WHEN g.has_unknown_status OR g.status_type <> 'deployed' THEN NULL
                WHEN g.has_email AND g.wanted_id IS NULL THEN 'assign_to_email:unknown'
                WHEN g.present_custody = 'parcel' AND g.custody <> 'parcel' THEN 'assign_to_email:in_parcel'
                WHEN g.present_custody = 'warehouse' AND g.custody <> 'warehouse'
                    THEN 'assign_to_email:in_warehouse'
                WHEN g.is_status_new AND g.custody <> 'employee' THEN 'assign_to_email:missing'
                WHEN g.is_handed_over AND g.present_custody <> 'employee' AND g.present_type <> 'deployable'
                    THEN 'assign_to_email:not_deployable'
                WHEN g.is_handed_over AND g.present_type = 'undeployable' THEN 'assign_to_email:held' END,
            CASE WHEN g.has_warranty AND g.warranty_ends_on <= g.warranty_starts_on
                THEN 'warranty_ends_on:not_after_start' END
        ], NULL) AS problems
    FROM moved AS g
)
INSERT INTO judged_assets
SELECT row_number, serial_number, asset_id, product_type, product_name, manufacturer, model_id,
    CASE WHEN has_new_department THEN department END, department_id,
    CASE WHEN has_new_location THEN location_name END, location_id,
    status_id, tag, model_number, sku, condition, purchased_on, purchase_cost_minor, purchase_currency, purchase_type,
    warranty_starts_on, warranty_ends_on, warranty_type, imei, imei2, specs, custody, employee_id, is_handed_over,
    problems,
    CASE WHEN cardinality(problems) > 0 THEN 'error'
        WHEN is_new THEN 'create'
        WHEN is_handed_over OR is_status_new OR is_moved OR has_new_department OR has_new_location
            OR model_id IS DISTINCT FROM present_model_id OR specs <> present_specs
            OR purchase_currency IS DISTINCT FROM present_purchase_currency OR {_DIFFERS} THEN 'update'
        ELSE 'unchanged' END
FROM weighed
"""

FOUND = "SELECT row_number, asset_id AS id FROM judged_assets WHERE asset_id IS NOT NULL"
VERDICTS = "SELECT verdict, count(*) AS rows FROM judged_assets GROUP BY verdict"
PROBLEMS = "SELECT row_number, problems FROM judged_assets WHERE verdict = 'error' ORDER BY row_number"

STATUS_NAMES = "SELECT name FROM status_labels WHERE org_id = $1 ORDER BY number"
