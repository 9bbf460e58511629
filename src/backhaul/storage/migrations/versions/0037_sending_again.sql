-- Parcels that are sent again, exceptions that are put off, and refunds that a repeated form asks for once.
-- Step 1 of 1 (expand): what the last release writes is the first attempt, not put off, and without a key.

-- A parcel of a case that failed or was called off has another after it: the latest attempt counts.
ALTER TABLE recovery_parcels ADD COLUMN attempt integer NOT NULL DEFAULT 1;
ALTER TABLE recovery_parcels ADD CONSTRAINT recovery_parcels_attempt_check CHECK (attempt BETWEEN 1 AND 100) NOT VALID;
ALTER TABLE recovery_parcels VALIDATE CONSTRAINT recovery_parcels_attempt_check;
CREATE UNIQUE INDEX recovery_parcels_of_case ON recovery_parcels (org_id, case_id, position, attempt);
-- squawk-ignore ban-drop-constraint
ALTER TABLE recovery_parcels DROP CONSTRAINT recovery_parcels_pkey;
ALTER TABLE recovery_parcels ADD CONSTRAINT recovery_parcels_pkey PRIMARY KEY USING INDEX recovery_parcels_of_case;

-- Until when nobody needs to look at an exception, and who said so.
ALTER TABLE parcel_exceptions ADD COLUMN snoozed_until timestamptz, ADD COLUMN snoozed_by text;
ALTER TABLE parcel_exceptions ADD CONSTRAINT parcel_exceptions_snoozed_check CHECK (
    (snoozed_until IS NULL) = (snoozed_by IS NULL)) NOT VALID;
ALTER TABLE parcel_exceptions VALIDATE CONSTRAINT parcel_exceptions_snoozed_check;

-- The key of the form by which somebody asked for a refund.
ALTER TABLE refunds ADD COLUMN once_key text;
CREATE UNIQUE INDEX refunds_once ON refunds (org_id, charge_id, once_key) WHERE once_key IS NOT NULL;
