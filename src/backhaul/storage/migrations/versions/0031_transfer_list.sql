-- What the list of transfers is searched by and cut down to. Stored, because row-level security lets an index answer for
-- plain columns alone: what an expression makes of them is compared after the policy has been, row by row.
-- Stored columns write the table anew once. Transfers are small next to their parcels, and nobody works meanwhile.
-- squawk-ignore-file adding-field-with-default
ALTER TABLE transfers
    ADD COLUMN person_key text COLLATE "C" GENERATED ALWAYS AS (name_key(employee_address ->> 'name')) STORED,
    ADD COLUMN surname_key text COLLATE "C"
        GENERATED ALWAYS AS (substring(name_key(employee_address ->> 'name') FROM '[^ ]+$')) STORED,
    ADD COLUMN email_key text COLLATE "C"
        GENERATED ALWAYS AS (email_key(employee_address -> 'notification_emails' ->> 0)) STORED,
    ADD COLUMN serial_key text COLLATE "C" GENERATED ALWAYS AS (serial_key(device_serial_number)) STORED,
    ADD COLUMN ticket_key text COLLATE "C" GENERATED ALWAYS AS (name_key(ticket_reference)) STORED,
    ADD COLUMN short_id text COLLATE "C" GENERATED ALWAYS AS (right(id::text, 12)) STORED, -- as labels print it: BH-…
    ADD COLUMN country_code text COLLATE "C" GENERATED ALWAYS AS (employee_address ->> 'country_code') STORED;

CREATE INDEX transfers_of_status ON transfers (org_id, status, created_at, id);
CREATE INDEX transfers_of_country ON transfers (org_id, country_code, status, created_at, id);
CREATE INDEX transfers_of_person ON transfers (org_id, person_key);
CREATE INDEX transfers_of_surname ON transfers (org_id, surname_key);
CREATE INDEX transfers_of_email ON transfers (org_id, email_key);
CREATE INDEX transfers_of_serial ON transfers (org_id, serial_key);
CREATE INDEX transfers_of_ticket ON transfers (org_id, ticket_key);
CREATE INDEX transfers_of_short_id ON transfers (org_id, short_id);

-- Which transfers need somebody.
CREATE INDEX parcel_exceptions_of_transfer ON parcel_exceptions (org_id, transfer_id);

-- A parcel that is sent somewhere else before it was handed over gets another label: this counts how often, so that the
-- carrier is asked under a key of its own each time.
ALTER TABLE shipments ADD COLUMN readdressed integer NOT NULL DEFAULT 0 CHECK (readdressed >= 0);
