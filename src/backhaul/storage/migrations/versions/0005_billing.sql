CREATE TABLE charges (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    purpose text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    refund_requested_minor bigint NOT NULL DEFAULT 0,
    refunded_minor bigint NOT NULL DEFAULT 0,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    status text NOT NULL,
    reference text NOT NULL,
    lines jsonb NOT NULL,
    gateway text,
    gateway_reference text,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_attempt_at timestamptz,
    decline_code text,
    decline_text text,
    captured_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    -- A subject is never charged twice for the same purpose.
    CONSTRAINT charges_once UNIQUE (org_id, subject_kind, subject_id, purpose),
    CONSTRAINT charges_refunds_fit CHECK (0 <= refunded_minor AND refunded_minor <= refund_requested_minor
        AND refund_requested_minor <= amount_minor),
    CONSTRAINT charges_lifecycle CHECK (CASE status
        WHEN 'pending' THEN attempts = 0 AND gateway IS NULL AND captured_at IS NULL
            AND next_attempt_at IS NOT NULL AND refunded_minor = 0
        WHEN 'collecting' THEN attempts > 0 AND gateway IS NOT NULL AND captured_at IS NULL
            AND next_attempt_at IS NOT NULL AND refunded_minor = 0
        WHEN 'declined' THEN attempts > 0 AND decline_code IS NOT NULL AND captured_at IS NULL
            AND refunded_minor = 0
        WHEN 'captured' THEN captured_at IS NOT NULL AND next_attempt_at IS NULL AND refunded_minor = 0
        WHEN 'partly_refunded' THEN captured_at IS NOT NULL AND next_attempt_at IS NULL
            AND 0 < refunded_minor AND refunded_minor < amount_minor
        WHEN 'refunded' THEN captured_at IS NOT NULL AND next_attempt_at IS NULL
            AND 0 < refunded_minor AND refunded_minor = amount_minor
        WHEN 'cancelled' THEN captured_at IS NULL AND next_attempt_at IS NULL AND refunded_minor = 0
        ELSE false END),
    -- Money was taken exactly when the gateway named a payment; a charge of nothing needs none.
    CONSTRAINT charges_captured_by_gateway CHECK (amount_minor = 0
        OR (captured_at IS NOT NULL) = (gateway_reference IS NOT NULL))
);
CALL protect_tenant_table('charges', 'SELECT, INSERT, UPDATE', 'SELECT');
CREATE INDEX charges_to_look_at ON charges (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE refunds (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    charge_id uuid NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    status text NOT NULL CHECK (status IN ('requested', 'paid', 'refused', 'dropped')),
    reason text NOT NULL,
    refusal text CHECK ((refusal IS NOT NULL) = (status = 'refused')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, charge_id) REFERENCES charges (org_id, id)
);
CALL protect_tenant_table('refunds', 'SELECT, INSERT, UPDATE', 'SELECT');
CREATE INDEX refunds_of_charge ON refunds (org_id, charge_id);

-- The ledger: accounts, transactions, entries. Nothing in it is ever changed or deleted, by nobody.
CREATE TABLE ledger_accounts (
    org_id uuid NOT NULL,
    account text NOT NULL CHECK (account IN ('receivable', 'gateway_clearing', 'revenue', 'refunds')),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    PRIMARY KEY (org_id, account, currency)
);
CALL protect_tenant_table('ledger_accounts', 'SELECT, INSERT', 'SELECT');

CREATE TABLE ledger_transactions (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    key text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('charge_opened', 'charge_captured', 'charge_cancelled', 'refund_paid')),
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    reverses_id uuid,
    at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT ledger_transactions_once UNIQUE (org_id, key),
    CONSTRAINT ledger_transactions_reversed_once UNIQUE (org_id, reverses_id),
    FOREIGN KEY (org_id, reverses_id) REFERENCES ledger_transactions (org_id, id)
);
CALL protect_tenant_table('ledger_transactions', 'SELECT, INSERT', 'SELECT');

CREATE TABLE ledger_entries (
    org_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    position integer NOT NULL,
    account text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0),  -- debits positive, credits negative
    PRIMARY KEY (org_id, transaction_id, position),
    FOREIGN KEY (org_id, transaction_id) REFERENCES ledger_transactions (org_id, id),
    FOREIGN KEY (org_id, account, currency) REFERENCES ledger_accounts (org_id, account, currency)
);
CALL protect_tenant_table('ledger_entries', 'SELECT, INSERT', 'SELECT');

CREATE TRIGGER ledger_accounts_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_transactions_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transactions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Names its tables in full: a temporary table must not be able to stand in for the ledger.
CREATE FUNCTION refuse_unbalanced_transaction() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.ledger_entries e
        WHERE e.org_id = new.org_id AND e.transaction_id = new.transaction_id
        GROUP BY e.currency HAVING sum(e.amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger transaction % does not add up to zero', new.transaction_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_entries_add_up AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_transaction();
