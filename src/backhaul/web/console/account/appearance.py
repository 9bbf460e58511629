"""How one likes the console: light or dark, and in whose time."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity.browsing import Theme, prefer
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import answering, notices
from backhaul.web.console.account.pages import view
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.paths import own_path
from backhaul.web.console.visiting import Visit

notices.declare({"account.time_zone_set": "Times are shown in your zone from now on."})


async def choose_theme(visit: Visit, form: Form) -> ASGIResponse:
    """Remember light, dark, or what the computer says; lead back to where it was chosen."""
    try:
        theme = Theme(form["theme"])
    except ValueError:
        problem = FieldProblem("theme", "identity.theme_unknown", "must be system, light or dark")
        raise InvalidInput([problem]) from None
    await prefer(visit.db, browsing=visit.browsing, theme=theme)
    return answering.see_other(own_path(form["back"]))


async def choose_zone(visit: Visit, form: Form) -> ASGIResponse:
    """Remember in which zone times are shown."""
    await prefer(visit.db, browsing=visit.browsing, time_zone=form["time_zone"])
    return visit.go("/account", notice="account.time_zone_set")


HANDLERS = [
    takes("/account/theme", choose_theme),
    takes("/account/time-zone", choose_zone, again=view),
]
