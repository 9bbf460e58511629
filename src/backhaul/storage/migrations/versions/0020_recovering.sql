-- A release can also be refused by another person, or withdrawn by the one who asked for it. What it was asked for can be
-- asked for again.
ALTER TABLE hold_releases
    ADD COLUMN ended_by text, -- the person who refused or withdrew it: kind and id
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN ended_reason text CHECK (length(ended_reason) BETWEEN 1 AND 2000);
-- squawk-ignore ban-drop-constraint
ALTER TABLE hold_releases DROP CONSTRAINT hold_releases_status_check;
ALTER TABLE hold_releases
    ADD CONSTRAINT hold_releases_status_check
    CHECK (status IN ('requested', 'approved', 'refused', 'withdrawn')) NOT VALID,
    ADD CONSTRAINT hold_releases_ended
    CHECK ((status IN ('refused', 'withdrawn')) = (ended_by IS NOT NULL) AND (ended_by IS NULL) = (ended_at IS NULL))
    NOT VALID,
    ADD CONSTRAINT hold_releases_refused_by_another CHECK (status <> 'refused' OR ended_by <> requested_by) NOT VALID,
    ADD CONSTRAINT hold_releases_withdrawn_by_the_same CHECK (status <> 'withdrawn' OR ended_by = requested_by) NOT VALID;
ALTER TABLE hold_releases VALIDATE CONSTRAINT hold_releases_status_check;
ALTER TABLE hold_releases VALIDATE CONSTRAINT hold_releases_ended;
ALTER TABLE hold_releases VALIDATE CONSTRAINT hold_releases_refused_by_another;
ALTER TABLE hold_releases VALIDATE CONSTRAINT hold_releases_withdrawn_by_the_same;
GRANT UPDATE (ended_by, ended_at, ended_reason) ON hold_releases TO backhaul_app;
