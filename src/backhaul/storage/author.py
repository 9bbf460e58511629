"""Who history names as having acted."""

from uuid import UUID

import msgspec


class Author(msgspec.Struct, frozen=True):
    """A user, an API key, an operator, or the system itself (id None)."""

    kind: str
    id: UUID | None


SYSTEM = Author(kind="system", id=None)
