"""On whose reshipment a warehouse's operator works."""

import msgspec

from backhaul.domain.identity.model import Actor
from backhaul.domain.reshipping.queries import find_owner
from backhaul.domain.returns.operations.working import operator_author, operator_scope
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """A reshipment on a warehouse's bench: its owner's scope, and under whose name history knows the work."""

    scope: Scope
    author: Author


async def at_bench(db: Database, *, actor: Actor, number: int) -> Bench:
    """Return a reshipment to work on, by its number."""
    operator_scope(actor)
    return Bench(scope=await find_owner(db, number=number), author=operator_author(actor))
