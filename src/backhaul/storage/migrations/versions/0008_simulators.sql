-- The simulated payment gateway's own memory: it stands for a service elsewhere, so it knows no organizations
-- and the app role does not see it.
CREATE TABLE simulated_payments (
    idempotency_key text PRIMARY KEY,
    gateway_reference text NOT NULL UNIQUE,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text NOT NULL,
    reference text NOT NULL,
    calls integer NOT NULL,
    outcome text CHECK (outcome IN ('captured', 'declined')),  -- NULL: not decided yet
    refunded_minor bigint NOT NULL DEFAULT 0
        CHECK (refunded_minor BETWEEN 0 AND CASE WHEN outcome = 'captured' THEN amount_minor ELSE 0 END),
    created_at timestamptz NOT NULL
);
CREATE INDEX simulated_payments_by_reference ON simulated_payments (reference);

CREATE TABLE simulated_refunds (
    idempotency_key text PRIMARY KEY,
    gateway_reference text NOT NULL REFERENCES simulated_payments (gateway_reference),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    created_at timestamptz NOT NULL
);
CREATE INDEX simulated_refunds_of_payment ON simulated_refunds (gateway_reference);

GRANT SELECT, INSERT, UPDATE ON simulated_payments TO backhaul_worker;
GRANT SELECT, INSERT ON simulated_refunds TO backhaul_worker;
