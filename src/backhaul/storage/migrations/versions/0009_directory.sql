-- How texts are compared, in one place for every table, query and import: letters without case, space without width.
CREATE FUNCTION name_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(btrim(regexp_replace(name, '\s+', ' ', 'g')));

CREATE FUNCTION email_key(email text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(btrim(email));

-- Rows of a long list per 4096 numbers: exact totals and deep pages without counting the rows each time.
CREATE TABLE row_buckets (
    org_id uuid NOT NULL,
    list text NOT NULL, -- the table whose rows are counted
    bucket bigint NOT NULL, -- number >> 12
    live integer NOT NULL CHECK (live >= 0),
    PRIMARY KEY (org_id, list, bucket)
) WITH (fillfactor = 50); -- every new row of a list changes one of these: leave room for it in the page
CALL protect_tenant_table('row_buckets', 'SELECT', 'SELECT');

-- Statement triggers: a thousand rows written by one statement cost one change. In order, so that two cannot deadlock.
CREATE FUNCTION count_added_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO row_buckets AS b (org_id, list, bucket, live)
    SELECT a.org_id, tg_table_name, a.number >> 12, count(*) FROM added AS a
    GROUP BY a.org_id, a.number >> 12 ORDER BY a.org_id, a.number >> 12
    ON CONFLICT (org_id, list, bucket) DO UPDATE SET live = b.live + excluded.live;
    RETURN NULL;
END $$;
CREATE FUNCTION count_removed_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    -- What is taken off travels as the row that would be inserted: it never is, since whatever is removed was added.
    INSERT INTO row_buckets AS b (org_id, list, bucket, live)
    SELECT r.org_id, tg_table_name, r.number >> 12, count(*) FROM removed AS r
    GROUP BY r.org_id, r.number >> 12 ORDER BY r.org_id, r.number >> 12
    ON CONFLICT (org_id, list, bucket) DO UPDATE SET live = b.live - excluded.live;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION count_added_rows, count_removed_rows FROM public;

CREATE TABLE locations (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    name_key text NOT NULL GENERATED ALWAYS AS (name_key(name)) STORED,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT locations_number UNIQUE (org_id, number),
    CONSTRAINT locations_name UNIQUE (org_id, name_key)
);
CALL protect_tenant_table('locations', 'SELECT, INSERT, UPDATE (name)', 'SELECT');

CREATE TABLE departments (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    name_key text NOT NULL GENERATED ALWAYS AS (name_key(name)) STORED,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT departments_number UNIQUE (org_id, number),
    CONSTRAINT departments_name UNIQUE (org_id, name_key)
);
CALL protect_tenant_table('departments', 'SELECT, INSERT, UPDATE (name)', 'SELECT');

CREATE TABLE employees (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    first_name text NOT NULL CHECK (length(first_name) BETWEEN 1 AND 100),
    last_name text NOT NULL CHECK (length(last_name) BETWEEN 1 AND 100),
    email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    email_key text NOT NULL GENERATED ALWAYS AS (email_key(email)) STORED,
    phone text,
    phone_country text,
    status text NOT NULL CHECK (status IN ('active', 'inactive', 'on_leave')),
    starts_on date,
    department_id uuid,
    manager_id uuid CHECK (manager_id <> id),
    location_id uuid,
    location_type text CHECK (
        location_type IN ('warehouse', 'corporate_office', 'retail_store', 'remote_employee')),
    -- The address as it was given; beside it what the country's rules make of it, and what they object to.
    line_1 text NOT NULL,
    line_2 text,
    city text NOT NULL,
    state text,
    postal_code text,
    country_code text NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
    normalized_address jsonb,
    address_warnings jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT employees_number UNIQUE (org_id, number),
    CONSTRAINT employees_email UNIQUE (org_id, email_key),
    FOREIGN KEY (org_id, department_id) REFERENCES departments (org_id, id),
    FOREIGN KEY (org_id, location_id) REFERENCES locations (org_id, id),
    -- Removing somebody frees those they manage and says so; SET NULL is for a report added at the same moment.
    FOREIGN KEY (org_id, manager_id) REFERENCES employees (org_id, id) ON DELETE SET NULL (manager_id)
);
CREATE INDEX employees_managed ON employees (org_id, manager_id) WHERE manager_id IS NOT NULL;
CREATE INDEX employees_of_department ON employees (org_id, department_id) WHERE department_id IS NOT NULL;
CREATE INDEX employees_at_location ON employees (org_id, location_id) WHERE location_id IS NOT NULL;
CALL protect_tenant_table('employees', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
CREATE TRIGGER employees_added AFTER INSERT ON employees
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_added_rows();
CREATE TRIGGER employees_removed AFTER DELETE ON employees
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_removed_rows();

-- Whoever left: a number to be remembered by, and nothing personal. Custody and history go on naming the id.
CREATE TABLE former_employees (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,
    removed_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT former_employees_number UNIQUE (org_id, number)
);
CALL protect_tenant_table('former_employees', 'SELECT, INSERT', 'SELECT');
