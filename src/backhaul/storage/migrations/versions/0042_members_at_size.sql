-- What members are listed and searched by. Accounts belong to the installation, so that no index of theirs has the
-- members of one organization together; each membership has a copy, which the database makes and keeps true.
-- Step 1 of 1 (expand): the last release neither writes the columns nor reads them.
ALTER TABLE memberships
    ADD COLUMN email text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN name_key text COLLATE "C" NOT NULL DEFAULT '';
UPDATE memberships AS m SET email = u.email, name_key = name_key(u.name) FROM users AS u WHERE u.id = m.user_id;

-- The lock holds a change of the account's name back until the membership is there to follow it. Without an account
-- both stay empty: the foreign key then says what is wrong.
CREATE FUNCTION name_membership() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT u.email, public.name_key(u.name) INTO new.email, new.name_key
    FROM public.users AS u WHERE u.id = new.user_id FOR NO KEY UPDATE;
    new.email := coalesce(new.email, '');
    new.name_key := coalesce(new.name_key, '');
    RETURN new;
END $$;
CREATE TRIGGER membership_is_named BEFORE INSERT ON memberships
    FOR EACH ROW EXECUTE FUNCTION name_membership();

CREATE FUNCTION rename_memberships() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.memberships AS m SET email = new.email, name_key = public.name_key(new.name)
    WHERE m.user_id = new.id;
    RETURN NULL;
END $$;
CREATE TRIGGER memberships_follow_account AFTER UPDATE OF email, name ON users
    FOR EACH ROW WHEN ((old.email, old.name) IS DISTINCT FROM (new.email, new.name))
    EXECUTE FUNCTION rename_memberships();
REVOKE EXECUTE ON FUNCTION name_membership, rename_memberships FROM public;

CREATE INDEX memberships_of_email ON memberships (org_id, email);
CREATE INDEX memberships_of_name ON memberships (org_id, name_key);
-- Whether somebody is the last owner or operator.
CREATE INDEX memberships_of_role ON memberships (org_id, role, user_id);
