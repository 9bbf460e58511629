"""What saved views tell others."""

from backhaul.storage.outbox import Event, event


@event("saved_views.saved")
class ViewSaved(Event, frozen=True, kw_only=True):
    """Somebody saved the filters of a list."""


@event("saved_views.changed")
class ViewChanged(Event, frozen=True, kw_only=True):
    """A view has another name, other filters, or is shared or not any more."""


@event("saved_views.removed")
class ViewRemoved(Event, frozen=True, kw_only=True):
    """A view is no longer shown."""


@event("saved_views.restored")
class ViewRestored(Event, frozen=True, kw_only=True):
    """A view that was removed is shown again."""
