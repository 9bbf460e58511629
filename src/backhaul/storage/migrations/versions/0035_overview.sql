-- How long cases have been open is counted in an index alone.
CREATE INDEX recovery_cases_open_since ON recovery_cases (org_id, created_at) WHERE outcome IS NULL;
-- Devices that arrived lately, with the transfers they belong to.
CREATE INDEX shipments_devices_arrived ON shipments (org_id, delivered_at) WHERE status = 'delivered' AND leg = 'device';

-- What people are searched by. Stored, because row-level security lets an index answer for plain columns alone.
-- Stored columns write the table anew once; nobody works meanwhile.
-- squawk-ignore-file adding-field-with-default
ALTER TABLE employees
    ADD COLUMN person_key text COLLATE "C" GENERATED ALWAYS AS (name_key(first_name || ' ' || last_name)) STORED,
    ADD COLUMN surname_key text COLLATE "C" GENERATED ALWAYS AS (name_key(last_name)) STORED,
    ADD COLUMN typed_email text COLLATE "C" GENERATED ALWAYS AS (email_key(email)) STORED;
CREATE INDEX employees_of_name ON employees (org_id, person_key);
CREATE INDEX employees_of_surname ON employees (org_id, surname_key);
CREATE INDEX employees_of_email ON employees (org_id, typed_email);

-- Filters of a list under a name: the query of its address, for whoever saved it or for everybody.
CREATE TABLE saved_views (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    list text NOT NULL CHECK (length(list) BETWEEN 1 AND 40),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    query text NOT NULL CHECK (length(query) <= 1000),
    is_shared boolean NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz, -- kept a while, so that it can be brought back
    version integer NOT NULL,
    PRIMARY KEY (org_id, id)
);
CALL protect_tenant_table('saved_views', 'SELECT, INSERT, UPDATE', '');
CREATE UNIQUE INDEX saved_views_name ON saved_views (org_id, user_id, list, name_key(name)) WHERE removed_at IS NULL;
CREATE INDEX saved_views_shared ON saved_views (org_id, list) WHERE is_shared AND removed_at IS NULL;
