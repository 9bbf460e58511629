-- Attempts are still never changed; they go with the delivery they belong to. Only the worker may let them go.
DROP TRIGGER webhook_attempts_are_append_only ON webhook_attempts;
CREATE TRIGGER webhook_attempts_are_never_changed BEFORE UPDATE OR TRUNCATE ON webhook_attempts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT DELETE ON webhook_deliveries TO backhaul_worker;
GRANT SELECT (org_id, delivery_id), DELETE ON webhook_attempts TO backhaul_worker;
CREATE INDEX webhook_deliveries_delivered ON webhook_deliveries (ended_at) WHERE status = 'delivered';

-- Rows that say no more than that a token or a code is too old. A code stays while a token it brought does.
GRANT SELECT (org_id, id, code_hash, expires_at), DELETE ON client_tokens TO backhaul_worker;
GRANT SELECT (org_id, code_hash, expires_at), DELETE ON authorization_codes TO backhaul_worker;
CREATE INDEX client_tokens_expiring ON client_tokens (expires_at);
CREATE INDEX authorization_codes_expiring ON authorization_codes (expires_at);
