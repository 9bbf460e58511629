"""The SQL: the list of holds, the releases that wait, and everything about one hold."""

from backhaul.domain.holds.statements import HOLD, RELEASE


def _person(column: str) -> str:
    """Return the name of somebody who stands in a column as kind and id; NULL where it is not known any more."""
    return f"""coalesce(
        (SELECT u.name FROM users AS u
            WHERE {column} LIKE 'user %' AND u.id = substring({column} FROM '^user (.*)$')::uuid),
        (SELECT a.name FROM api_keys AS a WHERE a.org_id = $1 AND {column} LIKE 'api_key %'
            AND a.id = substring({column} FROM '^api_key (.*)$')::uuid))"""


_PLACED_BY = "(SELECT u.name FROM users AS u WHERE h.placed_by_kind = 'user' AND u.id = h.placed_by_id)"

# $2 the last number seen, $3 whether active, $4 a part of the summary, $5 how many.
LIST_HOLDS = f"""
SELECT h.number, h.summary, h.placed_at, {_PLACED_BY} AS placed_by, n.assets, n.people, n.cases, n.is_pending
FROM holds AS h
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE s.kind = 'asset') AS assets, count(*) FILTER (WHERE s.kind = 'employee') AS people,
        count(*) FILTER (WHERE s.kind = 'case') AS cases, count(s.release_id) > 0 AS is_pending
    FROM hold_subjects AS s WHERE s.org_id = $1 AND s.hold_id = h.id AND s.released_at IS NULL
) AS n
WHERE h.org_id = $1 AND h.number < $2
    AND ($3::boolean IS NULL OR (n.assets + n.people + n.cases > 0) = $3)
    AND ($4::text IS NULL OR strpos(lower(h.summary), lower($4)) > 0)
ORDER BY h.number DESC LIMIT $5
"""
LIST_PENDING = f"""
SELECT r.number, r.summary, h.number AS hold_number, h.summary AS hold_summary, r.requested_by,
    {_person("r.requested_by")} AS requester, r.requested_at
FROM hold_releases AS r JOIN holds AS h ON h.org_id = $1 AND h.id = r.hold_id
WHERE r.org_id = $1 AND r.status = 'requested' ORDER BY r.number LIMIT $2
"""
GET_SHEET = f"""
SELECT {HOLD}, {_PLACED_BY} AS placed_by,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'number', s.number, 'kind', s.kind, 'asset_number', a.number, 'serial_number', a.serial_number,
        'model_name', m.name, 'employee_id', s.employee_id, 'employee_number', e.number,
        'person_name', coalesce(e.first_name || ' ' || e.last_name, s.person_name),
        'person_email', coalesce(e.email, s.person_email), 'case_number', s.case_number, 'held_at', s.held_at,
        'release_number', r.number, 'released_at', s.released_at) ORDER BY s.number), '[]')
     FROM hold_subjects AS s
     LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = s.asset_id
     LEFT JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
     LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = s.employee_id
     LEFT JOIN hold_releases AS r ON r.org_id = $1 AND r.id = s.release_id
     WHERE s.org_id = $1 AND s.hold_id = h.id) AS subjects,
    (SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY o.number DESC), '[]')
     FROM (SELECT {RELEASE}, {_person("r.requested_by")} AS requester,
            {_person("coalesce(r.approved_by, r.ended_by)")} AS decider,
            (SELECT count(*) FROM hold_subjects AS s WHERE s.org_id = $1 AND s.release_id = r.id) AS subjects
        FROM hold_releases AS r WHERE r.org_id = $1 AND r.hold_id = h.id) AS o) AS releases,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('action', y.action, 'at', y.at, 'actor_kind', y.actor_kind,
            'actor_name', coalesce(u.name, k.name), 'change', y.change) ORDER BY y.id DESC), '[]')
     FROM (SELECT * FROM history WHERE org_id = $1 AND subject_kind = 'hold' AND subject_id = h.id
        ORDER BY id DESC LIMIT 200) AS y
     LEFT JOIN users AS u ON y.actor_kind = 'user' AND u.id = y.actor_id
     LEFT JOIN api_keys AS k ON y.actor_kind = 'api_key' AND k.org_id = $1 AND k.id = y.actor_id) AS changes
FROM holds AS h WHERE h.org_id = $1 AND h.number = $2
"""
