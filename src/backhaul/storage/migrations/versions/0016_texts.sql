-- The default lets the release before this one go on writing mail.
ALTER TABLE messages
    ADD COLUMN channel text NOT NULL DEFAULT 'email' CHECK (channel IN ('email', 'text'));
-- An address has its @, a telephone number is E.164. What cannot be written to is kept and never sent.
-- squawk-ignore ban-drop-constraint
ALTER TABLE messages DROP CONSTRAINT messages_check2;
ALTER TABLE messages
    ADD CONSTRAINT messages_recipient_of_channel CHECK (
        status = 'failed'
        OR recipient ~ CASE channel WHEN 'text' THEN '^\+[1-9][0-9]{6,14}$' ELSE '^[^[:space:]@]+@[^[:space:]@]+$' END
    );
