"""The SQL of what a hold reaches. Recovery, returns and custody stand above holds; their rows are read here.

What is known when a hold is placed is made a subject of it and counted on its row. The conditions here find what became
known afterwards: an asset whose serial number, IMEI or tag an item bears, a recovery of somebody on hold.

Only a case that is held itself reaches anything; one that a device is named with does not.
"""

# How a hold may call the case `x`: by its public number (contract Unduit §2.5) or its code.
_PUBLIC_NUMBER = "floor(extract(epoch FROM x.created_at))::bigint::text || x.number::text"
NAMES_OF_CASE = f"(x.code, {_PUBLIC_NUMBER})"
# What came back is held with its person until another employee gets it: a scan notes it just before it may be wiped.
_IS_OPEN_OR_BACK = "(x.outcome IS NULL OR x.outcome IN ('returned', 'partly_returned'))"


def _is_passed_on(asset_id: str, since: str) -> str:
    """Return the condition that another employee than the case's got an asset; never, where `since` is NULL."""
    return f"""
EXISTS (SELECT FROM custody_events AS other WHERE other.org_id = $1 AND other.asset_id = {asset_id}
    AND other.to_custody = 'employee' AND other.to_id <> x.employee_id AND other.at > {since})
"""


def cases(numbers: str, people: str) -> str:
    """Return the query of the cases that go by these names, and of those of these people that are open or came back.

    `back_since` is NULL unless the case came back: what another employee got since is not the person's.
    """
    return f"""
SELECT x.id, x.employee_id, NULL::timestamptz AS back_since FROM recovery_cases AS x
WHERE x.org_id = $1 AND x.code = ANY ({numbers})
UNION
SELECT x.id, x.employee_id, NULL FROM recovery_cases AS x WHERE x.org_id = $1 AND x.number = ANY (ARRAY(
        SELECT substr(n, 11)::bigint FROM unnest({numbers}) AS n WHERE n ~ '^[0-9]{{10}}[1-9][0-9]{{0,17}}$'))
    AND {_PUBLIC_NUMBER} = ANY ({numbers})
UNION
SELECT x.id, x.employee_id, CASE WHEN x.outcome IS NOT NULL THEN x.created_at END FROM recovery_cases AS x
WHERE x.org_id = $1 AND x.employee_id = ANY ({people}) AND {_IS_OPEN_OR_BACK}
"""


def returns_of(cases: str) -> str:
    """Return the query of the returns that these cases' parcels became."""
    return f"""
SELECT r.id, r.number, p.case_id FROM recovery_parcels AS p
JOIN returns AS r ON r.org_id = $1 AND r.transfer_id = p.transfer_id
WHERE p.org_id = $1 AND p.case_id IN (SELECT id FROM {cases})
"""


def assets_of(cases: str) -> str:
    """Return the query of the assets that these cases expect, by whatever names them, or that came back in them."""
    return f"""
SELECT k.asset_id FROM (
SELECT i.case_id, i.asset_id FROM recovery_items AS i
WHERE i.org_id = $1 AND i.case_id IN (SELECT id FROM {cases}) AND i.asset_id IS NOT NULL
UNION
SELECT i.case_id, a.id FROM recovery_items AS i JOIN assets AS a ON a.org_id = $1 AND (a.serial_key = i.serial_key
    OR a.tag_key = name_key(i.tag) OR a.imei = i.imei OR a.imei2 = i.imei)
WHERE i.org_id = $1 AND i.case_id IN (SELECT id FROM {cases}) AND i.asset_id IS NULL
UNION
SELECT b.case_id, t.asset_id FROM ({returns_of(cases)}) AS b
JOIN return_items AS t ON t.org_id = $1 AND t.return_id = b.id
WHERE t.asset_id IS NOT NULL AND t.verdict <> 'missing'
) AS k JOIN {cases} AS x ON x.id = k.case_id WHERE NOT {_is_passed_on("k.asset_id", "x.back_since")}
"""


def assets_last_with(people: str) -> str:
    """Return the query of the assets that one of these people had last, of all employees."""
    return f"""
SELECT c.asset_id FROM custody_events AS c
WHERE c.org_id = $1 AND c.to_custody = 'employee' AND c.to_id = ANY ({people}) AND NOT EXISTS (
    SELECT FROM custody_events AS later WHERE later.org_id = $1 AND later.asset_id = c.asset_id
        AND later.sequence > c.sequence AND later.to_custody = 'employee' AND later.to_id <> c.to_id)
"""


def _cases_of_asset(asset: str) -> str:
    def unknown(condition: str) -> str:
        return f"""
UNION ALL
SELECT i.case_id FROM assets AS n JOIN recovery_items AS i ON i.org_id = $1 AND i.asset_id IS NULL AND {condition}
WHERE n.org_id = $1 AND n.id = {asset}.id
"""

    return f"""
SELECT i.case_id FROM recovery_items AS i WHERE i.org_id = $1 AND i.asset_id = {asset}.id
{unknown("i.serial_key = n.serial_key")}
{unknown("i.imei = n.imei")}
{unknown("i.imei = n.imei2")}
{unknown("name_key(i.tag) = n.tag_key")}
UNION ALL
SELECT p.case_id FROM return_items AS t
JOIN returns AS r ON r.org_id = $1 AND r.id = t.return_id
JOIN recovery_parcels AS p ON p.org_id = $1 AND p.transfer_id = r.transfer_id
WHERE t.org_id = $1 AND t.asset_id = {asset}.id AND t.verdict <> 'missing'
"""


# Unless an organization holds a person or a case, nothing has to be looked for.
_ANY_HELD = """
EXISTS (SELECT FROM hold_subjects AS hg WHERE hg.org_id = $1 AND hg.released_at IS NULL AND hg.kind = 'employee')
OR EXISTS (SELECT FROM hold_subjects AS hg
    WHERE hg.org_id = $1 AND hg.released_at IS NULL AND hg.case_number IS NOT NULL AND hg.kind = 'case')
"""


def is_reached(asset: str) -> str:
    """Return the condition that a case on hold, or an open or returned one of a person on hold, concerns an asset.

    What two people released of a hold is not held by it any more.
    """

    def by(holder: str) -> str:
        return f"""
EXISTS (SELECT FROM hold_subjects AS hc WHERE hc.org_id = $1 AND hc.released_at IS NULL AND {holder} AND NOT EXISTS (
    SELECT FROM hold_subjects AS hs WHERE hs.org_id = $1 AND hs.hold_id = hc.hold_id AND hs.asset_id = {asset}.id
        AND hs.released_at IS NOT NULL))
"""

    return f"""(({_ANY_HELD}) AND EXISTS (
    SELECT FROM ({_cases_of_asset(asset)}) AS k JOIN recovery_cases AS x ON x.org_id = $1 AND x.id = k.case_id
    WHERE {by(f"hc.kind = 'case' AND hc.case_number IN {NAMES_OF_CASE}")}
        OR {_IS_OPEN_OR_BACK} AND (x.outcome IS NULL OR NOT {_is_passed_on(f"{asset}.id", "x.created_at")})
            AND {by("hc.kind = 'employee' AND hc.employee_id = x.employee_id")}))
"""


# Whether the return `r` is held: by its case; by the case's person as long as something in it, or all of it, is unknown
# to the inventory. What lies in it without an asset may also belong to another case by its serial number.
IS_RETURN_HELD = f"""
EXISTS (
    SELECT FROM (
        SELECT p.case_id FROM recovery_parcels AS p WHERE p.org_id = $1 AND p.transfer_id = r.transfer_id
        UNION ALL
        SELECT i.case_id FROM return_items AS t
        JOIN recovery_items AS i ON i.org_id = $1 AND i.serial_key = serial_key(t.serial_number)
        WHERE t.org_id = $1 AND t.return_id = r.id AND t.asset_id IS NULL AND t.verdict <> 'missing'
    ) AS k JOIN recovery_cases AS x ON x.org_id = $1 AND x.id = k.case_id
    WHERE EXISTS (SELECT FROM hold_subjects AS hc
            WHERE hc.org_id = $1 AND hc.released_at IS NULL AND hc.kind = 'case' AND hc.case_number IN {NAMES_OF_CASE})
        OR EXISTS (SELECT FROM hold_subjects AS hp WHERE hp.org_id = $1 AND hp.released_at IS NULL
                AND hp.kind = 'employee' AND hp.employee_id = x.employee_id)
            AND coalesce((SELECT bool_or(t.asset_id IS NULL) FROM return_items AS t
                WHERE t.org_id = $1 AND t.return_id = r.id AND t.verdict <> 'missing'), true))
"""
