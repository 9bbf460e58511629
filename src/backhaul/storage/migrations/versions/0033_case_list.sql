-- What cases are searched by. Stored, because row-level security lets an index answer for plain columns alone.
-- Stored columns write the table anew once; nobody works meanwhile.
-- squawk-ignore-file adding-field-with-default
ALTER TABLE recovery_cases
    ADD COLUMN person_key text COLLATE "C" GENERATED ALWAYS AS (name_key(first_name || ' ' || last_name)) STORED,
    ADD COLUMN surname_key text COLLATE "C" GENERATED ALWAYS AS (name_key(last_name)) STORED,
    ADD COLUMN typed_email text COLLATE "C" GENERATED ALWAYS AS (email_key(email)) STORED;
ALTER TABLE recovery_items
    ADD COLUMN serial_key text COLLATE "C" GENERATED ALWAYS AS (serial_key(serial_number)) STORED;

CREATE INDEX recovery_cases_of_person ON recovery_cases (org_id, person_key);
CREATE INDEX recovery_cases_of_surname ON recovery_cases (org_id, surname_key);
CREATE INDEX recovery_cases_of_email ON recovery_cases (org_id, typed_email);
CREATE INDEX recovery_items_of_serial ON recovery_items (org_id, serial_key) WHERE serial_key IS NOT NULL;

-- Open cases are few next to all that ever were, and asked for most: newest first, of one campaign or of all.
CREATE INDEX recovery_cases_open_newest ON recovery_cases (org_id, number) WHERE outcome IS NULL;
CREATE INDEX recovery_cases_open_of_campaign ON recovery_cases (org_id, campaign_id, number) WHERE outcome IS NULL;
-- How many of a campaign came to which end is counted in the index alone.
CREATE INDEX recovery_cases_outcomes ON recovery_cases (org_id, campaign_id, outcome);
