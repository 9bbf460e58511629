-- Whether the postal code is none of the country, by its rules, and nobody said that it is right all the same. Contracts
-- take such addresses; somebody should look at them before a box leaves.
ALTER TABLE recovery_cases ADD COLUMN is_address_doubtful boolean NOT NULL DEFAULT false;
CREATE INDEX recovery_cases_doubtful ON recovery_cases (org_id, id) WHERE is_address_doubtful AND outcome IS NULL;
