"""What the simulators of mail and text messages kept instead of sending it."""

from typing import cast

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.notify import Mailbox, Mailboxes, MailUnknown
from backhaul.web.console.declaring import shows
from backhaul.web.console.paging import PAGE, paged
from backhaul.web.console.settings.frames import framed
from backhaul.web.console.visiting import Visit

PATH, TEXTS = "/settings/mail", "/settings/mail/texts"


async def view(visit: Visit) -> ASGIResponse:
    """List kept mails."""
    return await _list(visit, PATH, _boxes(visit).mail)


async def view_texts(visit: Visit) -> ASGIResponse:
    """List kept text messages."""
    return await _list(visit, TEXTS, _boxes(visit).texts)


async def _list(visit: Visit, path: str, box: Mailbox | None) -> ASGIResponse:
    before = visit.asked("before")
    found = [] if box is None else await box.list_kept(before=before, limit=PAGE + 1)
    return visit.page(
        "settings/mail/list.html",
        title="Text messages" if path == TEXTS else "Mail",
        tabs_shown=[("Mail", PATH, path == PATH), ("Text messages", TEXTS, path == TEXTS)],
        list_path=path,
        is_simulated=box is not None,
        **paged(path, found, key=lambda one: one.name, before=before),
    )


async def show(visit: Visit) -> ASGIResponse:
    """Read a mail."""
    found = await _required(_boxes(visit).mail).open(visit.named("mail"))
    return visit.page("settings/mail/one.html", title=found.mail.subject or "Mail", found=found, back=PATH)


async def show_frame(visit: Visit) -> ASGIResponse:
    """Read a mail's HTML body."""
    found = await _required(_boxes(visit).mail).open(visit.named("mail"))
    return framed(visit, found.html)


async def show_text(visit: Visit) -> ASGIResponse:
    """Read a text message."""
    found = await _required(_boxes(visit).texts).open(visit.named("text"))
    return visit.page("settings/mail/one.html", title=f"To {found.mail.to}", found=found, back=TEXTS)


def _boxes(visit: Visit) -> Mailboxes:
    return cast("Mailboxes", visit.port(Mailboxes))


def _required(box: Mailbox | None) -> Mailbox:
    if box is None:
        raise MailUnknown(name="of a simulator")
    return box


_OPERATE = Right.INSTALLATION_OPERATE
HANDLERS = [
    shows(PATH, view, right=_OPERATE),
    shows(TEXTS, view_texts, right=_OPERATE),
    shows(f"{TEXTS}/{{text:str}}", show_text, right=_OPERATE),
    shows(f"{PATH}/{{mail:str}}", show, right=_OPERATE),
    shows(f"{PATH}/{{mail:str}}/frame", show_frame, right=_OPERATE),
]
