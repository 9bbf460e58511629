"""Writing judged devices, and taking them back. Each statement stands for all rows of a chunk."""

from backhaul.domain.bulk.assets import statements
from backhaul.domain.bulk.assets.statements import PLAIN
from backhaul.domain.holds.statements import is_held
from backhaul.domain.inventory.model import Asset

TEMPORARY = statements.TEMPORARY  # what these statements stand on

NEEDS_NAMES = """
SELECT EXISTS (SELECT FROM judged_assets WHERE verdict IN ('create', 'update')
               AND (model_id IS NULL OR department IS NOT NULL OR location_name IS NOT NULL))
"""

# Names that are new, each in its first spelling. In the order of their keys, table after table in the order everybody
# keeps: two who make the same names at once wait for each other and never in a circle.
# $2 an id to count from, $3 now, $4 and $5 the author.


def _new_names(table: str, column: str, condition: str) -> str:
    return f"""
INSERT INTO {table} (org_id, id, name, created_at)
SELECT $1, id_after($2, row_number() OVER ()), n.name, $3::timestamptz FROM (
    SELECT DISTINCT ON (name_key({column})) {column} AS name FROM judged_assets
    WHERE verdict IN ('create', 'update') AND {condition} ORDER BY name_key({column}), row_number) AS n
ORDER BY name_key(n.name)
ON CONFLICT (org_id, name_key) DO NOTHING
RETURNING id, name
"""


_NEW_MODELS = """
INSERT INTO models (org_id, id, product_type_id, manufacturer_id, name, created_at)
SELECT $1, id_after($2, row_number() OVER ()), n.product_type_id, n.manufacturer_id, n.name, $3::timestamptz FROM (
    SELECT DISTINCT ON (t.id, f.id, name_key(j.product_name))
        t.id AS product_type_id, f.id AS manufacturer_id, j.product_name AS name
    FROM judged_assets AS j
    JOIN product_types AS t ON t.org_id = $1 AND t.name_key = name_key(j.product_type)
    JOIN manufacturers AS f ON f.org_id = $1 AND f.name_key = name_key(j.manufacturer)
    WHERE j.verdict IN ('create', 'update') AND j.model_id IS NULL
    ORDER BY t.id, f.id, name_key(j.product_name), j.row_number) AS n
ORDER BY n.product_type_id, n.manufacturer_id, name_key(n.name)
ON CONFLICT (org_id, product_type_id, manufacturer_id, name_key) DO NOTHING
RETURNING id, name
"""


def _places(table: str, column: str) -> str:
    made = _new_names(table, column, f"{column} IS NOT NULL")
    return f"WITH made AS ({made}) SELECT count(*), $4::text, $5::uuid FROM made"


def _noted(made: str, kind: str) -> str:
    return f"""
WITH made AS ({made})
INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
SELECT $1, id, '{kind}', id, 'added', $4, $5, $3, jsonb_build_object('name', jsonb_build_array(NULL, name))
FROM made
"""


def _catalogue(table: str, column: str) -> str:
    return _new_names(table, column, "model_id IS NULL")


MAKE_LOCATIONS = _places("locations", "location_name")
MAKE_DEPARTMENTS = _places("departments", "department")
MAKE_PRODUCT_TYPES = _noted(_catalogue("product_types", "product_type"), "product_type")
MAKE_MANUFACTURERS = _noted(_catalogue("manufacturers", "manufacturer"), "manufacturer")
MAKE_MODELS = _noted(_NEW_MODELS, "model")
MAKE_NAMES = (MAKE_LOCATIONS, MAKE_DEPARTMENTS, MAKE_PRODUCT_TYPES, MAKE_MANUFACTURERS, MAKE_MODELS)

POINT_AT_NAMES = """
UPDATE judged_assets AS j SET
    model_id = coalesce(j.model_id, (
        SELECT m.id FROM product_types AS t
        JOIN manufacturers AS f ON f.org_id = $1 AND f.name_key = name_key(j.manufacturer)
        JOIN models AS m ON m.org_id = $1 AND m.product_type_id = t.id AND m.manufacturer_id = f.id
            AND m.name_key = name_key(j.product_name)
        WHERE t.org_id = $1 AND t.name_key = name_key(j.product_type))),
    department_id = CASE WHEN j.department IS NULL THEN j.department_id ELSE (
        SELECT id FROM departments WHERE org_id = $1 AND name_key = name_key(j.department)) END,
    location_id = CASE WHEN j.location_name IS NULL THEN j.location_id ELSE (
        SELECT id FROM locations WHERE org_id = $1 AND name_key = name_key(j.location_name)) END
WHERE j.verdict IN ('create', 'update')
    AND (j.model_id IS NULL OR j.department IS NOT NULL OR j.location_name IS NOT NULL)
"""

# --- writing. Nobody holds a device since before the one who had it first, whatever time it is for who imports.
# $2 an id to count from, $3 now, then author and evidence; in CREATE $4 is now as history writes it.

_TEXTS = {"tag", "serial_number", "model_number", "sku", "warranty_type", "imei", "imei2"}
_BARE = {"number", "purchase_cost_minor", "custody_count", "version", "is_sanitisation_due", "specs"}
_INSTANTS = {"custody_since", "created_at", "updated_at"}


def _json(name: str) -> str:
    """Return the SQL for a new value as JSON."""
    if name in _TEXTS:
        return f"to_json({name})::text"
    if name in _BARE:
        return f"{name}::text"
    return "to_json($4::text)::text" if name in _INSTANTS else f"'\"' || {name} || '\"'"


# What history keeps of a new asset: every field, from nothing. Put together as a text, for it is done a million times;
# a field without value makes its part NULL, and concat_ws leaves it out.
_ALL_NEW = ", ".join(f"'\"{name}\":[null,' || {_json(name)} || ']'" for name in Asset.__struct_fields__)

_VALUES = (
    "model_id", "department_id", "location_id", "status_id", "purchase_currency", "specs", "custody", "employee_id",
    *PLAIN,
)  # fmt: skip
_WRITTEN = ", ".join(_VALUES)

# Its own id serves the first line of a record's history as well.
CREATE = f"""
WITH added AS (
    INSERT INTO assets (org_id, id, serial_number, {_WRITTEN}, custody_since, custody_count, created_at, updated_at,
        version)
    SELECT $1, id_after($2, row_number), serial_number, {_WRITTEN}, $3, 1, $3, $3, 1
    FROM judged_assets WHERE verdict = 'create' ORDER BY row_number
    RETURNING *
), handed_over AS (
    INSERT INTO custody_events (org_id, asset_id, sequence, reason, to_custody, to_id, at, author_kind, author_id,
        evidence)
    SELECT $1, id, 1, 'added', custody, employee_id, $3, $5, $6, $7 FROM added
), noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id, 'asset', id, 'added', $5, $6, $3, ('{{' || concat_ws(',', {_ALL_NEW}) || '}}')::jsonb
    FROM added
)
SELECT coalesce(array_agg(id), '{{}}') AS ids FROM added
"""

_SET = ", ".join(f"{name} = j.{name}" for name in _VALUES)
# What others read of the assets in this statement is how they were before it.
UPDATE = f"""
WITH before AS MATERIALIZED (
    SELECT a.id, a.custody, a.employee_id, asset_image(a) AS image
    FROM judged_assets AS j JOIN assets AS a ON a.org_id = $1 AND a.id = j.asset_id WHERE j.verdict = 'update'
), changed AS (
    UPDATE assets AS a SET {_SET},
        custody_since = CASE WHEN j.is_handed_over THEN greatest($3, a.custody_since) ELSE a.custody_since END,
        custody_count = a.custody_count + j.is_handed_over::integer, updated_at = greatest($3, a.updated_at),
        version = a.version + 1
    FROM judged_assets AS j WHERE a.org_id = $1 AND a.id = j.asset_id AND j.verdict = 'update'
    RETURNING a.id, a.version, a.custody, a.employee_id, a.custody_count, a.custody_since, j.is_handed_over,
        asset_image(a) AS image
), handed_over AS (
    INSERT INTO custody_events (org_id, asset_id, sequence, reason, from_custody, from_id, to_custody, to_id, at,
        author_kind, author_id, evidence)
    SELECT $1, c.id, c.custody_count, 'corrected', b.custody, b.employee_id, c.custody, c.employee_id,
        c.custody_since, $4, $5, $6
    FROM changed AS c JOIN before AS b ON b.id = c.id WHERE c.is_handed_over
), noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id_after($2, row_number() OVER ()), 'asset', c.id,
        CASE WHEN c.is_handed_over THEN 'corrected' ELSE 'changed' END, $4, $5, $3,
        image_difference(b.image, c.image)
    FROM changed AS c JOIN before AS b ON b.id = c.id
)
SELECT coalesce(array_agg(c.id ORDER BY c.id), '{{}}') AS ids,
    coalesce(array_agg(c.version ORDER BY c.id), '{{}}') AS versions,
    coalesce(jsonb_agg(b.image ORDER BY c.id), '[]') AS images
FROM changed AS c JOIN before AS b ON b.id = c.id
"""

# --- undoing. $4 is whose rows: ids, in UNDO_CHANGES with their versions ($8) and images ($9).

# Nobody but imports that were undone has touched it since it was added: it is as its first version was. A legal hold
# touches it, or covers it with whoever has it.
UNDO_CREATIONS = f"""
WITH removed AS (
    DELETE FROM assets AS a WHERE a.org_id = $1 AND a.id = ANY ($4::uuid[])
        AND restored_version($1, a.id, a.version) = 1 AND NOT {is_held("a")}
    RETURNING a.id, a.custody, a.employee_id, a.custody_count, a.custody_since, asset_image(a) AS image
), handed_over AS (
    INSERT INTO custody_events (org_id, asset_id, sequence, reason, from_custody, from_id, at, author_kind, author_id,
        evidence)
    SELECT $1, id, custody_count + 1, 'removed', custody, employee_id, greatest($3, custody_since), $5, $6,
        $7
    FROM removed
), noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id_after($2, row_number() OVER ()), 'asset', id, 'removed', $5, $6, $3,
        image_difference(image, NULL)
    FROM removed
)
SELECT (SELECT count(*) FROM removed) AS undone, coalesce(jsonb_agg(jsonb_build_object(
    'id', k.id, 'reason', CASE WHEN a.id IS NULL THEN 'gone' WHEN {is_held("a")} THEN 'held'
        ELSE 'changed_since' END)), '[]') AS kept
FROM unnest($4::uuid[]) AS k (id) LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = k.id
WHERE k.id NOT IN (SELECT id FROM removed)
"""

_RESTORED = ", ".join(f"{name} = (w.was).{name}" for name in _VALUES)
UNDO_CHANGES = f"""
WITH locked AS MATERIALIZED (
    SELECT a.id, a.version, a.custody, a.employee_id, a.status_id, a.hold_count, asset_image(a) AS image
    FROM assets AS a WHERE a.org_id = $1 AND a.id = ANY ($4::uuid[]) ORDER BY a.id FOR NO KEY UPDATE
), wanted AS MATERIALIZED (
    SELECT a.id, restored_version($1, a.id, a.version) = i.version AS is_untouched, a.image, a.custody, a.employee_id,
        a.status_id, a.id IS NOT NULL AND {is_held("a")} AS is_on_hold,
        jsonb_populate_record(NULL::assets, i.image) AS was
    FROM (SELECT unnest($4::uuid[]) AS id, unnest($8::integer[]) AS version, jsonb_array_elements($9::jsonb) AS image)
        AS i
    LEFT JOIN locked AS a ON a.id = i.id
), possible AS MATERIALIZED (
    SELECT w.*, CASE WHEN w.id IS NULL THEN 'gone'
        WHEN w.is_on_hold AND ((w.was).status_id <> w.status_id OR (w.was).custody <> w.custody
            OR (w.was).employee_id IS DISTINCT FROM w.employee_id) THEN 'held'
        WHEN NOT w.is_untouched THEN 'changed_since'
        WHEN (w.was).employee_id IS NOT NULL AND e.id IS NULL THEN 'holder_gone' END AS reason,
        (w.was).custody <> w.custody OR (w.was).employee_id IS DISTINCT FROM w.employee_id AS is_handed_over
    FROM wanted AS w LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = (w.was).employee_id
), restored AS (
    UPDATE assets AS a SET {_RESTORED},
        custody_since = CASE WHEN w.is_handed_over THEN greatest($3, a.custody_since) ELSE a.custody_since END,
        custody_count = a.custody_count + w.is_handed_over::integer, updated_at = greatest($3, a.updated_at),
        version = a.version + 1
    FROM possible AS w WHERE a.org_id = $1 AND a.id = w.id AND w.reason IS NULL
    RETURNING a.id, a.version, a.custody, a.employee_id, a.custody_count, a.custody_since, w.is_handed_over,
        asset_image(a) AS image
), marked AS (
    INSERT INTO import_restorations (org_id, subject_id, version, as_of)
    SELECT $1, r.id, r.version, restored_version($1, r.id, (w.was).version)
    FROM restored AS r JOIN possible AS w ON w.id = r.id
), handed_over AS (
    INSERT INTO custody_events (org_id, asset_id, sequence, reason, from_custody, from_id, to_custody, to_id, at,
        author_kind, author_id, evidence)
    SELECT $1, r.id, r.custody_count, 'corrected', w.custody, w.employee_id, r.custody, r.employee_id,
        r.custody_since, $5, $6, $7
    FROM restored AS r JOIN possible AS w ON w.id = r.id WHERE r.is_handed_over
), noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id_after($2, row_number() OVER ()), 'asset', r.id,
        CASE WHEN r.is_handed_over THEN 'corrected' ELSE 'changed' END, $5, $6, $3,
        image_difference(w.image, r.image)
    FROM restored AS r JOIN possible AS w ON w.id = r.id
)
SELECT (SELECT count(*) FROM restored) AS undone, coalesce(jsonb_agg(jsonb_build_object(
    'id', (w.was).id, 'reason', w.reason))
    FILTER (WHERE w.reason IS NOT NULL), '[]') AS kept
FROM possible AS w
"""
