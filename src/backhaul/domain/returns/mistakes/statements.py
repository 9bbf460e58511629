"""The SQL of receipts that were mistakes."""

from backhaul.domain.returns.model import Return

_SELECTED = ", ".join(f"r.{name}" for name in Return.__struct_fields__)

# The operator's side ($2, $3) of a return that is being opened: it stays there until the transaction ends.
KEEP_INTAKE = "SELECT keep_intake(org_id => $1, operator_org_id => $2, intake_id => $3)"
# Whether a locked intake's ($2) return is there.
IS_RETURN_THERE = "SELECT is_return_there(org_id => $1, intake_id => $2)"

# The assets that are in a warehouse ($2) because of the return with number $3, whatever is expected in it by now.
RECEIVED_IN = """
SELECT a.id FROM assets AS a
JOIN custody_events AS c ON c.org_id = $1 AND c.asset_id = a.id AND c.sequence = a.custody_count
WHERE a.org_id = $1 AND a.custody = 'warehouse' AND a.warehouse_id = $2
    AND c.reason = 'received' AND c.evidence->>'return' = $3
ORDER BY a.id
"""

# Which other return of the same warehouse ($4) than that with number $3 has an asset ($2): one that it was scanned in,
# else one that is not opened yet and should hold it; not one from which it has left the warehouse since.
ALSO_IN = f"""
WITH a AS (
    SELECT id, serial_key FROM assets WHERE org_id = $1 AND id = $2
), left_at AS (
    SELECT max(at) AS at FROM custody_events
    WHERE org_id = $1 AND asset_id = $2 AND from_custody = 'warehouse' AND to_custody <> 'warehouse'
), expecting AS (
    SELECT p.transfer_id FROM a
    JOIN recovery_items AS i ON i.org_id = $1
        AND (i.asset_id = a.id OR i.asset_id IS NULL AND i.serial_key = a.serial_key)
        AND i.outcome IS DISTINCT FROM 'kept' AND i.outcome IS DISTINCT FROM 'cancelled'
    JOIN recovery_parcels AS p ON p.org_id = $1 AND p.case_id = i.case_id AND p.position = i.parcel
    UNION
    SELECT t.transfer_id FROM (
        SELECT transfer_id FROM asset_transfers WHERE org_id = $1 AND asset_id = $2
        UNION
        SELECT t.id FROM a JOIN transfers AS t ON t.org_id = $1 AND t.serial_key = a.serial_key
        WHERE NOT EXISTS (SELECT FROM asset_transfers AS l WHERE l.org_id = $1 AND l.transfer_id = t.id)
    ) AS t
    WHERE NOT EXISTS (SELECT FROM recovery_parcels AS p WHERE p.org_id = $1 AND p.transfer_id = t.transfer_id)
), found AS (
    SELECT return_id, noted_at AS since, true AS is_scanned FROM return_items
    WHERE org_id = $1 AND asset_id = $2 AND verdict <> 'missing'
    UNION ALL
    SELECT r.id, r.received_at, false FROM expecting AS e
    JOIN returns AS r ON r.org_id = $1 AND r.transfer_id = e.transfer_id AND r.status = 'received'
)
SELECT {_SELECTED} FROM found AS f JOIN returns AS r ON r.org_id = $1 AND r.id = f.return_id
WHERE r.number <> $3 AND r.warehouse_id = $4 AND r.status NOT IN ('reshipped', 'discarded')
    AND NOT EXISTS (SELECT FROM left_at AS l WHERE l.at > f.since)
ORDER BY f.is_scanned DESC, f.since DESC LIMIT 1
"""
