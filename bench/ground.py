"""What is measured on: a PostgreSQL of our own, migrated and filled, and thrown away at the end."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import asyncpg
import msgspec

from backhaul import outside
from backhaul.main import Place, base_url, open_database, open_place
from backhaul.settings import Settings, load
from backhaul.storage.embedded import EmbeddedServer, discard
from backhaul.storage.migrations.apply import migrate
from bench.credentials import Credentials, issue, issue_to_clients, sign_in_browsers
from bench.options import Options, Part
from bench.seeding import seed
from bench.servers import SETTINGS

Result = TypeVar("Result")


class Ground(msgspec.Struct, frozen=True):
    """A filled database and where it lies."""

    settings: Settings
    place: Place
    server: EmbeddedServer
    credentials: Credentials

    def as_owner(self, work: Callable[[asyncpg.Connection], Awaitable[Result]]) -> Result:
        """Do one piece of work as the tables' owner."""
        return asyncio.run(_as_owner(self.place, work))

    def checkpoint(self) -> None:
        """Write out what the measurement before has left, so that the next one does not pay for it."""
        self.as_owner(lambda owner: owner.execute("CHECKPOINT"))

    def postmaster(self) -> int:
        """Return the number of PostgreSQL's first process."""
        folder = self.as_owner(lambda owner: owner.fetchval("SELECT current_setting('data_directory')"))
        return int(Path(folder, "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


async def _as_owner(place: Place, work: Callable[[asyncpg.Connection], Awaitable[Result]]) -> Result:
    owner = await asyncpg.connect(place.urls.owner)
    try:
        return await work(owner)
    finally:
        await owner.close()


async def _fill(
    owner: asyncpg.Connection, settings: Settings, place: Place, options: Options, parts: frozenset[Part]
) -> Credentials:
    await seed(owner, options, parts)
    with_clients = {
        Part.RETURNS: options.organization_of_returns,
        Part.RESHIPPABLE: options.organization_of_reshippable,
    }
    db = await open_database(settings, place.urls)
    try:
        authentication = outside.authentication(settings.identity, base_url=base_url(settings))
        client_tokens = await issue_to_clients(
            db, authentication, [number for part, number in with_clients.items() if part in parts]
        )
    finally:
        await db.close()
    return Credentials(
        await issue(owner, lifetime_seconds=settings.identity.token_seconds),
        await sign_in_browsers(owner),
        client_tokens,
    )


@contextlib.contextmanager
def lay(options: Options, parts: frozenset[Part]) -> Iterator[Ground]:
    """Make the database with what is needed in it, and leave nothing of it behind."""
    folder = Path(tempfile.mkdtemp(prefix="backhaul-bench-"))
    settings = msgspec.structs.replace(load(SETTINGS), data_dir=str(folder / "data"))
    try:
        with open_place(settings) as place:
            assert place.server is not None
            migrate(place.urls.owner)
            filling = _as_owner(place, lambda owner: _fill(owner, settings, place, options, parts))
            yield Ground(settings, place, place.server, asyncio.run(filling))
    finally:
        discard(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)
