-- Which reminders an organization's campaigns send, and when. The policy is read and written whole, never searched.
CREATE TABLE ladders (
    org_id uuid NOT NULL REFERENCES organizations (org_id),
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    name_key text NOT NULL GENERATED ALWAYS AS (name_key(name)) STORED,
    policy jsonb NOT NULL,
    is_default boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT ladders_number UNIQUE (org_id, number),
    CONSTRAINT ladders_name UNIQUE (org_id, name_key)
);
CALL protect_tenant_table('ladders', 'SELECT, INSERT, UPDATE (name, policy, is_default, updated_at, version)', 'SELECT');
CREATE UNIQUE INDEX ladders_default ON ladders (org_id) WHERE is_default;

-- Chosen when the campaign is made; NULL is the built-in ladder.
ALTER TABLE recovery_campaigns ADD COLUMN ladder_id uuid,
    ADD CONSTRAINT recovery_campaigns_ladder FOREIGN KEY (org_id, ladder_id) REFERENCES ladders (org_id, id);
CREATE INDEX recovery_campaigns_of_ladder ON recovery_campaigns (org_id, ladder_id) WHERE ladder_id IS NOT NULL;

-- A case's switches, and when its reminders are looked at next: never later than something falls due.
CREATE TABLE recovery_reminders (
    org_id uuid NOT NULL,
    case_id uuid NOT NULL,
    next_at timestamptz, -- NULL: nothing falls due unless something happens
    muted_at timestamptz,
    opted_out_at timestamptz,
    -- How often something asked to look at once: whoever plans the next look does not undo what they have not seen.
    wakes integer NOT NULL DEFAULT 0,
    PRIMARY KEY (org_id, case_id),
    FOREIGN KEY (org_id, case_id) REFERENCES recovery_cases (org_id, id)
);
CALL protect_tenant_table('recovery_reminders', 'SELECT, INSERT, UPDATE', 'SELECT');
CREATE INDEX recovery_reminders_due ON recovery_reminders (next_at) WHERE next_at IS NOT NULL;

-- Evidence: every step of a ladder that was taken, and every one that was not and why. Never changed.
CREATE TABLE recovery_contacts (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    step text NOT NULL,
    occasion text NOT NULL, -- of a step that may come more than once: which time
    anchor text NOT NULL CHECK (anchor IN ('case_opened', 'box_delivered', 'no_scan', 'deadline')),
    anchor_at timestamptz NOT NULL,
    planned_at timestamptz NOT NULL,
    decided_at timestamptz NOT NULL,
    channel text NOT NULL CHECK (channel IN ('email', 'text')),
    audience text NOT NULL CHECK (audience IN ('employee', 'manager', 'it', 'hr')),
    recipient text,
    template text NOT NULL,
    locale text NOT NULL,
    message_ids uuid[] NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('sent', 'skipped')),
    reason text, -- why it was skipped
    PRIMARY KEY (org_id, id),
    -- What makes a step decided once, whoever decides it and however often.
    CONSTRAINT recovery_contacts_once UNIQUE (org_id, case_id, step, occasion),
    FOREIGN KEY (org_id, case_id) REFERENCES recovery_cases (org_id, id),
    CHECK ((outcome = 'skipped') = (reason IS NOT NULL)),
    CHECK (outcome = 'skipped' OR recipient IS NOT NULL),
    CHECK ((outcome = 'sent') = (cardinality(message_ids) > 0))
);
CALL protect_tenant_table('recovery_contacts', 'SELECT, INSERT', 'SELECT');
CREATE TRIGGER recovery_contacts_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recovery_contacts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
