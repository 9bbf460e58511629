CREATE TABLE organizations (
    org_id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 63),
    plan text NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'enterprise', 'custom')),
    -- Set once, when the organization is created: no cycle can arise.
    parent_id uuid REFERENCES organizations (org_id) CHECK (parent_id <> org_id),
    is_operator boolean NOT NULL DEFAULT false,
    default_address jsonb,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT organizations_number UNIQUE (number),
    CONSTRAINT organizations_slug UNIQUE (slug),
    CONSTRAINT organizations_is_operator UNIQUE (org_id, is_operator)
);
CREATE UNIQUE INDEX organizations_one_operator ON organizations (is_operator) WHERE is_operator;
CREATE INDEX organizations_children ON organizations (parent_id) WHERE parent_id IS NOT NULL;
-- Nobody but a migration says which organization is the operator's, or moves one below another parent.
CALL protect_tenant_table(
    'organizations',
    'SELECT, INSERT (org_id, name, slug, plan, parent_id, default_address, created_at), '
    'UPDATE (name, plan, default_address, version)',
    'SELECT'
);
-- Its id is the same in every installation, so that no code has to look for it.
INSERT INTO organizations (org_id, name, slug, plan, is_operator, created_at)
VALUES ('00000000-0000-7000-8000-000000000000', 'Operator', 'operator', 'custom', true, now());

-- Accounts belong to the installation. A tenant sees the accounts of its members, never a password hash,
-- and changes none: the functions below do, in the operator organization's scope alone.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254 AND position('@' IN email) > 1),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    password_hash text,
    is_enabled boolean NOT NULL DEFAULT true,
    tokens_valid_from timestamptz NOT NULL,
    tokens_issued_until timestamptz, -- the latest `iat` of any token; none was issued yet: NULL
    created_at timestamptz NOT NULL,
    CONSTRAINT users_number UNIQUE (number),
    CONSTRAINT users_email UNIQUE (email)
);

CREATE TABLE memberships (
    org_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer', 'operator')),
    is_default boolean NOT NULL DEFAULT false,
    is_in_operator_organization boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, user_id),
    FOREIGN KEY (org_id, is_in_operator_organization) REFERENCES organizations (org_id, is_operator),
    CONSTRAINT memberships_operator_role CHECK (role <> 'operator' OR is_in_operator_organization)
);
CREATE UNIQUE INDEX memberships_one_default ON memberships (user_id) WHERE is_default;
CREATE INDEX memberships_of_user ON memberships (user_id);
CALL protect_tenant_table('memberships', 'SELECT, INSERT, DELETE, UPDATE (role)', 'SELECT');

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY members ON users FOR SELECT TO backhaul_app USING (
    EXISTS (
        SELECT FROM memberships AS m
        WHERE m.org_id = (SELECT current_setting('app.org_id')::uuid) AND m.user_id = users.id
    )
);
CREATE POLICY every_user ON users FOR SELECT TO backhaul_worker USING (true);
GRANT SELECT (id, email, name, is_enabled, created_at) ON users TO backhaul_app, backhaul_worker;

-- A person keeps a default organization while they have any: the oldest other one takes over.
CREATE FUNCTION pass_default_membership_on() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE memberships SET is_default = true
    WHERE (org_id, user_id) IN (
        SELECT m.org_id, m.user_id FROM memberships AS m
        WHERE m.user_id = old.user_id ORDER BY m.created_at, m.org_id LIMIT 1
    );
    RETURN NULL;
END $$;
CREATE TRIGGER membership_default_passes_on AFTER DELETE ON memberships
    FOR EACH ROW WHEN (old.is_default) EXECUTE FUNCTION pass_default_membership_on();

-- Who is made a member again starts behind every token of theirs (see register_token).
CREATE FUNCTION begin_membership_behind_tokens() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    new.created_at := greatest(new.created_at, (
        SELECT u.tokens_issued_until + interval '1 us' FROM users AS u WHERE u.id = new.user_id FOR NO KEY UPDATE
    ));
    RETURN new;
END $$;
REVOKE EXECUTE ON FUNCTION pass_default_membership_on, begin_membership_behind_tokens FROM public;
CREATE TRIGGER membership_begins_behind_tokens BEFORE INSERT ON memberships
    FOR EACH ROW EXECUTE FUNCTION begin_membership_behind_tokens();

CREATE TABLE api_keys (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    prefix text NOT NULL,
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    scopes text[] NOT NULL DEFAULT '{}',
    allowed_networks cidr[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (org_id, id),
    -- Not led by org_id: the secret is what tells the organization.
    CONSTRAINT api_keys_secret_hash UNIQUE (secret_hash)
) WITH (fillfactor = 90); -- last_used_at changes every minute: leave room for it in the page
CREATE INDEX api_keys_of_user ON api_keys (org_id, user_id);
CALL protect_tenant_table(
    'api_keys',
    'SELECT (org_id, id, user_id, name, prefix, scopes, allowed_networks, created_at, expires_at, '
    'last_used_at, revoked_at), INSERT, UPDATE (revoked_at)',
    'SELECT (org_id, id, last_used_at), UPDATE (last_used_at)'
);

-- Who calls, by the SHA-256 of the secret: live keys of enabled members only.
CREATE FUNCTION find_api_key(wanted_hash bytea)
RETURNS TABLE (
    org_id uuid, org_number bigint, id uuid, user_id uuid, user_email text, plan text, role text,
    scopes text[], allowed_networks cidr[], expires_at timestamptz, last_used_at timestamptz
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.org_id, o.number, k.id, k.user_id, u.email, o.plan, m.role,
           k.scopes, k.allowed_networks, k.expires_at, k.last_used_at
    FROM api_keys AS k
    JOIN users AS u ON u.id = k.user_id AND u.is_enabled
    JOIN memberships AS m ON m.org_id = k.org_id AND m.user_id = k.user_id
    JOIN organizations AS o ON o.org_id = k.org_id
    WHERE k.secret_hash = wanted_hash AND k.revoked_at IS NULL
$$;
REVOKE EXECUTE ON FUNCTION find_api_key FROM public;
GRANT EXECUTE ON FUNCTION find_api_key TO backhaul_app;

-- What access tokens are signed with, for the whole installation. Neither role sees the table. The newest key
-- signs; a retired one goes on verifying until what it signed can no longer be refreshed.
CREATE TABLE signing_keys (
    id uuid PRIMARY KEY,
    secret bytea NOT NULL CHECK (octet_length(secret) = 32),
    created_at timestamptz NOT NULL,
    retired_at timestamptz
);
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys ((true)) WHERE retired_at IS NULL;

-- 366 random bits, folded to the 256 that HS256 uses. Made here, so that no statement ever carries a secret.
CREATE FUNCTION make_signing_secret() RETURNS bytea
LANGUAGE sql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
$$;
INSERT INTO signing_keys (id, secret, created_at) VALUES (gen_random_uuid(), make_signing_secret(), now());

-- Secrets are shown to look-ups only: to a session that has a tenant these functions show nothing.
CREATE FUNCTION has_no_tenant() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT coalesce(current_setting('app.org_id', true), '') = '' $$;

-- The keys that still verify, the one that signs first. Few by nature; the limit bounds what a process holds.
CREATE FUNCTION find_signing_keys(retired_after timestamptz)
RETURNS TABLE (id uuid, secret bytea, retired_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.id, k.secret, k.retired_at FROM signing_keys AS k
    WHERE has_no_tenant() AND (k.retired_at IS NULL OR k.retired_at > retired_after)
    ORDER BY k.retired_at DESC NULLS FIRST LIMIT 100
$$;

-- Whom a token names. No row: its key verifies no more. A row without a user: the account is disabled or no
-- member any more. Tokens issued before `valid_from` have ended.
CREATE FUNCTION find_token_bearer(
    wanted_key_id uuid, retired_after timestamptz, wanted_user_number bigint, wanted_org_number bigint
) RETURNS TABLE (
    org_id uuid, org_number bigint, user_id uuid, user_number bigint, user_email text, plan text, role text,
    valid_from timestamptz
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT b.* FROM signing_keys AS k
    LEFT JOIN (
        SELECT m.org_id, o.number AS org_number, u.id AS user_id, u.number AS user_number,
               u.email AS user_email, o.plan, m.role, greatest(u.tokens_valid_from, m.created_at) AS valid_from
        FROM users AS u
        JOIN organizations AS o ON o.number = wanted_org_number
        JOIN memberships AS m ON m.org_id = o.org_id AND m.user_id = u.id
        WHERE u.number = wanted_user_number AND u.is_enabled
    ) AS b ON true
    WHERE k.id = wanted_key_id AND (k.retired_at IS NULL OR k.retired_at > retired_after)
$$;

-- What a sign-in needs, by the folded address: of accounts that can sign in at all.
CREATE FUNCTION find_sign_in(wanted_email text)
RETURNS TABLE (user_number bigint, user_email text, password_hash text, org_number bigint, valid_from timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT u.number, u.email, u.password_hash, o.number, greatest(u.tokens_valid_from, m.created_at)
    FROM users AS u
    JOIN memberships AS m ON m.user_id = u.id AND m.is_default
    JOIN organizations AS o ON o.org_id = m.org_id
    WHERE has_no_tenant() AND u.email = wanted_email AND u.is_enabled AND u.password_hash IS NOT NULL
$$;

-- Notes a token before it is signed, if `valid_from` is still what its issuer has seen; false: sign nothing.
-- Whatever ends tokens moves `valid_from`, under the same row's lock, behind all noted until then. So of an end and a
-- token either the end comes first and nothing is signed, or the token does and has ended: no clock has a say in it.
CREATE FUNCTION register_token(
    wanted_user_number bigint, wanted_org_number bigint, seen_valid_from timestamptz, issued_at timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A statement of its own: what is read after it is as new as the lock.
    PERFORM FROM users AS u WHERE has_no_tenant() AND u.number = wanted_user_number FOR NO KEY UPDATE;
    UPDATE users AS u SET tokens_issued_until = greatest(u.tokens_issued_until, issued_at)
    FROM memberships AS m JOIN organizations AS o ON o.org_id = m.org_id
    WHERE has_no_tenant() AND u.number = wanted_user_number AND u.is_enabled
        AND o.number = wanted_org_number AND m.user_id = u.id
        AND greatest(u.tokens_valid_from, m.created_at) = seen_valid_from;
    RETURN FOUND;
END $$;

-- The same password, hashed at today's cost: no token ends. Of two changes at once, a new password stays.
CREATE FUNCTION replace_password_hash(wanted_user_number bigint, former_hash text, new_hash text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE users AS u SET password_hash = new_hash
    WHERE has_no_tenant() AND u.number = wanted_user_number AND u.password_hash = former_hash
$$;

CREATE FUNCTION require_operator_scope(wanted_org_id uuid) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF wanted_org_id IS DISTINCT FROM nullif(current_setting('app.org_id', true), '')::uuid
        OR NOT EXISTS (SELECT FROM organizations AS o WHERE o.org_id = wanted_org_id AND o.is_operator)
    THEN
        RAISE EXCEPTION 'accounts change in the operator organization''s scope only'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION create_user_account(
    org_id uuid, user_id uuid, user_email text, user_name text, new_password_hash text, at timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM require_operator_scope(org_id);
    INSERT INTO users (id, email, name, password_hash, tokens_valid_from, created_at)
    VALUES (user_id, user_email, user_name, new_password_hash, at, at);
END $$;

-- Returns the account as it was; nothing when there is none.
CREATE FUNCTION lock_user_account(org_id uuid, user_id uuid)
RETURNS TABLE (id uuid, email text, name text, is_enabled boolean, created_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM require_operator_scope(org_id);
    RETURN QUERY SELECT u.id, u.email, u.name, u.is_enabled, u.created_at
        FROM users AS u WHERE u.id = user_id FOR NO KEY UPDATE;
END $$;

CREATE FUNCTION enable_user_account(org_id uuid, user_id uuid, wanted boolean, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM require_operator_scope(org_id);
    UPDATE users AS u SET is_enabled = wanted,
        tokens_valid_from = greatest(at, greatest(u.tokens_valid_from, u.tokens_issued_until) + interval '1 us')
    WHERE u.id = user_id;
END $$;

CREATE FUNCTION set_user_password(org_id uuid, user_id uuid, new_password_hash text, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM require_operator_scope(org_id);
    UPDATE users AS u SET password_hash = new_password_hash,
        tokens_valid_from = greatest(at, greatest(u.tokens_valid_from, u.tokens_issued_until) + interval '1 us')
    WHERE u.id = user_id;
END $$;

-- Makes the key that signs from now on, and returns the one that signed before. `ends_sessions` forgets all
-- others as well: nothing they signed is believed any more.
CREATE FUNCTION rotate_signing_key(org_id uuid, key_id uuid, ends_sessions boolean, at timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE former_id uuid;
BEGIN
    PERFORM require_operator_scope(org_id);
    LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE; -- one rotation after the other
    UPDATE signing_keys AS k SET retired_at = at WHERE k.retired_at IS NULL RETURNING k.id INTO former_id;
    DELETE FROM signing_keys WHERE ends_sessions;
    INSERT INTO signing_keys (id, secret, created_at) VALUES (key_id, make_signing_secret(), at);
    RETURN former_id;
END $$;

REVOKE EXECUTE ON FUNCTION make_signing_secret, has_no_tenant, find_signing_keys, find_token_bearer, find_sign_in,
    register_token, replace_password_hash, require_operator_scope, create_user_account, lock_user_account,
    enable_user_account, set_user_password, rotate_signing_key FROM public;
GRANT EXECUTE ON FUNCTION find_signing_keys, find_token_bearer, find_sign_in, register_token, replace_password_hash,
    create_user_account, lock_user_account, enable_user_account, set_user_password, rotate_signing_key TO backhaul_app;

-- The enabled member with this address, as the caller's tenant may see it: for use inside other statements.
CREATE FUNCTION enabled_member(wanted_org_id uuid, wanted_email text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT m.user_id FROM users AS u
    JOIN memberships AS m ON m.org_id = wanted_org_id AND m.user_id = u.id
    WHERE u.email = wanted_email AND u.is_enabled
$$;
REVOKE EXECUTE ON FUNCTION enabled_member FROM public;
GRANT EXECUTE ON FUNCTION enabled_member TO backhaul_app;
