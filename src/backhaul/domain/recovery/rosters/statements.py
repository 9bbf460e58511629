"""The SQL: what is known of the people of a list."""

# $2 the campaign's number, $3 the second of its creation, $4 addresses. A row each for who is known at all; without a
# campaign, one row without an address. Devices are named so that the package for their sort is found.
LOOK_UP = """
WITH c AS (
    SELECT id, status FROM recovery_campaigns
    WHERE org_id = $1 AND number = $2 AND floor(extract(epoch FROM created_at)) = $3
), named AS (SELECT DISTINCT email_key(one) AS email_key FROM unnest($4::text[]) AS one)
SELECT c.status, n.email_key, EXISTS (
        SELECT FROM recovery_cases AS x
        WHERE x.org_id = $1 AND x.campaign_id = c.id AND x.email_key = n.email_key) AS is_there_already,
    e.first_name, e.last_name, e.phone, e.line_1, e.line_2, e.city, e.state, e.postal_code, e.country_code,
    coalesce((SELECT jsonb_agg(jsonb_build_object(
            'name', t.name || ' ' || f.name || ' ' || m.name, 'serial_number', a.serial_number, 'tag', a.tag,
            'imei', a.imei) ORDER BY a.number)
        FROM assets AS a
        JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
        JOIN product_types AS t ON t.org_id = $1 AND t.id = m.product_type_id
        JOIN manufacturers AS f ON f.org_id = $1 AND f.id = m.manufacturer_id
        WHERE a.org_id = $1 AND a.employee_id = e.id), '[]') AS items
FROM c LEFT JOIN named AS n ON true
LEFT JOIN employees AS e ON e.org_id = $1 AND e.email_key = n.email_key
"""
