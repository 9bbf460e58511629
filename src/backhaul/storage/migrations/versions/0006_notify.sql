CREATE TABLE messages (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    template text NOT NULL,
    locale text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    recipient text NOT NULL CHECK (recipient <> '' AND recipient !~ '[[:cntrl:]]'),
    reply_to text CHECK (reply_to ~ '^[^[:space:][:cntrl:]@]+@[^[:space:][:cntrl:]@]+$'),
    sender_name text NOT NULL CHECK (sender_name !~ '[[:cntrl:]]'),
    subject text NOT NULL CHECK (subject <> '' AND subject !~ '[[:cntrl:]]'),
    text text NOT NULL,
    html text NOT NULL,
    internet_message_id text NOT NULL CHECK (internet_message_id ~ '^<[A-Za-z0-9.-]+@[A-Za-z0-9.-]+>$'),
    status text NOT NULL CHECK (status IN ('queued', 'sent', 'failed')),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    decided_at timestamptz NOT NULL,
    sent_at timestamptz,
    failure text,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id),
    -- What makes a message decided once, however often the deciding is repeated.
    UNIQUE (org_id, key, recipient),
    CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
    CHECK (status <> 'failed' OR failure IS NOT NULL),
    -- What cannot be written to is kept to show why nobody was written to, and never sent.
    CHECK (status = 'failed' OR recipient ~ '^[^[:space:]@]+@[^[:space:]@]+$')
);
CALL protect_tenant_table('messages', 'SELECT, INSERT, UPDATE', '');
CREATE INDEX messages_of_subject ON messages (org_id, subject_kind, subject_id, id);
