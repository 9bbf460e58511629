"""People who are signed in with a browser: sessions that are kept, listed and ended, and where they work.

Not here: cookies and pages (web), passwords themselves (`sessions` beside this), second factors. Start with `model`:
`Browsing` is all that the frame of a page needs; `browsers` finds it in one statement.
"""

from backhaul.domain.identity.browsing.browsers import Browsers
from backhaul.domain.identity.browsing.model import (
    Account,
    Browsing,
    Choice,
    Device,
    ListedSession,
    NewSession,
    Terms,
    Theme,
)
from backhaul.domain.identity.browsing.operations.beginning import (
    begin_after_second_factor,
    begin_again,
    begin_elsewhere,
    begin_with_password,
)
from backhaul.domain.identity.browsing.operations.ending import end_other_sessions, end_session, sign_out
from backhaul.domain.identity.browsing.operations.moving import enter_organization
from backhaul.domain.identity.browsing.operations.own_account import (
    change_password,
    prefer,
    rename_account,
)
from backhaul.domain.identity.browsing.operations.proving import find_fresh_until
from backhaul.domain.identity.browsing.queries import has_password, list_sessions

__all__ = [
    "Account",
    "Browsers",
    "Browsing",
    "Choice",
    "Device",
    "ListedSession",
    "NewSession",
    "Terms",
    "Theme",
    "begin_after_second_factor",
    "begin_again",
    "begin_elsewhere",
    "begin_with_password",
    "change_password",
    "end_other_sessions",
    "end_session",
    "enter_organization",
    "find_fresh_until",
    "has_password",
    "list_sessions",
    "prefer",
    "rename_account",
    "sign_out",
]
