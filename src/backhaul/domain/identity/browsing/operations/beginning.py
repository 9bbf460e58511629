"""Sessions begin: by a password, by a second factor after it, or by another place's word."""

from datetime import datetime, timedelta

import msgspec

from backhaul.domain.identity.authentication import Authenticator
from backhaul.domain.identity.browsing import credentials, tables
from backhaul.domain.identity.browsing.errors import AccountUnknownHere
from backhaul.domain.identity.browsing.model import Account, Browsing, Device, NewSession, Terms
from backhaul.domain.identity.browsing.queries import find_account, find_proved_at
from backhaul.domain.identity.errors import SignInRefused
from backhaul.domain.identity.spelling import folded_email
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope, Tx


async def begin_with_password(
    db: Database,
    *,
    authenticator: Authenticator,
    email: str,
    password: str,
    device: Device,
    terms: Terms,
    now: datetime,
) -> NewSession:
    """Sign in; refused with `SignInRefused` or `TooManyAttempts`. Who has a second factor is asked for it next."""
    bearer = await authenticator.check_password(
        email=email, password=password, remote_address=device.remote_address
    )
    account = await find_account(db, email=bearer.email)
    if account is None or account.valid_from != bearer.valid_from:  # another password by now
        raise SignInRefused
    return await _begin(db, account, device=device, terms=terms, way="password", now=now)


async def begin_elsewhere(
    db: Database, *, email: str, proved_at: datetime | None, device: Device, terms: Terms, now: datetime
) -> NewSession:
    """Sign in whom the identity provider named by a verified address; refused with `AccountUnknownHere`.

    `proved_at` is when it had them sign in anew, for what takes a fresh sign-in; None: it was not asked to.
    A second factor is the provider's to ask for, but one that was set up here is asked for here as well.
    """
    account = await find_account(db, email=folded_email(email))
    if account is None:
        raise AccountUnknownHere(email=email)
    return await _begin(
        db, account, device=device, terms=terms, way="identity_provider", proved_at=proved_at, now=now
    )


async def begin_after_second_factor(
    db: Database, *, browsing: Browsing, device: Device, terms: Terms, now: datetime
) -> NewSession:
    """Turn a session that waits for its second factor into a full one, with a token of its own.

    A code is no fresh sign-in: how fresh the session is goes on being what it was.
    """
    proved_at = await find_proved_at(db, browsing=browsing)
    async with db.transaction(Scope(browsing.actor.org_id)) as tx:
        if not await tables.end_session(tx, browsing.session_id, user_id=browsing.user_id, at=now):
            raise SignInRefused
        account = Account(
            user_id=browsing.user_id,
            email=browsing.email,
            org_id=browsing.actor.org_id,
            valid_from=browsing.valid_from,
            has_second_factor=False,  # it was asked for
        )
        begun = await _open(
            tx, account, device=device, lasting=terms.lasting, is_due=False, proved_at=proved_at, now=now
        )
        _note(tx, account, way="password and second factor", now=now)
    return begun


async def begin_again(
    db: Database, *, browsing: Browsing, device: Device, terms: Terms, now: datetime
) -> NewSession:
    """Begin a session for who has just ended all of theirs by changing the password."""
    account = await find_account(db, email=browsing.email)
    if account is None:
        raise SignInRefused
    here = msgspec.structs.replace(account, org_id=browsing.actor.org_id)
    async with db.transaction(Scope(here.org_id)) as tx:
        return await _open(tx, here, device=device, lasting=terms.lasting, is_due=False, now=now)


async def _begin(
    db: Database,
    account: Account,
    *,
    device: Device,
    terms: Terms,
    way: str,
    proved_at: datetime | None = None,
    now: datetime,
) -> NewSession:
    is_due = account.has_second_factor
    lasting = terms.second_factor if is_due else terms.lasting
    async with db.transaction(Scope(account.org_id)) as tx:
        begun = await _open(
            tx, account, device=device, lasting=lasting, is_due=is_due, proved_at=proved_at, now=now
        )
        if not is_due:
            _note(tx, account, way=way, now=now)
    return begun


async def _open(
    tx: Tx,
    account: Account,
    *,
    device: Device,
    lasting: timedelta,
    is_due: bool,
    proved_at: datetime | None = None,
    now: datetime,
) -> NewSession:
    session_id = new_id()
    token, token_hash = credentials.make_token()
    is_begun = await tables.begin_session(
        tx,
        session_id,
        token_hash=token_hash,
        csrf_secret=credentials.make_csrf_secret(),
        user_id=account.user_id,
        seen_valid_from=account.valid_from,
        is_second_factor_due=is_due,
        device=device,
        at=now,
        expires_at=now + lasting,
    )
    if not is_begun:
        raise SignInRefused
    if proved_at is not None:
        await tables.prove_session(tx, session_id, user_id=account.user_id, at=proved_at)
    return NewSession(token=token, expires_at=now + lasting, is_second_factor_due=is_due)


def _note(tx: Tx, account: Account, *, way: str, now: datetime) -> None:
    author = Author(kind="user", id=account.user_id)
    history.note(tx, author, subject=("user", account.user_id), action="signed_in", at=now, reason=way)
