-- A device may lie in a warehouse. Warehouses belong to the operator's organization, so that no foreign key leads there.
ALTER TABLE assets
    ADD COLUMN warehouse_id uuid,
    ADD COLUMN is_sanitisation_due boolean NOT NULL DEFAULT false,
    -- squawk-ignore ban-drop-constraint
    DROP CONSTRAINT assets_custody_check;
ALTER TABLE assets
    ADD CONSTRAINT assets_custody_check
        CHECK (custody IN ('organization', 'employee', 'parcel', 'outside', 'warehouse')) NOT VALID,
    ADD CONSTRAINT assets_warehouse_check CHECK ((custody = 'warehouse') = (warehouse_id IS NOT NULL)) NOT VALID;
ALTER TABLE assets VALIDATE CONSTRAINT assets_custody_check;
ALTER TABLE assets VALIDATE CONSTRAINT assets_warehouse_check;
GRANT UPDATE (warehouse_id, is_sanitisation_due) ON assets TO backhaul_app;
ALTER TABLE custody_events
    -- squawk-ignore ban-drop-constraint
    DROP CONSTRAINT custody_events_reason_check,
    -- squawk-ignore ban-drop-constraint
    DROP CONSTRAINT custody_events_from_custody_check,
    -- squawk-ignore ban-drop-constraint
    DROP CONSTRAINT custody_events_to_custody_check;
ALTER TABLE custody_events
    ADD CONSTRAINT custody_events_reason_check CHECK (reason IN (
        'added', 'assigned', 'unassigned', 'shipped', 'delivered', 'received', 'corrected', 'removed', 'missing',
        'discarded')) NOT VALID,
    ADD CONSTRAINT custody_events_from_custody_check
        CHECK (from_custody IN ('organization', 'employee', 'parcel', 'outside', 'warehouse')) NOT VALID,
    ADD CONSTRAINT custody_events_to_custody_check
        CHECK (to_custody IN ('organization', 'employee', 'parcel', 'outside', 'warehouse')) NOT VALID;
ALTER TABLE custody_events VALIDATE CONSTRAINT custody_events_reason_check;
ALTER TABLE custody_events VALIDATE CONSTRAINT custody_events_from_custody_check;
ALTER TABLE custody_events VALIDATE CONSTRAINT custody_events_to_custody_check;

-- How numbers of parcels are compared: as scanners read them and as people type them.
CREATE FUNCTION tracking_key(tracking_number text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN upper(regexp_replace(tracking_number, '[\s-]+', '', 'g'));

-- Where parcels come in. They belong to the operator's organization; everybody may know them.
CREATE TABLE warehouses (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[A-Z0-9]{8}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    address jsonb NOT NULL,
    entry_point text NOT NULL CHECK (entry_point ~ '^[A-Z0-9]{6}$'),
    language text NOT NULL CHECK (length(language) BETWEEN 1 AND 50),
    language_code text NOT NULL CHECK (language_code ~ '^[a-z]{2}$'),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT warehouses_code UNIQUE (org_id, code)
);
CALL protect_tenant_table('warehouses', 'SELECT, INSERT', 'SELECT');

CREATE FUNCTION known_warehouses()
RETURNS TABLE (id uuid, code text, name text, address jsonb, entry_point text, language text, language_code text,
    created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT w.id, w.code, w.name, w.address, w.entry_point, w.language, w.language_code, w.created_at
    FROM public.warehouses AS w
$$;
REVOKE EXECUTE ON FUNCTION known_warehouses FROM public;
GRANT EXECUTE ON FUNCTION known_warehouses TO backhaul_app;

-- A parcel has one number, here and in its owner's organization.
CREATE SEQUENCE returns_number_seq AS bigint START WITH 12001;
GRANT USAGE ON SEQUENCE returns_number_seq TO backhaul_app;

-- The operator's side of a parcel: which, where, and whose once that is known. Its owner is another organization, so that
-- no foreign key leads there.
CREATE TABLE intakes (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL DEFAULT nextval('returns_number_seq'),
    warehouse_id uuid NOT NULL,
    tracking_number text NOT NULL CHECK (length(tracking_number) BETWEEN 1 AND 64),
    tracking_key text NOT NULL GENERATED ALWAYS AS (tracking_key(tracking_number)) STORED CHECK (tracking_key <> ''),
    owner_org_id uuid, -- NULL: not yet identified
    return_id uuid,
    shipment_id uuid,
    transfer_id uuid,
    rma_number text CHECK (length(rma_number) BETWEEN 1 AND 64),
    received_at timestamptz NOT NULL,
    identified_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT intakes_number UNIQUE (org_id, number),
    CONSTRAINT intakes_tracking UNIQUE (org_id, tracking_key),
    FOREIGN KEY (org_id, warehouse_id) REFERENCES warehouses (org_id, id),
    CHECK ((owner_org_id IS NULL) = (return_id IS NULL)),
    CHECK ((owner_org_id IS NULL) = (identified_at IS NULL)),
    CHECK (shipment_id IS NULL OR owner_org_id IS NOT NULL),
    CHECK ((shipment_id IS NULL) = (transfer_id IS NULL))
);
CREATE INDEX intakes_unidentified ON intakes (org_id, number) WHERE owner_org_id IS NULL;
CALL protect_tenant_table(
    'intakes',
    'SELECT, INSERT, UPDATE (owner_org_id, return_id, rma_number, identified_at, version)', 'SELECT');
ALTER SEQUENCE returns_number_seq OWNED BY intakes.number;

-- Whose parcel a scanned number is: the device's parcel of a transfer. The scanner's own number first, then what it holds.
CREATE FUNCTION find_expected_parcel(wanted text[])
RETURNS TABLE (org_id uuid, shipment_id uuid, transfer_id uuid, tracking_number text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT s.org_id, s.id, s.subject_id, s.tracking_number FROM public.shipments AS s
    WHERE s.tracking_number = ANY (wanted) AND s.subject_kind = 'transfer' AND s.leg = 'device'
    ORDER BY array_position(wanted, s.tracking_number), s.created_at DESC LIMIT 1
$$;
REVOKE EXECUTE ON FUNCTION find_expected_parcel FROM public;
GRANT EXECUTE ON FUNCTION find_expected_parcel TO backhaul_app;

-- The owner's side: what came back, and how far it is.
CREATE TABLE returns (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    id uuid NOT NULL,
    number bigint NOT NULL,
    intake_id uuid NOT NULL,
    warehouse_id uuid NOT NULL,
    warehouse_code text NOT NULL,
    status text NOT NULL CHECK (status IN (
        'received', 'processed', 'verifying', 'verified', 'reshipping', 'reshipped', 'discarded')),
    status_before_reshipping text CHECK (status_before_reshipping IN ('processed', 'verifying', 'verified')),
    reshipment_id uuid,
    tracking_number text NOT NULL,
    tracking_key text NOT NULL GENERATED ALWAYS AS (tracking_key(tracking_number)) STORED,
    shipment_id uuid, -- NULL: it came without a label of ours
    transfer_id uuid,
    rma_number text CHECK (length(rma_number) BETWEEN 1 AND 64),
    weight_grams integer NOT NULL CHECK (weight_grams >= 0),
    process_fee_minor bigint NOT NULL CHECK (process_fee_minor >= 0),
    is_process_fee_due boolean NOT NULL, -- the wallet did not cover it yet
    verify_fee_minor bigint NOT NULL CHECK (verify_fee_minor >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    message_count integer NOT NULL CHECK (message_count >= 0),
    received_at timestamptz NOT NULL,
    processed_at timestamptz,
    verified_at timestamptz,
    discarded_at timestamptz,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT returns_number UNIQUE (org_id, number),
    FOREIGN KEY (org_id, shipment_id) REFERENCES shipments (org_id, id),
    FOREIGN KEY (org_id, transfer_id) REFERENCES transfers (org_id, id),
    CHECK ((status IN ('reshipping', 'reshipped')) = (reshipment_id IS NOT NULL)),
    CHECK ((reshipment_id IS NULL) = (status_before_reshipping IS NULL)),
    CHECK ((status = 'discarded') = (discarded_at IS NOT NULL)),
    CHECK ((status = 'received') = (processed_at IS NULL))
);
CALL protect_tenant_table('returns', 'SELECT, INSERT, UPDATE', 'SELECT');
-- What the customer's lists show; without what is not processed yet and what was discarded.
CREATE INDEX returns_listed ON returns (org_id, number) WHERE status NOT IN ('received', 'discarded');
CREATE INDEX returns_listed_by_status ON returns (org_id, status, number);
CREATE INDEX returns_by_tracking ON returns (org_id, tracking_key, number);
CREATE INDEX returns_of_reshipment ON returns (org_id, reshipment_id, number) WHERE reshipment_id IS NOT NULL;
CREATE INDEX returns_fees_due ON returns (updated_at) WHERE is_process_fee_due;
CREATE INDEX returns_of_transfer ON returns (org_id, transfer_id) WHERE transfer_id IS NOT NULL;

-- What was scanned in the parcel, and what was expected there and not found.
CREATE TABLE return_items (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    return_id uuid NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    serial_number text NOT NULL CHECK (length(serial_number) BETWEEN 1 AND 200),
    asset_id uuid,
    verdict text NOT NULL CHECK (verdict IN ('matched', 'missing', 'unexpected', 'wrong_person', 'duplicate')),
    has_charger boolean, -- NULL: not looked at
    is_powering_on boolean,
    is_lock_removed boolean,
    grade text CHECK (grade IN ('A', 'B', 'C', 'D', 'E', 'F')),
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT return_items_position UNIQUE (org_id, return_id, position),
    FOREIGN KEY (org_id, return_id) REFERENCES returns (org_id, id),
    FOREIGN KEY (org_id, asset_id) REFERENCES assets (org_id, id) ON DELETE SET NULL (asset_id)
);
CREATE INDEX return_items_of_asset ON return_items (org_id, asset_id) WHERE asset_id IS NOT NULL;
CALL protect_tenant_table(
    'return_items',
    'SELECT, INSERT, UPDATE (verdict, asset_id, has_charger, is_powering_on, is_lock_removed, grade)', 'SELECT');

-- A phone or a laptop that a recovery names by its serial number, and that lies in another person's parcel.
CREATE INDEX recovery_items_serial ON recovery_items (org_id, serial_key(serial_number)) WHERE serial_number IS NOT NULL;

CREATE TABLE return_messages (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    return_id uuid NOT NULL,
    author text NOT NULL CHECK (author IN ('user', 'operator')),
    author_id uuid,
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT return_messages_number UNIQUE (org_id, number),
    FOREIGN KEY (org_id, return_id) REFERENCES returns (org_id, id)
);
CREATE INDEX return_messages_of_return ON return_messages (org_id, return_id, number);
CALL protect_tenant_table('return_messages', 'SELECT, INSERT', 'SELECT');

-- The pictures themselves are files; what there was of them stays written down.
CREATE TABLE return_photos (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    return_id uuid NOT NULL,
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp')),
    byte_count integer NOT NULL CHECK (byte_count > 0),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    taken_at timestamptz NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, return_id) REFERENCES returns (org_id, id)
);
CREATE INDEX return_photos_of_return ON return_photos (org_id, return_id, id);
CALL protect_tenant_table('return_photos', 'SELECT, INSERT, UPDATE (removed_at)', 'SELECT');

-- That a device's storage was wiped: the fields of NIST SP 800-88 Rev. 1, appendix G. Nothing of it is ever changed.
CREATE TABLE sanitisations (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    return_id uuid NOT NULL,
    asset_id uuid, -- no foreign key: the record outlives the device's row
    manufacturer text,
    model text,
    serial_number text NOT NULL CHECK (length(serial_number) BETWEEN 1 AND 200),
    asset_tag text,
    media_type text NOT NULL CHECK (length(media_type) BETWEEN 1 AND 100),
    media_serial_number text,
    method text NOT NULL CHECK (method IN ('clear', 'purge', 'destroy')),
    technique text NOT NULL CHECK (length(technique) BETWEEN 1 AND 200),
    tool text NOT NULL CHECK (length(tool) BETWEEN 1 AND 100),
    tool_version text,
    verification text NOT NULL CHECK (verification IN ('full', 'quick_sampling')),
    result text NOT NULL CHECK (result IN ('success', 'failure')),
    lock_status text NOT NULL CHECK (lock_status IN ('unlocked', 'locked', 'not_applicable')),
    performed_by text NOT NULL CHECK (length(performed_by) BETWEEN 1 AND 100),
    performed_at timestamptz NOT NULL,
    verified_by text NOT NULL CHECK (length(verified_by) BETWEEN 1 AND 100),
    verified_at timestamptz NOT NULL,
    note text,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, return_id) REFERENCES returns (org_id, id),
    CHECK (verified_at >= performed_at),
    CONSTRAINT sanitisations_second_person CHECK (lower(btrim(verified_by)) <> lower(btrim(performed_by)))
);
CREATE INDEX sanitisations_of_return ON sanitisations (org_id, return_id, id);
CREATE INDEX sanitisations_of_asset ON sanitisations (org_id, asset_id, id) WHERE asset_id IS NOT NULL;
CALL protect_tenant_table('sanitisations', 'SELECT, INSERT', 'SELECT');
CREATE TRIGGER sanitisations_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sanitisations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What links to pictures carry a proof of, and what certificates are signed with: the seed of an Ed25519 key (RFC 8032).
INSERT INTO installation_secrets (name, secret)
VALUES ('file_links', make_signing_secret()), ('certificates', make_signing_secret());
