-- What must be kept for a court, and why. Never deleted; over when the last of its subjects is released.
CREATE TABLE holds (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    summary text NOT NULL CHECK (length(summary) BETWEEN 1 AND 200),
    description text NOT NULL CHECK (length(description) BETWEEN 1 AND 10000),
    placed_by_kind text NOT NULL,
    placed_by_id uuid,
    placed_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT holds_number UNIQUE (org_id, number)
);
CALL protect_tenant_table('holds', 'SELECT, INSERT', 'SELECT');

-- A release is asked for by one person and approved by another.
CREATE TABLE hold_releases (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    hold_id uuid NOT NULL,
    summary text NOT NULL CHECK (length(summary) BETWEEN 1 AND 200),
    description text NOT NULL CHECK (length(description) <= 10000),
    status text NOT NULL CHECK (status IN ('requested', 'approved')),
    requested_by text NOT NULL, -- the person: kind and id
    requested_at timestamptz NOT NULL,
    approved_by text,
    approved_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT hold_releases_number UNIQUE (org_id, number),
    FOREIGN KEY (org_id, hold_id) REFERENCES holds (org_id, id),
    CHECK ((status = 'approved') = (approved_by IS NOT NULL)),
    CHECK ((approved_at IS NULL) = (approved_by IS NULL)),
    CONSTRAINT hold_releases_second_person CHECK (approved_by <> requested_by)
);
CREATE INDEX hold_releases_of_hold ON hold_releases (org_id, hold_id);
CALL protect_tenant_table(
    'hold_releases', 'SELECT, INSERT, UPDATE (status, approved_by, approved_at, version)', 'SELECT');

CREATE TABLE hold_subjects (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    hold_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('asset', 'employee', 'case')),
    asset_id uuid,
    employee_id uuid, -- of an asset: whose it was said to be; no foreign key, since people may be erased afterwards
    case_number text CHECK (length(case_number) BETWEEN 1 AND 100),
    person_name text, -- of somebody outside the directory
    person_email text,
    held_at timestamptz NOT NULL,
    release_id uuid, -- asked for
    released_at timestamptz, -- and approved
    PRIMARY KEY (org_id, id),
    CONSTRAINT hold_subjects_number UNIQUE (org_id, number),
    CONSTRAINT hold_subjects_asset UNIQUE (org_id, hold_id, asset_id),
    FOREIGN KEY (org_id, hold_id) REFERENCES holds (org_id, id),
    FOREIGN KEY (org_id, asset_id) REFERENCES assets (org_id, id),
    FOREIGN KEY (org_id, release_id) REFERENCES hold_releases (org_id, id),
    CHECK ((kind = 'asset') = (asset_id IS NOT NULL)),
    CHECK (kind <> 'employee' OR employee_id IS NOT NULL),
    CHECK (kind <> 'case' OR case_number IS NOT NULL),
    CHECK (released_at IS NULL OR release_id IS NOT NULL)
);
CREATE INDEX hold_subjects_of_asset ON hold_subjects (org_id, asset_id) WHERE asset_id IS NOT NULL;
CREATE INDEX hold_subjects_of_release ON hold_subjects (org_id, release_id) WHERE release_id IS NOT NULL;
CREATE INDEX hold_subjects_people ON hold_subjects (org_id, employee_id)
    WHERE kind = 'employee' AND released_at IS NULL;
CREATE INDEX hold_subjects_cases ON hold_subjects (org_id, case_number)
    WHERE case_number IS NOT NULL AND released_at IS NULL;
CREATE INDEX hold_subjects_active ON hold_subjects (org_id, number) WHERE kind = 'asset' AND released_at IS NULL;
CALL protect_tenant_table('hold_subjects', 'SELECT, INSERT, UPDATE (release_id, released_at)', 'SELECT');

-- How many unreleased subjects name the row. It stands on the row itself: whoever waited for the row's lock sees it as it
-- has become, and no statement more is needed to ask (decision 0020).
ALTER TABLE assets
    ADD COLUMN hold_count integer NOT NULL DEFAULT 0 CHECK (hold_count >= 0),
    ADD COLUMN status_before_hold uuid, -- NULL: not held, or somebody gave it another status since
    ADD COLUMN custody_before_hold text;
GRANT UPDATE (hold_count, status_before_hold, custody_before_hold) ON assets TO backhaul_app;
ALTER TABLE employees ADD COLUMN hold_count integer NOT NULL DEFAULT 0 CHECK (hold_count >= 0);

-- As before, without what is the holds' own.
CREATE OR REPLACE FUNCTION asset_image(a assets) RETURNS jsonb
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN (to_jsonb(a) - 'tag_key' - 'serial_key' - 'hold_count' - 'status_before_hold' - 'custody_before_hold')
    || jsonb_build_object(
    'custody_since', history_time((a).custody_since),
    'created_at', history_time((a).created_at), 'updated_at', history_time((a).updated_at));
CREATE OR REPLACE FUNCTION employee_image(e employees) RETURNS jsonb
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN (to_jsonb(e) - 'email_key' - 'hold_count') || jsonb_build_object(
    'created_at', history_time((e).created_at), 'updated_at', history_time((e).updated_at));

-- What leaves a person on hold, by whatever way, stays held: also what they got after the hold was placed.
CREATE FUNCTION keep_holds_on_asset() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    caught integer;
BEGIN
    IF old.hold_count > 0 AND new.hold_count = old.hold_count AND new.status_id <> old.status_id THEN
        new.status_before_hold := NULL;
    END IF;
    IF old.employee_id IS NOT NULL AND new.employee_id IS DISTINCT FROM old.employee_id THEN
        INSERT INTO hold_subjects (org_id, id, hold_id, kind, asset_id, held_at)
        SELECT p.org_id, gen_random_uuid(), p.hold_id, 'asset', old.id, new.updated_at
        FROM hold_subjects AS p
        WHERE p.org_id = old.org_id AND p.kind = 'employee' AND p.employee_id = old.employee_id
            AND p.released_at IS NULL AND NOT EXISTS (
                SELECT FROM hold_subjects AS s
                WHERE s.org_id = p.org_id AND s.hold_id = p.hold_id AND s.asset_id = old.id)
        FOR SHARE OF p; -- not while the person is being released
        GET DIAGNOSTICS caught = ROW_COUNT;
        IF caught > 0 AND new.hold_count = 0 THEN
            new.status_before_hold := old.status_id;
            new.custody_before_hold := old.custody;
        END IF;
        new.hold_count := new.hold_count + caught;
    END IF;
    RETURN new;
END $$;
REVOKE EXECUTE ON FUNCTION keep_holds_on_asset FROM public;
CREATE TRIGGER assets_keep_holds BEFORE UPDATE ON assets FOR EACH ROW
    WHEN (old.hold_count > 0 OR old.employee_id IS DISTINCT FROM new.employee_id)
    EXECUTE FUNCTION keep_holds_on_asset();
