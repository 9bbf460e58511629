"""Is each of our connections one session of PostgreSQL? Tenant and role live there.

A pooler that lends one backend to two connections would mix tenants up, so that nothing is started behind one.
"""

import asyncpg

from backhaul.kernel.errors import DomainError, Kind, Unavailable

SET_MARK = "SELECT set_config('app.session_mark', $1, false)"
READ_MARK = "SELECT pg_backend_pid(), current_setting('app.session_mark', true)"
ROUNDS = 3


class SessionsNotKept(DomainError):
    """A pooler between us and PostgreSQL lends one backend to several connections."""

    code = "storage.sessions_not_kept"
    kind = Kind.UNAVAILABLE
    message = (
        "The connection pooler in front of PostgreSQL does not keep sessions, so tenants could see each other's "
        "rows. Use PgBouncer with pool_mode=session, or connect to PostgreSQL directly."
    )


async def require_sessions(url: str, *, timeout_seconds: float = 10.0) -> None:
    """Refuse a pooler that does not keep sessions; refuses with `service.unavailable` when nobody answers."""
    try:
        # Without a statement cache: a pooler that shares backends would trip over named statements first.
        one = await asyncpg.connect(url, statement_cache_size=0, timeout=timeout_seconds)
        other = await asyncpg.connect(url, statement_cache_size=0, timeout=timeout_seconds)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Unavailable(what=f"The database ({type(error).__name__}: {error})") from error
    try:
        seen: dict[str, set[int]] = {"one": set(), "other": set()}
        for _ in range(ROUNDS):
            for mark, connection in (("one", one), ("other", other)):
                await connection.fetchval(SET_MARK, mark)
                pid, found = (await connection.fetch(READ_MARK))[0]
                seen[mark].add(pid)
                if found != mark:
                    raise SessionsNotKept
        if any(len(pids) > 1 for pids in seen.values()) or seen["one"] & seen["other"]:
            raise SessionsNotKept
    finally:
        await one.close()
        await other.close()
