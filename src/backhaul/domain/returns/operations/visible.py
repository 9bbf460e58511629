"""Which returns their owner can work with."""

from backhaul.domain.returns import tables
from backhaul.domain.returns.errors import ReturnUnknown
from backhaul.domain.returns.model import LISTED, MAX_NUMBER, Return
from backhaul.storage.database import Tx


async def lock_visible(tx: Tx, number: int) -> Return:
    """Return a return, locked; refuses what is not processed yet or was discarded as if it were not there."""
    if not 0 < number <= MAX_NUMBER:
        raise ReturnUnknown(number=number)
    one = await tables.lock(tx, number)
    if one.status not in LISTED:
        raise ReturnUnknown(number=number)
    return one
