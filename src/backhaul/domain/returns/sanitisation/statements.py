"""The SQL of sanitisations."""

from backhaul.domain.returns.sanitisation.model import Sanitisation

COLUMNS = ", ".join(Sanitisation.__struct_fields__)
_VALUES = ", ".join(f"${n}" for n in range(1, len(Sanitisation.__struct_fields__) + 1))

# The tenant is the record's second field, and $2.
ADD = f"INSERT INTO sanitisations ({COLUMNS}) VALUES ({_VALUES})"
# The scanned device of a serial number ($3) in a return ($2), with what the inventory calls it, and whether one of its
# lines says that it is locked.
FIND_SCANNED = """
SELECT i.serial_number, i.asset_id, a.tag AS asset_tag, m.name AS model, f.name AS manufacturer,
    EXISTS (SELECT FROM return_items AS o WHERE o.org_id = $1 AND o.return_id = $2 AND o.is_lock_removed IS FALSE
        AND (serial_key(o.serial_number) = serial_key(i.serial_number) OR o.asset_id = i.asset_id)) AS is_locked
FROM return_items AS i
LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = i.asset_id
LEFT JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
LEFT JOIN manufacturers AS f ON f.org_id = $1 AND f.id = m.manufacturer_id
WHERE i.org_id = $1 AND i.return_id = $2 AND serial_key(i.serial_number) = serial_key($3) AND i.verdict <> 'missing'
ORDER BY i.position LIMIT 1
"""
# When a return ($2) was handed over to be sent on.
SENT_ON_AT = """
SELECT at FROM history WHERE org_id = $1 AND subject_kind = 'return' AND subject_id = $2 AND action = 'reshipped'
ORDER BY id DESC LIMIT 1
"""
LIST_OF_RETURN = f"""
SELECT {COLUMNS} FROM sanitisations WHERE org_id = $1 AND return_id = (
    SELECT id FROM returns WHERE org_id = $1 AND number = $2) ORDER BY id
"""
# Look-ups of an installation, of no organization.
SEEDS = "SELECT secret FROM find_certificate_seeds()"
ROTATE = "SELECT rotate_certificate_key(org_id => $1)"
GET = f"SELECT {COLUMNS} FROM sanitisations WHERE org_id = $1 AND id = $2"
