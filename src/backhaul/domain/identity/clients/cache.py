"""A client's access token as a process remembers it."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.cache import Notice
from backhaul.domain.identity.clients.model import ClientCaller


class LiveClientToken(msgspec.Struct):
    """An access token of a client."""

    caller: ClientCaller
    expires_at: datetime
    looked_up_at: float

    def concerns(self, notice: Notice) -> bool:
        """Tell whether a notice is about this token."""
        return (
            notice.org_id in {None, self.caller.actor.org_id}
            and notice.user_id in {None, self.caller.actor.user_id}
            and notice.client_id in {None, self.caller.client_id}
            and notice.api_key_id is None
        )
