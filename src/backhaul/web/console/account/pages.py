"""The page of one's own account, and its name and password."""

from zoneinfo import available_timezones

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import browsing
from backhaul.domain.identity.passwords import MIN_LENGTH
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import notices
from backhaul.web.console.account.devices import described
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.entrance.admitting import admitted, device_of
from backhaul.web.console.forms import Form
from backhaul.web.console.visiting import Visit

notices.declare(
    {
        "account.renamed": "Your name is changed.",
        "account.password_set": "Your password is changed. You are signed out everywhere else.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show one's own account."""
    terms = visit.request.app.state.browsers.terms
    sessions = await browsing.list_sessions(visit.db, browsing=visit.browsing, terms=terms, now=visit.now)
    return visit.page(
        "account/account.html",
        title="Your account",
        sessions=sessions,
        described=described,
        zones=[(name, name.replace("_", " ")) for name in sorted(available_timezones())],
        min_password_length=MIN_LENGTH,
        has_password=await browsing.has_password(visit.db, browsing=visit.browsing),
    )


async def rename(visit: Visit, form: Form) -> ASGIResponse:
    """Change one's own name."""
    await browsing.rename_account(visit.db, browsing=visit.browsing, name=form["name"], now=visit.now)
    return visit.go("/account", notice="account.renamed")


async def change_password(visit: Visit, form: Form) -> ASGIResponse:
    """Change one's own password: all sessions end, and this browser begins a new one."""
    new = form.raw("new_password")
    if new != form.raw("repeated_password"):
        text = "is not the same as the new password"
        raise InvalidInput([FieldProblem("repeated_password", "identity.password_repeated", text)])
    serving, device = visit.serving, device_of(visit.request)
    await browsing.change_password(
        visit.db,
        authenticator=serving.authenticator,
        browsing=visit.browsing,
        current=form.raw("current_password"),
        new=new,
        remote_address=device.remote_address,
        now=visit.now,
    )
    begun = await browsing.begin_again(
        visit.db,
        browsing=visit.browsing,
        device=device,
        terms=visit.request.app.state.browsers.terms,
        now=visit.now,
    )
    return admitted(visit.request, begun, "/account?notice=account.password_set", now=visit.now)


HANDLERS = [
    shows("/account", view),
    takes("/account/name", rename, again=view),
    takes("/account/password", change_password, again=view),
]
