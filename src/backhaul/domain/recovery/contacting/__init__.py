"""Everything that anybody was written about a case: letters about it and its parcels, reminders, and what was left out.

Not here: what is due and to whom (`reminding`), how letters are sent (`notify`). Start with `model`.
"""

from backhaul.domain.recovery.contacting.model import LoggedContact
from backhaul.domain.recovery.contacting.queries import MOST_LISTED, list_logged

__all__ = ["MOST_LISTED", "LoggedContact", "list_logged"]
