-- What the installation keeps secret from everybody, itself included: made here, so that no statement carries it.
CREATE TABLE installation_secrets (
    name text PRIMARY KEY,
    secret bytea NOT NULL CHECK (octet_length(secret) = 32)
);
INSERT INTO installation_secrets (name, secret)
VALUES ('client_keys', make_signing_secret()), ('page_tokens', make_signing_secret());

CREATE FUNCTION find_installation_secret(wanted_name text) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.secret FROM installation_secrets AS s WHERE has_no_tenant() AND s.name = wanted_name
$$;

-- A client acts for the member it belongs to, and for members who have authorized it.
CREATE TABLE oauth_clients (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    client_id text NOT NULL CHECK (client_id ~ '^[0-9a-f]{32}$'),
    redirect_uris text[] NOT NULL,
    scopes text[] NOT NULL CHECK (cardinality(scopes) >= 1),
    created_at timestamptz NOT NULL,
    secret_made_at timestamptz NOT NULL,
    disabled_at timestamptz,
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    PRIMARY KEY (org_id, id),
    -- Not led by org_id: the client id is what tells the organization.
    CONSTRAINT oauth_clients_client_id UNIQUE (client_id)
);
CREATE INDEX oauth_clients_of_user ON oauth_clients (org_id, user_id);
CALL protect_tenant_table(
    'oauth_clients',
    'SELECT (org_id, id, user_id, name, client_id, redirect_uris, scopes, created_at, secret_made_at, disabled_at), '
    'INSERT, UPDATE (secret_hash, secret_made_at, disabled_at)',
    ''
);

-- A member's consent on its way to the client. A used one stays: who brings it again is a thief, or was robbed.
CREATE TABLE authorization_codes (
    org_id uuid NOT NULL,
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    client_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    user_number bigint NOT NULL,
    redirect_uri text NOT NULL,
    scopes text[] NOT NULL,
    nonce text,
    code_challenge text CHECK (code_challenge ~ '^[A-Za-z0-9_-]{43}$'), -- RFC 7636, S256
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (org_id, code_hash),
    FOREIGN KEY (org_id, client_id) REFERENCES oauth_clients (org_id, id)
);
CALL protect_tenant_table('authorization_codes', 'SELECT, INSERT, UPDATE (used_at)', '');

-- Every access token ever signed, without the token: tokens live for years, and each can be ended by itself.
CREATE TABLE client_tokens (
    org_id uuid NOT NULL,
    id uuid NOT NULL, -- the claim `jti`
    client_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    user_number bigint NOT NULL, -- the claim `sub`
    scopes text[] NOT NULL,
    key_id uuid NOT NULL,
    code_hash bytea, -- of the authorization code it was given for
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, client_id) REFERENCES oauth_clients (org_id, id),
    FOREIGN KEY (org_id, code_hash) REFERENCES authorization_codes (org_id, code_hash)
);
CREATE INDEX client_tokens_live ON client_tokens (org_id, client_id, user_number) WHERE revoked_at IS NULL;
CREATE INDEX client_tokens_of_code ON client_tokens (org_id, code_hash) WHERE code_hash IS NOT NULL;
CREATE INDEX client_tokens_of_key ON client_tokens (key_id, expires_at);
CALL protect_tenant_table('client_tokens', 'SELECT, INSERT, UPDATE (revoked_at)', '');

-- What clients' tokens are signed with (RS256). The private half is encrypted under an installation secret and goes
-- when the key retires; the public half is published until nothing it signed is valid. Neither role sees the table.
CREATE TABLE client_signing_keys (
    id uuid PRIMARY KEY,
    public_key jsonb NOT NULL, -- RFC 7517
    sealed_private_key text, -- RFC 7516
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    withdrawn_at timestamptz, -- after a leak: nothing it signed is believed
    CHECK ((sealed_private_key IS NULL) = (retired_at IS NOT NULL))
);
CREATE UNIQUE INDEX client_signing_keys_one_current ON client_signing_keys ((true)) WHERE retired_at IS NULL;

CREATE FUNCTION find_client_signing_keys(at timestamptz)
RETURNS TABLE (id uuid, public_key jsonb, sealed_private_key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.id, k.public_key, k.sealed_private_key FROM client_signing_keys AS k
    WHERE has_no_tenant() AND k.withdrawn_at IS NULL AND (
        k.retired_at IS NULL
        OR EXISTS (SELECT FROM client_tokens AS t WHERE t.key_id = k.id AND t.expires_at > at)
    )
    ORDER BY k.retired_at DESC NULLS FIRST LIMIT 100
$$;

-- The first key of an installation: of two processes that need one at the same time, one makes it.
CREATE FUNCTION add_first_client_signing_key(
    key_id uuid, new_public_key jsonb, new_sealed_private_key text, at timestamptz
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO client_signing_keys (id, public_key, sealed_private_key, created_at)
    SELECT key_id, new_public_key, new_sealed_private_key, at WHERE has_no_tenant()
    ON CONFLICT ((true)) WHERE retired_at IS NULL DO NOTHING
$$;

CREATE FUNCTION rotate_client_signing_key(
    org_id uuid, key_id uuid, new_public_key jsonb, new_sealed_private_key text, ends_tokens boolean, at timestamptz
) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE former_id uuid;
BEGIN
    PERFORM require_operator_scope(org_id);
    LOCK TABLE client_signing_keys IN SHARE ROW EXCLUSIVE MODE; -- one rotation after the other
    UPDATE client_signing_keys AS k SET retired_at = at, sealed_private_key = NULL
    WHERE k.retired_at IS NULL RETURNING k.id INTO former_id;
    UPDATE client_signing_keys AS k SET withdrawn_at = at WHERE ends_tokens AND k.withdrawn_at IS NULL;
    INSERT INTO client_signing_keys (id, public_key, sealed_private_key, created_at)
    VALUES (key_id, new_public_key, new_sealed_private_key, at);
    RETURN former_id;
END $$;

-- A client that is enabled, by the id it shows, with the member it belongs to.
CREATE FUNCTION find_oauth_client(wanted_client_id text)
RETURNS TABLE (
    org_id uuid, org_name text, id uuid, name text, client_id text, secret_hash bytea,
    secret_made_at timestamptz, redirect_uris text[], scopes text[], user_id uuid, user_number bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.org_id, o.name, c.id, c.name, c.client_id, c.secret_hash, c.secret_made_at, c.redirect_uris, c.scopes,
           u.id, u.number
    FROM oauth_clients AS c
    JOIN organizations AS o ON o.org_id = c.org_id
    JOIN users AS u ON u.id = c.user_id AND u.is_enabled
    JOIN memberships AS m ON m.org_id = c.org_id AND m.user_id = c.user_id
    WHERE has_no_tenant() AND c.client_id = wanted_client_id AND c.disabled_at IS NULL
$$;

-- Whom a token names. No row: no such token was given out, or its key was withdrawn.
CREATE FUNCTION find_client_bearer(wanted_client_id text, wanted_token_id uuid)
RETURNS TABLE (
    org_id uuid, org_number bigint, client_id uuid, user_id uuid, user_number bigint, user_email text, plan text,
    role text, scopes text[], is_revoked boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.org_id, o.number, c.id, u.id, u.number, u.email, o.plan, m.role, t.scopes,
           t.revoked_at IS NOT NULL OR c.disabled_at IS NOT NULL OR NOT u.is_enabled
           OR m.created_at IS NULL OR t.issued_at < m.created_at -- a member again: tokens of before have ended
    FROM oauth_clients AS c
    JOIN client_tokens AS t ON t.org_id = c.org_id AND t.id = wanted_token_id AND t.client_id = c.id
    JOIN client_signing_keys AS k ON k.id = t.key_id AND k.withdrawn_at IS NULL
    JOIN organizations AS o ON o.org_id = c.org_id
    JOIN users AS u ON u.id = t.user_id
    LEFT JOIN memberships AS m ON m.org_id = t.org_id AND m.user_id = t.user_id
    WHERE c.client_id = wanted_client_id
$$;

REVOKE EXECUTE ON FUNCTION find_installation_secret, find_client_signing_keys, add_first_client_signing_key,
    rotate_client_signing_key, find_oauth_client, find_client_bearer FROM public;
GRANT EXECUTE ON FUNCTION find_installation_secret, find_client_signing_keys, add_first_client_signing_key,
    rotate_client_signing_key, find_oauth_client, find_client_bearer TO backhaul_app;
