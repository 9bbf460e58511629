"""The SQL that decides which parcels need somebody: one definition, asked of all organizations and of one."""

from backhaul.domain.radar.model import ParcelException

COLUMNS = ", ".join(ParcelException.__struct_fields__)
_MOVING = "('in_transit', 'out_for_delivery', 'available_for_pickup')"
_TROUBLE = "('return_to_sender', 'failure')"

# What is looked at of a parcel: read once, where it is found.
_PARCEL = ", ".join(
    f"s.{name}"
    for name in (
        "org_id", "id", "subject_id", "leg", "status", "fault", "carrier", "tracking_number", "ready_at",
        "labelled_at", "shipped_at", "delivered_at", "updated_at",
    )
)  # fmt: skip
# Of a recovery: whether anything in the parcel is still expected, and nothing was sent in its place. Of another
# transfer: its own status says so.
_EXPECTED = """
(r.case_id IS NULL OR EXISTS (SELECT FROM recovery_items AS i WHERE i.org_id = r.org_id AND i.case_id = r.case_id
    AND i.parcel = r.position AND i.outcome IS NULL)
    AND NOT EXISTS (SELECT FROM recovery_parcels AS later WHERE later.org_id = r.org_id AND later.case_id = r.case_id
        AND later.position = r.position AND later.attempt > r.attempt))
"""
# Of a recovery's parcel `p`: whether anything in it is still expected.
_NEEDED = """
EXISTS (SELECT FROM recovery_items AS i
    WHERE i.org_id = p.org_id AND i.case_id = p.case_id AND i.parcel = p.position AND i.outcome IS NULL)
"""
# Of a recovery's parcel `p`: whether its address is none by its country's rules, and nobody said that it is right.
_DOUBTFUL = """
EXISTS (SELECT FROM recovery_cases AS k
    WHERE k.org_id = p.org_id AND k.id = p.case_id AND k.is_address_doubtful AND k.outcome IS NULL)
"""
# Of a parcel `s`: whether it is too early to say that its label was never scanned, or that it moves no more.
_UNLOST = """
CASE s.status WHEN 'pre_transit' THEN coalesce(greatest(s.ready_at, s.labelled_at) > $3, true)
    ELSE coalesce((SELECT max(e.at) FROM tracking_events AS e WHERE e.org_id = s.org_id AND e.shipment_id = s.id
        AND e.tracking_number = s.tracking_number) > $4, true) END
"""
# What is wrong with each of the parcels `watched`; $3, $4 and $5 are the cutoffs. A delivery's suggested
# action is NULL when it was received, or when nobody can tell: the device is not in the inventory.
_CAUSES = f"""
raised AS MATERIALIZED (
    SELECT s.org_id, s.id AS shipment_id, t.id AS transfer_id, t.status AS transfer_status, t.user_id, t.user_email,
        s.leg, s.status, s.carrier, s.tracking_number, s.ready_at, s.labelled_at, s.shipped_at, s.delivered_at,
        s.updated_at,
        p.case_id, p.position, p.attempt, CASE
            WHEN p.attempt > 1 AND s.leg = 'box' AND t.status IN ('box_in_transit', 'pending_device', 'not_returned')
                AND NOT {_NEEDED} THEN 'box_not_needed'
            WHEN s.fault = 'bad_address' AND (s.status IN {_MOVING} OR s.status IN {_TROUBLE}) THEN 'address_exception'
            WHEN s.leg = 'box' AND (s.status = 'pre_transit' OR s.status IN {_MOVING}) AND {_DOUBTFUL} AND {_UNLOST}
                THEN 'address_exception'
            WHEN s.leg = 'box' AND s.status IN {_TROUBLE} THEN 'box_undeliverable'
            WHEN s.status = 'pre_transit' AND s.tracking_number IS NOT NULL AND s.ready_at IS NOT NULL
                THEN 'label_never_scanned'
            WHEN s.status IN {_MOVING} THEN 'no_movement'
            WHEN s.status = 'delivered' AND s.leg = 'device' THEN 'delivered_not_received'
        END AS kind
    FROM watched AS s
    JOIN transfers AS t ON t.org_id = s.org_id AND t.id = s.subject_id -- what belongs to something else has no such id
    LEFT JOIN recovery_parcels AS p ON p.org_id = t.org_id AND p.transfer_id = t.id
), dated AS MATERIALIZED (
    SELECT r.*, CASE r.kind
        WHEN 'label_never_scanned' THEN greatest(r.ready_at, r.labelled_at)
        WHEN 'delivered_not_received' THEN r.delivered_at
        WHEN 'box_not_needed' THEN greatest(r.shipped_at, (SELECT max((i.ending ->> 'at')::timestamptz)
            FROM recovery_items AS i
            WHERE i.org_id = r.org_id AND i.case_id = r.case_id AND i.parcel = r.position))
        WHEN 'no_movement' THEN (SELECT max(e.at) FROM tracking_events AS e
            WHERE e.org_id = r.org_id AND e.shipment_id = r.shipment_id AND e.tracking_number = r.tracking_number)
        ELSE coalesce((SELECT min(e.at) FROM tracking_events AS e
            WHERE e.org_id = r.org_id AND e.shipment_id = r.shipment_id AND e.tracking_number = r.tracking_number
                AND CASE r.kind WHEN 'address_exception' THEN e.fault = 'bad_address' ELSE e.status IN {_TROUBLE} END),
            r.updated_at)
    END AS since
    FROM raised AS r WHERE r.kind IS NOT NULL
), causes AS MATERIALIZED (
    SELECT r.*, CASE r.kind
        WHEN 'label_never_scanned' THEN CASE r.leg WHEN 'box' THEN 'check_depot' ELSE 'ask_sender' END
        WHEN 'no_movement' THEN CASE r.status WHEN 'available_for_pickup' THEN 'collect' ELSE 'trace' END
        WHEN 'address_exception' THEN CASE WHEN r.status IN {_TROUBLE} THEN 'send_again' ELSE 'correct_address' END
        WHEN 'box_undeliverable' THEN 'send_again'
        WHEN 'box_not_needed' THEN 'tell_receiver'
        ELSE CASE WHEN r.case_id IS NOT NULL THEN (
            SELECT 'inspect' FROM recovery_cases AS k
            WHERE k.org_id = r.org_id AND k.id = r.case_id AND k.diagnosed_at IS NULL AND EXISTS (
                SELECT FROM recovery_items AS i WHERE i.org_id = r.org_id AND i.case_id = r.case_id
                    AND i.parcel = r.position AND coalesce(i.ending ->> 'author_kind', 'system') = 'system'))
        ELSE (
            SELECT CASE a.custody WHEN 'parcel' THEN 'take_in' ELSE 'find_holder' END
            FROM asset_transfers AS l JOIN assets AS a ON a.org_id = l.org_id AND a.id = l.asset_id
            WHERE l.org_id = r.org_id AND l.transfer_id = r.transfer_id AND (
                a.custody = 'outside' AND a.custody_since = r.delivered_at
                OR a.custody = 'parcel' AND a.shipment_id = r.shipment_id)) END
    END AS suggested_action, CASE r.kind
        WHEN 'label_never_scanned' THEN r.transfer_status = 'pending_' || r.leg AND {_EXPECTED}
        WHEN 'no_movement' THEN r.leg = 'device' OR r.transfer_status IN ('pending_box', 'box_in_transit')
        WHEN 'delivered_not_received' THEN true
        WHEN 'box_not_needed' THEN r.transfer_status <> 'not_returned'
        ELSE (r.leg = 'device' OR r.transfer_status IN ('pending_box', 'box_in_transit', 'failed')) AND {_EXPECTED}
    END AS is_wanted
    FROM dated AS r WHERE CASE r.kind
        WHEN 'label_never_scanned' THEN r.since <= $3
        WHEN 'no_movement' THEN r.since <= $4
        WHEN 'delivered_not_received' THEN r.since <= $5
        ELSE true END
), wanted AS (
    -- What somebody took care of stays closed until the parcel changes.
    SELECT * FROM causes AS c WHERE c.is_wanted AND c.suggested_action IS NOT NULL AND NOT EXISTS (
        SELECT FROM parcel_exceptions AS x WHERE x.org_id = c.org_id AND x.shipment_id = c.shipment_id
            AND x.kind = c.kind AND x.closed_because = 'acknowledged' AND x.closed_at >= c.updated_at)
)
"""

# Where an exception is to be opened or closed. Ids only, each organization's first one before anybody's second, so that
# one that fails in every round keeps nobody waiting. $1: how far back what is finished is looked at.
DIFFERING = f"""
WITH watched AS (
    SELECT {_PARCEL} FROM shipments AS s WHERE s.status = 'pre_transit' AND s.tracking_number IS NOT NULL
        AND s.ready_at IS NOT NULL AND greatest(s.ready_at, s.labelled_at) > $3::timestamptz - $1::interval
        AND greatest(s.ready_at, s.labelled_at) <= $3
    UNION ALL
    SELECT {_PARCEL} FROM shipments AS s WHERE s.status IN {_MOVING} AND s.shipped_at <= $4
    UNION ALL
    SELECT {_PARCEL} FROM shipments AS s WHERE s.status = 'delivered' AND s.leg = 'device'
        AND s.delivered_at > $5::timestamptz - $1::interval AND s.delivered_at <= $5
    UNION ALL
    SELECT {_PARCEL} FROM shipments AS s WHERE (s.status IN {_TROUBLE} OR s.fault = 'bad_address')
        AND s.updated_at > $2::timestamptz - $1::interval
    UNION ALL
    -- OFFSET 0: one look-up for each, however many the planner takes them for. What is sent again is little.
    SELECT {_PARCEL} FROM recovery_parcels AS p
    CROSS JOIN LATERAL (SELECT * FROM transfers AS y WHERE y.org_id = p.org_id AND y.id = p.transfer_id OFFSET 0) AS t
    CROSS JOIN LATERAL (SELECT * FROM shipments AS y WHERE y.org_id = p.org_id AND y.subject_kind = 'transfer'
        AND y.subject_id = p.transfer_id AND y.leg = 'box' OFFSET 0) AS s
    WHERE p.attempt > 1 AND t.status IN ('box_in_transit', 'pending_device')
    UNION ALL
    -- The same for each person whose address is none by its country's rules.
    SELECT {_PARCEL} FROM recovery_cases AS k
    CROSS JOIN LATERAL (
        SELECT * FROM recovery_parcels AS y WHERE y.org_id = k.org_id AND y.case_id = k.id OFFSET 0) AS p
    CROSS JOIN LATERAL (SELECT * FROM shipments AS y WHERE y.org_id = p.org_id AND y.subject_kind = 'transfer'
        AND y.subject_id = p.transfer_id AND y.leg = 'box' OFFSET 0) AS s
    WHERE k.is_address_doubtful AND k.outcome IS NULL
    UNION ALL
    -- The same for each open exception.
    SELECT {_PARCEL} FROM parcel_exceptions AS x CROSS JOIN LATERAL (
        SELECT * FROM shipments AS y WHERE y.org_id = x.org_id AND y.id = x.shipment_id OFFSET 0) AS s
    WHERE x.closed_at IS NULL
), {_CAUSES}, differing AS (
    SELECT DISTINCT coalesce(w.org_id, o.org_id) AS org_id, coalesce(w.shipment_id, o.shipment_id) AS shipment_id
    FROM wanted AS w
    FULL JOIN (SELECT * FROM parcel_exceptions WHERE closed_at IS NULL) AS o ON o.org_id = w.org_id
        AND o.shipment_id = w.shipment_id AND o.kind = w.kind AND o.suggested_action = w.suggested_action
    WHERE w.shipment_id IS NULL OR o.id IS NULL
)
SELECT org_id, shipment_id FROM (
    SELECT d.*, row_number() OVER (PARTITION BY d.org_id ORDER BY d.shipment_id) AS place FROM differing AS d
) AS d ORDER BY place LIMIT $6
"""

# The same of some parcels of one organization: a cause to open an exception for, or the id of one to close and why.
COMPARE = f"""
WITH watched AS (SELECT {_PARCEL} FROM shipments AS s WHERE s.org_id = $1 AND s.id = ANY($2)), {_CAUSES}
SELECT w.kind, w.suggested_action, w.shipment_id, w.transfer_id, w.case_id, g.id AS campaign_id, w.leg, w.carrier,
    w.tracking_number, w.since, coalesce(g.owner_id, w.user_id) AS owner_id,
    coalesce(g.owner_email, w.user_email) AS owner_email, o.id AS exception_id, CASE
        WHEN EXISTS (SELECT FROM causes AS c
            WHERE c.shipment_id = o.shipment_id AND c.kind = o.kind AND NOT c.is_wanted) THEN 'ended'
        WHEN EXISTS (SELECT FROM shipments AS s
            WHERE s.org_id = $1 AND s.id = o.shipment_id AND s.status = 'cancelled') THEN 'ended'
        ELSE 'gone' END AS closed_because
FROM wanted AS w
FULL JOIN (
    SELECT * FROM parcel_exceptions WHERE org_id = $1 AND shipment_id = ANY($2) AND closed_at IS NULL
) AS o ON o.shipment_id = w.shipment_id AND o.kind = w.kind AND o.suggested_action = w.suggested_action
LEFT JOIN recovery_cases AS k ON k.org_id = $1 AND k.id = w.case_id
LEFT JOIN recovery_campaigns AS g ON g.org_id = $1 AND g.id = k.campaign_id
WHERE w.shipment_id IS NULL OR o.id IS NULL
"""

CLOSE = f"""
UPDATE parcel_exceptions AS x SET closed_at = $4, closed_because = y.because, version = x.version + 1
FROM unnest($2::uuid[], $3::text[]) AS y (exception_id, because)
WHERE x.org_id = $1 AND x.id = y.exception_id AND x.closed_at IS NULL
RETURNING {COLUMNS}
"""

OPEN = f"""
INSERT INTO parcel_exceptions (org_id, id, kind, suggested_action, shipment_id, transfer_id, case_id, campaign_id, leg,
    carrier, tracking_number, owner_id, owner_email, since, due_at, opened_at, version)
SELECT $1, *, $16, 1 FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[],
    $9::text[], $10::text[], $11::text[], $12::uuid[], $13::text[], $14::timestamptz[], $15::timestamptz[])
ON CONFLICT (org_id, shipment_id, kind) WHERE closed_at IS NULL DO NOTHING
RETURNING {COLUMNS}
"""

_BY_NUMBER = "FROM parcel_exceptions AS x WHERE x.org_id = $1 AND x.number = $2"
LOCK = f"""
SELECT {COLUMNS}, (SELECT t.status FROM transfers AS t WHERE t.org_id = x.org_id AND t.id = x.transfer_id)
    AS transfer_status
{_BY_NUMBER} FOR UPDATE OF x
"""
SAVE = """
UPDATE parcel_exceptions SET owner_id = $3, owner_email = $4, acknowledged_at = $5, acknowledged_by = $6, note = $7,
    closed_at = $8, closed_because = $9, version = $10, snoozed_until = $11, snoozed_by = $12
WHERE org_id = $1 AND id = $2 AND version = $10 - 1
"""
