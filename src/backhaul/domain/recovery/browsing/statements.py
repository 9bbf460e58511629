"""The SQL: lists of campaigns and cases, by the index that leaves the fewest rows, and all about one of either."""

from backhaul.domain.recovery.contacting.statements import LOGGED_JSON
from backhaul.domain.recovery.inspecting.statements import FOUND
from backhaul.domain.recovery.person.statements import CLAIMS_JSON, CONFIRMED_AT, LEG_JSON, SIGNATURE_JSON
from backhaul.domain.recovery.statements import CAMPAIGN_COLUMNS

# How far the case `x` is: `model.Stage` says what each means. Of open ones, triggers keep it.
STAGE = """
(CASE WHEN x.outcome IN ('returned', 'partly_returned') THEN 'received' WHEN x.outcome IS NOT NULL THEN 'ended'
ELSE (SELECT o.stage FROM recovery_open_cases AS o WHERE o.org_id = x.org_id AND o.case_id = x.id) END)
"""
_CLAIMED = """
EXISTS (SELECT FROM recovery_claims AS y WHERE y.org_id = x.org_id AND y.case_id = x.id AND y.withdrawn_at IS NULL)
"""
_CONTACTED = """
EXISTS (SELECT FROM recovery_contacts AS k WHERE k.org_id = x.org_id AND k.case_id = x.id
    AND k.audience = 'employee' AND k.outcome = 'sent')
"""
# Who did it is named as the members and keys of the organization are now.
_CHANGES = """
(SELECT coalesce(jsonb_agg(jsonb_build_object('action', h.action, 'at', h.at, 'actor_kind', h.actor_kind,
        'actor_name', coalesce(u.name, a.name), 'change', h.change) ORDER BY h.id DESC), '[]')
    FROM (SELECT * FROM history WHERE org_id = $1 AND subject_kind = '{kind}' AND subject_id = {id}
        ORDER BY id DESC LIMIT 200) AS h
    LEFT JOIN users AS u ON h.actor_kind = 'user' AND u.id = h.actor_id
    LEFT JOIN api_keys AS a ON h.actor_kind = 'api_key' AND a.org_id = $1 AND a.id = h.actor_id)
"""

# --- campaigns

# $2 the last number seen, $3 a status, $4 a part of the name, $5 the day before which the deadline was, $6 how many.
# Campaigns are few; how many of their cases came to which end is counted in an index, for those on the page alone.
LIST_CAMPAIGNS = """
WITH page AS MATERIALIZED (
    SELECT * FROM recovery_campaigns AS c
    WHERE c.org_id = $1 AND c.number < $2 AND ($3::text IS NULL OR c.status = $3)
        AND ($4::text IS NULL OR strpos(c.name_key, name_key($4)) > 0)
        AND ($5::date IS NULL OR c.deadline_on < $5 AND EXISTS (
            SELECT FROM recovery_cases AS x
            WHERE x.org_id = $1 AND x.campaign_id = c.id AND x.outcome IS NULL))
    ORDER BY c.number DESC LIMIT $6
)
SELECT c.number, c.name, c.status, c.country_code, c.starts_on, c.deadline_on, c.case_count, c.item_count,
    c.created_at, c.owner_email, n.open_count, n.received_count
FROM page AS c CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE x.outcome IS NULL) AS open_count,
        count(*) FILTER (WHERE x.outcome IN ('returned', 'partly_returned')) AS received_count
    FROM recovery_cases AS x WHERE x.org_id = $1 AND x.campaign_id = c.id
) AS n
ORDER BY c.number DESC
"""
# What became of a campaign's cases, and how far the open ones are, is counted in two indexes alone; its countries are
# found one by one in a third.
GET_CAMPAIGN_SHEET = f"""
WITH RECURSIVE c AS MATERIALIZED (
    SELECT {CAMPAIGN_COLUMNS} FROM recovery_campaigns
    WHERE org_id = $1 AND number = $2 AND floor(extract(epoch FROM created_at)) = $3
), open_ones AS MATERIALIZED (
    SELECT o.stage, count(*) AS count, count(*) FILTER (WHERE NOT o.is_contacted) AS uncontacted
    FROM recovery_open_cases AS o WHERE o.org_id = $1 AND o.campaign_id = (SELECT id FROM c) GROUP BY o.stage
), ended AS (
    SELECT x.outcome, count(*) AS count FROM recovery_cases AS x
    WHERE x.org_id = $1 AND x.campaign_id = (SELECT id FROM c) AND x.outcome IS NOT NULL GROUP BY x.outcome
), staged AS (
    SELECT stage, count FROM open_ones
    UNION ALL
    SELECT CASE WHEN outcome IN ('returned', 'partly_returned') THEN 'received' ELSE 'ended' END AS stage,
        sum(count) AS count
    FROM ended GROUP BY 1
), countries (code) AS (
    SELECT (SELECT x.country_code FROM recovery_cases AS x
        WHERE x.org_id = $1 AND x.campaign_id = (SELECT id FROM c) ORDER BY x.country_code LIMIT 1)
    UNION ALL
    SELECT (SELECT x.country_code FROM recovery_cases AS x
        WHERE x.org_id = $1 AND x.campaign_id = (SELECT id FROM c) AND x.country_code > p.code
        ORDER BY x.country_code LIMIT 1)
    FROM countries AS p WHERE p.code IS NOT NULL
)
SELECT to_jsonb(c) AS campaign,
    (SELECT l.name FROM ladders AS l WHERE l.org_id = $1 AND l.id = c.ladder_id) AS ladder_name,
    (SELECT l.policy FROM ladders AS l WHERE l.org_id = $1 AND l.id = c.ladder_id) AS policy,
    jsonb_build_object(
        'stages', (SELECT coalesce(jsonb_object_agg(s.stage, s.count), '{{}}') FROM staged AS s),
        'claimed', (SELECT count(*) FROM (
                SELECT DISTINCT case_id FROM recovery_claims WHERE org_id = $1 AND withdrawn_at IS NULL) AS y
            CROSS JOIN LATERAL (SELECT * FROM recovery_open_cases
                WHERE org_id = $1 AND case_id = y.case_id LIMIT 1) AS o
            WHERE o.campaign_id = c.id),
        'uncontacted', (SELECT coalesce(sum(uncontacted), 0) FROM open_ones)) AS progress,
    (SELECT coalesce(array_agg(p.code ORDER BY p.code), '{{}}') FROM countries AS p WHERE p.code IS NOT NULL)
        AS countries,
    {_CHANGES.format(kind="recovery_campaign", id="c.id")} AS changes
FROM c
"""
# What a filter offers: the latest campaigns.
FIND_CAMPAIGNS = """
SELECT number, name, status, country_code, starts_on, deadline_on, case_count, item_count, created_at
FROM recovery_campaigns WHERE org_id = $1 ORDER BY number DESC LIMIT $2
"""
# Who can own a campaign: enabled members.
LIST_OWNERS = """
SELECT u.email, u.name FROM memberships AS m JOIN users AS u ON u.id = m.user_id AND u.is_enabled
WHERE m.org_id = $1 ORDER BY u.name, u.email LIMIT 500
"""

# --- cases

# From $3: the last number seen, how many, a country, a stage, whether uncontacted, claimed or muted ones alone are
# asked for, and the day before which the campaign's deadline was. $2 is the campaign, or the text that was typed.
_FILTERS = f"""
    AND x.number < $3
    AND ($5::text IS NULL OR x.country_code = $5)
    AND ($10::date IS NULL OR x.outcome IS NULL AND EXISTS (SELECT FROM recovery_campaigns AS c
        WHERE c.org_id = $1 AND c.id = x.campaign_id AND c.deadline_on < $10))
    AND (NOT $9::boolean OR EXISTS (SELECT FROM recovery_reminders AS r
        WHERE r.org_id = $1 AND r.case_id = x.id AND r.muted_at IS NOT NULL))
    AND (NOT $8::boolean OR {_CLAIMED})
    AND (NOT $7::boolean OR NOT {_CONTACTED})
    AND ($6::text IS NULL OR {STAGE} = $6)
"""


def _lines(page: str) -> str:
    """Return the statement that reads the lines of `page`, which finds their numbers."""
    return f"""
WITH {page}
SELECT x.number, x.created_at, x.code, x.first_name, x.last_name, x.email, x.city, x.country_code, x.shipping,
    x.outcome, {STAGE} AS stage, c.number AS campaign_number, c.created_at AS campaign_created_at,
    c.name AS campaign_name, c.deadline_on, n.items, n.serial_numbers, k.contact_count, k.contacted_at,
    {_CLAIMED} AS is_claimed, r.muted_at, r.opted_out_at
FROM page
CROSS JOIN LATERAL (SELECT * FROM recovery_cases WHERE org_id = $1 AND number = page.number LIMIT 1) AS x
JOIN recovery_campaigns AS c ON c.org_id = $1 AND c.id = x.campaign_id
LEFT JOIN recovery_reminders AS r ON r.org_id = $1 AND r.case_id = x.id
CROSS JOIN LATERAL (
    SELECT array_agg(i.name ORDER BY i.position) AS items,
        coalesce(array_agg(i.serial_number ORDER BY i.position) FILTER (WHERE i.serial_number IS NOT NULL), '{{}}')
            AS serial_numbers
    FROM recovery_items AS i WHERE i.org_id = $1 AND i.case_id = x.id) AS n
CROSS JOIN LATERAL (
    SELECT count(*) AS contact_count, max(k.decided_at) AS contacted_at FROM recovery_contacts AS k
    WHERE k.org_id = $1 AND k.case_id = x.id AND k.audience = 'employee' AND k.outcome = 'sent') AS k
ORDER BY x.number DESC
"""


def _listed(condition: str) -> str:
    return _lines(f"""page AS MATERIALIZED (
    SELECT x.number FROM recovery_cases AS x
    WHERE x.org_id = $1 AND {condition} {_FILTERS} ORDER BY x.number DESC LIMIT $4
)""")


# A condition on a partial index is written out: a value would hide it from a plan that is made once.
LIST_CASES = _listed("$2::text IS NULL")
LIST_OPEN_CASES = _listed("$2::text IS NULL AND x.outcome IS NULL")
LIST_CASES_OF_CAMPAIGN = _listed("x.campaign_id = $2::text::uuid")
LIST_OPEN_CASES_OF_CAMPAIGN = _listed("x.campaign_id = $2::text::uuid AND x.outcome IS NULL")
LIST_CASES_OF_COUNTRY = _listed("$2::text IS NULL AND x.country_code = $5::text")


def _found(ids: str) -> str:
    """Return a statement for cases that are few: each is looked up by itself, where LIMIT keeps a lookup a lookup.

    $11 says whether open ones alone are asked for.
    """
    return _lines(f"""page AS MATERIALIZED (
    SELECT x.number FROM ({ids}) AS found
    CROSS JOIN LATERAL (SELECT * FROM recovery_cases WHERE org_id = $1 AND id = found.id LIMIT 1) AS x
    WHERE ($2::text IS NULL OR x.campaign_id = $2::text::uuid) AND (NOT $11::boolean OR x.outcome IS NULL) {_FILTERS}
    ORDER BY x.number DESC LIMIT $4
)""")


LIST_MUTED_CASES = _found(
    "SELECT case_id AS id FROM recovery_reminders WHERE org_id = $1 AND muted_at IS NOT NULL"
)
LIST_CLAIMED_CASES = _found(
    "SELECT DISTINCT case_id AS id FROM recovery_claims WHERE org_id = $1 AND withdrawn_at IS NULL"
)


def _open(condition: str) -> str:
    """Return a statement for the newest of the open cases that their own table finds: by stage, or never reminded."""
    return _lines(f"""page AS MATERIALIZED (
    SELECT x.number FROM (
        SELECT o.case_id, o.number FROM recovery_open_cases AS o
        WHERE o.org_id = $1 AND o.number < $3 AND {condition}
    ) AS found
    CROSS JOIN LATERAL (SELECT * FROM recovery_cases WHERE org_id = $1 AND id = found.case_id LIMIT 1) AS x
    WHERE x.outcome IS NULL {_FILTERS} ORDER BY found.number DESC LIMIT $4
)""")


LIST_CASES_OF_STAGE = _open("$2::text IS NULL AND o.stage = $6::text")
LIST_CASES_OF_CAMPAIGN_AND_STAGE = _open("o.campaign_id = $2::text::uuid AND o.stage = $6::text")
LIST_UNCONTACTED_CASES = _open("$2::text IS NULL AND NOT o.is_contacted")
LIST_UNCONTACTED_CASES_OF_CAMPAIGN = _open("o.campaign_id = $2::text::uuid AND NOT o.is_contacted")
# Of each campaign that is late the newest open cases, so that campaigns in time are never looked into.
LIST_OVERDUE_CASES = _lines(f"""page AS MATERIALIZED (
    SELECT newest.number FROM recovery_campaigns AS late
    CROSS JOIN LATERAL (
        SELECT x.number FROM recovery_cases AS x
        WHERE x.org_id = $1 AND x.campaign_id = late.id AND x.outcome IS NULL {_FILTERS}
        ORDER BY x.number DESC LIMIT $4
    ) AS newest
    WHERE late.org_id = $1 AND late.deadline_on < $10 AND ($2::text IS NULL OR late.id = $2::text::uuid)
    ORDER BY newest.number DESC LIMIT $4
)""")


# The newest of each outcome first, so that the rarest of them is found as quickly as the others. $11 the outcomes of
# the stage that is asked for.
def _ended(condition: str) -> str:
    return _lines(f"""page AS MATERIALIZED (
    SELECT newest.number FROM unnest($11::text[]) AS wanted (outcome)
    CROSS JOIN LATERAL (
        SELECT x.number FROM recovery_cases AS x
        WHERE x.org_id = $1 AND {condition} AND x.outcome = wanted.outcome {_FILTERS}
        ORDER BY x.number DESC LIMIT $4
    ) AS newest
    ORDER BY newest.number DESC LIMIT $4
)""")


LIST_ENDED_CASES = _ended("$2::text IS NULL")
LIST_ENDED_CASES_OF_CAMPAIGN = _ended("x.campaign_id = $2::text::uuid")
# $2 the text as names are compared, $11 where what begins with it ends, $12 and $13 the same of serial numbers, $14 a
# number, $15 how many are looked at by each way, $16 the campaign or NULL, $17 whether open ones alone are asked for.
LIST_CASES_BY_TEXT = _lines(f"""found AS MATERIALIZED (
    (SELECT id FROM recovery_cases WHERE org_id = $1 AND person_key >= $2 AND person_key < $11 LIMIT $15)
    UNION (SELECT id FROM recovery_cases WHERE org_id = $1 AND surname_key >= $2 AND surname_key < $11 LIMIT $15)
    UNION (SELECT id FROM recovery_cases WHERE org_id = $1 AND typed_email >= $2 AND typed_email < $11 LIMIT $15)
    UNION (SELECT case_id FROM recovery_items WHERE org_id = $1 AND serial_key >= $12 AND serial_key < $13 LIMIT $15)
    UNION SELECT id FROM recovery_cases WHERE org_id = $1 AND code = $12
    UNION SELECT id FROM recovery_cases WHERE org_id = $1 AND number = $14::bigint
), page AS MATERIALIZED (
    SELECT x.number FROM found JOIN recovery_cases AS x ON x.org_id = $1 AND x.id = found.id
    WHERE ($16::uuid IS NULL OR x.campaign_id = $16) AND (NOT $17::boolean OR x.outcome IS NULL) {_FILTERS}
    ORDER BY x.number DESC LIMIT $4
)""")

# $2 the case, $3 today, $4 and $5 the numbers by which holds may name it.
GET_CASE_SHEET = f"""
SELECT {STAGE} AS stage,
    coalesce((SELECT jsonb_agg(jsonb_build_object('item_id', i.id, 'number', a.number, 'serial_number',
            a.serial_number))
        FROM recovery_items AS i JOIN assets AS a ON a.org_id = i.org_id AND a.id = i.asset_id
        WHERE i.org_id = x.org_id AND i.case_id = x.id), '[]') AS assets,
    coalesce((SELECT jsonb_agg(jsonb_build_object('position', p.position, 'attempt', p.attempt,
            'transfer_id', p.transfer_id,
            'device', p.device, 'status', t.status, 'is_box_waived', t.is_box_waived,
            'box', {LEG_JSON.format(leg="box")}, 'back', {LEG_JSON.format(leg="device")},
            'pickup', (SELECT jsonb_build_object('on_date', u.on_date, 'instructions', u.instructions,
                    'status', u.status)
                FROM pickups AS u JOIN shipments AS s ON s.org_id = u.org_id AND s.id = u.shipment_id
                WHERE u.org_id = p.org_id AND s.subject_kind = 'transfer' AND s.subject_id = p.transfer_id
                    AND u.status IN ('requested', 'booked') AND u.on_date >= $3::date)) ORDER BY p.position, p.attempt)
        FROM recovery_parcels AS p JOIN transfers AS t ON t.org_id = p.org_id AND t.id = p.transfer_id
        WHERE p.org_id = x.org_id AND p.case_id = x.id), '[]') AS parcels,
    {LOGGED_JSON} AS contacts,
    coalesce((SELECT jsonb_agg(to_jsonb(f) ORDER BY f.return_number, f.position) FROM ({FOUND}) AS f), '[]')
        AS found_lines,
    coalesce({CLAIMS_JSON.format(more="")}, '[]') AS claims,
    {SIGNATURE_JSON} AS signature,
    {CONFIRMED_AT} AS confirmed_at,
    r.muted_at, r.opted_out_at, r.next_at AS next_look_at,
    (SELECT count(*) FROM recovery_links AS l WHERE l.org_id = x.org_id AND l.case_id = x.id
        AND l.revoked_at IS NULL AND l.expires_at > $6::timestamptz) AS live_link_count,
    coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('number', h.number, 'summary', h.summary,
            'released_at', s.released_at))
        FROM hold_subjects AS s JOIN holds AS h ON h.org_id = s.org_id AND h.id = s.hold_id
        WHERE s.org_id = $1 AND (s.case_number IN ($4, $5) OR s.kind = 'employee' AND s.employee_id = x.employee_id
            OR s.asset_id IN (SELECT i.asset_id FROM recovery_items AS i
                WHERE i.org_id = $1 AND i.case_id = x.id))), '[]') AS holds,
    (SELECT coalesce(u.name, a.name) FROM (SELECT x.ending ->> 'author_kind' AS kind,
            (x.ending ->> 'author_id')::uuid AS id) AS e
        LEFT JOIN users AS u ON e.kind = 'user' AND u.id = e.id
        LEFT JOIN api_keys AS a ON e.kind = 'api_key' AND a.org_id = $1 AND a.id = e.id) AS ended_by,
    {_CHANGES.format(kind="recovery_case", id="x.id")} AS changes
FROM recovery_cases AS x LEFT JOIN recovery_reminders AS r ON r.org_id = x.org_id AND r.case_id = x.id
WHERE x.org_id = $1 AND x.id = $2
"""
