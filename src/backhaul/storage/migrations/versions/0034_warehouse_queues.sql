-- What the list of returns is cut down to and searched by. Stored, because row-level security lets an index answer for
-- plain columns alone; the column writes the table anew once.
-- squawk-ignore-file adding-field-with-default
ALTER TABLE return_items
    ADD COLUMN serial_key text COLLATE "C" GENERATED ALWAYS AS (serial_key(serial_number)) STORED;
CREATE INDEX return_items_of_serial ON return_items (org_id, serial_key);
CREATE INDEX returns_of_rma ON returns (org_id, rma_number) WHERE rma_number IS NOT NULL;
CREATE INDEX returns_of_warehouse ON returns (org_id, warehouse_code, number)
    WHERE status NOT IN ('received', 'discarded');

-- A list of reshipments by how far they are.
CREATE INDEX reshipments_of_status ON reshipments (org_id, status, number)
    WHERE status NOT IN ('deleted', 'expired');

-- What a warehouse has to do next, the oldest first, whoever it is for. Each of these is short: what is done leaves it.
CREATE INDEX returns_to_open ON returns (number) WHERE status = 'received';
CREATE INDEX returns_to_verify ON returns (number) WHERE status = 'verifying';
CREATE INDEX reshipments_to_quote ON reshipments (number) WHERE status = 'pending' AND estimated_fee_minor = 0;
CREATE INDEX reshipments_to_weigh ON reshipments (number) WHERE status = 'approved' AND shipment_id IS NULL;
CREATE INDEX reshipments_to_dispatch ON reshipments (number)
    WHERE status = 'approved' AND shipment_id IS NOT NULL AND dispatched_at IS NULL;

-- The following answer the operator organization alone: whoever asks for another organization, or stands in one, gets
-- nothing. They return what a warehouse has on its shelves, with the names of whose it is.
CREATE FUNCTION is_operating(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.organizations AS o
        WHERE o.org_id = is_operating.org_id AND o.is_operator
            AND o.org_id::text = current_setting('app.org_id', true))
$$;
REVOKE EXECUTE ON FUNCTION is_operating FROM public;
GRANT EXECUTE ON FUNCTION is_operating TO backhaul_app;

-- Parcels as they came in, newest first, below a number.
CREATE FUNCTION warehouse_intakes(org_id uuid, below bigint, only_unidentified boolean, most integer)
RETURNS TABLE (number bigint, tracking_number text, warehouse_code text, received_at timestamptz, owner_name text,
    status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH page AS (
        (SELECT i.* FROM public.intakes AS i
        WHERE NOT only_unidentified AND i.org_id = warehouse_intakes.org_id AND i.number < below
        ORDER BY i.number DESC LIMIT most)
        UNION ALL
        (SELECT i.* FROM public.intakes AS i
        WHERE only_unidentified AND i.org_id = warehouse_intakes.org_id AND i.owner_org_id IS NULL AND i.number < below
        ORDER BY i.number DESC LIMIT most)
    )
    SELECT p.number, p.tracking_number, w.code, p.received_at, o.name, r.status
    FROM page AS p
    JOIN public.warehouses AS w ON w.org_id = p.org_id AND w.id = p.warehouse_id
    LEFT JOIN public.organizations AS o ON o.org_id = p.owner_org_id
    LEFT JOIN public.returns AS r ON r.org_id = p.owner_org_id AND r.id = p.return_id
    WHERE public.is_operating(warehouse_intakes.org_id)
    ORDER BY p.number DESC
$$;
REVOKE EXECUTE ON FUNCTION warehouse_intakes FROM public;
GRANT EXECUTE ON FUNCTION warehouse_intakes TO backhaul_app;

-- Returns to open or to verify, oldest first, above a number.
CREATE FUNCTION warehouse_returns(org_id uuid, queue text, above bigint, most integer)
RETURNS TABLE (number bigint, tracking_number text, warehouse_code text, owner_name text, received_at timestamptz,
    since timestamptz, message_count integer, rma_number text, devices text [])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH page AS (
        (SELECT r.* FROM public.returns AS r
        WHERE queue = 'open' AND r.status = 'received' AND r.number > above ORDER BY r.number LIMIT most)
        UNION ALL
        (SELECT r.* FROM public.returns AS r
        WHERE queue = 'verify' AND r.status = 'verifying' AND r.number > above ORDER BY r.number LIMIT most)
    )
    SELECT p.number, p.tracking_number, p.warehouse_code, o.name, p.received_at, p.updated_at, p.message_count,
        p.rma_number,
        ARRAY(SELECT i.serial_number FROM public.return_items AS i
            WHERE i.org_id = p.org_id AND i.return_id = p.id AND i.verdict <> 'missing' ORDER BY i.position LIMIT 4)
    FROM page AS p
    JOIN public.organizations AS o ON o.org_id = p.org_id
    WHERE public.is_operating(warehouse_returns.org_id)
    ORDER BY p.number
$$;
REVOKE EXECUTE ON FUNCTION warehouse_returns FROM public;
GRANT EXECUTE ON FUNCTION warehouse_returns TO backhaul_app;

-- Reshipments to quote, to weigh or to dispatch, oldest first, above a number.
CREATE FUNCTION warehouse_reshipments(org_id uuid, queue text, above bigint, most integer)
RETURNS TABLE (number bigint, contents text, warehouse_code text, owner_name text, return_numbers bigint [],
    recipient text, city text, country_code text, since timestamptz, expires_at timestamptz,
    estimated_fee_minor bigint, final_fee_minor bigint, currency text, weight_grams integer, carrier text,
    tracking_number text, is_refused boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH page AS (
        (SELECT r.* FROM public.reshipments AS r
        WHERE queue = 'quotes' AND r.status = 'pending' AND r.estimated_fee_minor = 0 AND r.number > above
        ORDER BY r.number LIMIT most)
        UNION ALL
        (SELECT r.* FROM public.reshipments AS r
        WHERE queue = 'weigh' AND r.status = 'approved' AND r.shipment_id IS NULL AND r.number > above
        ORDER BY r.number LIMIT most)
        UNION ALL
        (SELECT r.* FROM public.reshipments AS r
        WHERE queue = 'dispatch' AND r.status = 'approved' AND r.shipment_id IS NOT NULL AND r.dispatched_at IS NULL
            AND r.number > above
        ORDER BY r.number LIMIT most)
    )
    SELECT p.number, p.contents, p.warehouse_code, o.name, p.return_numbers, p."to" ->> 'name', p."to" ->> 'city',
        p."to" ->> 'country_code', coalesce(p.answered_at, p.created_at), p.expires_at, p.estimated_fee_minor,
        p.final_fee_minor, p.currency, p.weight_grams, s.carrier, s.tracking_number,
        coalesce(s.status IN ('cancelled', 'failure'), false)
    FROM page AS p
    JOIN public.organizations AS o ON o.org_id = p.org_id
    LEFT JOIN public.shipments AS s ON s.org_id = p.org_id AND s.id = p.shipment_id
    WHERE public.is_operating(warehouse_reshipments.org_id)
    ORDER BY p.number
$$;
REVOKE EXECUTE ON FUNCTION warehouse_reshipments FROM public;
GRANT EXECUTE ON FUNCTION warehouse_reshipments TO backhaul_app;

-- How long each queue is; nobody reads beyond `most`.
CREATE FUNCTION warehouse_counts(org_id uuid, most integer)
RETURNS TABLE (unidentified bigint, to_open bigint, to_verify bigint, to_quote bigint, to_weigh bigint,
    to_dispatch bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT
        (SELECT count(*) FROM (SELECT FROM public.intakes AS i
            WHERE i.org_id = warehouse_counts.org_id AND i.owner_org_id IS NULL LIMIT most) AS n),
        (SELECT count(*) FROM (SELECT FROM public.returns WHERE status = 'received' LIMIT most) AS n),
        (SELECT count(*) FROM (SELECT FROM public.returns WHERE status = 'verifying' LIMIT most) AS n),
        (SELECT count(*) FROM (SELECT FROM public.reshipments
            WHERE status = 'pending' AND estimated_fee_minor = 0 LIMIT most) AS n),
        (SELECT count(*) FROM (SELECT FROM public.reshipments
            WHERE status = 'approved' AND shipment_id IS NULL LIMIT most) AS n),
        (SELECT count(*) FROM (SELECT FROM public.reshipments
            WHERE status = 'approved' AND shipment_id IS NOT NULL AND dispatched_at IS NULL LIMIT most) AS n)
    WHERE public.is_operating(warehouse_counts.org_id)
$$;
REVOKE EXECUTE ON FUNCTION warehouse_counts FROM public;
GRANT EXECUTE ON FUNCTION warehouse_counts TO backhaul_app;

-- Whose a parcel may be: customers by a part of their name, or by their number or short name.
CREATE FUNCTION warehouse_customers(org_id uuid, wanted text, most integer)
RETURNS TABLE (id uuid, number bigint, name text, slug text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT o.org_id, o.number, o.name, o.slug FROM public.organizations AS o
    WHERE NOT o.is_operator AND public.is_operating(warehouse_customers.org_id)
        AND (strpos(lower(o.name), lower(wanted)) > 0 OR o.slug = lower(wanted) OR o.number::text = wanted)
    ORDER BY lower(o.name), o.number LIMIT most
$$;
REVOKE EXECUTE ON FUNCTION warehouse_customers FROM public;
GRANT EXECUTE ON FUNCTION warehouse_customers TO backhaul_app;
