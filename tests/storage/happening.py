"""An event and a reaction of the tests' own."""

from uuid import UUID

from backhaul.storage import history, outbox

NAME = "tests.happened"


class Happened(outbox.Event, frozen=True, kw_only=True):
    """Something for the relay to tell."""

    n: int


class Listener:
    """Reacts to `Happened`: writes it into history and remembers the order."""

    def __init__(self):
        self.told: list[tuple[UUID, int]] = []
        self.failure: Exception | None = None
        self.fails_for: set[int] = set()

    async def react(self, tx, happened, then):
        history.note(
            tx,
            history.SYSTEM,
            subject=("test", happened.subject_id),
            action=f"told {happened.n}",
            at=then.now,
        )
        await tx.write_facts()
        if happened.n in self.fails_for:
            raise self.failure or RuntimeError("no")
        self.told.append((happened.subject_id, happened.n))


async def count(db, table, scope):
    """How many rows of a table a tenant sees."""
    async with db.read(scope) as reader:
        return await reader.fetchval(f"SELECT count(*) FROM {table}")
