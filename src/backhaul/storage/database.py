"""The way to PostgreSQL: two pools, and short transactions that name whose rows they touch.

`transaction(scope)` and `read(scope)` work as `backhaul_app`, which owns no table and sees one tenant at a
time. `system()` works as `backhaul_worker`: look-ups across tenants that return ids, and the job queue.
"""

import asyncio
import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import asyncpg

from backhaul.kernel.errors import DomainError, Kind, Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.storage.connecting import DatabaseUrls, Session, open_pool
from backhaul.storage.facts import FactBasket, FactKind
from backhaul.storage.nudges import Nudger
from backhaul.storage.scope import Scope

__all__ = ["Database", "DatabaseUrls", "Reader", "Scope", "Tx"]

BORROW_SECONDS = 10.0  # a request that waits longer for a connection is better told to come back
CLOSE_SECONDS = 10.0

SET_TENANT = "SELECT set_config('app.org_id', $1, false)"
SET_TENANT_HERE = "SET LOCAL app.org_id = '{}'"
BEGIN, COMMIT, ROLLBACK = "BEGIN", "COMMIT", "ROLLBACK"

_UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what asyncpg says when an idle connection was cut by the server
)


class OutcomeUnknown(DomainError):
    """The connection was lost while the transaction was being committed."""

    code = "service.outcome_unknown"
    kind = Kind.UNAVAILABLE
    is_repeatable = False
    message = (
        "The database was lost at the moment of saving: the change may or may not have been made. Look before you "
        "repeat it, or repeat it with the same Idempotency-Key."
    )


class Reader:
    """Reads of one tenant (or of the system pool)."""

    __slots__ = ("_connection", "execute", "fetch", "fetchrow", "fetchval")

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.fetch: Callable[..., Any] = connection.fetch
        self.fetchrow: Callable[..., Any] = connection.fetchrow
        self.fetchval: Callable[..., Any] = connection.fetchval
        self.execute: Callable[..., Any] = connection.execute


class Tx(Reader):
    """One open transaction. Facts noted here are written together just before COMMIT."""

    __slots__ = ("facts", "scope")

    def __init__(self, connection: Any, scope: Scope | None) -> None:
        super().__init__(connection)
        self.scope = scope
        self.facts = FactBasket()

    def note(self, kind: FactKind, *values: Any) -> None:
        """Keep a fact for the commit."""
        self.facts.add(kind, values)

    @property
    def org_id(self) -> OrgId:
        """The tenant this transaction works for."""
        assert self.scope is not None, "a system transaction has no tenant"
        return self.scope.org_id

    async def write_facts(self) -> None:
        """Send the gathered facts now; the commit does this by itself."""
        taken = self.facts.take()
        if taken is not None:
            statement, arguments = taken
            await self.execute(statement, *arguments)

    @property
    def connection(self) -> Any:
        """The driver's connection, for COPY and the job queue."""
        return self._connection


class _Lease:
    """Borrow a connection; say clearly when there is none."""

    __slots__ = ("_connection", "_pool", "_scope")

    def __init__(self, pool: asyncpg.Pool, scope: Scope | None) -> None:
        self._pool = pool
        self._scope = scope
        self._connection: Any = None

    async def _borrow(self) -> Any:
        try:
            self._connection = await self._pool.acquire(timeout=BORROW_SECONDS)
            await self._begin()
        except BaseException as error:  # a cancelled request, too, gives its connection back
            await self._give_back()
            _translate(error)
            raise
        return self._connection

    async def _begin(self) -> None:
        if self._scope is not None:
            # A statement of its own: a setting folded into the reading statement can leak (design rule 8).
            await self._connection.fetchval(SET_TENANT, str(self._scope.org_id))

    async def _give_back(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._pool.release(connection)


class _Read(_Lease):
    __slots__ = ()

    async def __aenter__(self) -> Reader:
        return Reader(await self._borrow())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._give_back()
        _translate(error)


class _Transaction(_Lease):
    __slots__ = ("_nudger", "_tx")

    def __init__(self, pool: asyncpg.Pool, scope: Scope | None, nudger: Nudger) -> None:
        super().__init__(pool, scope)
        self._nudger = nudger

    async def _begin(self) -> None:
        # Two statements in one message: the tenant is set before anything else of the transaction runs, and ends
        # with it (decision 0013). An UUID's digits need no quoting.
        begin = BEGIN if self._scope is None else f"{BEGIN};{SET_TENANT_HERE.format(self._scope.org_id.hex)}"
        await self._connection.execute(begin)

    async def __aenter__(self) -> Tx:
        self._tx = Tx(await self._borrow(), self._scope)
        return self._tx

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._tx.write_facts()
                await self._commit()
                self._nudger.send(self._tx.facts.wakes)
        except BaseException as failure:
            _translate(failure)
            raise
        finally:
            try:
                await self._roll_back()
            finally:  # even when cancelled a second time
                await self._give_back()
        _translate(error)

    async def _commit(self) -> None:
        try:
            done = await self._connection.execute(COMMIT)
        except _UNREACHABLE as lost:
            raise OutcomeUnknown from lost
        if done != COMMIT:  # PostgreSQL rolls a failed transaction back without calling that an error
            raise asyncpg.InFailedSQLTransactionError("a statement had failed; nothing was saved")

    async def _roll_back(self) -> None:
        # Left to the pool it would be done as well, with a line in the log that calls every refusal an error.
        # A connection that is lost cannot be asked; the pool drops it.
        with contextlib.suppress(asyncpg.PostgresError, *_UNREACHABLE):
            if self._connection.is_in_transaction():
                await self._connection.execute(ROLLBACK)


def _translate(error: BaseException | None) -> None:
    # asyncpg counts wrong arguments among its interface errors; those are defects, not outages.
    if isinstance(error, _UNREACHABLE) and not isinstance(error, ValueError):
        raise Unavailable(what="The database") from error


class Database:
    """PostgreSQL as the capabilities see it. Open one per process and close it at the end."""

    def __init__(self, app: asyncpg.Pool, lookups: asyncpg.Pool, worker: asyncpg.Pool) -> None:
        self._app = app
        self._lookups = lookups
        self._worker = worker
        self._nudger = Nudger(worker)

    @classmethod
    async def open(cls, urls: DatabaseUrls, session: Session) -> Self:
        """Connect both pools; refuses with `service.unavailable` when PostgreSQL does not answer."""
        try:
            app = await open_pool(urls.app, "backhaul_app", session, size=session.app_connections)
            lookups = await open_pool(urls.app, "backhaul_app", session, size=session.lookup_connections)
            worker = await open_pool(urls.worker, "backhaul_worker", session, size=session.worker_connections)
        except _UNREACHABLE as error:
            raise Unavailable(what="The database") from error
        return cls(app, lookups, worker)

    async def close(self) -> None:
        """Wait a while for borrowed connections, and close."""
        await self._nudger.close()
        for pool in (self._app, self._lookups, self._worker):
            try:
                await asyncio.wait_for(pool.close(), CLOSE_SECONDS)
            except TimeoutError:
                pool.terminate()

    def transaction(self, scope: Scope) -> _Transaction:
        """Open one transaction in a tenant's scope; commits on leaving, rolls back on an error."""
        return _Transaction(self._app, scope, self._nudger)

    def read(self, scope: Scope) -> _Read:
        """Borrow a connection for reads in a tenant's scope."""
        return _Read(self._app, scope)

    def lookup(self) -> _Read:
        """Borrow a connection for SECURITY DEFINER look-ups.

        These sessions never had a tenant, so that a statement on a tenant's table raises instead of leaking.
        """
        return _Read(self._lookups, None)

    def system(self) -> _Read:
        """Borrow a worker connection: look-ups across tenants that return ids."""
        return _Read(self._worker, None)

    def system_transaction(self) -> _Transaction:
        """Open a transaction of the worker role, across tenants."""
        return _Transaction(self._worker, None, self._nudger)

    def nudge(self, channel: str) -> None:
        """Wake whoever listens to the channel; a transaction does this by itself for its facts."""
        self._nudger.send((channel,))

    @property
    def worker_pool(self) -> asyncpg.Pool:
        """The worker role's pool, for the job queue's own driver."""
        return self._worker

    @property
    def lookup_pool(self) -> asyncpg.Pool:
        """The app role's pool without a tenant, for listeners."""
        return self._lookups
