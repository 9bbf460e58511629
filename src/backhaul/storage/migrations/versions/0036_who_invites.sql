-- Who sent an invitation, and by which role they work there now (none: they have left, or were shut out). People of a
-- parent organization and former members too, whom the scope of the invitation's organization does not show.
CREATE FUNCTION find_inviter(org_id uuid, invitation_id uuid)
RETURNS TABLE (user_id uuid, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT u.id, u.name, w.role
    FROM invitations AS i
    JOIN users AS u ON u.id = i.invited_by
    LEFT JOIN LATERAL ways_into(u.id) AS w ON w.org_id = i.org_id AND u.is_enabled
    WHERE i.org_id = find_inviter.org_id AND i.id = invitation_id
        AND (has_no_tenant() OR i.org_id = nullif(current_setting('app.org_id', true), '')::uuid)
$$;

-- Whether an account signs in with a password of ours; the others are vouched for by an identity provider alone.
CREATE FUNCTION has_password(wanted_user_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM users AS u WHERE has_no_tenant() AND u.id = wanted_user_id AND u.password_hash IS NOT NULL
    )
$$;

REVOKE EXECUTE ON FUNCTION find_inviter, has_password FROM public;
GRANT EXECUTE ON FUNCTION find_inviter, has_password TO backhaul_app;
