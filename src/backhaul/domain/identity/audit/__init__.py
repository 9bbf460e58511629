"""The audit log: what was done in an organization, by whom and when, with each value before and after.

Not here: how a line of history is written (storage/history). Start with `model`, then `queries`.
"""

from backhaul.domain.identity.audit.exporting import export_changes
from backhaul.domain.identity.audit.model import AuditFilter, Change, ChangeId, Mark
from backhaul.domain.identity.audit.queries import list_changes, read_changes_of

__all__ = [
    "AuditFilter",
    "Change",
    "ChangeId",
    "Mark",
    "export_changes",
    "list_changes",
    "read_changes_of",
]
