"""Whose rows a warehouse's operator works on: the operator organization's, and those of a parcel's owner."""

import msgspec

from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import OPERATOR_ORG_ID, Actor, Right
from backhaul.domain.returns.errors import Unidentified
from backhaul.domain.returns.model import Intake
from backhaul.domain.returns.queries import get_intake
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope

OPERATOR = "operator"


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel on a warehouse's table: its owner's scope, and under whose name history knows the work."""

    intake: Intake
    scope: Scope
    author: Author


def operator_scope(actor: Actor, right: Right = Right.WAREHOUSE_OPERATE) -> Scope:
    """Return the operator organization's scope; the right is that organization's alone, whoever has it elsewhere."""
    scope = actor.scope(right)
    if actor.org_id != OPERATOR_ORG_ID:
        raise RightMissing(right=right.value)
    return scope


def operator_author(actor: Actor) -> Author:
    """Return the operator as other organizations' histories name them."""
    return Author(kind=OPERATOR, id=actor.author.id)


async def at_table(db: Database, *, actor: Actor, number: int) -> Table:
    """Return a parcel to work on, by its number; refuses one whose owner is not known yet."""
    intake = await get_intake(db, scope=operator_scope(actor), number=number)
    if intake.owner_org_id is None:
        raise Unidentified(number=number)
    return Table(intake=intake, scope=Scope(intake.owner_org_id), author=operator_author(actor))
