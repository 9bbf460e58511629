"""The SQL: campaigns, pages of cases with all that belongs to them, rows to lock, facts to write."""

from backhaul.domain.recovery.model import Campaign, Case, Item
from backhaul.storage.facts import FactKind

CAMPAIGN_COLUMNS = ", ".join(Campaign.__struct_fields__)
CASE_COLUMNS = ", ".join(Case.__struct_fields__)
ITEM_COLUMNS = ", ".join(Item.__struct_fields__)
_CASE = ", ".join(f"x.{name}" for name in Case.__struct_fields__)

# A public number's first digits are the second of the creation (contract Unduit §2.5).
_CREATED = "floor(extract(epoch FROM created_at)) = {seconds}"

# Whether nothing was sent after the parcel `p` in its place.
IS_LATEST = """
NOT EXISTS (SELECT FROM recovery_parcels AS later WHERE later.org_id = p.org_id AND later.case_id = p.case_id
    AND later.position = p.position AND later.attempt > p.attempt)
"""

# Everything that belongs to the case `x`.
_BELONGING = f"""
(SELECT jsonb_agg(to_jsonb(i) ORDER BY i.position) FROM recovery_items AS i
    WHERE i.org_id = x.org_id AND i.case_id = x.id) AS items,
(SELECT jsonb_agg(jsonb_build_object(
        'position', p.position, 'transfer_id', p.transfer_id, 'device', p.device, 'status', t.status,
        'is_box_waived', t.is_box_waived, 'updated_at', t.updated_at,
        'box', (SELECT to_jsonb(w) FROM (SELECT s.carrier, s.tracking_number, s.tracking_url) AS w
                WHERE s.id IS NOT NULL),
        'back', (SELECT to_jsonb(w) FROM (SELECT d.carrier, d.tracking_number, d.tracking_url) AS w
                 WHERE d.id IS NOT NULL)) ORDER BY p.position)
    FROM recovery_parcels AS p
    JOIN transfers AS t ON t.org_id = p.org_id AND t.id = p.transfer_id
    LEFT JOIN shipments AS s ON s.org_id = p.org_id AND s.subject_kind = 'transfer' AND s.subject_id = p.transfer_id
        AND s.leg = 'box'
    LEFT JOIN shipments AS d ON d.org_id = p.org_id AND d.subject_kind = 'transfer' AND d.subject_id = p.transfer_id
        AND d.leg = 'device'
    WHERE p.org_id = x.org_id AND p.case_id = x.id AND {IS_LATEST}) AS parcels,
(SELECT e.number FROM employees AS e WHERE e.org_id = x.org_id AND e.id = x.employee_id) AS employee_number
"""

LIST_CAMPAIGNS = """
WITH counted AS (SELECT count(*) AS total FROM recovery_campaigns WHERE org_id = $1),
page AS (
    SELECT number, name, status, country_code, starts_on, deadline_on, case_count, item_count, created_at
    FROM recovery_campaigns WHERE org_id = $1 ORDER BY number DESC LIMIT $3 OFFSET $2
)
SELECT counted.total, page.* FROM counted LEFT JOIN page ON true ORDER BY page.number DESC
"""

# One row a case, the campaign in each; a row without a case when the page is empty. The page is found in the index
# alone: what is passed over on the way to a late page is not looked at. One look-up a row (LIMIT 1 keeps it so): not
# knowing how long a page is, the planner would read all cases instead.
GET_CAMPAIGN = f"""
WITH c AS MATERIALIZED (
    SELECT {CAMPAIGN_COLUMNS} FROM recovery_campaigns
    WHERE org_id = $1 AND number = $2 AND {_CREATED.format(seconds="$3")}
), page AS MATERIALIZED (
    SELECT number FROM recovery_cases WHERE org_id = $1 AND campaign_id = (SELECT id FROM c)
    ORDER BY number DESC LIMIT $5 OFFSET $4
)
SELECT to_jsonb(c) AS campaign, {_CASE}, {_BELONGING}
FROM c LEFT JOIN page ON true
LEFT JOIN LATERAL (SELECT * FROM recovery_cases WHERE org_id = $1 AND number = page.number LIMIT 1) AS x ON true
ORDER BY x.number DESC
"""


def _case_by(condition: str) -> str:
    return f"""
SELECT to_jsonb(c) AS campaign, {_CASE}, {_BELONGING}
FROM recovery_cases AS x
JOIN (SELECT {CAMPAIGN_COLUMNS} FROM recovery_campaigns WHERE org_id = $1) AS c ON c.id = x.campaign_id
WHERE x.org_id = $1 AND {condition}
"""


GET_CASE_BY_NUMBER = _case_by(
    f"x.number = $2 AND {_CREATED.replace('created_at', 'x.created_at').format(seconds='$3')}"
)
GET_CASE_BY_CODE = _case_by("x.code = $2")

# Where a device is expected, the latest first.
CASES_OF_ASSET = """
SELECT x.number, x.code, x.email, x.created_at, c.name AS campaign_name, i.name AS item_name, i.outcome
FROM recovery_items AS i
JOIN recovery_cases AS x ON x.org_id = $1 AND x.id = i.case_id
JOIN recovery_campaigns AS c ON c.org_id = $1 AND c.id = x.campaign_id
WHERE i.org_id = $1 AND i.asset_id = $2 ORDER BY x.number DESC, i.position LIMIT $3
"""

# What a new campaign follows: its number, where the organization's devices go, who owns it.
LOOK_AROUND = """
SELECT nextval('recovery_campaigns_number_seq') AS number, o.default_address, u.id AS owner_id, u.email AS owner_email,
    (SELECT l.id FROM ladders AS l WHERE l.org_id = $1
        AND CASE WHEN $3::text IS NULL THEN l.is_default ELSE l.name_key = name_key($3) END) AS ladder_id
FROM organizations AS o
LEFT JOIN (memberships AS m JOIN users AS u ON u.id = m.user_id AND u.is_enabled)
    ON m.org_id = o.org_id AND u.email = $2
WHERE o.org_id = $1
"""

LOCK_CAMPAIGN = f"""
SELECT {CAMPAIGN_COLUMNS} FROM recovery_campaigns
WHERE org_id = $1 AND number = $2 AND {_CREATED.format(seconds="$3")} FOR NO KEY UPDATE
"""

# The assets that some items name, numbers for new cases, and which people are known. $2: items as given, in order;
# $3: how many cases; $4: their addresses. Serial numbers are unique; of own ids and IMEIs two are enough to know that
# they say nothing.
_KNOWN = """
(SELECT jsonb_agg(
    (SELECT CASE WHEN count(DISTINCT m.id) = 1 THEN (array_agg(m.id))[1] END FROM (
        SELECT a.id FROM assets AS a WHERE a.org_id = $1 AND a.serial_key = serial_key(w.item ->> 'serial_number')
        UNION ALL
        (SELECT a.id FROM assets AS a WHERE a.org_id = $1 AND a.tag_key = name_key(w.item ->> 'tag') LIMIT 2)
        UNION ALL
        (SELECT a.id FROM assets AS a WHERE a.org_id = $1 AND a.imei = w.item ->> 'imei' LIMIT 2)
        UNION ALL
        (SELECT a.id FROM assets AS a WHERE a.org_id = $1 AND a.imei2 = w.item ->> 'imei' LIMIT 2)
    ) AS m) ORDER BY w.position)
    FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS w (item, position)) AS asset_ids,
(SELECT array_agg(nextval('recovery_cases_number_seq')) FROM generate_series(1, $3::integer)) AS numbers,
(SELECT jsonb_object_agg(e.email_key, e.id) FROM employees AS e
    WHERE e.org_id = $1 AND e.email_key = ANY(SELECT email_key(g) FROM unnest($4::text[]) AS g)) AS employee_ids
"""
# Together with the campaign, locked: what one new case needs.
LOCK_AND_LOOK = f"""
WITH c AS MATERIALIZED (
    SELECT {CAMPAIGN_COLUMNS} FROM recovery_campaigns
    WHERE org_id = $1 AND number = $5 AND {_CREATED.format(seconds="$6")} FOR NO KEY UPDATE
)
SELECT {CAMPAIGN_COLUMNS}, {_KNOWN} FROM c
"""
# Apart from it, for many: once the campaign is locked, nobody else adds anybody.
LOOK = f"""
SELECT {_KNOWN},
    ARRAY(SELECT x.email FROM recovery_cases AS x WHERE x.org_id = $1 AND x.campaign_id = $5
        AND x.email_key = ANY(SELECT email_key(g) FROM unnest($4::text[]) AS g) ORDER BY x.email_key) AS taken
"""

# The items are read after the case is locked: what somebody else has just said about them counts.
LOCK_CASE = f"SELECT {CASE_COLUMNS} FROM recovery_cases WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE"
FIND_CASE_BY_NUMBER = f"""
SELECT {CASE_COLUMNS} FROM recovery_cases
WHERE org_id = $1 AND number = $2 AND {_CREATED.format(seconds="$3")}
"""
FIND_CASE_BY_CODE = f"SELECT {CASE_COLUMNS} FROM recovery_cases WHERE org_id = $1 AND code = $2"
LOCK_CASE_BY_NUMBER = f"{FIND_CASE_BY_NUMBER} FOR NO KEY UPDATE"
LOCK_CASE_BY_CODE = f"{FIND_CASE_BY_CODE} FOR NO KEY UPDATE"
SERIALS = "SELECT id, serial_number FROM assets WHERE org_id = $1 AND id = ANY ($2::uuid[])"
ITEMS_OF_CASE = (
    f"SELECT {ITEM_COLUMNS} FROM recovery_items WHERE org_id = $1 AND case_id = $2 ORDER BY position"
)
FIND_CASE_OF_TRANSFER = """
SELECT case_id, position FROM recovery_parcels WHERE org_id = $1 AND transfer_id = $2
"""
# Whether anything waits to be sent in a place of which this transfer carries another parcel.
HAS_REPLACEMENT = """
SELECT EXISTS (SELECT FROM recovery_parcels AS p
    JOIN recovery_parcels AS other ON other.org_id = p.org_id AND other.case_id = p.case_id
        AND other.position = p.position AND other.attempt <> p.attempt
    JOIN transfers AS t ON t.org_id = other.org_id AND t.id = other.transfer_id
    WHERE p.org_id = $1 AND p.transfer_id = $2 AND t.status IN ('pending_box', 'pending_device'))
"""
PARCELS_OF_CASE = """
SELECT org_id, case_id, position, transfer_id, device, attempt FROM recovery_parcels
WHERE org_id = $1 AND case_id = $2 ORDER BY position, attempt
"""
FIND_CAMPAIGN = f"SELECT {CAMPAIGN_COLUMNS} FROM recovery_campaigns WHERE org_id = $1 AND id = $2"
COUNT_OPEN = "SELECT count(*) FROM recovery_cases WHERE org_id = $1 AND campaign_id = $2 AND outcome IS NULL"
# Who owns a changed campaign, and which ladder it follows.
FIND_PARTIES = """
SELECT u.id AS owner_id, u.email AS owner_email,
    (SELECT l.id FROM ladders AS l WHERE l.org_id = $1 AND l.name_key = name_key($3)) AS ladder_id
FROM organizations AS o
LEFT JOIN (memberships AS m JOIN users AS u ON u.id = m.user_id AND u.is_enabled)
    ON m.org_id = o.org_id AND u.email = $2
WHERE o.org_id = $1
"""
CHANGE = """
UPDATE recovery_campaigns SET name = $3, description = $4, deadline_on = $5, helpdesk_email = $6, owner_id = $7,
    owner_email = $8, ladder_id = $9, updated_at = $10, version = $11, return_addresses = $12, starts_on = $13
WHERE org_id = $1 AND id = $2 AND version = $11 - 1
"""
COMPLETE = """
UPDATE recovery_campaigns SET status = $3, updated_at = $4, version = $5
WHERE org_id = $1 AND id = $2 AND version = $5 - 1
"""

CAMPAIGN_TYPES = {
    "id": "uuid", "org_id": "uuid", "number": "bigint", "name": "text", "description": "text", "status": "text",
    "country_code": "text", "starts_on": "date", "deadline_on": "date", "helpdesk_email": "text", "owner_id": "uuid",
    "owner_email": "text", "return_addresses": "jsonb", "ladder_id": "uuid", "case_count": "integer",
    "item_count": "integer", "created_at": "timestamptz", "updated_at": "timestamptz", "version": "integer",
}  # fmt: skip
CASE_TYPES = {
    "id": "uuid", "org_id": "uuid", "number": "bigint", "code": "text", "campaign_id": "uuid", "employee_id": "uuid",
    "email": "text", "first_name": "text", "last_name": "text", "phone": "text", "line_1": "text", "line_2": "text",
    "city": "text", "state": "text", "postal_code": "text", "country_code": "text", "shipping": "text",
    "callback_url": "text", "reason": "text", "reason_note": "text", "outcome": "text", "ending": "jsonb",
    "diagnosed_at": "timestamptz", "created_at": "timestamptz", "updated_at": "timestamptz", "version": "integer",
    "begins_at": "timestamptz", "begun_at": "timestamptz", "is_address_doubtful": "boolean",
}  # fmt: skip
ITEM_TYPES = {
    "id": "uuid", "org_id": "uuid", "case_id": "uuid", "position": "integer", "parcel": "integer", "name": "text",
    "serial_number": "text", "tag": "text", "imei": "text", "custom_1": "text", "custom_2": "text",
    "is_legal_hold": "boolean", "asset_id": "uuid", "outcome": "text", "ending": "jsonb",
}  # fmt: skip


def _arrays(types: dict[str, str]) -> str:
    return ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types.values(), 1))


# A case is written with its items, the campaign's counters, history and event: one statement (decision 0004).
MADE = FactKind(
    name="recovery_campaign_made",
    width=len(CAMPAIGN_TYPES),
    insert=f"""
INSERT INTO recovery_campaigns (org_id, {", ".join(name for name in CAMPAIGN_TYPES if name != "org_id")})
SELECT org_id, {", ".join(name for name in CAMPAIGN_TYPES if name != "org_id")}
FROM unnest({_arrays(CAMPAIGN_TYPES)}) AS n ({", ".join(CAMPAIGN_TYPES)})
""",
)
OPENED = FactKind(
    name="recovery_case_opened",
    width=len(CASE_TYPES),
    insert=f"""
INSERT INTO recovery_cases ({", ".join(CASE_TYPES)}) SELECT * FROM unnest({_arrays(CASE_TYPES)})
""",
)
EXPECTED = FactKind(
    name="recovery_item_expected",
    width=len(ITEM_TYPES),
    insert=f"""
INSERT INTO recovery_items ({", ".join(ITEM_TYPES)}) SELECT * FROM unnest({_arrays(ITEM_TYPES)})
""",
)
COUNTED = FactKind(
    name="recovery_counted",
    width=4,
    insert="""
UPDATE recovery_campaigns AS c SET case_count = c.case_count + n.cases, item_count = c.item_count + n.items
FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[]) AS n (org_id, id, cases, items)
WHERE c.org_id = n.org_id AND c.id = n.id
""",
)
SENT = FactKind(
    name="recovery_parcel_sent",
    width=6,
    insert="""
INSERT INTO recovery_parcels (org_id, case_id, position, transfer_id, device, attempt)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::uuid[], $5::text[], $6::integer[])
""",
)
# The row was locked when it was read. Should anything have changed it all the same, NULL is refused where a version
# belongs, and nothing is written.
SAVED = FactKind(
    name="recovery_case_saved",
    width=7,
    insert="""
UPDATE recovery_cases AS c SET outcome = n.outcome, ending = n.ending, diagnosed_at = n.diagnosed_at,
    updated_at = n.updated_at, version = CASE WHEN c.version = n.version - 1 THEN n.version END
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[], $7::integer[])
    AS n (org_id, id, outcome, ending, diagnosed_at, updated_at, version)
WHERE c.org_id = n.org_id AND c.id = n.id
""",
)
ENDED = FactKind(
    name="recovery_item_ended",
    width=4,
    insert="""
UPDATE recovery_items AS i SET outcome = n.outcome, ending = n.ending
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[]) AS n (org_id, id, outcome, ending)
WHERE i.org_id = n.org_id AND i.id = n.id
""",
)
