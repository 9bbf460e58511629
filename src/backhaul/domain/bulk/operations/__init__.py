"""What can be done with whole files, one file per verb."""

from backhaul.domain.bulk.operations.abandon import abandon_batch
from backhaul.domain.bulk.operations.apply import apply_batch
from backhaul.domain.bulk.operations.ask import ask_to_apply, ask_to_undo
from backhaul.domain.bulk.operations.review import Opened, find_begun, open_batch, review_file
from backhaul.domain.bulk.operations.undo import undo_batch

__all__ = [
    "Opened",
    "abandon_batch",
    "apply_batch",
    "ask_to_apply",
    "ask_to_undo",
    "find_begun",
    "open_batch",
    "review_file",
    "undo_batch",
]
