"""How imports are put into words."""

from backhaul.domain.bulk.model import Batch, Kind, Standing, Status

KINDS = {Kind.ASSETS: "Assets", Kind.EMPLOYEES: "People"}
_STATUSES = {
    Status.OPEN: "Checked",
    Status.ABANDONED: "Given up",
    Status.APPLIED: "Imported",
    Status.UNDOING: "Being taken back",
    Status.UNDONE_PARTLY: "Taken back in part",
    Status.UNDONE: "Taken back",
}
_TONES = {
    Status.OPEN: "warn",
    Status.APPLIED: "good",
    Status.UNDOING: "accent",
    Status.UNDONE_PARTLY: "warn",
}
KEPT = {
    "changed_since": "was changed since",
    "in_use": "something else refers to it",
    "holder_gone": "whoever had it is gone",
    "manager_gone": "the manager is gone",
    "gone": "is not there any more",
    "held": "is on legal hold",
}


def is_running(batch: Batch) -> bool:
    """Tell whether a worker is busy with an import, or will be."""
    return batch.status is Status.UNDOING or (batch.status is Status.OPEN and batch.asked_at is not None)


def status(batch: Batch) -> str:
    """Return how far an import is."""
    if batch.status is Status.OPEN and batch.asked_at is not None:
        return "Being imported"
    return _STATUSES[batch.status]


def tone(batch: Batch) -> str:
    """Return the colour of how far it is."""
    return "accent" if is_running(batch) else _TONES.get(batch.status, "neutral")


def progress(batch: Batch, standing: Standing) -> int:
    """Return how many of a hundred parts are done."""
    if batch.status is Status.UNDOING:
        done, whole = standing.undone_chunks, standing.applied_chunks
    else:
        done, whole = standing.applied_chunks, standing.chunks
    return 100 if not whole else done * 100 // whole
