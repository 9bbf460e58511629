"""Secrets that all processes of an installation share; PostgreSQL made them, and no statement carries one."""

from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Database

FIND = "SELECT find_installation_secret(wanted_name => $1)"


async def find_secret(db: Database, name: str) -> bytes:
    """Return a secret of 32 bytes; it never changes, so that whoever asks may keep it."""
    async with db.lookup() as lookup:
        secret: bytes | None = await lookup.fetchval(FIND, name)
    if secret is None:
        raise Unavailable(what="The installation's secret")
    return secret


class KeptSecret:
    """A secret as one process keeps it: looked up when it is first needed."""

    def __init__(self, db: Database, name: str) -> None:
        self._db = db
        self._name = name
        self._secret: bytes | None = None

    async def get(self) -> bytes:
        """Return the secret."""
        if self._secret is None:
            self._secret = await find_secret(self._db, self._name)
        return self._secret
