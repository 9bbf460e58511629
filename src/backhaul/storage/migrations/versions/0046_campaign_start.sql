-- People of a campaign that has not started wait for its day.
-- Step 1 of 1 (expand): whom the release before this one adds has neither value, and does not wait.
ALTER TABLE recovery_cases ADD COLUMN begins_at timestamptz; -- NULL: has begun
ALTER TABLE recovery_cases ADD COLUMN begun_at timestamptz; -- NULL: with its creation, or not yet
ALTER TABLE recovery_cases
    ADD CONSTRAINT recovery_cases_begins_once CHECK (begins_at IS NULL OR begun_at IS NULL) NOT VALID;
ALTER TABLE recovery_cases VALIDATE CONSTRAINT recovery_cases_begins_once;
-- Home counts how long cases are open: since they began, and without those that wait.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX recovery_cases_open_since;
CREATE INDEX recovery_cases_open_since ON recovery_cases (org_id, created_at) INCLUDE (begins_at, begun_at)
    WHERE outcome IS NULL;
-- Few wait at a time: for the rounds that look whose day has come, and for a campaign whose day changes.
CREATE INDEX recovery_cases_waiting ON recovery_cases (begins_at, org_id, campaign_id)
    WHERE begins_at IS NOT NULL AND outcome IS NULL;
