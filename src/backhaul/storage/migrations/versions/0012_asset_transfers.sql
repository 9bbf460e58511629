-- The asset whose serial number a transfer named. Made when the transfer is prepared, or later, when its device moves:
-- placing an order writes nothing here. Goes with the asset's row (an import that is undone).
CREATE TABLE asset_transfers (
    org_id uuid NOT NULL,
    transfer_id uuid NOT NULL,
    asset_id uuid NOT NULL,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, transfer_id),
    FOREIGN KEY (org_id, transfer_id) REFERENCES transfers (org_id, id),
    FOREIGN KEY (org_id, asset_id) REFERENCES assets (org_id, id) ON DELETE CASCADE
);
CREATE INDEX asset_transfers_of_asset ON asset_transfers (org_id, asset_id, transfer_id);
CALL protect_tenant_table('asset_transfers', 'SELECT, INSERT', 'SELECT');
