-- Pages of a list are read newest first within one status, one model or one place, whatever the size of the whole.
CREATE INDEX assets_of_status ON assets (org_id, status_id, number);
CREATE INDEX assets_of_model ON assets (org_id, model_id, number);
CREATE INDEX assets_at_location ON assets (org_id, location_id, number) WHERE location_id IS NOT NULL;
-- What is neither in stock nor with a person is little, and asked for often.
CREATE INDEX assets_away ON assets (org_id, custody, number) WHERE custody IN ('parcel', 'outside', 'warehouse');
-- A number that somebody begins to type. What a collation makes of letters does not matter here: text_pattern_ops.
CREATE INDEX assets_serial_typed ON assets (org_id, serial_key text_pattern_ops);
CREATE INDEX assets_tag_typed ON assets (org_id, tag_key text_pattern_ops) WHERE tag_key IS NOT NULL;
CREATE INDEX assets_imei_typed ON assets (org_id, imei text_pattern_ops) WHERE imei IS NOT NULL;
-- The directory reads by name.
CREATE INDEX employees_by_name ON employees (org_id, lower(last_name), lower(first_name), number);
-- A number that was scanned, in whatever spelling the scanner has.
CREATE INDEX shipments_by_tracking_key ON shipments (org_id, tracking_key(tracking_number))
    WHERE tracking_number IS NOT NULL;

-- A place is of a kind and has an address, where somebody wrote them down: what parcels are sent to is chosen from here.
ALTER TABLE locations
    ADD COLUMN type text CHECK (type IN ('warehouse', 'corporate_office', 'retail_store', 'remote_employee')),
    ADD COLUMN address jsonb,
    ADD COLUMN version integer NOT NULL DEFAULT 1;
GRANT UPDATE (type, address, version) ON locations TO backhaul_app;
ALTER TABLE departments ADD COLUMN version integer NOT NULL DEFAULT 1;
GRANT UPDATE (version) ON departments TO backhaul_app;

-- When somebody asked for an import to be written in the background; NULL: whoever opened it writes it.
ALTER TABLE import_batches ADD COLUMN asked_at timestamptz;
GRANT UPDATE (asked_at) ON import_batches TO backhaul_app;
