"""What sign-ins leave behind, let go in time."""

from datetime import timedelta

from backhaul.domain.identity.clients import tables
from backhaul.jobqueue import Run, periodic

ROUNDS = 200  # of a thousand rows each: short transactions, and a backlog that still shrinks
KEPT = timedelta(days=1)  # beyond the expiry, by which a token or a code is refused anyway: clocks differ


@periodic("identity.forget_tokens", every=timedelta(hours=1))
async def forget_tokens(run: Run) -> None:
    """Drop clients' tokens that have expired, then codes that have and of which no token is left."""
    for statement in (tables.FORGET_TOKENS, tables.FORGET_CODES):
        for _ in range(ROUNDS):
            async with run.db.system_transaction() as tx:
                if not await tables.forget_expired(tx, statement, before=run.now() - KEPT):
                    break
