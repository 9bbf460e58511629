"""What requests are authorized by: computed API keys, and access tokens and browser sessions as a login makes them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import asyncpg
import msgspec
from joserfc.jwk import OctKey

from backhaul.domain.identity import clients, system_actor, tokens
from backhaul.domain.identity.authentication import AuthenticationSettings, Authenticator
from backhaul.domain.identity.browsing import credentials as browsing
from backhaul.domain.identity.tokens import Bearer, SigningKey
from backhaul.kernel.clock import SystemClock
from backhaul.kernel.ids import OrgId, UserId, new_id
from backhaul.storage.database import Database
from backhaul.web.console import cookies
from bench.numbering import Prefix, email_of, id_of, secret_of

SIGNING_KEY = "SELECT id, secret FROM signing_keys WHERE retired_at IS NULL"

BEARERS = """
SELECT u.number AS user_number, u.email, o.number AS org_number,
    greatest(u.tokens_valid_from, m.created_at) AS valid_from
FROM users AS u JOIN memberships AS m ON m.user_id = u.id JOIN organizations AS o ON o.org_id = m.org_id
"""
BROWSERS = """
SELECT u.id, u.email, u.tokens_valid_from, m.org_id, m.created_at
FROM users AS u JOIN memberships AS m ON m.user_id = u.id
"""
SESSION_COLUMNS = (
    "id", "token_hash", "csrf_secret", "user_id", "account_valid_from", "in_org_id", "by_org_id", "member_since",
    "is_second_factor_due", "remote_address", "user_agent", "created_at", "last_seen_at", "expires_at",
)  # fmt: skip


class Scheme(StrEnum):
    """How a request says who sends it."""

    KEY = "Token"
    ACCESS_TOKEN = "Bearer"  # noqa: S105 -- a scheme's name
    BROWSER = "Cookie"
    CLIENT = "bearer"  # the same scheme with a client's token


class Credentials(msgspec.Struct, frozen=True):
    """An API key, an access token and a browser's session for every organization; for some a client's token."""

    access_tokens: Mapping[str, str]  # by the user's address
    browser_tokens: Mapping[str, str]
    client_tokens: Mapping[int, str]  # by the organization's number

    def header(self, scheme: Scheme, organization: int) -> str:
        """Return the line of the request's head that says who sends it."""
        if scheme is Scheme.KEY:
            return f"Authorization: {scheme} {secret_of(organization)}"
        if scheme is Scheme.BROWSER:
            return f"Cookie: {cookies.SESSION}={self.browser_tokens[email_of(organization)]}"
        if scheme is Scheme.CLIENT:
            return f"Authorization: {scheme} {self.client_tokens[organization]}"
        return f"Authorization: {scheme} {self.access_tokens[email_of(organization)]}"


async def issue(owner: asyncpg.Connection, *, lifetime_seconds: int) -> dict[str, str]:
    """Sign an access token for every user, by their address."""
    key = await owner.fetchrow(SIGNING_KEY)
    assert key is not None
    signing = SigningKey(key["id"], OctKey.import_key(key["secret"]), is_current=True)
    now = datetime.now(UTC)
    access_tokens = {}
    for row in await owner.fetch(BEARERS):
        claims = tokens.claims_for(Bearer(**dict(row)), now=now, lifetime_seconds=lifetime_seconds)
        access_tokens[claims.email] = tokens.sign(claims, signing)
    return access_tokens


async def sign_in_browsers(owner: asyncpg.Connection) -> dict[str, str]:
    """Sign every user in with a browser, in the organization they are a member of."""
    now = datetime.now(UTC)
    tokens_of, rows = {}, []
    for row in await owner.fetch(BROWSERS):
        token, token_hash = browsing.make_token()
        tokens_of[row["email"]] = token
        ends_at = now + timedelta(days=1)
        rows.append((
            new_id(), token_hash, browsing.make_csrf_secret(), row["id"], row["tokens_valid_from"],
            row["org_id"], row["org_id"], row["created_at"], False, "127.0.0.1", "wrk", now, now, ends_at,
        ))  # fmt: skip
    await owner.copy_records_to_table("browser_sessions", records=rows, columns=SESSION_COLUMNS)
    return tokens_of


async def issue_to_clients(
    db: Database, settings: AuthenticationSettings, organizations: Iterable[int]
) -> dict[int, str]:
    """Let a client of each of these organizations sign in."""
    clock = SystemClock()
    bearers = Authenticator(db, clock=clock, settings=settings).clients
    found = {}
    for organization in organizations:
        actor = system_actor(OrgId(id_of(Prefix.ORGANIZATION, organization)))
        made, _ = await clients.add_client(
            db,
            actor=actor,
            user_id=UserId(id_of(Prefix.USER, organization)),
            name="Bench",
            scopes=["returns"],
            most=1,
            now=clock.now(),
        )
        known = await clients.find_known_client(db, client_id=made.client_id)
        assert known is not None, "it was made a moment ago"
        issued = await clients.issue_own_token(db, bearers=bearers, client=known, scope=None, now=clock.now())
        found[organization] = issued.access_token
    return found
