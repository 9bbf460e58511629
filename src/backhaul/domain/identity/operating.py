"""The installation's operator at work for every organization: by a right of the operator organization alone."""

from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import OPERATOR_ORG_ID, Actor, Right
from backhaul.storage.author import Author
from backhaul.storage.scope import Scope

OPERATOR = "operator"


def operator_scope(actor: Actor, right: Right) -> Scope:
    """Return the operator organization's scope; refuses whoever has the right elsewhere."""
    scope = actor.scope(right)
    if actor.org_id != OPERATOR_ORG_ID:
        raise RightMissing(right=right.value)
    return scope


def operator_author(actor: Actor) -> Author:
    """Return the operator as other organizations' histories name them."""
    return Author(kind=OPERATOR, id=actor.author.id)
