"""A member's consent: from a request to a code that the browser carries to the client (RFC 6749 §4.1)."""

from datetime import datetime, timedelta

from backhaul.domain.identity.clients import credentials, events, tables
from backhaul.domain.identity.clients.bearers import ClientSettings
from backhaul.domain.identity.clients.errors import ConsentRefused, RedirectRefused
from backhaul.domain.identity.clients.model import AuthorizationRequest, KnownClient, chosen_scopes
from backhaul.domain.identity.queries import find_member_by_email
from backhaul.kernel.ids import UserId
from backhaul.storage import history, outbox
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope


def check_authorization(
    client: KnownClient,
    *,
    redirect_uri: str,
    scope: str | None,
    nonce: str | None,
    code_challenge: str | None,
) -> AuthorizationRequest:
    """Return what a member is asked, or refuse: `RedirectRefused` first, as nobody is sent there, `ScopeRefused`."""
    if redirect_uri not in client.redirect_uris:
        raise RedirectRefused
    return AuthorizationRequest(
        redirect_uri=redirect_uri,
        scopes=chosen_scopes(scope, client.scopes),
        nonce=nonce,
        code_challenge=code_challenge,
    )


async def authorize(
    db: Database,
    *,
    client: KnownClient,
    request: AuthorizationRequest,
    user_email: str,
    user_number: int,
    settings: ClientSettings,
    now: datetime,
) -> str:
    """Return a code for the client, in the name of a person whose password was right; it is kept as a hash only.

    Refused with `ConsentRefused`: who is no member of the client's organization.
    """
    code, code_hash = credentials.make_code()
    scope = Scope(client.org_id)
    async with db.transaction(scope) as tx:
        user = await find_member_by_email(tx, scope, user_email)
        if user is None or await tables.hold_to_issue(tx, client, UserId(user.id), at=now) is None:
            raise ConsentRefused
        await tables.add_code(
            tx,
            code_hash,
            client=client,
            user_id=user.id,
            user_number=user_number,
            request=request,
            at=now,
            expires_at=now + timedelta(seconds=settings.code_seconds),
        )
        author = Author(kind="user", id=user.id)
        reason = f"scopes: {' '.join(request.scopes)}"
        history.note(tx, author, subject=("client", client.id), action="authorized", at=now, reason=reason)
        outbox.record(tx, events.ClientAuthorized(subject_id=client.id, user_id=user.id), at=now)
    return code
