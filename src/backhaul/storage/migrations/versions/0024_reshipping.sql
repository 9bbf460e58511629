-- A third kind of parcel: sent on from a warehouse.
-- squawk-ignore ban-drop-constraint
ALTER TABLE shipments DROP CONSTRAINT shipments_leg_check;
ALTER TABLE shipments ADD CONSTRAINT shipments_leg_check CHECK (leg IN ('box', 'device', 'onward')) NOT VALID;
ALTER TABLE shipments VALIDATE CONSTRAINT shipments_leg_check;

-- Returns that are sent on together. `deleted` and `expired` are on no list: what they were stays written down.
CREATE TABLE reshipments (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY (START WITH 1001),
    status text NOT NULL CHECK (status IN ('pending', 'declined', 'approved', 'deleted', 'expired')),
    contents text NOT NULL CHECK (length(contents) BETWEEN 1 AND 60),
    value_minor bigint NOT NULL CHECK (value_minor > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    "to" jsonb NOT NULL,
    warehouse_id uuid NOT NULL, -- the operator's: no foreign key leads there
    warehouse_code text NOT NULL,
    return_numbers bigint [] NOT NULL CHECK (cardinality(return_numbers) BETWEEN 1 AND 100),
    estimated_fee_minor bigint NOT NULL CHECK (estimated_fee_minor >= 0), -- 0: not quoted yet
    estimate_lines jsonb NOT NULL,
    weight_grams integer NOT NULL CHECK (weight_grams >= 0), -- 0: not weighed yet
    final_fee_minor bigint CHECK (final_fee_minor > 0), -- NULL: not weighed since it was approved
    reship_fee_minor bigint NOT NULL CHECK (reship_fee_minor >= 0), -- 0: not charged yet
    hold_id uuid,
    shipment_id uuid,
    service text,
    tracking_number text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz, -- NULL: approved, or gone
    answered_at timestamptz,
    dispatched_at timestamptz,
    ended_at timestamptz,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT reshipments_number UNIQUE (org_id, number),
    CONSTRAINT reshipments_shipment UNIQUE (org_id, shipment_id),
    FOREIGN KEY (org_id, hold_id) REFERENCES wallet_holds (org_id, id),
    FOREIGN KEY (org_id, shipment_id) REFERENCES shipments (org_id, id),
    CHECK ((status = 'approved') = (hold_id IS NOT NULL)),
    CHECK ((status IN ('pending', 'declined')) = (expires_at IS NOT NULL)),
    CHECK ((status IN ('deleted', 'expired')) = (ended_at IS NOT NULL)),
    CHECK (status NOT IN ('approved', 'declined') OR estimated_fee_minor > 0),
    CHECK ((shipment_id IS NULL) = (final_fee_minor IS NULL)),
    CHECK (shipment_id IS NULL OR status = 'approved'),
    CHECK (dispatched_at IS NULL OR shipment_id IS NOT NULL),
    CHECK ((dispatched_at IS NULL) = (tracking_number IS NULL)),
    CHECK (dispatched_at IS NULL OR reship_fee_minor = final_fee_minor)
);
CALL protect_tenant_table('reshipments', 'SELECT, INSERT, UPDATE', 'SELECT');
-- What the customer's lists show.
CREATE INDEX reshipments_listed ON reshipments (org_id, number) WHERE status NOT IN ('deleted', 'expired');
CREATE INDEX reshipments_due ON reshipments (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX reshipments_by_number ON reshipments (number);

-- How much more than its estimate a reshipment may cost before its owner is asked again. No row: the installation's own.
CREATE TABLE reshipping_terms (
    org_id uuid NOT NULL PRIMARY KEY REFERENCES organizations (org_id),
    tolerance_percent integer NOT NULL CHECK (tolerance_percent BETWEEN 0 AND 100),
    updated_at timestamptz NOT NULL
);
CALL protect_tenant_table('reshipping_terms', 'SELECT, INSERT, UPDATE', 'SELECT');

-- Whose reshipment an operator means by its number.
CREATE FUNCTION find_reshipment_owner(wanted bigint) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT r.org_id FROM public.reshipments AS r WHERE r.number = wanted
$$;
REVOKE EXECUTE ON FUNCTION find_reshipment_owner FROM public;
GRANT EXECUTE ON FUNCTION find_reshipment_owner TO backhaul_app;
