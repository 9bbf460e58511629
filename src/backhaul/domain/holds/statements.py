"""The SQL of holds. `is_held` is the one place that says what being held is; others build it into their statements."""

from backhaul.domain.holds.model import Hold, Release
from backhaul.domain.holds.reach.statements import (
    IS_RETURN_HELD,
    NAMES_OF_CASE,
    assets_last_with,
    assets_of,
    cases,
    is_reached,
    returns_of,
)

HOLD = ", ".join(f"h.{name}" for name in Hold.__struct_fields__)
RELEASE = ", ".join(f"r.{name}" for name in Release.__struct_fields__)


def is_held(asset: str) -> str:
    """Return the condition that an asset's row, locked, is held: by itself, by whoever has it now, or by a case.

    The count stands on the row. What a person on hold got later is found by the person, what became known of a case or
    a recovery later by these, unless two people released it.
    """
    return f"""({asset}.hold_count > 0 OR {asset}.employee_id IS NOT NULL AND EXISTS (
        SELECT FROM hold_subjects AS hp WHERE hp.org_id = $1 AND hp.kind = 'employee'
            AND hp.employee_id = {asset}.employee_id AND hp.released_at IS NULL AND NOT EXISTS (
                SELECT FROM hold_subjects AS hs WHERE hs.org_id = $1 AND hs.hold_id = hp.hold_id
                    AND hs.asset_id = {asset}.id AND hs.released_at IS NOT NULL)) OR {is_reached(asset)})"""


# --- asking. Locked first, asked about in the same row: a hold that is being placed is waited for, and seen.

# $2 assets, $3 numbers of returns: the first that is held, as people call it. The caller has locked the returns: a hold
# that reaches them waits for that lock, and is seen when it was there before.
HELD_THINGS = f"""
WITH a AS MATERIALIZED (
    SELECT id, serial_number, employee_id, hold_count FROM assets
    WHERE org_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE
)
(SELECT 'Asset ' || a.serial_number FROM a WHERE {is_held("a")} ORDER BY a.id LIMIT 1)
UNION ALL
(SELECT 'Return ' || r.number FROM returns AS r
    WHERE r.org_id = $1 AND r.number = ANY ($3::bigint[]) AND {IS_RETURN_HELD} ORDER BY r.number LIMIT 1)
LIMIT 1
"""
HELD_EMPLOYEES = """
WITH e AS MATERIALIZED (
    SELECT id, number, hold_count FROM employees
    WHERE org_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE
)
SELECT number FROM e WHERE hold_count > 0 ORDER BY number LIMIT 1
"""
# A case has no row here that could be locked: whoever places a hold on it waits for those who share this lock.
SHARE_CASES = """
SELECT count(pg_advisory_xact_lock_shared(hashtextextended($1::uuid::text || ' case ' || n, 0)))
FROM (SELECT n FROM unnest($2::text[]) AS n ORDER BY n) AS numbers
"""
HELD_CASES = """
SELECT case_number FROM hold_subjects
WHERE org_id = $1 AND case_number = ANY ($2::text[]) AND released_at IS NULL ORDER BY case_number LIMIT 1
"""

# --- placing. Assets before people, as everybody who gives somebody a device.

# $2 serial numbers, $3 addresses of people who are held with all they have, $4 names of cases, $5 and $6 what the hold
# says. Whoever places the same in the same words waits first; then returns are locked, then assets, as everybody does
# who lets a return go.
LOCK_ASSETS = f"""
WITH turn AS MATERIALIZED (
    SELECT count(pg_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::uuid, 'hold', $5::text, $6::text), 0)))
        AS taken
), people AS MATERIALIZED (
    SELECT id FROM employees
    WHERE org_id = $1 AND email_key = ANY (ARRAY(SELECT email_key(one) FROM unnest($3::text[]) AS one))
), x AS MATERIALIZED ({cases("$4::text[]", "ARRAY(SELECT id FROM people)")}
), r AS MATERIALIZED (
    SELECT number FROM returns
    WHERE (SELECT taken FROM turn) > 0 AND org_id = $1 AND number IN (SELECT number FROM ({returns_of("x")}) AS b)
    ORDER BY number FOR NO KEY UPDATE
)
SELECT id, serial_key, employee_id, custody, status_id, hold_count, status_before_hold, custody_before_hold
FROM assets WHERE (SELECT taken FROM turn) + (SELECT count(*) FROM r) > 0 AND org_id = $1 AND id IN (
    SELECT id FROM assets
    WHERE org_id = $1 AND serial_key = ANY (ARRAY(SELECT serial_key(one) FROM unnest($2::text[]) AS one))
    UNION ALL
    SELECT a.id FROM people AS e JOIN assets AS a ON a.org_id = $1 AND a.employee_id = e.id
    UNION ALL
    ({assets_last_with("ARRAY(SELECT id FROM people)")})
    UNION ALL
    ({assets_of("x")}))
ORDER BY id FOR NO KEY UPDATE
"""
# Everybody who is named, $2, and whoever the cases $4 are about; the keys of what was named as the schema writes them;
# and the organization's status for what is held.
LOOK_UP = f"""
WITH x AS MATERIALIZED ({cases("$4::text[]", "'{}'::uuid[]")}
), p AS MATERIALIZED (
    SELECT id, email_key FROM employees
    WHERE org_id = $1 AND (email_key = ANY (ARRAY(SELECT email_key(one) FROM unnest($2::text[]) AS one))
        OR id = ANY (ARRAY(SELECT employee_id FROM x)))
    ORDER BY id FOR NO KEY UPDATE
)
SELECT (SELECT coalesce(jsonb_object_agg(email_key, id), '{{}}') FROM p) AS people,
    (SELECT coalesce(jsonb_object_agg(n, p.id), '{{}}') FROM unnest($4) AS n
        JOIN recovery_cases AS x ON x.org_id = $1 AND x.id IN (SELECT id FROM x) AND n IN {NAMES_OF_CASE}
        JOIN p ON p.id = x.employee_id) AS case_people,
    ARRAY(SELECT email_key(one) FROM unnest($2::text[]) WITH ORDINALITY AS t (one, n) ORDER BY n) AS email_keys,
    ARRAY(SELECT serial_key(one) FROM unnest($3::text[]) WITH ORDINALITY AS t (one, n) ORDER BY n) AS serial_keys,
    (SELECT id FROM status_labels WHERE org_id = $1 AND type = 'undeployable' ORDER BY number LIMIT 1) AS status_id
"""
# The hold that says the same ($2, $3) and holds all of this yet, column by column from $4.
FIND_SAME = f"""
WITH named AS MATERIALIZED (
    SELECT * FROM unnest($4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[])
        AS n (kind, asset_id, employee_id, case_number, person_email)
), first AS MATERIALIZED (SELECT * FROM named LIMIT 1), likely AS (
    SELECT s.hold_id FROM first JOIN hold_subjects AS s ON s.asset_id = first.asset_id
    WHERE s.org_id = $1 AND first.kind = 'asset' AND s.released_at IS NULL
    UNION ALL
    SELECT s.hold_id FROM first JOIN hold_subjects AS s ON s.employee_id = first.employee_id
    WHERE s.org_id = $1 AND first.kind = 'employee' AND s.kind = 'employee' AND s.released_at IS NULL
    UNION ALL
    SELECT s.hold_id FROM first JOIN hold_subjects AS s ON s.case_number = first.case_number
    WHERE s.org_id = $1 AND first.kind = 'case' AND s.released_at IS NULL
)
SELECT {HOLD} FROM holds AS h
WHERE h.org_id = $1 AND h.id IN (SELECT hold_id FROM likely) AND h.summary = $2 AND h.description = $3 AND NOT EXISTS (
    SELECT FROM named AS n WHERE NOT EXISTS (
        SELECT FROM hold_subjects AS s
        WHERE s.org_id = $1 AND s.hold_id = h.id AND s.released_at IS NULL AND s.kind = n.kind
            AND (s.asset_id, s.employee_id, s.case_number, s.person_email)
                IS NOT DISTINCT FROM (n.asset_id, n.employee_id, n.case_number, n.person_email)))
ORDER BY h.number LIMIT 1
"""
# What a caller has found already, by their ids: devices first, then people with the status that held devices get.
LOCK_ASSETS_BY_ID = """
SELECT id FROM assets WHERE org_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""
LOCK_PEOPLE_BY_ID = """
WITH p AS MATERIALIZED (
    SELECT id FROM employees WHERE org_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE
)
SELECT ARRAY(SELECT id FROM p) AS people,
    (SELECT id FROM status_labels WHERE org_id = $1 AND type = 'undeployable' ORDER BY number LIMIT 1) AS status_id
"""
# Everything at once. $2 the hold's id, $3 and $4 what it says, $5 and $6 the author, $7 now; from $8 the subjects,
# column by column; $15 the assets, $16 the status they get, $18 and $19 people and how often each is named, $21 cases;
# $17 and $20 ids to count from.
PLACE = """
WITH cases AS MATERIALIZED (
    SELECT count(pg_advisory_xact_lock(hashtextextended($1::uuid::text || ' case ' || n, 0))) AS locked
    FROM (SELECT n FROM unnest($21::text[]) AS n ORDER BY n) AS numbers
), hold AS (
    INSERT INTO holds (org_id, id, summary, description, placed_by_kind, placed_by_id, placed_at)
    SELECT $1, $2::uuid, $3, $4, $5, $6::uuid, $7::timestamptz FROM cases RETURNING number
), covered AS (
    INSERT INTO hold_subjects (org_id, hold_id, id, kind, asset_id, employee_id, case_number, person_name,
        person_email, held_at)
    SELECT $1, $2, s.*, $7 FROM unnest($8::uuid[], $9::text[], $10::uuid[], $11::uuid[], $12::text[], $13::text[],
        $14::text[]) AS s
), before AS MATERIALIZED (
    SELECT a.id, a.status_id, a.custody, asset_image(a) AS image FROM assets AS a
    WHERE a.org_id = $1 AND a.id = ANY ($15::uuid[])
), held AS (
    UPDATE assets AS a SET hold_count = a.hold_count + 1,
        status_before_hold = CASE WHEN a.hold_count = 0 THEN a.status_id ELSE a.status_before_hold END,
        custody_before_hold = CASE WHEN a.hold_count = 0 THEN a.custody ELSE a.custody_before_hold END,
        status_id = CASE WHEN s.type = 'undeployable' THEN a.status_id ELSE $16::uuid END,
        updated_at = greatest($7, a.updated_at), version = a.version + 1
    FROM status_labels AS s
    WHERE a.org_id = $1 AND a.id = ANY ($15) AND s.org_id = $1 AND s.id = a.status_id
    RETURNING a.id, asset_image(a) AS image
), noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id_after($17::uuid, row_number() OVER ()), 'asset', held.id, 'held', $5, $6, $7,
        image_difference(before.image, held.image)
    FROM held JOIN before ON before.id = held.id
), kept AS (
    UPDATE employees AS e SET hold_count = e.hold_count + p.times
    FROM unnest($18::uuid[], $19::integer[]) AS p (id, times) WHERE e.org_id = $1 AND e.id = p.id
    RETURNING e.id
), kept_noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id_after($20::uuid, row_number() OVER ()), 'employee', kept.id, 'held', $5, $6, $7, '{}' FROM kept
)
SELECT number FROM hold
"""

# --- releasing

# $2 a hold's number; or $3 the number of a subject and $4 its serial number, NULL of what is no device. Holds never
# change: their subjects are locked.
LOCK_HOLD = f"""
WITH h AS MATERIALIZED (
    SELECT * FROM holds WHERE org_id = $1 AND (number = $2::bigint OR id = (
        SELECT s.hold_id FROM hold_subjects AS s LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = s.asset_id
        WHERE s.org_id = $1 AND s.number = $3::bigint AND ($4::text IS NULL OR a.serial_key = serial_key($4))))
), locked AS MATERIALIZED (
    SELECT id FROM hold_subjects WHERE org_id = $1 AND hold_id = (SELECT id FROM h)
    ORDER BY number FOR NO KEY UPDATE
)
SELECT {HOLD}, (SELECT count(*) FROM locked) AS subjects FROM h
"""
# What a request is about: everything of the hold, the device of this serial number alone, or what has this number ($4).
NAMED_SUBJECTS = f"""
SELECT s.id AS subject_id, a.serial_number, s.released_at, {RELEASE}
FROM hold_subjects AS s
LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = s.asset_id
LEFT JOIN hold_releases AS r ON r.org_id = $1 AND r.id = s.release_id
WHERE s.org_id = $1 AND s.hold_id = $2 AND ($3::text IS NULL OR a.serial_key = serial_key($3))
    AND ($3 IS NOT NULL OR $4::bigint IS NULL OR s.number = $4)
ORDER BY s.number
"""
REQUEST = f"""
WITH asked AS (
    INSERT INTO hold_releases AS r (org_id, id, hold_id, summary, description, status, requested_by, requested_at,
        version)
    VALUES ($1, $2, $3, $4, $5, 'requested', $6, $7, 1) RETURNING {RELEASE}
), named AS (
    UPDATE hold_subjects SET release_id = $2 WHERE org_id = $1 AND id = ANY ($8::uuid[])
)
SELECT * FROM asked
"""
LOCK_RELEASE = (
    f"SELECT {RELEASE} FROM hold_releases AS r WHERE r.org_id = $1 AND r.number = $2 FOR NO KEY UPDATE"
)
# Refused or withdrawn: what it was asked for can be asked for again. $3 the status, $4 who, $5 now, $6 why.
END_RELEASE = """
WITH again AS (
    UPDATE hold_subjects SET release_id = NULL WHERE org_id = $1 AND release_id = $2::uuid AND released_at IS NULL
)
UPDATE hold_releases SET status = $3, ended_by = $4, ended_at = $5, ended_reason = $6, version = version + 1
WHERE org_id = $1 AND id = $2
"""
LOCK_RELEASED_ASSETS = """
WITH a AS MATERIALIZED (
    SELECT id, serial_key, employee_id, custody, status_id, hold_count, status_before_hold, custody_before_hold,
        is_sanitisation_due
    FROM assets WHERE org_id = $1 AND id IN (
        SELECT asset_id FROM hold_subjects WHERE org_id = $1 AND release_id = $2 AND released_at IS NULL)
    ORDER BY id FOR NO KEY UPDATE
)
SELECT coalesce((SELECT jsonb_agg(to_jsonb(a)) FROM a), '[]') AS assets,
    (SELECT jsonb_agg(jsonb_build_object('id', id, 'type', type) ORDER BY number)
        FROM status_labels WHERE org_id = $1) AS labels
"""
# $2 the release, $3 who approves, $4 now, $5 assets and $6 the status each gets, $7 an id to count from, $8 and $9 the
# author, $10 another id to count from.
APPROVE = """
WITH freed AS (
    UPDATE hold_subjects SET released_at = $4::timestamptz
    WHERE org_id = $1 AND release_id = $2::uuid AND released_at IS NULL
    RETURNING id, asset_id, employee_id, case_number
), approved AS (
    UPDATE hold_releases SET status = 'approved', approved_by = $3, approved_at = $4, version = version + 1
    WHERE org_id = $1 AND id = $2
), before AS MATERIALIZED (
    SELECT a.id, asset_image(a) AS image FROM assets AS a WHERE a.org_id = $1 AND a.id = ANY ($5::uuid[])
), let_go AS (
    UPDATE assets AS a SET hold_count = a.hold_count - 1, status_id = n.status_id,
        status_before_hold = CASE WHEN a.hold_count > 1 THEN a.status_before_hold END,
        custody_before_hold = CASE WHEN a.hold_count > 1 THEN a.custody_before_hold END,
        updated_at = greatest($4, a.updated_at), version = a.version + 1
    FROM unnest($5, $6::uuid[]) AS n (id, status_id) WHERE a.org_id = $1 AND a.id = n.id
    RETURNING a.id, asset_image(a) AS image
), noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id_after($7::uuid, row_number() OVER ()), 'asset', g.id, 'freed', $8, $9::uuid, $4,
        image_difference(before.image, g.image)
    FROM let_go AS g JOIN before ON before.id = g.id
), people AS (
    UPDATE employees AS e SET hold_count = e.hold_count - f.times
    FROM (SELECT employee_id, count(*)::integer AS times FROM freed WHERE employee_id IS NOT NULL GROUP BY 1) AS f
    WHERE e.org_id = $1 AND e.id = f.employee_id
    RETURNING e.id
), people_noted AS (
    INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
    SELECT $1, id_after($10::uuid, row_number() OVER ()), 'employee', people.id, 'freed', $8, $9, $4, '{}'
    FROM people
)
SELECT coalesce(array_agg(asset_id ORDER BY asset_id) FILTER (WHERE asset_id IS NOT NULL), '{}') AS assets,
    coalesce(array_agg(DISTINCT employee_id) FILTER (WHERE employee_id IS NOT NULL), '{}') AS people,
    coalesce(array_agg(DISTINCT case_number) FILTER (WHERE case_number IS NOT NULL), '{}') AS cases
FROM freed
"""
