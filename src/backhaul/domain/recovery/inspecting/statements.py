"""The SQL: whether a parcel was opened, which cases know what was in it, and what was found for one case."""

IS_OPENED = """
SELECT EXISTS (SELECT FROM returns WHERE org_id = $1 AND transfer_id = $2 AND processed_at IS NOT NULL)
"""
# Of each scanned line ($2), by its asset ($3) and each reading of its serial number ($4), the latest case that names
# it.
CASES_NAMING = """
SELECT DISTINCT ON (l.line) found.case_id
FROM unnest($2::integer[], $3::uuid[], $4::text[]) AS l (line, asset_id, key)
CROSS JOIN LATERAL (
    SELECT i.case_id FROM recovery_items AS i WHERE i.org_id = $1 AND i.asset_id = l.asset_id
    UNION
    SELECT i.case_id FROM recovery_items AS i WHERE i.org_id = $1 AND i.serial_key = l.key
) AS found
CROSS JOIN LATERAL (SELECT * FROM recovery_cases
    WHERE org_id = $1 AND id = found.case_id AND created_at <= $5::timestamptz LIMIT 1) AS x
ORDER BY l.line, x.number DESC
"""
# What was noted of the parcels of a case ($2) once they were opened.
FOUND = """
SELECT r.number AS return_number, i.position, r.warehouse_code, r.processed_at, i.serial_number, i.verdict,
    i.has_charger
FROM recovery_parcels AS p
JOIN returns AS r ON r.org_id = $1 AND r.transfer_id = p.transfer_id AND r.processed_at IS NOT NULL
JOIN return_items AS i ON i.org_id = $1 AND i.return_id = r.id
WHERE p.org_id = $1 AND p.case_id = $2 ORDER BY r.number, i.position
"""
