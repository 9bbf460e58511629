"""Tokens: each is noted before it is signed, so that none is out that cannot be ended."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from backhaul.domain.identity.clients import credentials, tables, tokens
from backhaul.domain.identity.clients.bearers import ClientBearers
from backhaul.domain.identity.clients.errors import ClientRefused, GrantRefused
from backhaul.domain.identity.clients.model import (
    ABOUT_THE_PERSON,
    OPENID,
    Grant,
    IssuedTokens,
    KnownClient,
    chosen_scopes,
)
from backhaul.domain.identity.clients.tokens import AccessClaims, IdClaims, SigningPair
from backhaul.kernel.ids import UserId, new_id
from backhaul.storage import history
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope, Tx


class _Noted(msgspec.Struct, frozen=True):
    id: UUID
    issued_at: datetime


async def issue_own_token(
    db: Database, *, bearers: ClientBearers, client: KnownClient, scope: str | None, now: datetime
) -> IssuedTokens:
    """Return a token for the member the client belongs to (RFC 6749 §4.4). Refuses `ScopeRefused`."""
    offered = [name for name in client.scopes if name not in ABOUT_THE_PERSON]
    scopes = chosen_scopes(scope, offered)
    pair = await bearers.keys.current()
    async with db.transaction(Scope(client.org_id)) as tx:
        noted = await _note(
            tx,
            bearers,
            pair,
            client=client,
            user_id=client.user_id,
            user_number=client.user_number,
            scopes=scopes,
            code_hash=None,
            now=now,
        )
    return _signed(bearers, pair, noted, client=client, user_number=client.user_number, scopes=scopes)


async def exchange_code(
    db: Database,
    *,
    bearers: ClientBearers,
    client: KnownClient,
    code: str,
    redirect_uri: str | None,
    code_verifier: str | None,
    now: datetime,
) -> IssuedTokens:
    """Return the tokens a member has agreed to, once.

    A code that comes a second time is refused, and what the first time brought is ended (RFC 6749 §4.1.2): one of
    the two who have it is not the client.
    """
    code_hash = credentials.hash_of_code(code)
    if code_hash is None:
        raise GrantRefused
    pair = await bearers.keys.current()
    async with db.transaction(Scope(client.org_id)) as tx:
        grant = await tables.lock_code(tx, client.org_id, code_hash)
        noted = None
        if grant is not None and grant.client_id == client.id:
            if grant.used_at is not None:
                await _end_what_it_brought(tx, client, code_hash, now=now)
            elif _is_as_asked_for(grant, redirect_uri, code_verifier) and now < grant.expires_at:
                await tables.use_code(tx, client.org_id, code_hash, at=now)
                noted = await _note(
                    tx,
                    bearers,
                    pair,
                    client=client,
                    user_id=grant.user_id,
                    user_number=grant.user_number,
                    scopes=grant.scopes,
                    code_hash=code_hash,
                    now=now,
                )
    if grant is None or noted is None:
        raise GrantRefused
    return _signed(
        bearers,
        pair,
        noted,
        client=client,
        user_number=grant.user_number,
        scopes=grant.scopes,
        nonce=grant.nonce,
        is_about_a_person=OPENID in grant.scopes,
    )


def _is_as_asked_for(grant: Grant, redirect_uri: str | None, code_verifier: str | None) -> bool:
    if redirect_uri != grant.redirect_uri:
        return False
    # A verifier without a challenge is refused too: somebody may have taken the challenge out (RFC 9700 §2.1.1).
    if grant.code_challenge is None or code_verifier is None:
        return grant.code_challenge is None and code_verifier is None
    return tokens.challenge_of(code_verifier) == grant.code_challenge


async def _end_what_it_brought(tx: Tx, client: KnownClient, code_hash: bytes, *, now: datetime) -> None:
    if await tables.revoke_of_code(tx, client.org_id, code_hash, at=now):
        await tables.tell_authenticators(tx, org_id=client.org_id, client_id=client.id)
        author = Author(kind="client", id=client.id)
        reason = "an authorization code was used twice"
        history.note(
            tx, author, subject=("client", client.id), action="tokens_revoked", at=now, reason=reason
        )


async def _note(
    tx: Tx,
    bearers: ClientBearers,
    pair: SigningPair,
    *,
    client: KnownClient,
    user_id: UserId,
    user_number: int,
    scopes: tuple[str, ...],
    code_hash: bytes | None,
    now: datetime,
) -> _Noted:
    issued_at = await tables.hold_to_issue(tx, client, user_id, at=now)
    if issued_at is None:
        raise ClientRefused if code_hash is None else GrantRefused
    token_id = new_id()
    whole_second = issued_at.replace(microsecond=0)
    await tables.add_token(
        tx,
        token_id,
        client=client,
        user_id=user_id,
        user_number=user_number,
        scopes=scopes,
        key_id=pair.id,
        code_hash=code_hash,
        issued_at=issued_at,
        expires_at=whole_second + timedelta(seconds=bearers.settings.token_seconds),
    )
    return _Noted(token_id, whole_second)


def _signed(
    bearers: ClientBearers,
    pair: SigningPair,
    noted: _Noted,
    *,
    client: KnownClient,
    user_number: int,
    scopes: tuple[str, ...],
    nonce: str | None = None,
    is_about_a_person: bool = False,
) -> IssuedTokens:
    settings = bearers.settings
    iat = int(noted.issued_at.timestamp())
    access = AccessClaims(
        iss=settings.issuer,
        iat=iat,
        exp=iat + settings.token_seconds,
        aud=settings.audience,
        sub=str(user_number),
        client_id=client.client_id,
        scope=" ".join(scopes),
        jti=noted.id,
    )
    identity = IdClaims(
        iss=settings.issuer,
        iat=iat,
        exp=iat + settings.id_token_seconds,
        aud=client.client_id,
        sub=str(user_number),
        nonce=nonce,
    )
    return IssuedTokens(
        access_token=tokens.sign(access, pair),
        id_token=tokens.sign(identity, pair) if is_about_a_person else None,
        expires_in=settings.token_seconds,
        scopes=scopes,
    )
