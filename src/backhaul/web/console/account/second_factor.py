"""Setting up a second factor, and removing it."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import browsing, second_factor
from backhaul.domain.identity.second_factor.sealing import SECRET_NAME
from backhaul.storage.installation_secrets import KeptSecret
from backhaul.web.console import answering, notices
from backhaul.web.console.account.qr import qr_path
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.entrance.admitting import device_of
from backhaul.web.console.forms import Form
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit

PATH = "/account/totp"

notices.declare({"account.second_factor_removed": "No code is asked for from now on."})


async def view(visit: Visit) -> ASGIResponse:
    """Show the second factor, or the code that is being set up, or how to begin."""
    factor = await second_factor.find_factor(visit.db, user_id=visit.browsing.user_id)
    enrolment = await second_factor.enrolment_in(
        factor, browsing=visit.browsing, key=_key(visit), now=visit.now
    )
    has_password = await browsing.has_password(visit.db, browsing=visit.browsing)
    fresh_until = None
    if not has_password and enrolment is None:  # while it is being set up nothing has to be proved
        fresh_until = await browsing.find_fresh_until(visit.db, browsing=visit.browsing, now=visit.now)
    return visit.page(
        "account/second_factor.html",
        title="Second factor",
        factor=None if factor is None or factor.confirmed_at is None else factor,
        enrolment=enrolment,
        qr=None if enrolment is None else qr_path(enrolment.address),
        codes=None,
        has_password=has_password,
        fresh_until=fresh_until,
        signs_in_again_at=with_query("/sign-in/oidc", anew="yes", next=PATH),
    )


async def begin(visit: Visit, form: Form) -> ASGIResponse:
    """Make a secret and show it, to who knows the password or signed in anew elsewhere."""
    await second_factor.begin_enrolment(
        visit.db,
        authenticator=visit.serving.authenticator,
        browsing=visit.browsing,
        key=_key(visit),
        password=form.raw("current_password"),
        remote_address=device_of(visit.request).remote_address,
        now=visit.now,
    )
    return answering.see_other(PATH)


async def confirm(visit: Visit, form: Form) -> ASGIResponse:
    """Put it into use, and show the recovery codes on the page that answers: they are not kept anywhere."""
    codes = await second_factor.confirm_enrolment(
        visit.db, browsing=visit.browsing, code=form["code"][:64], key=_key(visit), now=visit.now
    )
    return visit.page(
        "account/second_factor.html",
        title="Second factor",
        factor=None,
        enrolment=None,
        qr=None,
        codes=codes,
    )


async def remove(visit: Visit, form: Form) -> ASGIResponse:
    """Take it away, for who knows the password or signed in anew elsewhere."""
    await second_factor.remove_factor(
        visit.db,
        authenticator=visit.serving.authenticator,
        browsing=visit.browsing,
        password=form.raw("current_password"),
        remote_address=device_of(visit.request).remote_address,
        now=visit.now,
    )
    return visit.go("/account", notice="account.second_factor_removed")


def _key(visit: Visit) -> KeptSecret:
    return KeptSecret(visit.db, SECRET_NAME)


HANDLERS = [
    shows(PATH, view),
    takes(PATH, begin, again=view),
    takes(f"{PATH}/confirm", confirm, again=view),
    takes(f"{PATH}/remove", remove, again=view),
]
