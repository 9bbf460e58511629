"""Writing ladders."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import msgspec

from backhaul.domain.ladders.errors import LadderNameTaken, LadderUnknown
from backhaul.domain.ladders.model import BUILT_IN, Ladder, LadderId, Policy
from backhaul.storage.database import Tx
from backhaul.storage.rows import optional

COLUMNS = ", ".join(Ladder.__struct_fields__)

INSERT = """
INSERT INTO ladders (org_id, id, name, policy, is_default, created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING number
"""
LOCK = f"SELECT {COLUMNS} FROM ladders WHERE org_id = $1 AND name_key = name_key($2) FOR UPDATE"
LOCK_DEFAULT = f"SELECT {COLUMNS} FROM ladders WHERE org_id = $1 AND is_default FOR UPDATE"
GET_POLICY = "SELECT policy FROM ladders WHERE org_id = $1 AND id = $2"
SAVE = """
UPDATE ladders SET name = $3, policy = $4, is_default = $5, updated_at = $6, version = $7
WHERE org_id = $1 AND id = $2 AND version = $7 - 1
"""


async def insert(tx: Tx, ladder: Ladder) -> Ladder:
    """Add a ladder and return it with its number; refuses a name that is taken."""
    with _taken_names_refused(ladder.name):
        number = await tx.fetchval(
            INSERT, tx.org_id, ladder.id, ladder.name, msgspec.to_builtins(ladder.policy), ladder.is_default,
            ladder.created_at, ladder.version,
        )  # fmt: skip
    return msgspec.structs.replace(ladder, number=number)


async def policy_of(tx: Tx, ladder_id: LadderId | None) -> Policy:
    """Return the policy of a campaign's ladder; of None, the built-in one."""
    if ladder_id is None:
        return BUILT_IN
    return msgspec.convert(await tx.fetchval(GET_POLICY, tx.org_id, ladder_id), Policy)


async def lock(tx: Tx, name: str) -> Ladder:
    """Return a ladder by its name, locked until the transaction ends; refuses an unknown one."""
    found = optional(Ladder, await tx.fetchrow(LOCK, tx.org_id, name))
    if found is None:
        raise LadderUnknown(ladder=name[:100])
    return found


async def lock_default(tx: Tx) -> Ladder | None:
    """Return the organization's default ladder, locked; None: the built-in one."""
    return optional(Ladder, await tx.fetchrow(LOCK_DEFAULT, tx.org_id))


async def save(tx: Tx, ladder: Ladder) -> None:
    """Write a locked ladder back; its version has grown by one. Refuses a name that is taken."""
    with _taken_names_refused(ladder.name):
        await tx.execute(
            SAVE, tx.org_id, ladder.id, ladder.name, msgspec.to_builtins(ladder.policy), ladder.is_default,
            ladder.updated_at, ladder.version,
        )  # fmt: skip


@contextmanager
def _taken_names_refused(name: str) -> Iterator[None]:
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "ladders_name":
            raise
        raise LadderNameTaken(name=name) from error
