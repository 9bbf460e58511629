CREATE TABLE shipments (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    leg text NOT NULL CHECK (leg IN ('box', 'device')),
    adapter text,
    carrier text CHECK (carrier IN ('USPS', 'UPS', 'FedEx', 'DHLExpress', 'Sendle')),
    parcel jsonb NOT NULL,
    reference text NOT NULL,
    status text NOT NULL CHECK (status IN (
        'pre_transit', 'in_transit', 'out_for_delivery', 'available_for_pickup', 'delivered',
        'return_to_sender', 'failure', 'cancelled', 'unknown')),
    fault text CHECK (fault IN ('lost', 'damaged', 'refused', 'bad_address', 'other')),
    service text,
    tracking_number text,
    tracking_url text,
    carrier_shipment_id text,
    cost_minor bigint CHECK (cost_minor >= 0),
    cost_currency text,
    ready_at timestamptz,
    shipped_at timestamptz,
    delivered_at timestamptz,
    next_look_at timestamptz,
    looks integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, subject_kind, subject_id, leg),
    -- A number that was pasted in belongs to no label of ours: there is nothing to void.
    CHECK (tracking_number IS NOT NULL OR carrier_shipment_id IS NULL),
    CHECK (tracking_number IS NULL OR (carrier IS NOT NULL AND adapter IS NOT NULL))
);
CALL protect_tenant_table('shipments', 'SELECT, INSERT, UPDATE', 'SELECT, UPDATE');
CREATE INDEX shipments_due ON shipments (next_look_at) WHERE next_look_at IS NOT NULL;
CREATE INDEX shipments_tracking_number ON shipments (tracking_number) WHERE tracking_number IS NOT NULL;

-- A label is printed while its number is the parcel's; one whose number was replaced is only kept.
CREATE TABLE label_files (
    org_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    tracking_number text NOT NULL,
    format text NOT NULL CHECK (format IN ('pdf', 'zpl')),
    content bytea NOT NULL,
    PRIMARY KEY (org_id, shipment_id, tracking_number, format),
    FOREIGN KEY (org_id, shipment_id) REFERENCES shipments (org_id, id)
);
CALL protect_tenant_table('label_files', 'SELECT, INSERT', 'SELECT');

-- Links for people without an account, by the hash of their token. (The letter that carries a link keeps its text.)
CREATE TABLE parcel_links (
    org_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    shipment_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('label', 'pickup')),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, token_hash),
    FOREIGN KEY (org_id, shipment_id) REFERENCES shipments (org_id, id)
);
CALL protect_tenant_table('parcel_links', 'SELECT, INSERT', 'SELECT');
CREATE UNIQUE INDEX parcel_links_token ON parcel_links (token_hash);

CREATE FUNCTION find_parcel_link(wanted bytea, wanted_purpose text)
RETURNS TABLE (org_id uuid, shipment_id uuid, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT l.org_id, l.shipment_id, l.expires_at FROM public.parcel_links AS l
    WHERE l.token_hash = wanted AND l.purpose = wanted_purpose
$$;
REVOKE EXECUTE ON FUNCTION find_parcel_link FROM public;
GRANT EXECUTE ON FUNCTION find_parcel_link TO backhaul_app;

CREATE TABLE tracking_events (
    org_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    tracking_number text NOT NULL,
    fingerprint bytea NOT NULL,
    status text NOT NULL,
    fault text,
    at timestamptz NOT NULL,
    carrier_status text NOT NULL,
    text text NOT NULL,
    place text,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, shipment_id, tracking_number, fingerprint),
    FOREIGN KEY (org_id, shipment_id) REFERENCES shipments (org_id, id)
);
CALL protect_tenant_table('tracking_events', 'SELECT, INSERT', 'SELECT');

CREATE TABLE pickups (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    on_date date NOT NULL,
    instructions text,
    status text NOT NULL CHECK (status IN ('requested', 'booked', 'past', 'cancelled', 'refused')),
    confirmation text,
    refusal text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, shipment_id) REFERENCES shipments (org_id, id)
);
CALL protect_tenant_table('pickups', 'SELECT, INSERT, UPDATE', 'SELECT');
-- One live pickup per parcel: two people booking at once cannot send two vans.
CREATE UNIQUE INDEX pickups_live ON pickups (org_id, shipment_id) WHERE status IN ('requested', 'booked');

-- The public tracking page knows a number and nothing else; it may see movement, never people or places.
CREATE FUNCTION find_tracked_parcels(wanted text)
RETURNS TABLE (org_id uuid, shipment_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT s.org_id, s.id FROM public.shipments AS s
    WHERE s.tracking_number = wanted ORDER BY s.created_at DESC LIMIT 1
$$;
REVOKE EXECUTE ON FUNCTION find_tracked_parcels FROM public;
GRANT EXECUTE ON FUNCTION find_tracked_parcels TO backhaul_app;
