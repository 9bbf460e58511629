"""The writes of second factors, each a step in a transaction of the operator's scope: accounts belong to it."""

from collections.abc import Sequence
from datetime import datetime

from backhaul.domain.identity.model import OPERATOR_ORG_ID
from backhaul.kernel.ids import UserId
from backhaul.storage.database import Tx

ADD = "SELECT add_second_factor(org_id => $1, wanted_user_id => $2, new_sealed_secret => $3, at => $4)"
CONFIRM = """
SELECT confirm_second_factor(
    org_id => $1, wanted_user_id => $2, seen_sealed_secret => $3, step => $4, code_hashes => $5, at => $6
)
"""
REMOVE = "SELECT remove_second_factor(org_id => $1, wanted_user_id => $2)"


async def add(tx: Tx, user_id: UserId, sealed_secret: str, *, at: datetime) -> bool:
    """Begin to set one up in place of one never confirmed; false when one is in use."""
    return bool(await tx.fetchval(ADD, OPERATOR_ORG_ID, user_id, sealed_secret, at))


async def confirm(
    tx: Tx,
    user_id: UserId,
    *,
    sealed_secret: str,
    step: int,
    code_hashes: Sequence[bytes],
    at: datetime,
) -> bool:
    """Put one into use with its recovery codes; false when another is being set up by now."""
    return bool(await tx.fetchval(CONFIRM, OPERATOR_ORG_ID, user_id, sealed_secret, step, code_hashes, at))


async def remove(tx: Tx, user_id: UserId) -> bool:
    """Take one away, with its recovery codes; false when there was none."""
    return bool(await tx.fetchval(REMOVE, OPERATOR_ORG_ID, user_id))
