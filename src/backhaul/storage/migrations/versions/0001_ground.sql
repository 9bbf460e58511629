-- Roles belong to the whole cluster; another database of ours may have made them already.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'backhaul_app') THEN
        CREATE ROLE backhaul_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'backhaul_worker') THEN
        CREATE ROLE backhaul_worker NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
-- So that a single login can take on either role with SET ROLE.
DO $$
BEGIN
    EXECUTE format('GRANT backhaul_app, backhaul_worker TO %I', current_user);
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$;

REVOKE CREATE ON SCHEMA public FROM public;
GRANT USAGE ON SCHEMA public TO backhaul_app, backhaul_worker;
GRANT SELECT ON alembic_version TO backhaul_app, backhaul_worker; -- so that a server knows its schema

-- Every table of a tenant is protected by this one procedure, so that none is protected differently.
-- The setting is read in a sub-select: PostgreSQL then evaluates it once per statement, not once per row.
CREATE PROCEDURE protect_tenant_table(name regclass, app_rights text, worker_rights text)
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format(
        'CREATE POLICY tenant ON %s TO backhaul_app '
        'USING (org_id = (SELECT current_setting(''app.org_id'')::uuid)) '
        'WITH CHECK (org_id = (SELECT current_setting(''app.org_id'')::uuid))', name);
    EXECUTE format('CREATE POLICY every_tenant ON %s TO backhaul_worker USING (true) WITH CHECK (true)', name);
    IF app_rights <> '' THEN
        EXECUTE format('GRANT %s ON %s TO backhaul_app', app_rights, name);
    END IF;
    IF worker_rights <> '' THEN
        EXECUTE format('GRANT %s ON %s TO backhaul_worker', worker_rights, name);
    END IF;
END $$;
REVOKE EXECUTE ON PROCEDURE protect_tenant_table FROM public;

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', tg_table_name USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TABLE history (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    action text NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    at timestamptz NOT NULL,
    change jsonb NOT NULL,
    PRIMARY KEY (org_id, subject_kind, subject_id, id)
);
CALL protect_tenant_table('history', 'SELECT, INSERT', 'SELECT');
CREATE TRIGGER history_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE outbox (
    org_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    type text NOT NULL,
    subject_id uuid NOT NULL,
    payload jsonb NOT NULL,
    at timestamptz NOT NULL,
    processed_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    failure text,
    PRIMARY KEY (org_id, id)
);
CALL protect_tenant_table('outbox', 'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE');
-- Only what is still to do is indexed: the relay's look-up stays small however long the past grows.
CREATE INDEX outbox_waiting ON outbox (id) WHERE processed_at IS NULL;
CREATE INDEX outbox_waiting_by_subject ON outbox (org_id, subject_id, id) WHERE processed_at IS NULL;
CREATE INDEX outbox_processed ON outbox (processed_at) WHERE processed_at IS NOT NULL;

CREATE TABLE idempotency_keys (
    org_id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint bytea NOT NULL,
    answer_status integer NOT NULL,
    answer bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, key)
);
CALL protect_tenant_table('idempotency_keys', 'SELECT, INSERT', 'SELECT, DELETE');
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
