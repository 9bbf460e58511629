"""The SQL of lists that are looked through: keys from an index first, everything else of a page's rows after.

One statement for each way of finding, so that each has its index; what else is asked for only narrows it. Plans are
made once for all values: a condition that is not asked for costs a comparison, and no plan waits for a value.
"""

from backhaul.domain.holds.statements import is_held
from backhaul.domain.inventory.statements import DETAIL, REFERRED

# $2 last number seen, $3 rows, $4 status, $5 type of status, $6 model, $7 location, $8 custody, $9 holder,
# $10 warranty, $11 today, $12 text, $13 the last day on which a warranty that ends soon ends.
_NARROWED = """
($4::bigint IS NULL OR a.status_id = (SELECT id FROM status_labels WHERE org_id = $1 AND number = $4))
AND ($5::text IS NULL OR a.status_id = ANY (ARRAY(SELECT id FROM status_labels WHERE org_id = $1 AND type = $5)))
AND ($6::bigint IS NULL OR a.model_id = (SELECT id FROM models WHERE org_id = $1 AND number = $6))
AND ($7::bigint IS NULL OR a.location_id = (SELECT id FROM locations WHERE org_id = $1 AND number = $7))
AND ($8::text IS NULL OR a.custody = $8)
AND ($9::bigint IS NULL OR a.employee_id = (SELECT id FROM employees WHERE org_id = $1 AND number = $9))
AND ($10::text IS NULL OR CASE $10
    WHEN 'active' THEN a.warranty_ends_on >= $11::date WHEN 'expired' THEN a.warranty_ends_on < $11::date
    WHEN 'ending' THEN a.warranty_ends_on BETWEEN $11::date AND $13::date
    ELSE a.warranty_ends_on IS NULL END)
AND ($12::text IS NULL OR true)
"""


def _numbers(which: str) -> str:
    """Return the newest numbers of assets of which something indexed is true."""
    return f"""
SELECT a.number FROM assets AS a WHERE a.org_id = $1 AND {which} AND a.number < $2::bigint AND {_NARROWED}
ORDER BY a.number DESC LIMIT $3::bigint
"""


def _numbers_of(table: str, which: str, column: str) -> str:
    """Return the newest numbers of assets of any of some rows: the newest of each by its index, then of all."""
    return f"""
SELECT page.number FROM {table} AS p CROSS JOIN LATERAL ({_numbers(f"a.{column} = p.id")}) AS page
WHERE p.org_id = $1 AND {which} ORDER BY page.number DESC LIMIT $3::bigint
"""


# What begins with a text, as the index with text_pattern_ops orders it.
def _begins(column: str, text: str) -> str:
    return f"{column} ~>=~ {text} AND {column} ~<~ ({text} || chr(1114111))"


_TYPED = {"serial_key": "serial_key($12)", "tag_key": "name_key($12)", "imei": "$12"}
_FEW = 2_000  # of a beginning that more assets have, the newest are found by looking through all of them
_BEGUN = " UNION ".join(
    f"(SELECT number FROM assets WHERE org_id = $1 AND {_begins(column, text)} LIMIT {_FEW})"
    for column, text in _TYPED.items()
)
_ANY_BEGUN = " OR ".join(_begins(f"a.{column}", text) for column, text in _TYPED.items())
_MANY_BEGUN = f"({_numbers(f'(SELECT is_many FROM counted) AND ({_ANY_BEGUN})')})"
_OF_MODELS = _numbers_of("models", "strpos(p.name_key, name_key($12)) > 0", "model_id")
_BY_TEXT = f"""
WITH begun AS MATERIALIZED ({_BEGUN} UNION (SELECT number FROM assets WHERE org_id = $1 AND imei2 = $12)),
counted AS MATERIALIZED (SELECT count(*) >= {_FEW} AS is_many FROM begun)
SELECT number FROM (
    (SELECT a.number FROM begun JOIN assets AS a ON a.org_id = $1 AND a.number = begun.number
        WHERE NOT (SELECT is_many FROM counted) AND a.number < $2::bigint AND {_NARROWED}
        ORDER BY a.number DESC LIMIT $3::bigint)
    UNION {_MANY_BEGUN}
    UNION ({_OF_MODELS})
) AS found ORDER BY number DESC LIMIT $3::bigint
"""

NUMBERS = {
    "": _numbers("true"),
    "text": _BY_TEXT,
    "holder": _numbers("a.employee_id = (SELECT id FROM employees WHERE org_id = $1 AND number = $9)"),
    "location": _numbers("a.location_id = (SELECT id FROM locations WHERE org_id = $1 AND number = $7)"),
    "model": _numbers("a.model_id = (SELECT id FROM models WHERE org_id = $1 AND number = $6)"),
    "away": _numbers("a.custody IN ('parcel', 'outside', 'warehouse') AND a.custody = $8"),
    "status": _numbers("a.status_id = (SELECT id FROM status_labels WHERE org_id = $1 AND number = $4)"),
    "status_type": _numbers_of("status_labels", "p.type = $5", "status_id"),
}

_LINE = f"""
a.number, a.created_at, a.serial_number, a.tag, m.name AS model_name, f.name AS manufacturer, t.name AS product_type,
s.name AS status_name, s.type AS status_type, a.custody, e.number AS holder_number,
e.first_name || ' ' || e.last_name AS holder_name, l.name AS location_name, a.warranty_ends_on,
{is_held("a")} AS is_held
"""
# The whole of an organization's assets is counted in buckets, so that a total costs nothing to speak of.
_TOTAL = """
(SELECT coalesce(sum(live), 0)::bigint FROM row_buckets WHERE org_id = $1 AND list = 'assets')
"""


def _lines(numbers: str, total: str) -> str:
    return f"""
SELECT counted.total, {_LINE}
FROM (SELECT {total} AS total) AS counted
LEFT JOIN assets AS a ON a.org_id = $1 AND a.number = ANY (ARRAY({numbers}))
LEFT JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
LEFT JOIN product_types AS t ON t.org_id = $1 AND t.id = m.product_type_id
LEFT JOIN manufacturers AS f ON f.org_id = $1 AND f.id = m.manufacturer_id
LEFT JOIN status_labels AS s ON s.org_id = $1 AND s.id = a.status_id
LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = a.employee_id
LEFT JOIN locations AS l ON l.org_id = $1 AND l.id = a.location_id
ORDER BY a.number DESC
"""


LIST_ALL = _lines(NUMBERS[""], _TOTAL)
LIST_BY_TEXT = _lines(NUMBERS["text"], "NULL::bigint")
LIST_BY_HOLDER = _lines(NUMBERS["holder"], "NULL::bigint")
LIST_BY_LOCATION = _lines(NUMBERS["location"], "NULL::bigint")
LIST_BY_MODEL = _lines(NUMBERS["model"], "NULL::bigint")
LIST_AWAY = _lines(NUMBERS["away"], "NULL::bigint")
LIST_BY_STATUS = _lines(NUMBERS["status"], "NULL::bigint")
LIST_BY_STATUS_TYPE = _lines(NUMBERS["status_type"], "NULL::bigint")
LISTS = {
    "": LIST_ALL,
    "text": LIST_BY_TEXT,
    "holder": LIST_BY_HOLDER,
    "location": LIST_BY_LOCATION,
    "model": LIST_BY_MODEL,
    "away": LIST_AWAY,
    "status": LIST_BY_STATUS,
    "status_type": LIST_BY_STATUS_TYPE,
}

MOST_CHOICES = 300
_CHOICES = """
(SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY o.name), '[]') FROM (
    SELECT number, name{kind} FROM {table} WHERE org_id = $1{when} ORDER BY name_key LIMIT {limit}) AS o) AS {table}
"""
LIST_CHOICES = f"""
SELECT (SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY o.number), '[]') FROM (
        SELECT id, number, name, type FROM status_labels WHERE org_id = $1) AS o) AS statuses,
    {_CHOICES.format(table="models", kind="", when="", limit=MOST_CHOICES)},
    {_CHOICES.format(table="product_types", kind="", when=" AND $3::boolean", limit=MOST_CHOICES)},
    {_CHOICES.format(table="manufacturers", kind="", when=" AND $3::boolean", limit=MOST_CHOICES)},
    {_CHOICES.format(table="locations", kind=", type AS kind", when="", limit=MOST_CHOICES)},
    {_CHOICES.format(table="departments", kind="", when=" AND $3::boolean", limit=MOST_CHOICES)},
    (SELECT jsonb_build_object('number', number, 'name', first_name || ' ' || last_name) FROM employees
        WHERE org_id = $1 AND number = $2::bigint) AS holder
"""

# --- one asset

_PERSON = """
LEFT JOIN LATERAL (
    SELECT number, first_name || ' ' || last_name AS name FROM employees WHERE org_id = $1 AND id = {id}
    UNION ALL SELECT NULL, 'Former employee ' || number FROM former_employees WHERE org_id = $1 AND id = {id}
    LIMIT 1) AS {alias} ON true
"""
_AUTHOR = """
(SELECT u.name FROM memberships AS mb JOIN users AS u ON u.id = mb.user_id
    WHERE mb.org_id = $1 AND mb.user_id = {id}) AS author_name
"""
MOST_SHOWN = 100
_HAND_OVERS = f"""
(SELECT c.sequence, c.reason, c.from_custody, fp.number AS from_number, fp.name AS from_name, c.to_custody,
    tp.number AS to_number, tp.name AS to_name, c.at, c.author_kind, {_AUTHOR.format(id="c.author_id")}, c.evidence
FROM custody_events AS c
{_PERSON.format(id="c.from_id", alias="fp")}{_PERSON.format(id="c.to_id", alias="tp")}
WHERE c.org_id = $1 AND c.asset_id = a.id ORDER BY c.sequence DESC LIMIT {MOST_SHOWN})
"""
# The names of whatever a change refers to by id, before and after.
_NAMES = """
(SELECT coalesce(jsonb_object_agg(n.id, n.name), '{}') FROM (
    SELECT id, name FROM status_labels
        WHERE org_id = $1 AND id::text IN (h.change->'status_id'->>0, h.change->'status_id'->>1)
    UNION ALL SELECT id, name FROM models
        WHERE org_id = $1 AND id::text IN (h.change->'model_id'->>0, h.change->'model_id'->>1)
    UNION ALL SELECT id, name FROM locations
        WHERE org_id = $1 AND id::text IN (h.change->'location_id'->>0, h.change->'location_id'->>1)
    UNION ALL SELECT id, name FROM departments
        WHERE org_id = $1 AND id::text IN (h.change->'department_id'->>0, h.change->'department_id'->>1)
    UNION ALL SELECT p.id, p.name FROM unnest(ARRAY[(h.change->'employee_id'->>0)::uuid,
        (h.change->'employee_id'->>1)::uuid]) AS who (id) CROSS JOIN LATERAL (
            SELECT id, first_name || ' ' || last_name AS name FROM employees WHERE org_id = $1 AND id = who.id
            UNION ALL SELECT id, 'Former employee ' || number FROM former_employees
                WHERE org_id = $1 AND id = who.id) AS p
) AS n)
"""
_CHANGES = f"""
(SELECT h.action, h.at, h.actor_kind AS author_kind, {_AUTHOR.format(id="h.actor_id")}, h.change, {_NAMES} AS names
FROM history AS h WHERE h.org_id = $1 AND h.subject_kind = 'asset' AND h.subject_id = a.id
ORDER BY h.id DESC LIMIT {MOST_SHOWN})
"""
GET_SHEET = f"""
SELECT {DETAIL}, {is_held("a")} AS is_held,
    (SELECT jsonb_agg(jsonb_build_object('id', id, 'number', number, 'name', name, 'type', type) ORDER BY number)
     FROM status_labels WHERE org_id = $1) AS labels,
    (SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM {_HAND_OVERS} AS o) AS hand_overs,
    (SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM {_CHANGES} AS o) AS changes
FROM assets AS a {REFERRED} WHERE a.org_id = $1 AND a.number = $2
"""

# --- people, by name


def _people(after: str) -> str:
    return f"""
SELECT e.number, e.first_name, e.last_name, e.email, e.status, d.name AS department_name, l.name AS location_name,
    e.city, e.country_code,
    (SELECT count(*) FROM assets AS a WHERE a.org_id = $1 AND a.employee_id = e.id) AS assets
FROM (
    SELECT p.id FROM employees AS p
    WHERE p.org_id = $1 {after}
        AND ($4::text IS NULL OR p.status = $4)
        AND ($5::bigint IS NULL
            OR p.department_id = (SELECT id FROM departments WHERE org_id = $1 AND number = $5))
        AND ($6::bigint IS NULL OR p.location_id = (SELECT id FROM locations WHERE org_id = $1 AND number = $6))
        AND ($7::text IS NULL OR ($7 = 'some') = EXISTS (
            SELECT FROM assets AS a WHERE a.org_id = $1 AND a.employee_id = p.id))
        AND ($8::text IS NULL OR strpos(lower(p.first_name || ' ' || p.last_name), lower($8)) > 0
            OR strpos(p.email_key, lower($8)) > 0)
    ORDER BY lower(p.last_name), lower(p.first_name), p.number LIMIT $2::bigint
) AS page
JOIN employees AS e ON e.org_id = $1 AND e.id = page.id
LEFT JOIN departments AS d ON d.org_id = $1 AND d.id = e.department_id
LEFT JOIN locations AS l ON l.org_id = $1 AND l.id = e.location_id
ORDER BY lower(e.last_name), lower(e.first_name), e.number
"""


PEOPLE = _people("AND $3::bigint IS NULL")
# After somebody who was removed meanwhile there is nobody: they are nowhere in the order any more.
PEOPLE_AFTER = _people(
    """AND (lower(p.last_name), lower(p.first_name), p.number) > (
            SELECT lower(last_name), lower(first_name), number FROM employees WHERE org_id = $1 AND number = $3)"""
)
