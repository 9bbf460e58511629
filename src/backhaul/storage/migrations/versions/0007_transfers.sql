CREATE TABLE transfers (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    direction text NOT NULL CHECK (direction IN ('return', 'deployment')),
    status text NOT NULL CHECK (status IN (
        'pending_box', 'box_in_transit', 'pending_device', 'device_in_transit', 'complete', 'failed',
        'not_returned', 'cancelled')),
    user_id uuid NOT NULL,
    user_email text NOT NULL,
    organization_address jsonb NOT NULL,
    employee_address jsonb NOT NULL,
    device_type text NOT NULL,
    device_make text,
    device_model text,
    device_serial_number text,
    device_condition text,
    box_carrier text CHECK (box_carrier IN ('UPS', 'FedEx', 'DHLExpress', 'Sendle')),
    is_box_rush boolean NOT NULL,
    is_box_waived boolean NOT NULL,
    device_carrier text CHECK (device_carrier IN ('UPS', 'FedEx', 'DHLExpress', 'Sendle')),
    is_device_rush boolean NOT NULL,
    insured_minor bigint NOT NULL CHECK (insured_minor >= 0),
    pickup_wish jsonb,
    plan_code text,
    ticket_reference text,
    is_muted boolean NOT NULL DEFAULT false,
    sender_ready_at timestamptz,
    reminders_due integer NOT NULL DEFAULT 0 CHECK (reminders_due >= 0),
    next_reminder_at timestamptz,
    give_up_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CHECK (NOT (is_box_waived AND status IN ('pending_box', 'box_in_transit')))
);
CALL protect_tenant_table('transfers', 'SELECT, INSERT, UPDATE', 'SELECT');
CREATE INDEX transfers_reminders_due ON transfers (next_reminder_at) WHERE next_reminder_at IS NOT NULL;
CREATE INDEX transfers_give_up_due ON transfers (give_up_at) WHERE give_up_at IS NOT NULL;
