"""Pools: who connects, as which role, with which session settings."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import msgspec

from backhaul.kernel.errors import DomainError, Kind

StatementLogger = Callable[[Any], None]


class DatabaseUrls(msgspec.Struct, frozen=True):
    """Where each role connects. One URL for all is fine: the session then takes on its role with SET ROLE."""

    owner: str  # owns the tables; migrations only
    app: str
    worker: str

    @classmethod
    def single(cls, url: str) -> "DatabaseUrls":
        return cls(owner=url, app=url, worker=url)


class Session(msgspec.Struct, frozen=True):
    """What every connection is set to."""

    app_connections: int = 16
    lookup_connections: int = 4  # credentials and tracking numbers; one listens for revocations
    worker_connections: int = 8
    connect_timeout_seconds: float = 10.0
    command_timeout_seconds: float = 60.0
    statement_timeout_seconds: float = 30.0
    logger: StatementLogger | None = None


class RoleRefused(DomainError):
    """The login may not act as the role it needs."""

    code = "storage.role_refused"
    kind = Kind.UNAVAILABLE
    message = (
        "The login may not act as {role}: {reason}. Run GRANT {role} TO that login (docs/operations.md)."
    )


async def open_pool(url: str, role: str, session: Session, *, size: int) -> asyncpg.Pool:
    """Open a pool whose sessions act as `role`."""

    async def prepare(connection: asyncpg.Connection) -> None:
        try:
            await connection.execute(_session_statements(role, session))
        except (asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedObjectError) as error:
            raise RoleRefused(role=role, reason=str(error)) from error
        await _speak_json(connection)
        if session.logger is not None:
            connection.add_query_logger(session.logger)

    pool = asyncpg.create_pool(
        url,
        min_size=min(2, size),
        max_size=size,
        init=prepare,
        reset=_keep,  # sessions hold nothing but the tenant, which every use overwrites
        timeout=session.connect_timeout_seconds,
        command_timeout=session.command_timeout_seconds,
        max_inactive_connection_lifetime=300.0,
    )
    return await _opened(pool)


async def _opened(pool: Awaitable[asyncpg.Pool]) -> asyncpg.Pool:
    return await pool


async def _keep(connection: asyncpg.Connection) -> None:
    """Leave the session as it is: asyncpg's RESET ALL costs a fifth of the throughput (design §4).

    A transaction that an error or a cancelled request left open is the one thing that must not stay.
    """
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


def _session_statements(role: str, session: Session) -> str:
    # SET rather than start-up parameters: PgBouncer in session mode lets these pass.
    # Generic plans: with LIMIT $n PostgreSQL otherwise plans anew on every call. Such a plan does not know how few rows
    # are asked for: without the next two settings a page of a large list starts two processes, or compiles its filters.
    return (
        f"SET ROLE {role};"
        "SET plan_cache_mode = force_generic_plan;"
        "SET max_parallel_workers_per_gather = 0;"
        "SET jit = off;"
        f"SET statement_timeout = {round(session.statement_timeout_seconds * 1000)};"
        "SET idle_in_transaction_session_timeout = 60000;"
        "SET lock_timeout = 10000;"
        "SET timezone = 'UTC'"
    )


async def _speak_json(connection: asyncpg.Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind, schema="pg_catalog", encoder=_to_json, decoder=msgspec.json.decode, format="text"
        )


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
