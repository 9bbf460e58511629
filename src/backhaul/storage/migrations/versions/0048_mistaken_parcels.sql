-- What was scanned by mistake is removed again; history keeps that it was there.
GRANT DELETE ON intakes, returns, return_items TO backhaul_app;

-- What was processed stays: its owner has seen it, and owes for it.
CREATE FUNCTION refuse_removal_of_processed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM public.returns AS r WHERE r.org_id = OLD.org_id AND r.status <> 'received'
            AND r.id = (to_jsonb(OLD) ->> CASE tg_table_name WHEN 'returns' THEN 'id' ELSE 'return_id' END)::uuid) THEN
        RAISE EXCEPTION '% of a processed return are kept', tg_table_name USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER returns_that_are_processed_stay BEFORE DELETE ON returns
    FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_processed();
CREATE TRIGGER items_that_are_processed_stay BEFORE DELETE ON return_items
    FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_processed();

-- As those of a warehouse's queues do (decision 0030), the following answer the operator organization alone.

-- Customers' devices that a scanned text is the serial number, the tag or an IMEI of, each with the parcels it is expected
-- in or lies in. Customer by customer, so that each answers by its own index.
CREATE FUNCTION warehouse_devices(org_id uuid, wanted text [], most integer)
RETURNS TABLE (owner_name text, called text, serial_number text, name text, parcels jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH asked AS MATERIALIZED (
        SELECT ARRAY(SELECT public.serial_key(w) FROM unnest(wanted) AS w) AS serials,
            ARRAY(SELECT public.name_key(w) FROM unnest(wanted) AS w) AS tags
        WHERE public.is_operating(warehouse_devices.org_id)
    ), found AS (
        SELECT o.org_id, o.name AS owner_name, d.*
        FROM asked AS q CROSS JOIN public.organizations AS o
        CROSS JOIN LATERAL (
            SELECT * FROM (
                (SELECT 1 AS rank, 'serial number' AS called, a.id AS asset_id, a.model_id, a.serial_number,
                    a.serial_key COLLATE "C" AS serial_key, NULL::text AS announced
                FROM public.assets AS a
                WHERE a.org_id = o.org_id AND a.serial_key = ANY (q.serials) LIMIT most)
                UNION ALL
                (SELECT 2, 'tag', a.id, a.model_id, a.serial_number, a.serial_key COLLATE "C", NULL FROM public.assets AS a
                WHERE a.org_id = o.org_id AND a.tag_key = ANY (q.tags) LIMIT most)
                UNION ALL
                (SELECT 3, 'IMEI', a.id, a.model_id, a.serial_number, a.serial_key COLLATE "C", NULL
                FROM public.assets AS a WHERE a.org_id = o.org_id AND a.imei = ANY (wanted) LIMIT most)
                UNION ALL
                (SELECT 3, 'IMEI', a.id, a.model_id, a.serial_number, a.serial_key COLLATE "C", NULL
                FROM public.assets AS a WHERE a.org_id = o.org_id AND a.imei2 = ANY (wanted) LIMIT most)
                UNION ALL
                (SELECT 4, 'serial number', NULL, NULL, i.serial_number, i.serial_key, i.name
                FROM public.recovery_items AS i
                WHERE i.org_id = o.org_id AND i.serial_key = ANY (q.serials) AND i.outcome IS NULL LIMIT most)
                UNION ALL
                (SELECT 5, 'serial number', NULL, NULL, t.device_serial_number, t.serial_key,
                    concat_ws(' ', t.device_make, coalesce(t.device_model, t.device_type))
                FROM public.transfers AS t
                WHERE t.org_id = o.org_id AND t.serial_key = ANY (q.serials)
                    AND t.status NOT IN ('complete', 'cancelled') LIMIT most)
            ) AS each
        ) AS d
    ), devices AS (
        SELECT DISTINCT ON (f.org_id, f.serial_key) f.* FROM found AS f ORDER BY f.org_id, f.serial_key, f.rank
        LIMIT most
    )
    SELECT d.owner_name, d.called, d.serial_number,
        coalesce(d.announced, (SELECT concat_ws(' ', f.name, m.name) FROM public.models AS m
            LEFT JOIN public.manufacturers AS f ON f.org_id = d.org_id AND f.id = m.manufacturer_id
            WHERE m.org_id = d.org_id AND m.id = d.model_id), ''),
        (SELECT coalesce(jsonb_agg(jsonb_build_object('tracking_number', p.tracking_number, 'number', p.number)
            ORDER BY p.number DESC NULLS LAST, p.tracking_number), '[]') FROM (
            SELECT s.tracking_number, r.number
            FROM (
                SELECT l.transfer_id FROM public.asset_transfers AS l
                WHERE l.org_id = d.org_id AND l.asset_id = d.asset_id
                UNION SELECT t.id FROM public.transfers AS t
                WHERE t.org_id = d.org_id AND t.serial_key = d.serial_key
                UNION SELECT p.transfer_id FROM public.recovery_items AS i
                JOIN public.recovery_parcels AS p
                    ON p.org_id = d.org_id AND p.case_id = i.case_id AND p.position = i.parcel
                WHERE i.org_id = d.org_id AND i.serial_key = d.serial_key
            ) AS x
            JOIN public.transfers AS t ON t.org_id = d.org_id AND t.id = x.transfer_id AND t.status <> 'cancelled'
            JOIN public.shipments AS s ON s.org_id = d.org_id AND s.subject_kind = 'transfer' AND s.subject_id = t.id
                AND s.leg = 'device' AND s.tracking_number IS NOT NULL
            LEFT JOIN public.returns AS r ON r.org_id = d.org_id AND r.transfer_id = t.id
            WHERE CASE WHEN r.number IS NULL THEN t.status <> 'complete'
                ELSE r.status NOT IN ('discarded', 'reshipped') END
            UNION SELECT r.tracking_number, r.number FROM public.return_items AS i
            JOIN public.returns AS r ON r.org_id = d.org_id AND r.id = i.return_id
                AND r.status NOT IN ('discarded', 'reshipped')
            WHERE i.org_id = d.org_id AND i.serial_key = d.serial_key AND i.verdict <> 'missing'
            ORDER BY 2 DESC NULLS LAST, 1 LIMIT most
        ) AS p)
    FROM devices AS d ORDER BY d.rank, d.owner_name, d.serial_number
$$;
REVOKE EXECUTE ON FUNCTION warehouse_devices FROM public;
GRANT EXECUTE ON FUNCTION warehouse_devices TO backhaul_app;

-- What a text is exactly among everything that is or was on a warehouse's shelves: a parcel by its number, a tracking
-- number, an RMA number or a device that was scanned in it; a reshipment by its number or tracking number.
CREATE FUNCTION warehouse_found(org_id uuid, wanted text [], numbered bigint, most integer)
RETURNS TABLE (kind text, key text, title text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH asked AS MATERIALIZED (
        SELECT ARRAY(SELECT public.tracking_key(w) FROM unnest(wanted) AS w) AS numbers,
            ARRAY(SELECT public.serial_key(w) FROM unnest(wanted) AS w) AS serials
        WHERE public.is_operating(warehouse_found.org_id)
    ), parcels AS (
        (SELECT i.number FROM public.intakes AS i WHERE i.org_id = warehouse_found.org_id AND i.number = numbered)
        UNION (SELECT i.number FROM asked AS q JOIN public.intakes AS i
            ON i.org_id = warehouse_found.org_id AND i.tracking_key = ANY (q.numbers) LIMIT most)
        UNION (SELECT d.number FROM asked AS q CROSS JOIN public.organizations AS o
            CROSS JOIN LATERAL (
                (SELECT r.number FROM public.return_items AS i
                JOIN public.returns AS r ON r.org_id = o.org_id AND r.id = i.return_id
                WHERE i.org_id = o.org_id AND i.serial_key = ANY (q.serials) AND i.verdict <> 'missing' LIMIT most)
                UNION
                (SELECT r.number FROM public.returns AS r
                WHERE r.org_id = o.org_id AND r.rma_number = ANY (wanted) LIMIT most)
            ) AS d LIMIT most)
    )
    (SELECT 'parcel', i.number::text, 'Parcel ' || i.number,
        concat_ws(' · ', i.tracking_number, coalesce(o.name, 'unidentified'), r.status)
    FROM asked AS q CROSS JOIN parcels AS p
    JOIN public.intakes AS i ON i.org_id = warehouse_found.org_id AND i.number = p.number
    LEFT JOIN public.organizations AS o ON o.org_id = i.owner_org_id
    LEFT JOIN public.returns AS r ON r.org_id = i.owner_org_id AND r.id = i.return_id
    ORDER BY i.number DESC LIMIT most)
    UNION ALL
    (SELECT 'dispatch', x.number::text, 'Reshipment ' || x.number, concat_ws(' · ', x.contents, o.name, x.status)
    FROM asked AS q CROSS JOIN (
        (SELECT r.org_id, r.number, r.contents, r.status FROM public.reshipments AS r WHERE r.number = numbered)
        UNION
        (SELECT r.org_id, r.number, r.contents, r.status FROM asked AS a
        JOIN public.shipments AS s ON s.tracking_number = ANY (a.numbers)
        JOIN public.reshipments AS r ON r.org_id = s.org_id AND r.shipment_id = s.id LIMIT most)
    ) AS x
    JOIN public.organizations AS o ON o.org_id = x.org_id
    ORDER BY x.number DESC LIMIT most)
$$;
REVOKE EXECUTE ON FUNCTION warehouse_found FROM public;
GRANT EXECUTE ON FUNCTION warehouse_found TO backhaul_app;
