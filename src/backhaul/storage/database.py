"""The way to PostgreSQL: two pools, and short transactions that name whose rows they touch.

`transaction(scope)` and `read(scope)` work as `backhaul_app`, which owns no table and sees one tenant at a
time. `system()` works as `backhaul_worker`: look-ups across tenants that return ids, and the job queue.
"""

import asyncio
from types import TracebackType
from typing import Self

import asyncpg

from backhaul.kernel.errors import Unavailable
from backhaul.storage.connecting import DatabaseUrls, Session, open_pool
from backhaul.storage.leases import (
    BEGIN,
    COMMIT,
    SET_TENANT,
    SET_TENANT_HERE,
    UNREACHABLE,
    OutcomeUnknown,
    Read,
    Reader,
    SharedRead,
    Shelf,
    SoleTransaction,
    Transaction,
    Tx,
)
from backhaul.storage.nudges import Nudger
from backhaul.storage.scope import Scope

__all__ = [
    "BEGIN",
    "COMMIT",
    "SET_TENANT",
    "SET_TENANT_HERE",
    "Database",
    "DatabaseUrls",
    "OutcomeUnknown",
    "Reader",
    "Scope",
    "SharedReads",
    "Tx",
]

CLOSE_SECONDS = 10.0


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
        except UNREACHABLE as error:
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

    def transaction(self, scope: Scope) -> Transaction:
        """Open one transaction in a tenant's scope; commits on leaving, rolls back on an error."""
        return Transaction(self._app, scope, self._nudger)

    def read(self, scope: Scope) -> Read:
        """Borrow a connection for reads in a tenant's scope."""
        return Read(self._app, scope)

    def sharing(self, scope: Scope) -> "SharedReads":
        """Return the same way for a few reads of one tenant that follow each other, such as those of a page."""
        return SharedReads((self._app, self._lookups, self._worker), self._nudger, scope)

    def lookup(self) -> Read:
        """Borrow a connection for SECURITY DEFINER look-ups.

        These sessions never had a tenant, so that a statement on a tenant's table raises instead of leaking.
        """
        return Read(self._lookups, None)

    def system(self) -> Read:
        """Borrow a worker connection: look-ups across tenants that return ids."""
        return Read(self._worker, None)

    def system_transaction(self) -> Transaction:
        """Open a transaction of the worker role, across tenants."""
        return Transaction(self._worker, None, self._nudger)

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


class SharedReads(Database):
    """The way to PostgreSQL whose reads of one tenant follow each other on one connection, with one tenant's setting.

    They do from entering until leaving. A read beside another one, of another tenant, or before or after that has a
    connection of its own; the shared one goes back before a transaction borrows.
    """

    def __init__(
        self, pools: tuple[asyncpg.Pool, asyncpg.Pool, asyncpg.Pool], nudger: Nudger, scope: Scope
    ) -> None:
        super().__init__(*pools)
        self._nudger = nudger
        self._scope = scope
        self._shelf = Shelf(self._app)

    async def __aenter__(self) -> Self:
        self._shelf.is_open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._shelf.is_open = False
        await self._shelf.clear()

    def read(self, scope: Scope) -> Read:
        """Read on the shared connection where it is free."""
        return SharedRead(self._app, scope, self._shelf) if scope == self._scope else super().read(scope)

    def transaction(self, scope: Scope) -> Transaction:
        """Open a transaction on a connection of its own."""
        return SoleTransaction(self._app, scope, self._nudger, self._shelf)
