-- By which account a webhook was asked for. Of those of before nobody knows.
ALTER TABLE webhook_endpoints ADD COLUMN account_number bigint;
ALTER TABLE webhook_deliveries ADD COLUMN account_number bigint;

-- What ended long ago goes, however it ended.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX webhook_deliveries_delivered;
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE status <> 'pending';

-- Jobs go through all that is due, from one organization, or one instant, to the next: nothing that fails is in the way.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX returns_fees_due;
CREATE INDEX returns_fees_due ON returns (org_id, number) WHERE is_process_fee_due;
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX reshipments_due;
CREATE INDEX reshipments_due ON reshipments (expires_at, number) WHERE expires_at IS NOT NULL;
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX wallet_holds_to_expire;
CREATE INDEX wallet_holds_to_expire ON wallet_holds (expires_at, id) WHERE status = 'held';
