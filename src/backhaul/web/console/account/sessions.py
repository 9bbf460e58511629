"""Where one is signed in, and how that ends."""

from uuid import UUID

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import browsing
from backhaul.domain.identity.browsing.errors import BrowserSessionUnknown
from backhaul.web.console import notices
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.visiting import Visit

notices.declare(
    {
        "account.session_ended": "That browser is signed out.",
        "account.sessions_ended": "You are signed out everywhere else.",
    }
)


async def end(visit: Visit, _: Form) -> ASGIResponse:
    """Sign another browser out."""
    try:
        session_id = UUID(visit.named("session"))
    except ValueError:
        raise BrowserSessionUnknown from None
    await browsing.end_session(visit.db, browsing=visit.browsing, session_id=session_id, now=visit.now)
    return visit.go("/account", notice="account.session_ended")


async def end_others(visit: Visit, _: Form) -> ASGIResponse:
    """Sign every other browser out."""
    await browsing.end_other_sessions(visit.db, browsing=visit.browsing, now=visit.now)
    return visit.go("/account", notice="account.sessions_ended")


HANDLERS = [
    takes("/account/sessions/{session:str}/end", end),
    takes("/account/sessions/end-others", end_others),
]
