"""Whose rows a warehouse's operator works on: the operator organization's, and those of a parcel's owner."""

import msgspec

from backhaul.domain.identity import operating
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.identity.operating import operator_author
from backhaul.domain.returns.errors import Unidentified
from backhaul.domain.returns.model import Intake
from backhaul.domain.returns.queries import get_intake
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope

__all__ = ["Table", "at_table", "operator_author", "operator_scope"]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel on a warehouse's table: its owner's scope, and under whose name history knows the work."""

    intake: Intake
    scope: Scope
    author: Author


def operator_scope(actor: Actor, right: Right = Right.WAREHOUSE_OPERATE) -> Scope:
    """Return the operator organization's scope; refuses whoever has the right elsewhere."""
    return operating.operator_scope(actor, right)


async def at_table(db: Database, *, actor: Actor, number: int) -> Table:
    """Return a parcel to work on, by its number; refuses one whose owner is not known yet."""
    intake = await get_intake(db, scope=operator_scope(actor), number=number)
    if intake.owner_org_id is None:
        raise Unidentified(number=number)
    return Table(intake=intake, scope=Scope(intake.owner_org_id), author=operator_author(actor))
