-- What a legal hold on a case or a person reaches is found by index, and what is held by them now is held itself.
-- Step 1 of 1 (expand): the last release reads and writes what it did; devices that it counts once more stay counted.

-- Active holds are listed whatever they are on, the latest first.
CREATE INDEX hold_subjects_unreleased ON hold_subjects (org_id, number) WHERE released_at IS NULL;
-- Things that were expected before the inventory knew them are found by what is known of them.
CREATE INDEX recovery_items_unknown_imei ON recovery_items (org_id, imei) WHERE asset_id IS NULL AND imei IS NOT NULL;
CREATE INDEX recovery_items_unknown_tag ON recovery_items (org_id, name_key(tag))
    WHERE asset_id IS NULL AND tag IS NOT NULL;

-- A case's person cannot be erased while the case is on hold. A hold names the case by its code or its public number.
WITH named AS MATERIALIZED (
    SELECT s.org_id, s.id, s.case_number FROM hold_subjects AS s
    WHERE s.kind = 'case' AND s.released_at IS NULL AND s.employee_id IS NULL
), about AS (
    SELECT n.org_id, n.id, x.employee_id
    FROM named AS n JOIN recovery_cases AS x ON x.org_id = n.org_id AND x.code = n.case_number
    WHERE x.employee_id IS NOT NULL
    UNION
    SELECT n.org_id, n.id, x.employee_id
    FROM named AS n JOIN recovery_cases AS x ON x.org_id = n.org_id
        AND x.number = substr(substring(n.case_number FROM '^[0-9]{10}[1-9][0-9]{0,17}$'), 11)::bigint
    WHERE x.employee_id IS NOT NULL
        AND floor(extract(epoch FROM x.created_at))::bigint::text || x.number::text = n.case_number
), kept AS (
    UPDATE hold_subjects AS s SET employee_id = a.employee_id
    FROM about AS a WHERE s.org_id = a.org_id AND s.id = a.id
    RETURNING s.org_id, s.employee_id
)
UPDATE employees AS e SET hold_count = e.hold_count + k.times
FROM (SELECT org_id, employee_id, count(*)::integer AS times FROM kept GROUP BY 1, 2) AS k
WHERE e.org_id = k.org_id AND e.id = k.employee_id;

-- What somebody on hold handed over before, and nobody else has got since, is held with them: undeployable, and noted.
WITH caught AS (
    INSERT INTO hold_subjects (org_id, id, hold_id, kind, asset_id, held_at)
    SELECT p.org_id, gen_random_uuid(), p.hold_id, 'asset', a.id, p.held_at
    FROM hold_subjects AS p
    JOIN custody_events AS c ON c.org_id = p.org_id AND c.to_custody = 'employee' AND c.to_id = p.employee_id
    JOIN assets AS a ON a.org_id = c.org_id AND a.id = c.asset_id AND a.employee_id IS NULL
    WHERE p.kind = 'employee' AND p.released_at IS NULL AND NOT EXISTS (
        SELECT FROM custody_events AS later WHERE later.org_id = c.org_id AND later.asset_id = c.asset_id
            AND later.sequence > c.sequence AND later.to_custody = 'employee' AND later.to_id <> c.to_id)
    ON CONFLICT ON CONSTRAINT hold_subjects_asset DO NOTHING
    RETURNING org_id, asset_id
), counted AS MATERIALIZED (
    SELECT c.org_id, c.asset_id, c.times, s.type,
        (SELECT l.id FROM status_labels AS l WHERE l.org_id = c.org_id AND l.type = 'undeployable'
            ORDER BY l.number LIMIT 1) AS held_status_id,
        asset_image(a) AS image
    FROM (SELECT org_id, asset_id, count(*)::integer AS times FROM caught GROUP BY 1, 2) AS c
    JOIN assets AS a ON a.org_id = c.org_id AND a.id = c.asset_id
    JOIN status_labels AS s ON s.org_id = a.org_id AND s.id = a.status_id
), held AS (
    UPDATE assets AS a SET hold_count = a.hold_count + c.times,
        status_before_hold = CASE WHEN a.hold_count = 0 THEN a.status_id ELSE a.status_before_hold END,
        custody_before_hold = CASE WHEN a.hold_count = 0 THEN a.custody ELSE a.custody_before_hold END,
        status_id = CASE WHEN c.type = 'undeployable' THEN a.status_id ELSE coalesce(c.held_status_id, a.status_id) END,
        updated_at = greatest(now(), a.updated_at), version = a.version + 1
    FROM counted AS c WHERE a.org_id = c.org_id AND a.id = c.asset_id
    RETURNING a.org_id, a.id, c.image AS before, asset_image(a) AS after
)
INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, actor_id, at, change)
SELECT org_id, (lpad(to_hex(floor(extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '7'
        || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid, -- as kernel/ids makes them: history is in order
    'asset', id, 'held', 'system', NULL, now(), image_difference(before, after)
FROM held;
