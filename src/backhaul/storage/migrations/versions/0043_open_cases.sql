-- A second box that nobody needs is an exception; how far each open case is stands beside it.
-- Step 1 of 1 (expand): the last release neither writes the new kind nor reads the new table, and triggers fill it.

-- squawk-ignore ban-drop-constraint
ALTER TABLE parcel_exceptions DROP CONSTRAINT parcel_exceptions_kind_check;
ALTER TABLE parcel_exceptions ADD CONSTRAINT parcel_exceptions_kind_check CHECK (kind IN (
    'label_never_scanned', 'no_movement', 'delivered_not_received', 'address_exception', 'box_undeliverable',
    'box_not_needed')) NOT VALID;
ALTER TABLE parcel_exceptions VALIDATE CONSTRAINT parcel_exceptions_kind_check;
-- squawk-ignore ban-drop-constraint
ALTER TABLE parcel_exceptions DROP CONSTRAINT parcel_exceptions_suggested_action_check;
ALTER TABLE parcel_exceptions ADD CONSTRAINT parcel_exceptions_suggested_action_check CHECK (suggested_action IN (
    'check_depot', 'ask_sender', 'trace', 'collect', 'inspect', 'find_holder', 'take_in', 'correct_address',
    'send_again', 'tell_receiver')) NOT VALID;
ALTER TABLE parcel_exceptions VALIDATE CONSTRAINT parcel_exceptions_suggested_action_check;
-- What was sent again is little, and looked at in every round.
CREATE INDEX recovery_parcels_again ON recovery_parcels (org_id, transfer_id) WHERE attempt > 1;

-- How far an open case is, which follows from its parcels, their transfers and what is expected in them: that of the
-- parcel that is furthest behind, of those in which anything is expected.
CREATE FUNCTION stage_of_open_case(wanted_org_id uuid, wanted_case_id uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce((
        SELECT (ARRAY['box', 'person', 'returning', 'stuck'])[min(CASE t.status
            WHEN 'pending_box' THEN 1 WHEN 'box_in_transit' THEN 1 WHEN 'pending_device' THEN 2
            WHEN 'device_in_transit' THEN 3 ELSE 4 END)]
        FROM recovery_parcels AS p JOIN transfers AS t ON t.org_id = p.org_id AND t.id = p.transfer_id
        WHERE p.org_id = wanted_org_id AND p.case_id = wanted_case_id AND EXISTS (
            SELECT FROM recovery_items AS i WHERE i.org_id = p.org_id AND i.case_id = p.case_id
                AND i.parcel = p.position AND i.outcome IS NULL)
    ), CASE WHEN EXISTS (
        -- What is expected still travels in no parcel: it was said to be gone when the others were sent.
        SELECT FROM recovery_parcels AS p WHERE p.org_id = wanted_org_id AND p.case_id = wanted_case_id
    ) THEN 'stuck' ELSE 'unsent' END)
$$;

-- One row for each open case and none for any other. Triggers alone write it, whoever changes what it follows from.
CREATE TABLE recovery_open_cases (
    org_id uuid NOT NULL,
    case_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    number bigint NOT NULL,
    stage text NOT NULL CHECK (stage IN ('unsent', 'box', 'person', 'returning', 'stuck')),
    is_contacted boolean NOT NULL, -- whether the person was ever reminded
    PRIMARY KEY (org_id, case_id),
    FOREIGN KEY (org_id, case_id) REFERENCES recovery_cases (org_id, id) ON DELETE CASCADE
);
CALL protect_tenant_table('recovery_open_cases', 'SELECT', 'SELECT');

-- Brings the row of one case to what is so now. It waits for whoever does the same and reads after them: what each of
-- two transactions has changed is seen by the one that comes last. Its plans are kept by sessions that began when the
-- tables were small: whatever they looked like, rows are looked up.
CREATE FUNCTION follow_open_case(wanted_org_id uuid, wanted_case_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    PERFORM FROM recovery_open_cases AS o WHERE o.org_id = wanted_org_id AND o.case_id = wanted_case_id FOR UPDATE;
    INSERT INTO recovery_open_cases AS o (org_id, case_id, campaign_id, number, stage, is_contacted)
    SELECT x.org_id, x.id, x.campaign_id, x.number, stage_of_open_case(x.org_id, x.id), EXISTS (
        SELECT FROM recovery_contacts AS k WHERE k.org_id = x.org_id AND k.case_id = x.id
            AND k.audience = 'employee' AND k.outcome = 'sent')
    FROM recovery_cases AS x WHERE x.org_id = wanted_org_id AND x.id = wanted_case_id AND x.outcome IS NULL
    ON CONFLICT ON CONSTRAINT recovery_open_cases_pkey DO UPDATE SET campaign_id = excluded.campaign_id,
        number = excluded.number, stage = excluded.stage, is_contacted = excluded.is_contacted
    WHERE (o.campaign_id, o.number, o.stage, o.is_contacted)
        IS DISTINCT FROM (excluded.campaign_id, excluded.number, excluded.stage, excluded.is_contacted);
    DELETE FROM recovery_open_cases AS o WHERE o.org_id = wanted_org_id AND o.case_id = wanted_case_id AND NOT EXISTS (
        SELECT FROM recovery_cases AS x
        WHERE x.org_id = wanted_org_id AND x.id = wanted_case_id AND x.outcome IS NULL);
END $$;

CREATE FUNCTION follow_added_cases() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO recovery_open_cases (org_id, case_id, campaign_id, number, stage, is_contacted)
    SELECT a.org_id, a.id, a.campaign_id, a.number, 'unsent', false FROM added AS a WHERE a.outcome IS NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION follow_changed_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM follow_open_case(new.org_id, new.id);
    RETURN NULL;
END $$;

CREATE FUNCTION follow_part_of_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF tg_op <> 'INSERT' THEN
        PERFORM follow_open_case(old.org_id, old.case_id);
    END IF;
    IF tg_op = 'INSERT' OR tg_op = 'UPDATE' AND new.case_id <> old.case_id THEN
        PERFORM follow_open_case(new.org_id, new.case_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION follow_added_items() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    PERFORM follow_open_case(a.org_id, a.case_id) FROM (SELECT DISTINCT org_id, case_id FROM added) AS a
    WHERE EXISTS (SELECT FROM recovery_parcels AS p WHERE p.org_id = a.org_id AND p.case_id = a.case_id);
    RETURN NULL;
END $$;

CREATE FUNCTION follow_moved_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    PERFORM follow_open_case(p.org_id, p.case_id)
    FROM recovery_parcels AS p WHERE p.org_id = new.org_id AND p.transfer_id = new.id;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION stage_of_open_case, follow_open_case, follow_added_cases, follow_changed_case,
    follow_part_of_case, follow_added_items, follow_moved_transfer FROM public;

-- A new case has no parcel yet: many are added with one statement. Everything else is followed at the end of its
-- transaction, so that this row is locked last, after transfers, devices and cases, and nobody waits in a circle.
CREATE TRIGGER recovery_cases_added AFTER INSERT ON recovery_cases
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION follow_added_cases();
CREATE TRIGGER recovery_items_added AFTER INSERT ON recovery_items
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION follow_added_items();
CREATE CONSTRAINT TRIGGER recovery_cases_changed AFTER UPDATE ON recovery_cases
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((old.outcome, old.campaign_id, old.number) IS DISTINCT FROM (new.outcome, new.campaign_id, new.number))
    EXECUTE FUNCTION follow_changed_case();
CREATE CONSTRAINT TRIGGER recovery_items_changed AFTER UPDATE OR DELETE ON recovery_items
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION follow_part_of_case();
CREATE CONSTRAINT TRIGGER recovery_parcels_changed AFTER INSERT OR UPDATE OR DELETE ON recovery_parcels
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION follow_part_of_case();
CREATE CONSTRAINT TRIGGER recovery_contacts_added AFTER INSERT ON recovery_contacts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (new.audience = 'employee' AND new.outcome = 'sent') EXECUTE FUNCTION follow_part_of_case();
CREATE CONSTRAINT TRIGGER transfers_moved AFTER UPDATE OF status ON transfers
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (old.status IS DISTINCT FROM new.status) EXECUTE FUNCTION follow_moved_transfer();

INSERT INTO recovery_open_cases (org_id, case_id, campaign_id, number, stage, is_contacted)
SELECT x.org_id, x.id, x.campaign_id, x.number, stage_of_open_case(x.org_id, x.id), EXISTS (
    SELECT FROM recovery_contacts AS k WHERE k.org_id = x.org_id AND k.case_id = x.id
        AND k.audience = 'employee' AND k.outcome = 'sent')
FROM recovery_cases AS x WHERE x.outcome IS NULL;

-- The newest of a stage and of those never reminded, of a campaign and of all; a campaign's are counted in the index.
CREATE INDEX recovery_open_cases_of_campaign ON recovery_open_cases (org_id, campaign_id, stage, number)
    INCLUDE (is_contacted);
CREATE INDEX recovery_open_cases_of_stage ON recovery_open_cases (org_id, stage, number);
CREATE INDEX recovery_open_cases_uncontacted ON recovery_open_cases (org_id, number) WHERE NOT is_contacted;
CREATE INDEX recovery_open_cases_of_campaign_uncontacted ON recovery_open_cases (org_id, campaign_id, number)
    WHERE NOT is_contacted;
-- A campaign's cases by what became of them are listed newest first as well as counted.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX recovery_cases_outcomes;
CREATE INDEX recovery_cases_outcomes ON recovery_cases (org_id, campaign_id, outcome, number);
-- In which countries a campaign's people are: one step in the index for each.
CREATE INDEX recovery_cases_countries ON recovery_cases (org_id, campaign_id, country_code);
