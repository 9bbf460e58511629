"""What ladders tell others."""

from backhaul.storage.outbox import Event, event


@event("ladders.changed")
class LadderChanged(Event, frozen=True, kw_only=True):
    """A ladder has other steps or rules than before: what it plans has to be looked at anew."""
