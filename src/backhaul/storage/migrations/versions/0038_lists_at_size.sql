-- A number that was scanned, in whatever spelling the scanner has. Stored, because row-level security lets an index
-- answer for plain columns alone: an expression is compared after the policy has been, row by row. The column writes
-- the table anew once; nobody works meanwhile.
-- squawk-ignore-file adding-field-with-default
ALTER TABLE shipments
    ADD COLUMN tracking_key text COLLATE "C" GENERATED ALWAYS AS (tracking_key(tracking_number)) STORED;
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX shipments_by_tracking_key;
CREATE INDEX shipments_by_tracking_key ON shipments (org_id, tracking_key) WHERE tracking_key IS NOT NULL;

-- What a reshipment is said to hold, as a search compares it.
ALTER TABLE reshipments
    ADD COLUMN contents_key text COLLATE "C" GENERATED ALWAYS AS (name_key(contents)) STORED;
CREATE INDEX reshipments_of_contents ON reshipments (org_id, contents_key);

-- Transfers by where they go, the newest of each status.
CREATE INDEX transfers_of_direction ON transfers (org_id, direction, status, created_at, id);
-- Transfers by who carries one of their parcels, newest first: ids are in the order of time.
CREATE INDEX shipments_of_carrier ON shipments (org_id, carrier, subject_id) WHERE subject_kind = 'transfer';

-- What belongs to a department is counted in an index alone.
CREATE INDEX assets_of_department ON assets (org_id, department_id) WHERE department_id IS NOT NULL;

-- Pages of a list are read newest first within what it is cut down to, whatever the size of the whole.
CREATE INDEX webhook_callbacks_of_status ON webhook_deliveries (org_id, status, id) WHERE endpoint_id IS NULL;
CREATE INDEX wallet_fees_of_kind ON wallet_fees (org_id, kind, id);
CREATE INDEX recovery_cases_of_country ON recovery_cases (org_id, country_code, number);
CREATE INDEX recovery_cases_ended ON recovery_cases (org_id, outcome, number) WHERE outcome IS NOT NULL;
-- Few at a time: whatever is muted, whatever somebody claims.
CREATE INDEX recovery_reminders_muted ON recovery_reminders (org_id, case_id) WHERE muted_at IS NOT NULL;
CREATE INDEX recovery_claims_open ON recovery_claims (org_id, case_id) WHERE withdrawn_at IS NULL;
