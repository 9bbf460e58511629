"""The SQL that looks across capabilities. Each part is empty for who has no right to it."""

MOST = 20
MOST_HITS = 50
MOST_SHOWN = 100

_ROWS = "(SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM (SELECT {rows}) AS o) AS {name}"
_TRANSFER = """
t.id, t.direction, t.status, t.created_at,
coalesce(nullif(concat_ws(' ', t.device_make, t.device_model), ''), t.device_type) AS device,
(SELECT s.tracking_number FROM shipments AS s WHERE s.org_id = $1 AND s.subject_kind = 'transfer'
    AND s.subject_id = t.id AND s.leg = 'device') AS tracking_number
"""
_OWED = """
x.number AS case_number, x.created_at AS case_created_at, x.code, c.name AS campaign_name, i.name AS item_name,
    coalesce(a.serial_number, i.serial_number) AS serial_number, a.number AS asset_number, x.email, i.outcome
FROM recovery_items AS i
JOIN recovery_cases AS x ON x.org_id = $1 AND x.id = i.case_id
JOIN recovery_campaigns AS c ON c.org_id = $1 AND c.id = x.campaign_id
LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = i.asset_id
"""
_HOLD = """
h.number, h.summary, s.held_at, s.released_at
FROM hold_subjects AS s JOIN holds AS h ON h.org_id = $1 AND h.id = s.hold_id
"""


def _part(rows: str, name: str) -> str:
    return _ROWS.format(rows=rows, name=name)


# $2 the asset, $3 whether transfers, $4 recovery, $5 holds, $6 returns may be seen.
_TRANSFERS_OF_ASSET = f"""
{_TRANSFER} FROM asset_transfers AS l JOIN transfers AS t ON t.org_id = $1 AND t.id = l.transfer_id
WHERE $3::boolean AND l.org_id = $1 AND l.asset_id = $2 ORDER BY l.transfer_id DESC LIMIT {MOST}
"""
_OWED_OF_ASSET = f"""
{_OWED} WHERE $4::boolean AND i.org_id = $1 AND i.asset_id = $2 ORDER BY x.number DESC, i.position LIMIT {MOST}
"""
_HOLDS_OF_ASSET = f"""
{_HOLD} WHERE $5::boolean AND s.org_id = $1 AND s.asset_id = $2 ORDER BY s.number DESC LIMIT {MOST}
"""
_RETURNS_OF_ASSET = f"""
r.number, r.status, i.verdict, i.grade, r.received_at FROM return_items AS i
JOIN returns AS r ON r.org_id = $1 AND r.id = i.return_id AND r.status NOT IN ('received', 'discarded')
WHERE $6::boolean AND i.org_id = $1 AND i.asset_id = $2 ORDER BY r.number DESC LIMIT {MOST}
"""
_SANITISATIONS_OF_ASSET = f"""
z.id, r.number AS return_number, z.method, z.technique, z.result, z.performed_at, z.performed_by, z.verified_by,
    z.serial_number
FROM sanitisations AS z JOIN returns AS r ON r.org_id = $1 AND r.id = z.return_id
WHERE $6::boolean AND z.org_id = $1 AND z.asset_id = $2 ORDER BY z.id DESC LIMIT {MOST}
"""
GET_ASSET_DOSSIER = f"""
SELECT {_part(_TRANSFERS_OF_ASSET, "transfers")}, {_part(_OWED_OF_ASSET, "owed")},
    {_part(_HOLDS_OF_ASSET, "holds")}, {_part(_RETURNS_OF_ASSET, "returns")},
    {_part(_SANITISATIONS_OF_ASSET, "sanitisations")}
"""

# $2 the employee, $3 whether transfers, $4 recovery, $5 holds may be seen. A person's transfers: those of their cases,
# of what they have, and of what came to them or left them by parcel.
_TRANSFERS_OF_PERSON = f"""
{_TRANSFER} FROM transfers AS t WHERE $3::boolean AND t.org_id = $1 AND t.id IN (
    SELECT p.transfer_id FROM recovery_cases AS x
    JOIN recovery_parcels AS p ON p.org_id = $1 AND p.case_id = x.id
    WHERE x.org_id = $1 AND x.employee_id = $2
    UNION SELECT l.transfer_id FROM assets AS a
    JOIN asset_transfers AS l ON l.org_id = $1 AND l.asset_id = a.id
    WHERE a.org_id = $1 AND a.employee_id = $2
    UNION SELECT (c.evidence->>'transfer_id')::uuid FROM custody_events AS c
    WHERE c.org_id = $1 AND c.to_custody = 'employee' AND c.to_id = $2
    UNION SELECT (c.evidence->>'transfer_id')::uuid FROM custody_events AS c
    WHERE c.org_id = $1 AND c.from_custody = 'employee' AND c.from_id = $2
) ORDER BY t.id DESC LIMIT {MOST}
"""
_OWED_OF_PERSON = f"""
{_OWED} WHERE $4::boolean AND x.org_id = $1 AND x.employee_id = $2 AND i.org_id = $1
ORDER BY x.number DESC, i.position LIMIT {MOST}
"""
_HOLDS_OF_PERSON = f"""
{_HOLD} WHERE $5::boolean AND s.org_id = $1 AND s.kind = 'employee' AND s.employee_id = $2
ORDER BY s.number DESC LIMIT {MOST}
"""
_HAND_OVERS_OF_PERSON = f"""
a.number AS asset_number, a.serial_number, m.name AS model_name, c.reason, c.from_custody, c.to_custody,
    c.to_custody = 'employee' AND c.to_id = $2 AS is_to, c.at, c.evidence
FROM (
    SELECT * FROM custody_events WHERE org_id = $1 AND to_custody = 'employee' AND to_id = $2
    UNION SELECT * FROM custody_events WHERE org_id = $1 AND from_custody = 'employee' AND from_id = $2
) AS c
LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = c.asset_id
LEFT JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
ORDER BY c.at DESC, c.asset_id, c.sequence DESC LIMIT {MOST_SHOWN}
"""
_CHANGES_OF_PERSON = f"""
h.action, h.at, h.actor_kind AS author_kind, (SELECT u.name FROM memberships AS mb
    JOIN users AS u ON u.id = mb.user_id WHERE mb.org_id = $1 AND mb.user_id = h.actor_id) AS author_name, h.change
FROM history AS h WHERE h.org_id = $1 AND h.subject_kind = 'employee' AND h.subject_id = $2
ORDER BY h.id DESC LIMIT {MOST_SHOWN}
"""
GET_PERSON_DOSSIER = f"""
SELECT {_part(_OWED_OF_PERSON, "owed")}, {_part(_TRANSFERS_OF_PERSON, "transfers")},
    {_part(_HOLDS_OF_PERSON, "holds")}, {_part(_HAND_OVERS_OF_PERSON, "hand_overs")},
    {_part(_CHANGES_OF_PERSON, "changes")}
"""

# --- what a code means. $2 the code, $3 which kinds may be seen, $4 the number an asset number begins with, $5 its last
# fourteen digits, $6 and $7 the second and the number of a recovery's public number, $8 the number a code of digits is,
# $9 the id a code is.
# What a text begins is found first, and looked up one by one. A join would be planned for an organization of middling
# size: all that a large one has would be read. LIMIT keeps the lookup a lookup.
_EACH = (
    "({ids}) AS found CROSS JOIN LATERAL (SELECT * FROM {table} WHERE org_id = $1 AND id = found.id LIMIT 1)"
)
_ASSET = """
'asset' AS kind, a.number::text AS key, a.serial_number AS title, concat_ws(' · ', m.name, s.name,
    e.first_name || ' ' || e.last_name) AS detail, 1 AS rank
FROM {source} AS a
JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
JOIN status_labels AS s ON s.org_id = $1 AND s.id = a.status_id
LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = a.employee_id
WHERE 'asset' = ANY ($3::text[]) AND a.org_id = $1
"""
_CODES = {"serial_key": "serial_key($2)", "tag_key": "name_key($2)", "imei": "$2", "imei2": "$2"}
_EXACT_ASSETS = " UNION ".join(
    f"(SELECT id FROM assets WHERE org_id = $1 AND {column} = {code} LIMIT {MOST_HITS})"
    for column, code in _CODES.items()
)
_BEGUN_ASSETS = " UNION ".join(
    f"(SELECT id FROM assets WHERE org_id = $1 AND {column} ~>=~ {code} AND {column} ~<~ ({code} || chr(1114111))"
    f" LIMIT {MOST})"
    for column, code in _CODES.items()
    if column != "imei2"
)
_PERSON = """
'person', e.number::text, e.first_name || ' ' || e.last_name, e.email, 2 FROM {source} AS e
WHERE 'person' = ANY ($3) AND e.org_id = $1
"""
_TRANSFER_HIT = """
'transfer', t.id::text,
    coalesce(nullif(concat_ws(' ', t.device_make, t.device_model), ''), t.device_type), concat_ws(' · ', t.direction,
    t.employee_address->>'name', replace(t.status, '_', ' ')), 3 FROM {source} AS t
WHERE 'transfer' = ANY ($3) AND t.org_id = $1
"""
_RETURN = """
'return', r.number::text, 'Return ' || r.number, concat_ws(' · ', r.tracking_number, r.status), 6
FROM {source} AS r WHERE 'return' = ANY ($3) AND r.org_id = $1 AND r.status NOT IN ('received', 'discarded')
"""
_RESHIPMENT = """
'reshipment', r.number::text, 'Reshipment ' || r.number, concat_ws(' · ', r.contents, r.status), 7
FROM {source} AS r WHERE 'reshipment' = ANY ($3) AND r.org_id = $1 AND r.status NOT IN ('deleted', 'expired')
"""
_CASE = """
'case', extract(epoch FROM date_trunc('second', x.created_at))::bigint::text || x.number,
    x.first_name || ' ' || x.last_name, concat_ws(' · ', c.name, x.code), 4
FROM {source} AS x
CROSS JOIN LATERAL (SELECT name FROM recovery_campaigns WHERE org_id = $1 AND id = x.campaign_id LIMIT 1) AS c
WHERE 'case' = ANY ($3) AND x.org_id = $1
"""
_TABLES = {
    _ASSET: "assets",
    _PERSON: "employees",
    _TRANSFER_HIT: "transfers",
    _CASE: "recovery_cases",
    _RETURN: "returns",
    _RESHIPMENT: "reshipments",
}


def _of(hit: str, ids: str | None = None) -> str:
    """Return what a hit is read from: its table, or of that the rows of some ids."""
    table = _TABLES[hit]
    return hit.format(source=table if ids is None else _EACH.format(table=table, ids=ids))


_TRACKED = """
SELECT subject_kind, subject_id, id FROM shipments
WHERE org_id = $1 AND tracking_key = tracking_key($2)
"""


def _tracked(kind: str) -> str:
    """Return the ids of what the parcels of a scanned number belong to."""
    return f"SELECT subject_id AS id FROM tracked WHERE subject_kind = '{kind}'"


_NAMED_ASSETS = f"""
{_EXACT_ASSETS} UNION SELECT id FROM assets WHERE org_id = $1 AND number = $4::bigint
    AND ($5::text = '19700101000000' OR to_char(created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS') = $5)
"""
_EXACT = f"""
    {_of(_ASSET, _NAMED_ASSETS)}
    UNION SELECT {_of(_PERSON)} AND e.email_key = email_key($2)
    UNION SELECT {_of(_TRANSFER_HIT)} AND t.id = $9::uuid
    UNION SELECT {_of(_TRANSFER_HIT, _tracked("transfer"))}
    UNION SELECT {_of(_CASE)} AND x.code = upper($2)
    UNION SELECT {_of(_CASE)} AND x.number = $7::bigint
        AND extract(epoch FROM date_trunc('second', x.created_at))::bigint = $6::bigint
    UNION SELECT 'campaign', $6::text || k.number, k.name, k.status, 5 FROM recovery_campaigns AS k
    WHERE 'campaign' = ANY ($3) AND k.org_id = $1 AND k.number = $7
        AND extract(epoch FROM date_trunc('second', k.created_at))::bigint = $6
    UNION SELECT {_of(_RETURN)} AND r.number = $8::bigint
    UNION SELECT {_of(_RETURN)} AND r.tracking_key = tracking_key($2)
    UNION SELECT {_of(_RESHIPMENT)} AND r.number = $8
    UNION SELECT {_of(_RESHIPMENT)} AND r.shipment_id IN (SELECT id FROM tracked)
"""
_BEGUN_PEOPLE = " UNION ".join(
    f"(SELECT id FROM employees WHERE org_id = $1 AND {column} >= name_key($2)"
    f" AND {column} < name_key($2) || chr(1114111) LIMIT {MOST})"
    for column in ("person_key", "surname_key", "typed_email")
)
SCAN = f"""
WITH tracked AS MATERIALIZED ({_TRACKED}), exact AS MATERIALIZED (SELECT {_EXACT}), found AS (
    SELECT true AS is_exact, exact.* FROM exact
    UNION ALL SELECT false, a.* FROM (SELECT {_of(_ASSET, _BEGUN_ASSETS)}) AS a
    WHERE NOT EXISTS (SELECT FROM exact)
    UNION ALL SELECT false, p.* FROM (SELECT {_of(_PERSON, _BEGUN_PEOPLE)}
        ORDER BY e.number DESC LIMIT {MOST}) AS p
    WHERE NOT EXISTS (SELECT FROM exact)
)
SELECT kind, key, title, detail, is_exact FROM found ORDER BY rank, title, key LIMIT {MOST_HITS}
"""

# --- what a text may mean. From $2 to $9 as above; $10 the text as names are compared and $11 where what begins with it
# ends, $12 and $13 the same of serial numbers. Of each kind at most `MOST_OF_KIND`: the lists of each find the rest.
MOST_OF_KIND = 9
_BEGINS = """
(SELECT {id} FROM {table} WHERE org_id = $1 AND {column} >= {start} AND {column} < {end}
    ORDER BY {column} LIMIT {most})
"""


def _begun(table: str, *columns: str, key: str = "id") -> str:
    """Return the ids of rows one of whose columns begins with the text."""
    parts = []
    for column in columns:
        start, end = ("$12::text", "$13::text") if column == "serial_key" else ("$10::text", "$11::text")
        values = {"table": table, "column": column, "start": start, "end": end, "most": MOST_OF_KIND}
        parts.append(_BEGINS.format(id=key, **values))
    return " UNION ".join(parts)


_NAMED = ("person_key", "surname_key")
_BEGUN = {
    _ASSET: _BEGUN_ASSETS,
    _PERSON: _begun("employees", *_NAMED, "typed_email"),
    _TRANSFER_HIT: _begun("transfers", *_NAMED, "email_key", "ticket_key", "serial_key"),
    _CASE: f"{_begun('recovery_cases', *_NAMED, 'typed_email')}"
    f" UNION {_begun('recovery_items', 'serial_key', key='case_id AS id')}",
    _RETURN: f"{_begun('return_items', 'serial_key', key='return_id AS id')}"
    f" UNION (SELECT id FROM returns WHERE org_id = $1 AND rma_number = $2 LIMIT {MOST_OF_KIND})",
    _RESHIPMENT: _begun("reshipments", "contents_key"),
}
_CAMPAIGNS_NAMED = """
'campaign', floor(extract(epoch FROM k.created_at))::bigint::text || k.number, k.name, k.status, 5
FROM recovery_campaigns AS k WHERE 'campaign' = ANY ($3) AND k.org_id = $1 AND strpos(k.name_key, $10) > 0
"""
_LIKELY = " UNION ALL ".join(
    f"(SELECT false, h.* FROM (SELECT {_of(hit, begun)} LIMIT {MOST_OF_KIND}) AS h)"
    for hit, begun in _BEGUN.items()
)
SEARCH = f"""
WITH tracked AS MATERIALIZED ({_TRACKED}), exact AS MATERIALIZED (SELECT {_EXACT}),
found (is_exact, kind, key, title, detail, rank) AS (
    SELECT true, exact.* FROM exact UNION ALL {_LIKELY}
    UNION ALL (SELECT false, c.* FROM (SELECT {_CAMPAIGNS_NAMED} ORDER BY k.number DESC LIMIT {MOST_OF_KIND}) AS c)
)
SELECT DISTINCT ON (rank, is_exact, title, key) kind, key, title, detail, is_exact FROM found AS f
WHERE f.is_exact OR NOT EXISTS (SELECT FROM exact AS e WHERE (e.kind, e.key) = (f.kind, f.key))
ORDER BY rank, is_exact DESC, title, key
"""

# What an operator finds beside that, across customers: $2 what was typed and the numbers a scanner may mean by it, $3
# the number it is, $4 what was typed, $5 which kinds may be seen, $6 at most so many of each.
FIND_FOR_OPERATOR = """
SELECT kind, key, title, detail, true AS is_exact
FROM warehouse_found(org_id => $1, wanted => $2, numbered => $3, most => $6)
WHERE kind = ANY ($5::text[])
UNION ALL
SELECT 'customer', number::text, name, slug, lower(name) = lower($4) OR slug = lower($4) OR number::text = $4
FROM installation_customers(org_id => $1, wanted => $4, only_empty => false, behind => 0, most => $6)
WHERE 'customer' = ANY ($5)
"""
