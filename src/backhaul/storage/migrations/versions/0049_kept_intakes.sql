-- The two sides of a parcel lie in two organizations. Whoever opens a return keeps its intake until the end of the
-- transaction in the owner's organization, which alone is answered; NULL: the parcel was dropped.
CREATE FUNCTION keep_intake(org_id uuid, operator_org_id uuid, intake_id uuid) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT i.id FROM public.intakes AS i
    WHERE i.org_id = keep_intake.operator_org_id AND i.id = keep_intake.intake_id
        AND i.owner_org_id = keep_intake.org_id
        AND keep_intake.org_id = nullif(current_setting('app.org_id', true), '')::uuid
    FOR SHARE
$$;
REVOKE EXECUTE ON FUNCTION keep_intake FROM public;
GRANT EXECUTE ON FUNCTION keep_intake TO backhaul_app;

-- Whoever drops a parcel has locked its intake, and asks whether its return is there; the intake's organization alone is
-- answered.
CREATE FUNCTION is_return_there(org_id uuid, intake_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.intakes AS i
        JOIN public.returns AS r ON r.org_id = i.owner_org_id AND r.id = i.return_id
        WHERE i.org_id = is_return_there.org_id AND i.id = is_return_there.intake_id
            AND is_return_there.org_id = nullif(current_setting('app.org_id', true), '')::uuid)
$$;
REVOKE EXECUTE ON FUNCTION is_return_there FROM public;
GRANT EXECUTE ON FUNCTION is_return_there TO backhaul_app;
