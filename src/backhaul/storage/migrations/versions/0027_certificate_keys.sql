-- A certificate is checked for as long as somebody may have to prove it: a key that is replaced stays, the newest signs.
CREATE FUNCTION find_certificate_seeds() RETURNS TABLE (secret bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.secret FROM installation_secrets AS s
    WHERE has_no_tenant() AND s.name ~ '^certificates(-[0-9]+)?$' ORDER BY length(s.name) DESC, s.name DESC
$$;

-- Makes the key that signs from now on, and returns how many there are.
CREATE FUNCTION rotate_certificate_key(org_id uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE next_number int;
BEGIN
    PERFORM require_operator_scope(org_id);
    LOCK TABLE installation_secrets IN SHARE ROW EXCLUSIVE MODE; -- one rotation after the other
    SELECT count(*) + 1 INTO next_number FROM installation_secrets AS s WHERE s.name ~ '^certificates(-[0-9]+)?$';
    INSERT INTO installation_secrets (name, secret) VALUES ('certificates-' || next_number, make_signing_secret());
    RETURN next_number;
END $$;

REVOKE EXECUTE ON FUNCTION find_certificate_seeds, rotate_certificate_key FROM public;
GRANT EXECUTE ON FUNCTION find_certificate_seeds, rotate_certificate_key TO backhaul_app;
