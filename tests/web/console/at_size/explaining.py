"""What statements read, as sessions of the application plan them: once for all, under row-level security."""

import json

import structlog
from asyncpg.connection import LoggedQuery

from backhaul.storage.nudges import SEND


class Asked:
    """The statements that requests have sent, with what they were asked."""

    def __init__(self):
        self._seen = []

    def __call__(self, record: LoggedQuery):
        if "request_id" in structlog.contextvars.get_contextvars() and record.query != SEND:
            self._seen.append((record.query, record.args))

    async def take(self):
        """Return them, and forget them."""
        taken, self._seen = self._seen, []
        return taken


async def plan_of(session, statement, arguments):
    """Return every node of a statement's plan, with what it read."""
    await session.execute(f"PREPARE asked AS {statement}")
    given = f"({', '.join(map(_literal, arguments))})" if arguments else ""
    try:
        (found,) = await session.fetchrow(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked {given}")
    finally:
        await session.execute("DEALLOCATE asked")
    return list(_nodes(json.loads(found)[0]["Plan"]))


def _nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def rows_read(node):
    """Return how many rows a node of a plan has looked at, those it left out included."""
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    return round((node["Actual Rows"] + removed) * node["Actual Loops"])


def _literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    if isinstance(value, list | tuple):
        value = "{" + ",".join(json.dumps(str(one)) for one in value) + "}"
    if isinstance(value, dict):
        value = json.dumps(value)
    return "'" + str(value).replace("'", "''") + "'"
