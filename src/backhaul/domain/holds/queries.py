"""Reading holds: one statement a question."""

from datetime import datetime

import msgspec

from backhaul.domain.holds.errors import HoldUnknown
from backhaul.domain.holds.model import Hold, Release, Subject
from backhaul.domain.holds.reach.statements import cases
from backhaul.domain.holds.statements import HOLD, RELEASE
from backhaul.domain.holds.tables import HIGHEST_NUMBER
from backhaul.domain.identity.model import Actor, Right
from backhaul.storage.database import Database
from backhaul.storage.rows import record

LIST_HOLDS = f"""
SELECT {HOLD}, (SELECT count(*) FROM hold_subjects AS s
    WHERE s.org_id = $1 AND s.hold_id = h.id AND s.released_at IS NULL) AS active_count
FROM holds AS h WHERE h.org_id = $1 AND h.number < $2 ORDER BY h.number DESC LIMIT $3
"""
GET_HOLD = f"""
SELECT {HOLD},
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'number', s.number, 'kind', s.kind, 'asset_id', s.asset_id, 'serial_number', a.serial_number,
        'employee_id', s.employee_id, 'case_number', s.case_number, 'held_at', s.held_at,
        'release_number', r.number, 'released_at', s.released_at) ORDER BY s.number), '[]')
     FROM hold_subjects AS s
     LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = s.asset_id
     LEFT JOIN hold_releases AS r ON r.org_id = $1 AND r.id = s.release_id
     WHERE s.org_id = $1 AND s.hold_id = h.id) AS subjects,
    (SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY o.number), '[]')
     FROM (SELECT {RELEASE} FROM hold_releases AS r WHERE r.org_id = $1 AND r.hold_id = h.id) AS o) AS releases
FROM holds AS h WHERE h.org_id = $1 AND h.number = $2
"""
# Whoever had the device last: the employee who has it, or the last one in the ledger. Of a person or a case, they.
LIST_ACTIVE = f"""
WITH counted AS (
    SELECT count(*) AS total FROM hold_subjects WHERE org_id = $1 AND released_at IS NULL
), page AS MATERIALIZED (
    SELECT number, kind, asset_id, employee_id, case_number, held_at FROM hold_subjects
    WHERE org_id = $1 AND released_at IS NULL ORDER BY number DESC LIMIT $3 OFFSET $2
)
SELECT counted.total, page.number, page.held_at, a.number AS asset_number, a.created_at AS asset_created_at, a.tag,
    a.serial_number, m.name AS model_name, f.name AS manufacturer, t.name AS product_type, s.name AS status_name,
    s.type AS status_type, l.name AS location_name, coalesce(last.name, named.name, k.name) AS last_assignee
FROM counted
LEFT JOIN page ON true
LEFT JOIN assets AS a ON a.org_id = $1 AND a.id = page.asset_id
LEFT JOIN models AS m ON m.org_id = $1 AND m.id = a.model_id
LEFT JOIN manufacturers AS f ON f.org_id = $1 AND f.id = m.manufacturer_id
LEFT JOIN product_types AS t ON t.org_id = $1 AND t.id = m.product_type_id
LEFT JOIN status_labels AS s ON s.org_id = $1 AND s.id = a.status_id
LEFT JOIN locations AS l ON l.org_id = $1 AND l.id = a.location_id
LEFT JOIN LATERAL (
    SELECT coalesce(e.first_name || ' ' || e.last_name, 'Former employee ' || p.number) AS name
    FROM (SELECT to_id FROM custody_events WHERE org_id = $1 AND asset_id = a.id AND to_custody = 'employee'
        ORDER BY sequence DESC LIMIT 1) AS c
    LEFT JOIN employees AS e ON e.org_id = $1 AND e.id = c.to_id
    LEFT JOIN former_employees AS p ON p.org_id = $1 AND p.id = c.to_id) AS last ON true
LEFT JOIN LATERAL (
    SELECT e.first_name || ' ' || e.last_name AS name FROM employees AS e
    WHERE page.kind = 'employee' AND e.org_id = $1 AND e.id = page.employee_id) AS named ON true
LEFT JOIN LATERAL (
    SELECT x.first_name || ' ' || x.last_name AS name FROM recovery_cases AS x
    WHERE page.kind = 'case' AND x.org_id = $1 AND x.id IN (SELECT id FROM ({
    cases("ARRAY[page.case_number]", "'{}'::uuid[]")
}) AS o)
    LIMIT 1) AS k ON true
ORDER BY page.number DESC
"""


class ListedHold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold as a line of a list."""

    hold: Hold
    active_count: int  # subjects that are not released; 0: it is over


class HoldDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A hold with everything it covers or covered, and every request to release it."""

    hold: Hold
    subjects: tuple[Subject, ...]
    releases: tuple[Release, ...]


class ActiveSubject(msgspec.Struct, frozen=True, kw_only=True):
    """What is held: a device, or a person or a case, where all about devices is None. Held twice, it is there twice."""

    number: int  # the subject's
    held_at: datetime
    asset_number: int | None
    asset_created_at: datetime | None
    tag: str | None
    serial_number: str | None
    model_name: str | None
    manufacturer: str | None
    product_type: str | None
    status_name: str | None
    status_type: str | None
    location_name: str | None
    last_assignee: str | None  # who has or had the device last; the person, or whom the case is about


class ActivePage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what is held, the latest first, and how much there is on all pages."""

    items: tuple[ActiveSubject, ...]
    total: int


async def list_holds(
    db: Database, *, actor: Actor, before: int | None = None, limit: int = 50
) -> list[ListedHold]:
    """Return holds, newest first, those that are over included; `before` is the last number seen."""
    scope = actor.scope(Right.HOLDS_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_HOLDS, scope.org_id, before or HIGHEST_NUMBER, limit)
    return [ListedHold(hold=record(Hold, row), active_count=row["active_count"]) for row in rows]


async def get_hold(db: Database, *, actor: Actor, hold: int) -> HoldDetail:
    """Return a hold by its number, or refuse an unknown one."""
    scope = actor.scope(Right.HOLDS_READ)
    row = None
    if 0 < hold <= HIGHEST_NUMBER:
        async with db.read(scope) as reader:
            row = await reader.fetchrow(GET_HOLD, scope.org_id, hold)
    if row is None:
        raise HoldUnknown
    return HoldDetail(
        hold=record(Hold, row),
        subjects=msgspec.convert(row["subjects"], tuple[Subject, ...]),
        releases=msgspec.convert(row["releases"], tuple[Release, ...]),
    )


async def list_active(db: Database, *, actor: Actor, page: int, per_page: int = 10) -> ActivePage:
    """Return a page of what is on hold, the latest first, and the exact total."""
    scope = actor.scope(Right.HOLDS_READ)
    passed = min(max(page - 1, 0) * per_page, HIGHEST_NUMBER)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_ACTIVE, scope.org_id, passed, per_page)
    items = tuple(record(ActiveSubject, row) for row in rows if row["number"] is not None)
    return ActivePage(items=items, total=rows[0]["total"])
