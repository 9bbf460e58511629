-- What second factors are sealed with, and what a browser carries while it is at an identity provider.
INSERT INTO installation_secrets (name, secret)
VALUES ('second_factors', make_signing_secret()), ('sign_in_elsewhere', make_signing_secret());

-- How a person likes the console. None was chosen: no row.
CREATE TABLE account_preferences (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    theme text NOT NULL CHECK (theme IN ('system', 'light', 'dark')),
    time_zone text NOT NULL CHECK (length(time_zone) BETWEEN 1 AND 64)
);

-- A browser that somebody signed in with, by the SHA-256 of what its cookie holds. It ends with the password, the
-- account or the membership it was begun with: what those looked like then is kept beside it, and has to be the same.
CREATE TABLE browser_sessions (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    csrf_secret bytea NOT NULL CHECK (octet_length(csrf_secret) = 32),
    user_id uuid NOT NULL REFERENCES users (id),
    account_valid_from timestamptz NOT NULL, -- the account's tokens_valid_from
    in_org_id uuid NOT NULL REFERENCES organizations (org_id), -- where the person works
    by_org_id uuid NOT NULL REFERENCES organizations (org_id), -- whose member they are there: the same, or its parent
    member_since timestamptz NOT NULL, -- that membership's created_at
    is_second_factor_due boolean NOT NULL, -- the password was right; nothing else is allowed yet
    remote_address text NOT NULL CHECK (length(remote_address) <= 64),
    user_agent text NOT NULL CHECK (length(user_agent) <= 200),
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT browser_sessions_token UNIQUE (token_hash)
) WITH (fillfactor = 90); -- last_seen_at changes every minute: leave room for it in the page
CREATE INDEX browser_sessions_of_user ON browser_sessions (user_id, created_at);

-- Time-based one-time passwords (RFC 6238). The secret is sealed: no dump of this table opens an account.
CREATE TABLE second_factors (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    sealed_secret text NOT NULL,
    last_step bigint NOT NULL DEFAULT 0, -- the newest time step a code of which was taken: none is taken twice
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz -- until then it is being set up and asks for nothing
);
CREATE TABLE second_factor_codes (
    user_id uuid NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    used_at timestamptz,
    PRIMARY KEY (user_id, code_hash)
);

CREATE FUNCTION require_scope(wanted_org_id uuid) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF wanted_org_id IS DISTINCT FROM nullif(current_setting('app.org_id', true), '')::uuid THEN
        RAISE EXCEPTION 'sessions change in the scope of their organization only'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- By whose membership somebody may work in an organization: as its member, or as owner or admin of its parent.
CREATE FUNCTION ways_into(wanted_user_id uuid)
RETURNS TABLE (org_id uuid, by_org_id uuid, role text, member_since timestamptz, is_default boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.org_id, m.org_id, m.role, m.created_at, m.is_default FROM memberships AS m WHERE m.user_id = wanted_user_id
    UNION ALL
    SELECT o.org_id, m.org_id, m.role, m.created_at, false
    FROM memberships AS m JOIN organizations AS o ON o.parent_id = m.org_id
    WHERE m.user_id = wanted_user_id AND m.role IN ('owner', 'admin')
        AND NOT EXISTS (SELECT FROM memberships AS own WHERE own.org_id = o.org_id AND own.user_id = m.user_id)
$$;

-- Who is signed in with this browser, where, and where else they could be: all that a page's frame shows.
CREATE FUNCTION find_browser_session(wanted_token_hash bytea, at timestamptz, seen_after timestamptz)
RETURNS TABLE (
    session_id uuid, csrf_secret bytea, is_second_factor_due boolean, created_at timestamptz, last_seen_at timestamptz,
    user_id uuid, user_number bigint, user_email text, user_name text, theme text, time_zone text,
    has_second_factor boolean, valid_from timestamptz,
    org_id uuid, org_number bigint, org_name text, plan text, role text, organizations jsonb
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id, s.csrf_secret, s.is_second_factor_due, s.created_at, s.last_seen_at,
        u.id, u.number, u.email, u.name, coalesce(p.theme, 'system'), coalesce(p.time_zone, 'UTC'),
        f.confirmed_at IS NOT NULL, greatest(u.tokens_valid_from, m.created_at),
        o.org_id, o.number, o.name, o.plan, m.role,
        (SELECT jsonb_agg(jsonb_build_object('id', c.org_id, 'number', c.number, 'name', c.name)
                          ORDER BY lower(c.name), c.number)
         FROM (SELECT c.org_id, c.number, c.name FROM ways_into(u.id) AS w JOIN organizations AS c USING (org_id)
               ORDER BY w.is_default DESC, lower(c.name) LIMIT 200) AS c)
    FROM browser_sessions AS s
    JOIN users AS u ON u.id = s.user_id AND u.is_enabled AND u.tokens_valid_from = s.account_valid_from
    JOIN organizations AS o ON o.org_id = s.in_org_id
    JOIN memberships AS m ON m.org_id = s.by_org_id AND m.user_id = u.id AND m.created_at = s.member_since
        AND (m.org_id = o.org_id OR (m.org_id = o.parent_id AND m.role IN ('owner', 'admin')))
    LEFT JOIN account_preferences AS p ON p.user_id = u.id
    LEFT JOIN second_factors AS f ON f.user_id = u.id
    WHERE has_no_tenant() AND s.token_hash = wanted_token_hash AND s.ended_at IS NULL
        AND s.expires_at > at AND s.last_seen_at > seen_after
$$;

-- Whose session may be begun, by the folded address: of accounts that may sign in and have somewhere to go.
CREATE FUNCTION find_browser_account(wanted_email text)
RETURNS TABLE (
    user_id uuid, user_number bigint, user_email text, org_id uuid, valid_from timestamptz, has_second_factor boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT u.id, u.number, u.email, m.org_id, greatest(u.tokens_valid_from, m.created_at), f.confirmed_at IS NOT NULL
    FROM users AS u
    JOIN memberships AS m ON m.user_id = u.id AND m.is_default
    LEFT JOIN second_factors AS f ON f.user_id = u.id
    WHERE has_no_tenant() AND u.email = wanted_email AND u.is_enabled
$$;

-- Begins a session if `seen_valid_from` is still what its maker has seen; no id: nothing was begun. Sessions that have
-- been over for three months go.
CREATE FUNCTION begin_browser_session(
    org_id uuid, session_id uuid, new_token_hash bytea, new_csrf_secret bytea, wanted_user_id uuid,
    seen_valid_from timestamptz, second_factor_due boolean, address text, agent text, at timestamptz,
    ends_at timestamptz
) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE begun_id uuid;
BEGIN
    PERFORM require_scope(org_id);
    -- A statement of its own: what is read after it is as new as the lock.
    PERFORM FROM users AS u WHERE u.id = wanted_user_id FOR NO KEY UPDATE;
    DELETE FROM browser_sessions AS s
    WHERE s.user_id = wanted_user_id AND least(s.expires_at, s.ended_at) < at - interval '90 days';
    INSERT INTO browser_sessions (
        id, token_hash, csrf_secret, user_id, account_valid_from, in_org_id, by_org_id, member_since,
        is_second_factor_due, remote_address, user_agent, created_at, last_seen_at, expires_at
    )
    SELECT session_id, new_token_hash, new_csrf_secret, u.id, u.tokens_valid_from, w.org_id, w.by_org_id,
        w.member_since, second_factor_due, address, agent, at, at, ends_at
    FROM users AS u
    JOIN ways_into(u.id) AS w ON w.org_id = begin_browser_session.org_id
    WHERE u.id = wanted_user_id AND u.is_enabled
        AND greatest(u.tokens_valid_from, w.member_since) = seen_valid_from
    RETURNING id INTO begun_id;
    RETURN begun_id;
END $$;

-- Goes to work in the organization of the scope; returns whose membership allows it, nothing when none does.
CREATE FUNCTION move_browser_session(org_id uuid, session_id uuid, wanted_user_id uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE allowed_by uuid;
BEGIN
    PERFORM require_scope(org_id);
    UPDATE browser_sessions AS s SET in_org_id = w.org_id, by_org_id = w.by_org_id, member_since = w.member_since
    FROM ways_into(wanted_user_id) AS w
    WHERE s.id = session_id AND s.user_id = wanted_user_id AND s.ended_at IS NULL
        AND w.org_id = move_browser_session.org_id
    RETURNING s.by_org_id INTO allowed_by;
    RETURN allowed_by;
END $$;

-- Ends one session of an account, or with no id all but one; returns how many.
CREATE FUNCTION end_browser_sessions(org_id uuid, wanted_user_id uuid, session_id uuid, except_id uuid, at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ended bigint;
BEGIN
    PERFORM require_scope(org_id);
    UPDATE browser_sessions AS s SET ended_at = at
    WHERE s.user_id = wanted_user_id AND s.ended_at IS NULL AND s.expires_at > at
        AND (s.id = session_id OR (session_id IS NULL AND s.id IS DISTINCT FROM except_id));
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

CREATE FUNCTION list_browser_sessions(wanted_user_id uuid, at timestamptz, seen_after timestamptz)
RETURNS TABLE (
    id uuid, org_name text, remote_address text, user_agent text, created_at timestamptz, last_seen_at timestamptz
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id, o.name, s.remote_address, s.user_agent, s.created_at, s.last_seen_at
    FROM browser_sessions AS s
    JOIN users AS u ON u.id = s.user_id AND u.tokens_valid_from = s.account_valid_from
    JOIN organizations AS o ON o.org_id = s.in_org_id
    WHERE has_no_tenant() AND s.user_id = wanted_user_id AND s.ended_at IS NULL AND NOT s.is_second_factor_due
        AND s.expires_at > at AND s.last_seen_at > seen_after
    ORDER BY s.last_seen_at DESC, s.id LIMIT 100
$$;

CREATE FUNCTION note_browser_visits(ids uuid[], ats timestamptz[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE browser_sessions AS s SET last_seen_at = seen.at
    FROM (
        SELECT b.id, v.at FROM unnest(ids, ats) AS v (id, at)
        JOIN browser_sessions AS b ON b.id = v.id AND b.last_seen_at < v.at
        WHERE has_no_tenant() ORDER BY b.id FOR NO KEY UPDATE OF b SKIP LOCKED
    ) AS seen
    WHERE s.id = seen.id
$$;

CREATE FUNCTION prefer(wanted_user_id uuid, new_theme text, new_time_zone text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO account_preferences AS p (user_id, theme, time_zone)
    SELECT wanted_user_id, coalesce(new_theme, 'system'), coalesce(new_time_zone, 'UTC') WHERE has_no_tenant()
    ON CONFLICT (user_id) DO UPDATE SET
        theme = coalesce(new_theme, p.theme), time_zone = coalesce(new_time_zone, p.time_zone)
$$;

CREATE FUNCTION rename_user_account(org_id uuid, user_id uuid, new_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM require_operator_scope(org_id);
    UPDATE users AS u SET name = new_name WHERE u.id = user_id;
END $$;

CREATE FUNCTION find_second_factor(wanted_user_id uuid)
RETURNS TABLE (
    sealed_secret text, last_step bigint, created_at timestamptz, confirmed_at timestamptz, codes_left bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT f.sealed_secret, f.last_step, f.created_at, f.confirmed_at,
        (SELECT count(*) FROM second_factor_codes AS c WHERE c.user_id = f.user_id AND c.used_at IS NULL)
    FROM second_factors AS f WHERE has_no_tenant() AND f.user_id = wanted_user_id
$$;

-- Begins to set one up, in place of one that was never confirmed; false: there is one already.
CREATE FUNCTION add_second_factor(org_id uuid, wanted_user_id uuid, new_sealed_secret text, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM require_operator_scope(org_id);
    INSERT INTO second_factors AS f (user_id, sealed_secret, created_at)
    VALUES (wanted_user_id, new_sealed_secret, at)
    ON CONFLICT (user_id) DO UPDATE SET sealed_secret = new_sealed_secret, created_at = at, last_step = 0
    WHERE f.confirmed_at IS NULL;
    RETURN FOUND;
END $$;

-- A code of the secret that was shown is right: from now on it is asked for.
CREATE FUNCTION confirm_second_factor(
    org_id uuid, wanted_user_id uuid, seen_sealed_secret text, step bigint, code_hashes bytea[], at timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM require_operator_scope(org_id);
    UPDATE second_factors AS f SET confirmed_at = at, last_step = step
    WHERE f.user_id = wanted_user_id AND f.confirmed_at IS NULL AND f.sealed_secret = seen_sealed_secret;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO second_factor_codes (user_id, code_hash) SELECT wanted_user_id, unnest(code_hashes);
    RETURN true;
END $$;

CREATE FUNCTION remove_second_factor(org_id uuid, wanted_user_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM require_operator_scope(org_id);
    DELETE FROM second_factors AS f WHERE f.user_id = wanted_user_id;
    RETURN FOUND;
END $$;

-- Takes a code of this time step, unless one as new was taken before: of two with the same code one gets in.
CREATE FUNCTION take_second_factor_step(wanted_user_id uuid, step bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE second_factors AS f SET last_step = step
    WHERE has_no_tenant() AND f.user_id = wanted_user_id AND f.confirmed_at IS NOT NULL AND f.last_step < step;
    RETURN FOUND;
END $$;

CREATE FUNCTION take_second_factor_code(wanted_user_id uuid, wanted_hash bytea, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE second_factor_codes AS c SET used_at = at
    WHERE has_no_tenant() AND c.user_id = wanted_user_id AND c.code_hash = wanted_hash AND c.used_at IS NULL;
    RETURN FOUND;
END $$;

REVOKE EXECUTE ON FUNCTION require_scope, ways_into, find_browser_session, find_browser_account, begin_browser_session,
    move_browser_session, end_browser_sessions, list_browser_sessions, note_browser_visits, prefer,
    rename_user_account, find_second_factor, add_second_factor, confirm_second_factor, remove_second_factor,
    take_second_factor_step, take_second_factor_code FROM public;
GRANT EXECUTE ON FUNCTION find_browser_session, find_browser_account, begin_browser_session,
    move_browser_session, end_browser_sessions, list_browser_sessions, note_browser_visits, prefer,
    rename_user_account, find_second_factor, add_second_factor, confirm_second_factor, remove_second_factor,
    take_second_factor_step, take_second_factor_code TO backhaul_app;
