-- How often something was asked for lately. Losing it with a crash costs nothing, so nothing of it is logged.
CREATE UNLOGGED TABLE rate_limits (
    key text NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
    level double precision NOT NULL, -- how full the bucket was at that moment
    at timestamptz NOT NULL,
    capacity double precision NOT NULL CHECK (capacity >= 1),
    per_second double precision NOT NULL CHECK (per_second > 0), -- what leaks out of it
    is_passed boolean NOT NULL -- whether the last request found room
);
GRANT SELECT, INSERT, UPDATE ON rate_limits TO backhaul_app;
GRANT SELECT, DELETE ON rate_limits TO backhaul_worker;
CREATE INDEX rate_limits_age ON rate_limits (at);

-- "Ask": nothing is sent until the person has chosen.
-- squawk-ignore ban-drop-constraint
ALTER TABLE recovery_cases DROP CONSTRAINT recovery_cases_shipping_check;
ALTER TABLE recovery_cases ADD CONSTRAINT recovery_cases_shipping_check CHECK (shipping IN ('kit', 'label', 'ask'));

-- Links to the page of one person in one campaign. The token itself is not kept.
CREATE TABLE recovery_links (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, case_id) REFERENCES recovery_cases (org_id, id)
);
CALL protect_tenant_table('recovery_links', 'SELECT, INSERT, UPDATE', 'SELECT');
CREATE UNIQUE INDEX recovery_links_token ON recovery_links (token_hash);
CREATE INDEX recovery_links_of_case ON recovery_links (org_id, case_id);

-- Whose link this is, and until when: 30 days after the case has ended at the latest.
CREATE FUNCTION find_person_link(wanted bytea)
RETURNS TABLE (org_id uuid, link_id uuid, case_id uuid, valid_until timestamptz, is_revoked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT l.org_id, l.id, l.case_id,
        least(l.expires_at, (c.ending ->> 'at')::timestamptz + interval '30 days'), l.revoked_at IS NOT NULL
    FROM public.recovery_links AS l
    JOIN public.recovery_cases AS c ON c.org_id = l.org_id AND c.id = l.case_id
    WHERE l.token_hash = wanted
$$;
REVOKE EXECUTE ON FUNCTION find_person_link FROM public;
GRANT EXECUTE ON FUNCTION find_person_link TO backhaul_app;

-- The person said that the address is right, as it stood then.
CREATE TABLE recovery_confirmations (
    org_id uuid NOT NULL,
    case_id uuid NOT NULL,
    link_id uuid NOT NULL,
    address jsonb NOT NULL,
    confirmed_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, case_id),
    FOREIGN KEY (org_id, case_id) REFERENCES recovery_cases (org_id, id),
    FOREIGN KEY (org_id, link_id) REFERENCES recovery_links (org_id, id)
);
CALL protect_tenant_table('recovery_confirmations', 'SELECT, INSERT, UPDATE', 'SELECT');

-- "I no longer have it": what the person says. What became of the item, the organization decides.
CREATE TABLE recovery_claims (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    item_id uuid NOT NULL,
    link_id uuid NOT NULL,
    reason text NOT NULL CHECK (reason IN ('lost', 'stolen', 'returned', 'never_had', 'kept')),
    note text CHECK (length(note) BETWEEN 1 AND 500),
    claimed_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, case_id) REFERENCES recovery_cases (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES recovery_items (org_id, id),
    FOREIGN KEY (org_id, link_id) REFERENCES recovery_links (org_id, id)
);
CALL protect_tenant_table('recovery_claims', 'SELECT, INSERT, UPDATE', 'SELECT');
CREATE INDEX recovery_claims_of_case ON recovery_claims (org_id, case_id);
CREATE UNIQUE INDEX recovery_claims_live ON recovery_claims (org_id, item_id) WHERE withdrawn_at IS NULL;

-- One signature for the whole hand-over, with the words that were signed.
CREATE TABLE recovery_signatures (
    org_id uuid NOT NULL,
    case_id uuid NOT NULL,
    link_id uuid NOT NULL,
    full_name text NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 8000),
    text_hash bytea NOT NULL CHECK (text_hash = sha256(convert_to(text, 'UTF8'))),
    client_hash bytea, -- of the address it was signed from
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, case_id),
    FOREIGN KEY (org_id, case_id) REFERENCES recovery_cases (org_id, id),
    FOREIGN KEY (org_id, link_id) REFERENCES recovery_links (org_id, id)
);
CALL protect_tenant_table('recovery_signatures', 'SELECT, INSERT', 'SELECT');
CREATE TRIGGER recovery_signatures_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recovery_signatures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
