"""The SQL of the log of contacts."""

from backhaul.domain.recovery.reminding.model import Contact

MOST_SHOWN = 100
_STEP = ", ".join(f"k.{name}" for name in Contact.__struct_fields__)


# Of the organization $1 and the case $2: every message about the case and about each of its transfers, those that were
# replaced too, with the step of the ladder it is; and the steps for which nobody was written to. Newest first, `most`
# after the first `first`.
def _logged(*, first: str, most: str) -> str:
    """Return the statement that reads the log."""
    return f"""
SELECT n.* FROM (
    SELECT m.id, m.decided_at AS at, m.template, m.channel, m.recipient, m.subject, m.status, m.sent_at, m.failure,
        a.transfer_id, a.position, a.attempt,
        (SELECT to_jsonb(s) FROM (SELECT {_STEP} FROM recovery_contacts AS k
            WHERE k.org_id = $1 AND k.case_id = $2 AND m.id = ANY(k.message_ids) LIMIT 1) AS s) AS reminder
    FROM (
        SELECT 'recovery_case' AS kind, $2::uuid AS id, NULL::uuid AS transfer_id, NULL::integer AS position,
            NULL::integer AS attempt
        UNION ALL
        SELECT 'transfer', p.transfer_id, p.transfer_id, p.position, p.attempt
        FROM recovery_parcels AS p WHERE p.org_id = $1 AND p.case_id = $2
    ) AS a CROSS JOIN LATERAL (
        SELECT * FROM messages AS y WHERE y.org_id = $1 AND y.subject_kind = a.kind AND y.subject_id = a.id
        ORDER BY y.decided_at DESC, y.id DESC LIMIT {first} + {most}) AS m
    UNION ALL
    SELECT s.id, s.decided_at, s.template, s.channel, s.recipient, NULL, NULL, NULL, NULL, NULL, NULL, NULL, to_jsonb(s)
    FROM (SELECT {_STEP} FROM recovery_contacts AS k WHERE k.org_id = $1 AND k.case_id = $2) AS s
    WHERE NOT EXISTS (SELECT FROM messages AS y WHERE y.org_id = $1 AND y.id = ANY(s.message_ids))
) AS n ORDER BY n.at DESC, n.id DESC LIMIT {most} OFFSET {first}
"""


LIST_LOGGED = _logged(first="$3::integer", most="$4::integer")
# The newest, for the page of a case.
LOGGED_JSON = f"""
(SELECT coalesce(jsonb_agg(to_jsonb(n) ORDER BY n.at DESC, n.id DESC), '[]')
    FROM ({_logged(first="0", most=str(MOST_SHOWN))}) AS n)
"""
