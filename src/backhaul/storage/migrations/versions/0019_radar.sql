-- Since when the parcel has the label it has. Those bought so far are taken for as old as their parcel.
ALTER TABLE shipments ADD COLUMN labelled_at timestamptz;
UPDATE shipments SET labelled_at = created_at WHERE tracking_number IS NOT NULL;

-- What can be stalled, by how long it has been so. Only the last grows with what is finished, and it is read by its end.
CREATE INDEX shipments_unscanned ON shipments (greatest(ready_at, labelled_at))
    WHERE status = 'pre_transit' AND tracking_number IS NOT NULL AND ready_at IS NOT NULL;
CREATE INDEX shipments_moving ON shipments (shipped_at)
    WHERE status IN ('in_transit', 'out_for_delivery', 'available_for_pickup');
CREATE INDEX shipments_troubled ON shipments (updated_at)
    WHERE status IN ('return_to_sender', 'failure') OR fault = 'bad_address';
CREATE INDEX shipments_arrived ON shipments (delivered_at) WHERE status = 'delivered' AND leg = 'device';

-- Parcels that need somebody: never deleted, closed when the cause goes.
CREATE TABLE parcel_exceptions (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN (
        'label_never_scanned', 'no_movement', 'delivered_not_received', 'address_exception', 'box_undeliverable')),
    suggested_action text NOT NULL CHECK (suggested_action IN (
        'check_depot', 'ask_sender', 'trace', 'collect', 'inspect', 'find_holder', 'take_in', 'correct_address',
        'send_again')),
    shipment_id uuid NOT NULL,
    transfer_id uuid NOT NULL,
    case_id uuid, -- of a recovery's parcel
    campaign_id uuid,
    leg text NOT NULL CHECK (leg IN ('box', 'device')),
    carrier text,
    tracking_number text, -- NULL: no carrier sold a label
    owner_id uuid NOT NULL,
    owner_email text NOT NULL,
    since timestamptz NOT NULL, -- when the cause began
    opened_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by text, -- kind and id
    note text CHECK (length(note) BETWEEN 1 AND 2000),
    closed_at timestamptz,
    closed_because text CHECK (closed_because IN ('gone', 'ended', 'acknowledged')),
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT parcel_exceptions_number UNIQUE (org_id, number),
    FOREIGN KEY (org_id, shipment_id) REFERENCES shipments (org_id, id),
    FOREIGN KEY (org_id, transfer_id) REFERENCES transfers (org_id, id),
    FOREIGN KEY (org_id, case_id) REFERENCES recovery_cases (org_id, id),
    FOREIGN KEY (org_id, campaign_id) REFERENCES recovery_campaigns (org_id, id),
    CHECK ((closed_at IS NULL) = (closed_because IS NULL)),
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
    CHECK ((case_id IS NULL) = (campaign_id IS NULL))
);
CALL protect_tenant_table('parcel_exceptions', 'SELECT, INSERT, UPDATE', 'SELECT');
-- At most one of a kind: two workers that look at once open one.
CREATE UNIQUE INDEX parcel_exceptions_open ON parcel_exceptions (org_id, shipment_id, kind) WHERE closed_at IS NULL;
CREATE INDEX parcel_exceptions_listed ON parcel_exceptions (org_id, number) WHERE closed_at IS NULL;
CREATE INDEX parcel_exceptions_of_shipment ON parcel_exceptions (org_id, shipment_id);
