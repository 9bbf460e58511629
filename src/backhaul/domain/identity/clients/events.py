"""What happened to clients that others may care about."""

from backhaul.kernel.ids import UserId
from backhaul.storage.outbox import Event, event


@event("identity.client_added")
class ClientAdded(Event, frozen=True, kw_only=True):
    """A client was made; the subject is the client."""

    user_id: UserId


@event("identity.client_disabled")
class ClientDisabled(Event, frozen=True, kw_only=True):
    """A client ended, and all its tokens with it; the subject is the client."""

    user_id: UserId


@event("identity.client_authorized")
class ClientAuthorized(Event, frozen=True, kw_only=True):
    """A member let a client call in their name; the subject is the client."""

    user_id: UserId
