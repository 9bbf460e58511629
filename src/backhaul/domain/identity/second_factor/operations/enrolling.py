"""Second factors are set up and removed."""

from datetime import datetime

from backhaul.domain.identity.authentication import Authenticator
from backhaul.domain.identity.browsing.model import Browsing
from backhaul.domain.identity.browsing.operations.proving import require_presence
from backhaul.domain.identity.model import OPERATOR_ORG_ID
from backhaul.domain.identity.second_factor import sealing, tables
from backhaul.domain.identity.second_factor.errors import SecondFactorMissing, SecondFactorPresent
from backhaul.domain.identity.second_factor.model import (
    digits_of,
    hash_of_recovery_code,
    make_recovery_codes,
    make_secret,
    step_of,
)
from backhaul.domain.identity.second_factor.queries import find_factor
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage import history
from backhaul.storage.database import Database, Scope
from backhaul.storage.installation_secrets import KeptSecret

_OPERATOR_SCOPE = Scope(OPERATOR_ORG_ID)


async def begin_enrolment(
    db: Database,
    *,
    authenticator: Authenticator,
    browsing: Browsing,
    key: KeptSecret,
    password: str,
    remote_address: str | None,
    now: datetime,
) -> None:
    """Make a secret for the person's authenticator, to be confirmed within 15 minutes by `confirm_enrolment`.

    Who it is is proved first (`require_presence`): whoever finds a browser open must not lock its owner out.
    """
    await require_presence(
        db,
        authenticator=authenticator,
        browsing=browsing,
        password=password,
        remote_address=remote_address,
        now=now,
    )
    sealed = sealing.sealed(make_secret(), await key.get())
    async with db.transaction(_OPERATOR_SCOPE) as tx:
        if not await tables.add(tx, browsing.user_id, sealed, at=now):
            raise SecondFactorPresent


async def confirm_enrolment(
    db: Database, *, browsing: Browsing, code: str, key: KeptSecret, now: datetime
) -> list[str]:
    """Put the second factor into use, and return its recovery codes: they are never shown again.

    A wrong code is refused at `code`; `SecondFactorMissing` when nothing is being set up, or for too long.
    """
    factor = await find_factor(db, user_id=browsing.user_id)
    if factor is None or not factor.is_being_set_up(now):
        raise SecondFactorMissing
    secret = sealing.unsealed(factor.sealed_secret, await key.get())
    step = step_of(secret, digits_of(code) or "", now=now)
    if step is None:
        text = "is not what the authenticator should show now; is the telephone's clock right?"
        raise InvalidInput([FieldProblem("code", "identity.second_factor_code", text)])
    codes = make_recovery_codes()
    async with db.transaction(_OPERATOR_SCOPE) as tx:
        is_confirmed = await tables.confirm(
            tx,
            browsing.user_id,
            sealed_secret=factor.sealed_secret,
            step=step,
            code_hashes=[found for one in codes if (found := hash_of_recovery_code(one)) is not None],
            at=now,
        )
        if not is_confirmed:
            raise SecondFactorMissing
        subject = ("user", browsing.user_id)
        history.note(tx, browsing.actor.author, subject=subject, action="second_factor_added", at=now)
    return codes


async def remove_factor(
    db: Database,
    *,
    authenticator: Authenticator,
    browsing: Browsing,
    password: str,
    remote_address: str | None,
    now: datetime,
) -> None:
    """Ask for no code any more. Who it is is proved first, by `require_presence`."""
    await require_presence(
        db,
        authenticator=authenticator,
        browsing=browsing,
        password=password,
        remote_address=remote_address,
        now=now,
    )
    async with db.transaction(_OPERATOR_SCOPE) as tx:
        if not await tables.remove(tx, browsing.user_id):
            raise SecondFactorMissing
        subject = ("user", browsing.user_id)
        history.note(tx, browsing.actor.author, subject=subject, action="second_factor_removed", at=now)
