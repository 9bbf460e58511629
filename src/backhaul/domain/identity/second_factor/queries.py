"""The reads of second factors: look-ups of one account."""

from datetime import datetime

from backhaul.domain.identity.browsing.model import Browsing
from backhaul.domain.identity.second_factor import sealing
from backhaul.domain.identity.second_factor.model import Enrolment, Factor, enrolment_of
from backhaul.kernel.ids import UserId
from backhaul.storage.database import Database
from backhaul.storage.installation_secrets import KeptSecret

FIND_FACTOR = """
SELECT sealed_secret, last_step, created_at, confirmed_at, codes_left FROM find_second_factor(wanted_user_id => $1)
"""


async def find_factor(db: Database, *, user_id: UserId) -> Factor | None:
    """Return an account's second factor, whether it is in use or being set up."""
    async with db.lookup() as lookup:
        row = await lookup.fetchrow(FIND_FACTOR, user_id)
    return None if row is None else Factor(**dict(row))


async def enrolment_in(
    factor: Factor | None, *, browsing: Browsing, key: KeptSecret, now: datetime
) -> Enrolment | None:
    """Return the secret that is being set up; None where there is none, or where it is in use already."""
    if factor is None or not factor.is_being_set_up(now):
        return None
    return enrolment_of(sealing.unsealed(factor.sealed_secret, await key.get()), browsing.email)
