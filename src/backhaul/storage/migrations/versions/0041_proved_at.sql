-- When an identity provider that was asked to have the person sign in anew says that they did. NULL: nobody asked, and the
-- provider's own session may have answered by itself; or the account has a password, which is asked for instead.
ALTER TABLE browser_sessions ADD COLUMN proved_at timestamptz;

-- Notes it of a session, in the transaction that begins it.
CREATE FUNCTION prove_browser_session(org_id uuid, session_id uuid, wanted_user_id uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM require_scope(org_id);
    UPDATE browser_sessions AS s SET proved_at = at
    WHERE s.id = session_id AND s.user_id = wanted_user_id AND s.in_org_id = prove_browser_session.org_id;
END $$;

CREATE FUNCTION browser_session_proved_at(wanted_session_id uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.proved_at FROM browser_sessions AS s WHERE has_no_tenant() AND s.id = wanted_session_id
$$;

REVOKE EXECUTE ON FUNCTION prove_browser_session, browser_session_proved_at FROM public;
GRANT EXECUTE ON FUNCTION prove_browser_session, browser_session_proved_at TO backhaul_app;
