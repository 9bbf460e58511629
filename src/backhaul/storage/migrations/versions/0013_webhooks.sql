CREATE TABLE webhook_endpoints (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2048 AND url ~* '^https?://'),
    family text NOT NULL,
    wording text NOT NULL,
    topic text,
    status text NOT NULL CHECK (status IN ('active', 'disabled', 'removed')),
    consecutive_failures integer NOT NULL CHECK (consecutive_failures >= 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id)
);
CALL protect_tenant_table('webhook_endpoints', 'SELECT, INSERT, UPDATE', '');
CREATE UNIQUE INDEX webhook_endpoints_url ON webhook_endpoints (org_id, wording, url, topic) NULLS NOT DISTINCT
    WHERE status <> 'removed';

-- Readable, unlike passwords: requests are signed with them. Kept apart from endpoints, so that nothing that shows an
-- endpoint can show its secret.
CREATE TABLE webhook_secrets (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    endpoint_id uuid,  -- NULL: the organization's own, for callbacks
    secret text NOT NULL CHECK (length(secret) BETWEEN 16 AND 200),
    created_at timestamptz NOT NULL,
    expires_at timestamptz,  -- NULL: the present one
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, endpoint_id) REFERENCES webhook_endpoints (org_id, id)
);
CALL protect_tenant_table('webhook_secrets', 'SELECT, INSERT, UPDATE', '');
CREATE UNIQUE INDEX webhook_secrets_present ON webhook_secrets (org_id, endpoint_id) NULLS NOT DISTINCT
    WHERE expires_at IS NULL;
CREATE INDEX webhook_secrets_of_endpoint ON webhook_secrets (org_id, endpoint_id);

CREATE TABLE webhook_deliveries (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    endpoint_id uuid,  -- NULL: a callback URL that came with a request
    url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2048 AND url ~* '^https?://'),
    host text NOT NULL CHECK (host <> ''),
    wording text,
    topic text NOT NULL,
    once_key text CHECK (length(once_key) BETWEEN 1 AND 200),
    content_type text NOT NULL,
    body bytea NOT NULL CHECK (length(body) <= 1048576),
    status text NOT NULL CHECK (status IN ('pending', 'delivered', 'gone', 'exhausted', 'cancelled')),
    attempts integer NOT NULL CHECK (attempts >= 0),
    tries integer NOT NULL CHECK (tries >= 0),
    next_attempt_at timestamptz,
    decided_at timestamptz NOT NULL,
    ended_at timestamptz,
    failure text,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, endpoint_id) REFERENCES webhook_endpoints (org_id, id),
    CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
    CHECK ((status = 'pending') = (ended_at IS NULL)),
    CHECK (tries <= attempts)
);
CALL protect_tenant_table('webhook_deliveries', 'SELECT, INSERT, UPDATE', 'SELECT, UPDATE');
-- What makes a delivery decided once, however often the deciding is repeated.
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (org_id, once_key, endpoint_id) NULLS NOT DISTINCT
    WHERE once_key IS NOT NULL;
-- For claiming: from host to host and organization to organization, the oldest first.
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (host, org_id, next_attempt_at, id) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (org_id, endpoint_id, id);

CREATE TABLE webhook_attempts (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    delivery_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    at timestamptz NOT NULL,
    duration_ms integer NOT NULL CHECK (duration_ms >= 0),
    outcome text NOT NULL CHECK (outcome IN ('accepted', 'gone', 'rejected', 'unanswered')),
    http_status integer,
    error text,
    excerpt text NOT NULL CHECK (octet_length(excerpt) <= 1024),
    PRIMARY KEY (org_id, delivery_id, id),
    FOREIGN KEY (org_id, delivery_id) REFERENCES webhook_deliveries (org_id, id),
    CHECK ((http_status IS NULL) = (outcome = 'unanswered')),
    CHECK ((http_status IS NULL) = (error IS NOT NULL))
);
CALL protect_tenant_table('webhook_attempts', 'SELECT, INSERT', '');
CREATE TRIGGER webhook_attempts_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON webhook_attempts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
