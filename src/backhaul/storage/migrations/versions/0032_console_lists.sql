-- The audit log: all of it, of one kind of record, of one person. One record has its own by the primary key.
CREATE INDEX history_by_time ON history (org_id, at, id);
CREATE INDEX history_of_kind ON history (org_id, subject_kind, at, id);
CREATE INDEX history_of_actor ON history (org_id, actor_id, at, id) WHERE actor_id IS NOT NULL;

-- Lists that are cut down to a status, the newest first.
CREATE INDEX charges_of_status ON charges (org_id, status, id);
CREATE INDEX wallet_holds_of_status ON wallet_holds (org_id, status, id);
CREATE INDEX webhook_deliveries_of_status ON webhook_deliveries (org_id, status, id);
CREATE INDEX webhook_callbacks ON webhook_deliveries (org_id, id) WHERE endpoint_id IS NULL;
CREATE INDEX reshipments_to_answer ON reshipments (org_id, number)
    WHERE status = 'pending' AND estimated_fee_minor > 0;

-- When a client was last given a token.
CREATE INDEX client_tokens_of_client ON client_tokens (org_id, client_id, issued_at);

-- Who was asked to join an organization. The link in the mail is the proof that the address is theirs; it is not kept.
CREATE TABLE invitations (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    id uuid NOT NULL,
    email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer', 'operator')),
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    status text NOT NULL CHECK (status IN ('open', 'accepted', 'withdrawn')),
    invited_by uuid REFERENCES users (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (org_id, id),
    -- Not led by org_id: the token is what tells the organization.
    CONSTRAINT invitations_token UNIQUE (token_hash),
    CHECK ((status = 'open') = (ended_at IS NULL)),
    CHECK (role <> 'operator' OR org_id = '00000000-0000-7000-8000-000000000000')
);
CALL protect_tenant_table('invitations', 'SELECT, INSERT, UPDATE', '');
CREATE UNIQUE INDEX invitations_open ON invitations (org_id, email) WHERE status = 'open';

-- Whose invitation a link is, and whether its address has an account already.
CREATE FUNCTION find_invitation(wanted_token_hash bytea)
RETURNS TABLE (
    org_id uuid, org_name text, id uuid, email text, role text, status text, expires_at timestamptz,
    inviter_name text, user_id uuid
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.org_id, o.name, i.id, i.email, i.role, i.status, i.expires_at, b.name, u.id
    FROM invitations AS i
    JOIN organizations AS o ON o.org_id = i.org_id
    LEFT JOIN users AS b ON b.id = i.invited_by
    LEFT JOIN users AS u ON u.email = i.email
    WHERE has_no_tenant() AND i.token_hash = wanted_token_hash
$$;

-- Makes the account of somebody who accepts: nobody else's, and only while the invitation is open.
CREATE FUNCTION create_invited_account(
    org_id uuid, invitation_id uuid, user_id uuid, user_name text, new_password_hash text, at timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF org_id IS DISTINCT FROM nullif(current_setting('app.org_id', true), '')::uuid THEN
        RAISE EXCEPTION 'invitations are accepted in the scope of their organization'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO users (id, email, name, password_hash, tokens_valid_from, created_at)
    SELECT user_id, i.email, user_name, new_password_hash, at, at FROM invitations AS i
    WHERE i.org_id = create_invited_account.org_id AND i.id = invitation_id AND i.status = 'open' AND i.expires_at > at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the invitation is not open' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION find_invitation, create_invited_account FROM public;
GRANT EXECUTE ON FUNCTION find_invitation, create_invited_account TO backhaul_app;
