"""The SQL of a campaign's start: cases that wait for it, and what changes once it has come."""

from backhaul.domain.recovery.statements import CASE_COLUMNS
from backhaul.storage.facts import FactKind

# Due work across tenants: ids only, the work then runs in each tenant's own scope.
DUE = """
SELECT org_id, campaign_id FROM recovery_cases WHERE begins_at <= $1 AND outcome IS NULL
GROUP BY org_id, campaign_id ORDER BY min(begins_at), campaign_id LIMIT $2
"""
# Whom somebody else has just locked, another round takes: two that begin at once share the work.
LOCK_DUE = f"""
SELECT {CASE_COLUMNS} FROM recovery_cases
WHERE org_id = $1 AND campaign_id = $2 AND begins_at <= $3 AND outcome IS NULL
    AND ($5::uuid IS NULL OR id = $5)
ORDER BY id LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED
"""
LIST_DUE = """
SELECT id FROM recovery_cases WHERE org_id = $1 AND campaign_id = $2 AND begins_at <= $3 AND outcome IS NULL
ORDER BY id LIMIT $4
"""
# What failed waits, so that it does not stand before the others for ever.
PUT_OFF = """
UPDATE recovery_cases SET begins_at = $3 WHERE org_id = $1 AND id = $2 AND begins_at < $3 AND outcome IS NULL
"""
RESCHEDULE = """
UPDATE recovery_campaigns SET starts_on = $3, updated_at = $4, version = $5
WHERE org_id = $1 AND id = $2 AND version = $5 - 1
"""
# In order, so that two changes at once cannot deadlock.
MOVE_WAITING = """
UPDATE recovery_cases SET begins_at = $3 WHERE org_id = $1 AND id IN (
    SELECT id FROM recovery_cases WHERE org_id = $1 AND campaign_id = $2 AND begins_at IS NOT NULL AND outcome IS NULL
    ORDER BY id FOR NO KEY UPDATE)
"""
# The row was locked when it was read. Should it have changed all the same, NULL is refused where a version belongs.
BEGUN = FactKind(
    name="recovery_case_begun",
    width=4,
    insert="""
UPDATE recovery_cases AS c SET begins_at = NULL, begun_at = n.begun_at, updated_at = n.begun_at,
    version = CASE WHEN c.version = n.version - 1 THEN n.version END
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::integer[]) AS n (org_id, id, begun_at, version)
WHERE c.org_id = n.org_id AND c.id = n.id
""",
)
