"""The SQL of the first page: few index entries whatever the size. Each part is empty for who has no right to it."""

MOST_PARCELS = 100  # of one case that are looked at; an order may have fewer
_COUNT = "(SELECT count(*) FROM (SELECT {rows} LIMIT $9) AS o) AS {name}"


def _counted(rows: str, name: str) -> str:
    return _COUNT.format(rows=rows, name=name)


# $2 now, $3 whether transfers, $4 recovery, $5 returns, $6 money, $7 webhooks may be seen, $8 a week ago, $9 where
# counting stops, $10 the first instant of the month.
# Those that nobody takes care of yet, and nobody has put off: what the list of exceptions begins with.
_EXCEPTIONS = """
FROM parcel_exceptions AS x WHERE $3::boolean AND x.org_id = $1 AND x.closed_at IS NULL AND x.acknowledged_at IS NULL
    AND NOT coalesce(x.snoozed_until > $2::timestamptz, false)
"""
_LATE_CASES = """
FROM recovery_campaigns AS c
JOIN recovery_cases AS x ON x.org_id = $1 AND x.campaign_id = c.id AND x.outcome IS NULL
WHERE $4::boolean AND c.org_id = $1 AND c.deadline_on < ($2::timestamptz AT TIME ZONE 'UTC')::date
"""
_CLAIMS = """
FROM recovery_claims AS y JOIN recovery_items AS i ON i.org_id = $1 AND i.id = y.item_id AND i.outcome IS NULL
WHERE $4 AND y.org_id = $1 AND y.withdrawn_at IS NULL
"""
_QUOTES = """
FROM reshipments AS r
WHERE $5::boolean AND r.org_id = $1 AND r.status = 'pending' AND r.estimated_fee_minor > 0
"""
_RETURNS = "FROM returns AS r WHERE $5 AND r.org_id = $1 AND r.status IN ('processed', 'verified')"
# Of deliveries that ended badly the newest are looked at: older ones are no news.
_FAILED = """
FROM (
    (SELECT d.ended_at FROM webhook_deliveries AS d WHERE $7::boolean AND d.org_id = $1 AND d.status = 'exhausted'
        ORDER BY d.id DESC LIMIT $9)
    UNION ALL
    (SELECT d.ended_at FROM webhook_deliveries AS d WHERE $7 AND d.org_id = $1 AND d.status = 'gone'
        ORDER BY d.id DESC LIMIT $9)
) AS d WHERE d.ended_at >= $8::timestamptz
"""
_DECLINED = "FROM charges AS c WHERE $6::boolean AND c.org_id = $1 AND c.status = 'declined'"
# What was booked as revenue or refund within some time: the ledger knows what was taken back.
_BOOKED = """
t.at, t.kind, e.currency, -e.amount_minor AS amount_minor
FROM ledger_transactions AS t JOIN ledger_entries AS e ON e.org_id = $1 AND e.transaction_id = t.id
    AND e.account IN ('revenue', 'refunds')
WHERE $6 AND t.org_id = $1 AND t.at >= {since}
"""
_WALLETS = f"""
w.currency, w.available_minor, w.credit_limit_minor,
    greatest(0, (SELECT coalesce(sum(b.amount_minor), 0) FROM (SELECT {_BOOKED.format(since="$8")}) AS b
        WHERE b.currency = w.currency AND b.kind IN ('fee_charged', 'fee_refunded')))::bigint
    + (SELECT coalesce(sum(r.estimated_fee_minor), 0) FROM reshipments AS r
        WHERE r.org_id = $1 AND r.status = 'pending' AND r.estimated_fee_minor > 0
            AND r.currency = w.currency)::bigint AS needed_minor
FROM wallets AS w WHERE $6 AND w.org_id = $1 ORDER BY w.currency
"""
_SPENT = f"""
(b.at AT TIME ZONE 'UTC')::date AS on, b.currency, sum(b.amount_minor)::bigint AS amount_minor
FROM (SELECT {_BOOKED.format(since="$10::timestamptz")}) AS b GROUP BY 1, 2 ORDER BY 1, 2
"""
GET_NEEDS = f"""
SELECT {_counted(_EXCEPTIONS, "exceptions")}, {_counted(f"{_EXCEPTIONS} AND x.due_at < $2", "late_exceptions")},
    {_counted(_QUOTES, "quotes")}, {_counted(_LATE_CASES, "late_cases")}, {_counted(_CLAIMS, "claims")},
    {_counted(_RETURNS, "returns")}, {_counted(_FAILED, "failed_deliveries")},
    {_counted(_DECLINED, "declined_charges")},
    (SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM (SELECT {_WALLETS}) AS o) AS wallets,
    (SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM (SELECT {_SPENT}) AS o) AS spent
"""

# $2 how many of the newest cases, and since when, $3; $4 whether recovery and $5 whether transfers may be seen; $6 the
# instants between ages, the latest first; $7 since when devices arrived, and $8 how many of them are looked at.
# Looked up one by one: a join would be planned for an organization of middling size, and read all of a large one's.
# A case got as far as its furthest parcel did; a parcel that was given up got nowhere further than its box.
_REACHED = f"""
reached, count(*) AS count FROM (
    SELECT x.id, CASE WHEN x.outcome IN ('returned', 'partly_returned') THEN 4
        ELSE coalesce(max(CASE t.status WHEN 'box_in_transit' THEN 1 WHEN 'pending_device' THEN 2
            WHEN 'device_in_transit' THEN 3 WHEN 'complete' THEN 4 WHEN 'not_returned' THEN 2 ELSE 0 END), 0)
        END AS reached
    FROM (SELECT id, outcome, created_at FROM recovery_cases WHERE $4::boolean AND org_id = $1
        ORDER BY number DESC LIMIT $2) AS x
    LEFT JOIN LATERAL (SELECT transfer_id FROM recovery_parcels WHERE org_id = $1 AND case_id = x.id
        LIMIT {MOST_PARCELS}) AS p ON true
    LEFT JOIN LATERAL (SELECT status FROM transfers WHERE org_id = $1 AND id = p.transfer_id LIMIT 1) AS t ON true
    WHERE x.created_at >= $3::timestamptz GROUP BY x.id, x.outcome
) AS c GROUP BY reached
"""
_AGES = """
width_bucket(coalesce(x.begun_at, x.created_at), ages.bounds) AS age, count(*) AS count
FROM recovery_cases AS x
CROSS JOIN (SELECT array_agg(b ORDER BY b) AS bounds FROM unnest($6::timestamptz[]) AS b) AS ages
WHERE $4 AND x.org_id = $1 AND x.outcome IS NULL AND x.begins_at IS NULL GROUP BY 1
"""
_WEEKS = """
date_trunc('week', s.delivered_at AT TIME ZONE 'UTC')::date AS starts_on, count(*) AS arrived,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM s.delivered_at - t.created_at) / 86400)
        AS median_days
FROM (SELECT subject_id, delivered_at FROM shipments
    WHERE $5::boolean AND org_id = $1 AND status = 'delivered' AND leg = 'device' AND delivered_at >= $7::timestamptz
        AND subject_kind = 'transfer' ORDER BY delivered_at DESC LIMIT $8) AS s
CROSS JOIN LATERAL (SELECT created_at FROM transfers
    WHERE org_id = $1 AND id = s.subject_id AND direction = 'return' LIMIT 1) AS t
GROUP BY 1 ORDER BY 1
"""
GET_PROGRESS = f"""
SELECT (SELECT coalesce(jsonb_object_agg(o.reached, o.count), '{{}}') FROM (SELECT {_REACHED}) AS o) AS reached,
    (SELECT coalesce(jsonb_object_agg(o.age, o.count), '{{}}') FROM (SELECT {_AGES}) AS o) AS ages,
    (SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM (SELECT {_WEEKS}) AS o) AS weeks
"""

# Over all organizations, for who operates the installation: counts, and the names of a few organizations. $1 where
# counting stops, $2 after how many attempts an event is parked, $3 since when a job should have begun, $4 how many
# names.
_JOBS = "(SELECT count(*) FROM (SELECT FROM jobs.pgqueuer AS j WHERE {condition} LIMIT $1) AS o) AS {name}"
_EMPTY_WALLETS = """
FROM wallets AS w JOIN organizations AS c ON c.org_id = w.org_id AND NOT c.is_operator
WHERE w.available_minor + w.credit_limit_minor <= 0
"""
GET_INSTALLATION = f"""
SELECT {_JOBS.format(condition="j.status = 'failed'", name="parked_jobs")},
    {_JOBS.format(condition="j.status = 'queued' AND j.execute_after <= $3::timestamptz", name="late_jobs")},
    {
    _JOBS.format(
        condition="j.status = 'queued' AND j.attempts > 0 AND j.entrypoint LIKE 'shipping.%'",
        name="repeated_shipping",
    )
},
    (SELECT count(*) FROM (SELECT FROM outbox AS e
        WHERE e.processed_at IS NULL AND e.attempts >= $2 LIMIT $1) AS o) AS parked_events,
    (SELECT count(*) FROM (SELECT DISTINCT w.org_id {_EMPTY_WALLETS} LIMIT $1) AS o) AS empty_wallets,
    ARRAY(SELECT n.name FROM organizations AS n WHERE n.org_id IN (SELECT w.org_id {_EMPTY_WALLETS})
        ORDER BY n.name LIMIT $4) AS empty_wallet_names
"""
