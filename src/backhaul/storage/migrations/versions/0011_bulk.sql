-- One file on its way in. What it will do was decided when it was opened; it is then done chunk by chunk.
CREATE TABLE import_batches (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('assets', 'employees')),
    file_name text NOT NULL,
    fingerprint bytea NOT NULL, -- SHA-256 of the file: the same file goes on where it stopped
    status text NOT NULL CHECK (status IN ('open', 'abandoned', 'applied', 'undoing', 'undone_partly', 'undone')),
    row_count bigint NOT NULL, -- of the file, without its header
    create_count bigint NOT NULL, -- what the check of the file promised
    update_count bigint NOT NULL,
    unchanged_count bigint NOT NULL,
    refused_count bigint NOT NULL, -- rows left out because of an error
    problems jsonb NOT NULL, -- the first of their errors
    author_kind text NOT NULL,
    author_id uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT import_batches_number UNIQUE (org_id, number)
);
CREATE UNIQUE INDEX import_batches_open ON import_batches (org_id, kind, fingerprint) WHERE status = 'open';
CALL protect_tenant_table(
    'import_batches',
    'SELECT, INSERT, UPDATE (row_count, create_count, update_count, unchanged_count, refused_count, problems, '
    'status, updated_at, version)',
    'SELECT');

-- Some thousand rows that are written, and taken back, in one transaction. The chunks not applied yet are where an
-- interrupted import goes on.
CREATE TABLE import_chunks (
    org_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    sequence integer NOT NULL CHECK (sequence >= 1),
    row_count integer NOT NULL,
    staged bytea, -- the checked rows as COPY reads them; NULL once they are applied, or will never be
    applied_at timestamptz,
    created_ids uuid[],
    changed_count integer,
    unchanged_count integer,
    problems jsonb, -- rows that went wrong between the check and the writing
    undone_at timestamptz,
    undone_count integer,
    kept jsonb, -- [{id, reason}] of rows that were not taken back; ids alone, for this outlives the person's record
    PRIMARY KEY (org_id, batch_id, sequence),
    FOREIGN KEY (org_id, batch_id) REFERENCES import_batches (org_id, id),
    CHECK (applied_at IS NULL OR staged IS NULL),
    CHECK ((applied_at IS NULL) = (created_ids IS NULL))
);
-- Already packed small by what it holds: compressing megabytes costs more time than they take room.
ALTER TABLE import_chunks ALTER COLUMN staged SET STORAGE EXTERNAL;
CALL protect_tenant_table(
    'import_chunks',
    'SELECT, INSERT, UPDATE (staged, applied_at, created_ids, changed_count, unchanged_count, problems, undone_at, '
    'undone_count, kept)',
    'SELECT');

-- What rows were before an import changed them: a row each, so that one person's can be forgotten by a look-up.
CREATE TABLE import_images (
    org_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    sequence integer NOT NULL,
    subject_id uuid NOT NULL,
    kind text NOT NULL, -- the batch's
    version integer NOT NULL, -- the one the import left behind
    image jsonb, -- NULL once it is restored; {id} alone once the person's record is removed
    PRIMARY KEY (org_id, batch_id, sequence, subject_id),
    FOREIGN KEY (org_id, batch_id, sequence) REFERENCES import_chunks (org_id, batch_id, sequence)
);
CREATE INDEX import_images_of_people ON import_images (org_id, subject_id)
    WHERE kind = 'employees' AND image IS NOT NULL;
CALL protect_tenant_table('import_images', 'SELECT, INSERT, UPDATE (image)', 'SELECT');

-- Undoing an import leaves a new version that is as an older one was. Who had left the older one behind may go on
-- undoing from there.
CREATE TABLE import_restorations (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    subject_id uuid NOT NULL,
    version integer NOT NULL,
    as_of integer NOT NULL, -- never itself a restored one
    PRIMARY KEY (org_id, subject_id, version),
    CHECK (as_of < version)
);
CALL protect_tenant_table('import_restorations', 'SELECT, INSERT', '');

-- The version a row's present one is as good as.
CREATE FUNCTION restored_version(org uuid, subject uuid, present integer) RETURNS integer
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN coalesce((SELECT r.as_of FROM import_restorations AS r
    WHERE r.org_id = org AND r.subject_id = subject AND r.version = present), present);

-- UUIDv7s for many rows: the n-th after one made by kernel/ids, its last 48 bits being the counter (RFC 9562 §6.2).
-- gen_random_uuid would cost as much for each row as the rest of a small insert.
CREATE FUNCTION id_after(made uuid, n bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (left(made::text, 24) || lpad(to_hex(
    (('x' || right(made::text, 12))::bit(48)::bigint + n) & 281474976710655), 12, '0'))::uuid;

-- How history writes an instant.
CREATE FUNCTION history_time(instant timestamptz) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
    || CASE WHEN date_trunc('second', instant) = instant THEN '' ELSE to_char(instant AT TIME ZONE 'UTC', '.US') END
    || 'Z';

-- A row as history knows it: {field: value} of domain/inventory's and domain/directory's models.
CREATE FUNCTION asset_image(a assets) RETURNS jsonb
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN (to_jsonb(a) - 'tag_key' - 'serial_key') || jsonb_build_object(
    'custody_since', history_time((a).custody_since),
    'created_at', history_time((a).created_at), 'updated_at', history_time((a).updated_at));

CREATE FUNCTION employee_image(e employees) RETURNS jsonb
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN (to_jsonb(e) - 'email_key') || jsonb_build_object(
    'created_at', history_time((e).created_at), 'updated_at', history_time((e).updated_at));

-- {field: [before, after]} of what differs, as storage/history notes it. NULL: it was not there, or is not any more.
CREATE FUNCTION image_difference(before jsonb, after jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT coalesce(jsonb_object_agg(field.key, jsonb_build_array(before -> field.key, after -> field.key)), '{}')
    FROM jsonb_object_keys(coalesce(after, before)) AS field (key)
    WHERE coalesce(before -> field.key, 'null') <> coalesce(after -> field.key, 'null'));

-- What an import remembers of a person, so that it can be undone, goes with the person.
CREATE FUNCTION forget_import_images() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE import_images AS i SET image = jsonb_build_object('id', r.id) FROM removed AS r
    WHERE i.org_id = r.org_id AND i.subject_id = r.id AND i.kind = 'employees' AND i.image IS NOT NULL;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION forget_import_images FROM public;
CREATE TRIGGER employees_forgotten AFTER DELETE ON employees
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION forget_import_images();
