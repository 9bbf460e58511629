-- The installation's customers by name, and which of them have nothing left to spend.
CREATE INDEX organizations_of_name ON organizations (lower(name), number) WHERE NOT is_operator;
CREATE INDEX wallets_empty ON wallets (org_id) WHERE available_minor + credit_limit_minor <= 0;

-- As those of a warehouse do, the following answer the operator organization alone.

-- Customers by name, behind the number of the last one seen (0: from the first on), with what they can spend. Nobody
-- counts declined charges beyond 1,000.
CREATE FUNCTION installation_customers(org_id uuid, wanted text, only_empty boolean, behind bigint, most integer)
RETURNS TABLE (number bigint, name text, slug text, plan text, wallets jsonb, declined bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT o.number, o.name, o.slug, o.plan,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('org_id', w.org_id, 'currency', w.currency,
                'available_minor', w.available_minor, 'held_minor', w.held_minor,
                'credit_limit_minor', w.credit_limit_minor) ORDER BY w.currency), '[]')
            FROM public.wallets AS w WHERE w.org_id = o.org_id),
        (SELECT count(*) FROM (SELECT FROM public.charges AS c
            WHERE c.org_id = o.org_id AND c.status = 'declined' LIMIT 1000) AS n)
    FROM public.organizations AS o
    WHERE NOT o.is_operator AND public.is_operating(installation_customers.org_id)
        AND (wanted = '' OR strpos(lower(o.name), lower(wanted)) > 0 OR o.slug = lower(wanted)
            OR o.number::text = wanted)
        AND (NOT only_empty OR EXISTS (SELECT FROM public.wallets AS w
            WHERE w.org_id = o.org_id AND w.available_minor + w.credit_limit_minor <= 0))
        AND (behind = 0 OR (lower(o.name), o.number) > (SELECT lower(b.name), b.number
            FROM public.organizations AS b WHERE b.number = behind))
    ORDER BY lower(o.name), o.number LIMIT most
$$;
REVOKE EXECUTE ON FUNCTION installation_customers FROM public;
GRANT EXECUTE ON FUNCTION installation_customers TO backhaul_app;

-- Which organization a customer's number is, and its name; nothing for the operator's own.
CREATE FUNCTION installation_customer(org_id uuid, wanted bigint) RETURNS TABLE (id uuid, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT o.org_id, o.name FROM public.organizations AS o
    WHERE o.number = wanted AND NOT o.is_operator AND public.is_operating(installation_customer.org_id)
$$;
REVOKE EXECUTE ON FUNCTION installation_customer FROM public;
GRANT EXECUTE ON FUNCTION installation_customer TO backhaul_app;
