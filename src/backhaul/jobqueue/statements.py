"""The queue's own SQL. What PgQueuer brings lies in `borrowed`.

A row's life: queued → picked → gone; back to queued for a retry or after its worker died; failed = parked.
`execute_after = created` means "at once", on whatever clock; otherwise execute_after was set by our clock.
"""

ENQUEUE = """
INSERT INTO jobs.pgqueuer (priority, entrypoint, payload, execute_after, dedupe_key, status)
SELECT 0, noted.name, noted.payload, coalesce(noted.at, now()), noted.key, 'queued'::jobs.pgqueuer_status
FROM unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::text[]) AS noted (name, payload, at, key)
ORDER BY noted.key -- two transactions with the same keys then wait for one another instead of locking up
ON CONFLICT DO NOTHING
"""

# A key is kept only where the row stays the one with it: work is done twice rather than lost.
_KEY_UNLESS_TAKEN = """
CASE WHEN EXISTS (
    SELECT FROM jobs.pgqueuer twin
    WHERE twin.dedupe_key = job.dedupe_key AND twin.id <> job.id AND twin.status IN ('queued', 'picked')
) THEN NULL ELSE job.dedupe_key END
"""

RETRY = f"""
UPDATE jobs.pgqueuer AS job
SET status = 'queued', queue_manager_id = NULL, updated = now(), attempts = attempts + 1, crashes = 0,
    execute_after = $3, failure = $4, dedupe_key = {_KEY_UNLESS_TAKEN}
WHERE id = $1 AND queue_manager_id = $2 AND status = 'picked'
"""

HAND_BACK = f"""
UPDATE jobs.pgqueuer AS job
SET status = 'queued', queue_manager_id = NULL, updated = now(), dedupe_key = {_KEY_UNLESS_TAKEN}
WHERE id = $1 AND queue_manager_id = $2 AND status = 'picked'
"""

PARK = """
UPDATE jobs.pgqueuer
SET status = 'failed', queue_manager_id = NULL, updated = now(), attempts = attempts + 1,
    failure = $3, parked_at = now()
WHERE id = $1 AND queue_manager_id = $2 AND status = 'picked'
"""

# Whose worker fell silent: counted and given back in one statement, so that no crash goes uncounted. The
# first time at once; then at a random moment of a growing span, so that the job that kills its worker does
# not always run beside the same innocent ones.
RECLAIM = f"""
UPDATE jobs.pgqueuer AS job
SET status = CASE WHEN job.crashes + 1 < $2 THEN 'queued' ELSE 'failed' END::jobs.pgqueuer_status,
    crashes = job.crashes + 1, queue_manager_id = NULL, updated = now(),
    failure = format('the worker died while running it, %s times in a row', job.crashes + 1),
    parked_at = CASE WHEN job.crashes + 1 < $2 THEN NULL ELSE now() END,
    execute_after = CASE WHEN job.crashes = 0 THEN job.execute_after
                    ELSE now() + random() * least(120, 4 ^ job.crashes) * interval '1 second' END,
    dedupe_key = {_KEY_UNLESS_TAKEN}
WHERE id = ANY(ARRAY(
    SELECT id FROM jobs.pgqueuer WHERE status = 'picked' AND heartbeat < now() - $1::interval
    FOR UPDATE SKIP LOCKED
))
RETURNING id, entrypoint AS name, crashes, status = 'failed' AS is_parked
"""

NEXT_DUE = """
SELECT extract(epoch FROM min(due.execute_after) - now())::float8
FROM unnest($1::text[]) AS known (name)
CROSS JOIN LATERAL (
    SELECT execute_after FROM jobs.pgqueuer
    WHERE entrypoint = known.name AND status = 'queued' AND execute_after > now()
    ORDER BY execute_after LIMIT 1
) AS due
"""

# Only for draining, where the caller's clock decides: first what is meant at once, then in order of time.
PICK_DUE = """
UPDATE jobs.pgqueuer
SET status = 'picked', queue_manager_id = $1, updated = now(), heartbeat = now()
WHERE id = (
    SELECT id FROM jobs.pgqueuer
    WHERE status = 'queued' AND entrypoint = ANY($2::text[]) AND id <= $4
      AND (execute_after <= $3 OR execute_after = created)
    ORDER BY execute_after <> created, CASE WHEN execute_after <> created THEN execute_after END, id
    LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, entrypoint AS name, payload, attempts
"""

NEWEST = "SELECT coalesce(max(id), 0) FROM jobs.pgqueuer"

LIST_PARKED = """
SELECT job.id, job.entrypoint AS name, arguments.it AS arguments, job.attempts, job.crashes,
       job.failure AS reason, job.created AS created_at, job.parked_at
FROM jobs.pgqueuer AS job, LATERAL (SELECT convert_from(job.payload, 'UTF8')::jsonb AS it) AS arguments
WHERE job.status = 'failed' AND ($1::uuid IS NULL OR arguments.it ->> 'org_id' = $1::text)
ORDER BY job.parked_at DESC, job.id DESC LIMIT $2
"""

RELEASE = f"""
UPDATE jobs.pgqueuer AS job
SET status = 'queued', execute_after = created, updated = now(), attempts = 0, crashes = 0,
    failure = NULL, parked_at = NULL, dedupe_key = {_KEY_UNLESS_TAKEN}
WHERE id = $1 AND status = 'failed'
RETURNING id
"""

DISCARD_PARKED = "DELETE FROM jobs.pgqueuer WHERE id = $1 AND status = 'failed' RETURNING id"

COUNTS = """
SELECT entrypoint AS name,
       count(*) FILTER (WHERE status = 'queued') AS waiting,
       count(*) FILTER (WHERE status = 'picked') AS running,
       count(*) FILTER (WHERE status = 'failed') AS parked
FROM jobs.pgqueuer GROUP BY entrypoint ORDER BY entrypoint
"""

FORGET_LOG = """
DELETE FROM jobs.pgqueuer_log
WHERE id IN (SELECT id FROM jobs.pgqueuer_log WHERE created < $1 ORDER BY created LIMIT 5000)
"""

DECLARE_PERIODIC = """
INSERT INTO jobs.periodic AS known (name, next_at)
SELECT declared.name, now() FROM unnest($1::text[], $2::interval[]) AS declared (name, every)
ON CONFLICT (name) DO UPDATE SET next_at = least(
    known.next_at, now() + (SELECT every FROM unnest($1::text[], $2::interval[]) AS declared (name, every)
                            WHERE declared.name = known.name))
"""

# A turn that was missed is skipped; otherwise turns keep their distance from start to start.
CLAIM_PERIODIC = """
UPDATE jobs.periodic AS turn
SET holder = $3, held_until = now() + $4::interval,
    next_at = declared.every
              + CASE WHEN turn.next_at + declared.every > now() THEN turn.next_at ELSE now() END
FROM unnest($1::text[], $2::interval[]) AS declared (name, every)
WHERE turn.name = declared.name AND turn.next_at <= now()
  AND (turn.held_until IS NULL OR turn.held_until < now())
RETURNING turn.name
"""

NEXT_PERIODIC = """
SELECT extract(epoch FROM min(greatest(next_at, held_until)) - now())::float8
FROM jobs.periodic WHERE name = ANY($1::text[])
"""

RENEW_PERIODIC = """
UPDATE jobs.periodic SET held_until = now() + $3::interval WHERE name = ANY($1::text[]) AND holder = $2
"""

FREE_PERIODIC = """
UPDATE jobs.periodic SET holder = NULL, held_until = NULL WHERE name = $1 AND holder = $2
"""
