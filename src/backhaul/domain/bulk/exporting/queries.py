"""Reading everything, a page after the other, in the order of numbers. All pages see one moment."""

# Sent first in the transaction: what others commit meanwhile stays out of sight.
ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"

# Names of columns are the fields of `assets/columns.py`; $2 is the last number seen, $4 the numbers that are
# asked for; NULL asks for all.
PAGE_OF_ASSETS = """
WITH page AS MATERIALIZED (
    SELECT * FROM assets WHERE org_id = $1 AND number > $2 AND ($4::bigint[] IS NULL OR number = ANY ($4))
    ORDER BY number LIMIT $3
)
SELECT a.number, a.serial_number, a.tag, t.name AS product_type, m.name AS product_name, f.name AS manufacturer,
    s.name AS status_name, a.model_number, a.sku, a.condition, a.purchased_on, a.purchase_cost_minor,
    a.purchase_currency, a.purchase_type, a.warranty_starts_on, a.warranty_ends_on, a.warranty_type,
    e.email AS assign_to_email, d.name AS department, l.name AS location_name, a.imei, a.imei2, a.specs, a.custody,
    a.created_at
FROM page AS a
JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
JOIN product_types AS t ON t.org_id = $1 AND t.id = m.product_type_id
JOIN manufacturers AS f ON f.org_id = $1 AND f.id = m.manufacturer_id
JOIN status_labels AS s ON s.org_id = $1 AND s.id = a.status_id
LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = a.employee_id
LEFT JOIN departments AS d ON d.org_id = $1 AND d.id = a.department_id
LEFT JOIN locations AS l ON l.org_id = $1 AND l.id = a.location_id
ORDER BY a.number
"""

PAGE_OF_EMPLOYEES = """
WITH page AS MATERIALIZED (
    SELECT * FROM employees WHERE org_id = $1 AND number > $2 AND ($4::bigint[] IS NULL OR number = ANY ($4))
    ORDER BY number LIMIT $3
)
SELECT e.number, e.email, e.first_name, e.last_name, e.phone, e.phone_country, l.name AS location_name,
    e.location_type, e.line_1, e.line_2, e.city, e.state, e.postal_code, e.country_code, d.name AS department_name,
    m.email AS manager_email, e.status, e.starts_on
FROM page AS e
LEFT JOIN locations AS l ON l.org_id = $1 AND l.id = e.location_id
LEFT JOIN departments AS d ON d.org_id = $1 AND d.id = e.department_id
LEFT JOIN employees AS m ON m.org_id = $1 AND m.id = e.manager_id
ORDER BY e.number
"""
