"""Signing out."""

from datetime import timedelta

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import browsing
from backhaul.web.console import answering, cookies
from backhaul.web.console.declaring import SIGN_IN, installed, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.visiting import Visit


async def sign_out(visit: Visit, _: Form) -> ASGIResponse:
    """End this session, and take its cookie away."""
    await browsing.sign_out(visit.db, browsing=visit.browsing, now=visit.now)
    is_secure = installed(visit.request).is_secure
    gone = cookies.written(cookies.SESSION, "", is_secure=is_secure, lasting=timedelta(0))
    return answering.see_other(SIGN_IN, cookies=[gone])


HANDLERS = [takes("/sign-out", sign_out)]
