"""People to add to a campaign: read from a file or picked from the directory, and looked at before they are added.

What a list leaves out, the directory and the inventory complete: who somebody is, where they live, which devices they
have. Nothing is written here (`operations.add_cases` does that). Start with `model`; then `reading` and `reviewing`.
"""

from backhaul.domain.recovery.rosters.model import (
    COLUMNS,
    MOST_PEOPLE,
    Column,
    Entry,
    Review,
    Reviewed,
    Terms,
)
from backhaul.domain.recovery.rosters.queries import review_roster
from backhaul.domain.recovery.rosters.reading import entries_of, read_roster

__all__ = [
    "COLUMNS",
    "MOST_PEOPLE",
    "Column",
    "Entry",
    "Review",
    "Reviewed",
    "Terms",
    "entries_of",
    "read_roster",
    "review_roster",
]
