"""What requests are authorized by: API keys computed from numbers, and access tokens as a login would hand them out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

import asyncpg
import msgspec
from joserfc.jwk import OctKey

from backhaul.domain.identity import tokens
from backhaul.domain.identity.tokens import Bearer, SigningKey
from bench.numbering import email_of, secret_of

SIGNING_KEY = "SELECT id, secret FROM signing_keys WHERE retired_at IS NULL"

BEARERS = """
SELECT u.number AS user_number, u.email, o.number AS org_number,
    greatest(u.tokens_valid_from, m.created_at) AS valid_from
FROM users AS u JOIN memberships AS m ON m.user_id = u.id JOIN organizations AS o ON o.org_id = m.org_id
"""


class Scheme(StrEnum):
    """How a request says who sends it."""

    KEY = "Token"
    ACCESS_TOKEN = "Bearer"  # noqa: S105 -- a scheme's name


class Credentials(msgspec.Struct, frozen=True):
    """An API key and an access token for every organization."""

    access_tokens: Mapping[str, str]  # by the user's address

    def header(self, scheme: Scheme, organization: int) -> str:
        """Return what stands in `Authorization`."""
        if scheme is Scheme.KEY:
            return f"{scheme} {secret_of(organization)}"
        return f"{scheme} {self.access_tokens[email_of(organization)]}"


async def issue(owner: asyncpg.Connection, *, lifetime_seconds: int) -> Credentials:
    """Sign an access token for every user."""
    key = await owner.fetchrow(SIGNING_KEY)
    assert key is not None
    signing = SigningKey(key["id"], OctKey.import_key(key["secret"]), is_current=True)
    now = datetime.now(UTC)
    access_tokens = {}
    for row in await owner.fetch(BEARERS):
        claims = tokens.claims_for(Bearer(**dict(row)), now=now, lifetime_seconds=lifetime_seconds)
        access_tokens[claims.email] = tokens.sign(claims, signing)
    return Credentials(access_tokens)
