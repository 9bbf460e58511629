"""Codes are checked: each is taken once, and guessing is slowed for the account in all processes together."""

from datetime import datetime

from backhaul.domain.identity.browsing.model import Browsing
from backhaul.domain.identity.second_factor import sealing
from backhaul.domain.identity.second_factor.errors import SecondFactorRefused
from backhaul.domain.identity.second_factor.model import digits_of, hash_of_recovery_code, step_of
from backhaul.domain.identity.second_factor.queries import find_factor
from backhaul.domain.identity.second_factor.statements import TAKE_CODE, TAKE_STEP
from backhaul.storage.database import Database
from backhaul.storage.installation_secrets import KeptSecret
from backhaul.storage.rate_limits import Bucket, take

# Three codes of a million are right at any moment: at a guess in five minutes one is found in three years, on average.
BURST, PER_SECOND = 6, 1 / 300


async def check_code(db: Database, *, browsing: Browsing, code: str, key: KeptSecret, now: datetime) -> None:
    """Take a code of the authenticator, or a recovery code; refused with `SecondFactorRefused` or `RateLimited`."""
    await take(db, Bucket(f"second-factor:{browsing.user_id}", BURST, PER_SECOND), now=now)
    factor = await find_factor(db, user_id=browsing.user_id)
    if factor is None or factor.confirmed_at is None:
        raise SecondFactorRefused
    digits = digits_of(code)
    if digits is None:
        is_taken = await _take_recovery_code(db, browsing, code, now)
    else:
        secret = sealing.unsealed(factor.sealed_secret, await key.get())
        is_taken = await _take_step(db, browsing, step_of(secret, digits, now=now))
    if not is_taken:
        raise SecondFactorRefused


async def _take_step(db: Database, browsing: Browsing, step: int | None) -> bool:
    if step is None:
        return False
    async with db.lookup() as lookup:
        return bool(await lookup.fetchval(TAKE_STEP, browsing.user_id, step))


async def _take_recovery_code(db: Database, browsing: Browsing, code: str, now: datetime) -> bool:
    code_hash = hash_of_recovery_code(code)
    if code_hash is None:
        return False
    async with db.lookup() as lookup:
        return bool(await lookup.fetchval(TAKE_CODE, browsing.user_id, code_hash, now))
