"""Borrowed connections: a read in one tenant's scope, and a transaction that names whose rows it touches."""

import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Any

import asyncpg

from backhaul.kernel.errors import DomainError, Kind, Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.storage.facts import FactBasket, FactKind
from backhaul.storage.nudges import Nudger
from backhaul.storage.scope import Scope

BORROW_SECONDS = 10.0  # a request that waits longer for a connection is better told to come back

SET_TENANT = "SELECT set_config('app.org_id', $1, false)"
SET_TENANT_HERE = "SET LOCAL app.org_id = '{}'"
BEGIN, COMMIT, ROLLBACK = "BEGIN", "COMMIT", "ROLLBACK"

UNREACHABLE = (
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


class Lease:
    """A borrowed connection; says clearly when there is none."""

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
            translate(error)
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


class Read(Lease):
    """Reads on a connection of their own."""

    __slots__ = ()

    async def __aenter__(self) -> Reader:
        return Reader(await self._borrow())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._give_back()
        translate(error)


class Shelf:
    """A place for one connection between two reads of the same tenant."""

    __slots__ = ("_connection", "_pool", "is_open")

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._connection: Any = None
        self.is_open = False

    def take(self) -> Any:
        """Take the connection away; None when there is none."""
        connection, self._connection = self._connection, None
        return connection

    def put(self, connection: Any) -> bool:
        """Keep a connection, if there is room for it."""
        if not self.is_open or self._connection is not None:
            return False
        self._connection = connection
        return True

    async def clear(self) -> None:
        """Give the connection back to its pool."""
        connection = self.take()
        if connection is not None:
            await self._pool.release(connection)


class SharedRead(Read):
    """A read that takes its connection from a shelf and leaves it there, with the tenant that is set."""

    __slots__ = ("_shelf",)

    def __init__(self, pool: asyncpg.Pool, scope: Scope, shelf: Shelf) -> None:
        super().__init__(pool, scope)
        self._shelf = shelf

    async def _borrow(self) -> Any:
        self._connection = self._shelf.take()
        return self._connection or await super()._borrow()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self._shelf.put(self._connection):
            self._connection = None
        await super().__aexit__(kind, error, trace)


class Transaction(Lease):
    """A transaction on a connection of its own."""

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
            translate(failure)
            raise
        finally:
            try:
                await self._roll_back()
            finally:  # even when cancelled a second time
                await self._give_back()
        translate(error)

    async def _commit(self) -> None:
        try:
            done = await self._connection.execute(COMMIT)
        except UNREACHABLE as lost:
            raise OutcomeUnknown from lost
        if done != COMMIT:  # PostgreSQL rolls a failed transaction back without calling that an error
            raise asyncpg.InFailedSQLTransactionError("a statement had failed; nothing was saved")

    async def _roll_back(self) -> None:
        # Left to the pool it would be done as well, with a line in the log that calls every refusal an error.
        # A connection that is lost cannot be asked; the pool drops it.
        with contextlib.suppress(asyncpg.PostgresError, *UNREACHABLE):
            if self._connection.is_in_transaction():
                await self._connection.execute(ROLLBACK)


def translate(error: BaseException | None) -> None:
    # asyncpg counts wrong arguments among its interface errors; those are defects, not outages.
    if isinstance(error, UNREACHABLE) and not isinstance(error, ValueError):
        raise Unavailable(what="The database") from error


class SoleTransaction(Transaction):
    """A transaction that first gives back what lies on a shelf: nobody waits for a connection while holding another."""

    __slots__ = ("_shelf",)

    def __init__(self, pool: asyncpg.Pool, scope: Scope, nudger: Nudger, shelf: Shelf) -> None:
        super().__init__(pool, scope, nudger)
        self._shelf = shelf

    async def _borrow(self) -> Any:
        await self._shelf.clear()
        return await super()._borrow()
