"""What a command works with: settings, a migrated place, an open database."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar, cast

import msgspec
import typer

from backhaul import main as wiring
from backhaul.cli import logs, served
from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Actor,
    Organization,
    find_organization,
    operator_actor,
    system_actor,
)
from backhaul.domain.identity.errors import OrganizationUnknown
from backhaul.kernel.clock import SystemClock
from backhaul.settings import Settings, load
from backhaul.storage.database import Database
from backhaul.storage.migrations.apply import migrate

Result = TypeVar("Result")
Port = TypeVar("Port")

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Where everything is kept; also BACKHAUL_DATA_DIR. Default: ./var",
        show_default=False,
    ),
]
Org = Annotated[str, typer.Option("--org", help="The organization's slug, number or id.")]


def settings_with(data_dir: Path | None) -> Settings:
    """Return the settings, a data directory of the command line coming first."""
    settings = load()
    if data_dir is None:
        return settings
    return msgspec.structs.replace(settings, data_dir=str(data_dir))


class Session(msgspec.Struct, frozen=True):
    """An open database and what surrounds it."""

    db: Database
    settings: Settings
    place: wiring.Place
    clock: SystemClock

    async def organization(self, name: str) -> Organization:
        """Return an organization by slug, number or id, or refuse."""
        found = await find_organization(self.db, name=name)
        if found is None:
            raise OrganizationUnknown(organization=name)
        return found

    async def operator_in(self, name: str) -> Actor:
        """Return the installation's operator acting in an organization."""
        return operator_actor(await self.organization(name))

    def port(self, kind: type[Port]) -> Port:
        """Return what was wired for a port type."""
        ports = wiring.make_ports(self.settings, self.db, self.place.data_dir)
        return cast("Port", ports[kind])

    @property
    def operator(self) -> Actor:
        """The installation's operator at home."""
        return system_actor(OPERATOR_ORG_ID)


def run(data_dir: Path | None, work: Callable[[Session], Awaitable[Result]]) -> Result:
    """Open everything, do one piece of work, close everything."""
    settings = settings_with(data_dir)
    logs.configure(settings.log, for_terminal=True)
    with wiring.open_place(settings) as place:
        migrate(place.urls.owner)
        settings = served.with_noted(settings, place.data_dir)

        async def inside() -> Result:
            db = await wiring.open_database(settings, place.urls)
            try:
                return await work(Session(db, settings, place, SystemClock()))
            finally:
                await db.close()

        return asyncio.run(inside())
