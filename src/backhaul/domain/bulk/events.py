"""What imports tell others."""

from backhaul.domain.bulk.model import Kind
from backhaul.storage.outbox import Event, event


@event("bulk.import_applied")
class ImportApplied(Event, frozen=True, kw_only=True):
    """Every row of an import is written."""

    kind: Kind
    created: int
    updated: int


@event("bulk.import_undone")
class ImportUndone(Event, frozen=True, kw_only=True):
    """An import was taken back, but for rows that others had changed."""

    kind: Kind
    undone: int
    kept: int
