"""Letters: what people are written, in each language, of sample values; and one's own copy by mail or text."""

from litestar.response.base import ASGIResponse

from backhaul.domain import notify
from backhaul.domain.identity import Right
from backhaul.domain.notify import Channel, LetterUnknown, Template
from backhaul.web.console import notices
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.paths import with_query
from backhaul.web.console.settings.frames import framed
from backhaul.web.console.settings.ladders.words import LANGUAGES
from backhaul.web.console.visiting import Visit
from backhaul.web.console.wording import humanized

PATH = "/settings/letters"
CHANNELS = {Channel.EMAIL: "E-mail", Channel.TEXT: "Text message"}
FAMILIES = {
    "transfers": ("Transfers", "To whoever sends or gets a device, step by step."),
    "recovery": ("Recovery", "To people whose devices are wanted back, by a campaign's reminders."),
    "membership": ("Membership", "To people who are asked to join an organization."),
}

notices.declare({"letters.sent": "A test is on its way to you."})


async def view(visit: Visit) -> ASGIResponse:
    """List every letter."""
    families: dict[str, list[Template]] = {}
    for template in notify.templates():
        families.setdefault(template.name.partition("/")[0], []).append(template)
    return visit.page(
        "settings/letters.html",
        title="Letters",
        families=families,
        said=FAMILIES,
        channels=CHANNELS,
        languages=LANGUAGES,
    )


async def show(visit: Visit) -> ASGIResponse:
    """Show what a letter would say."""
    template, locale, channel = _chosen(visit)
    words = notify.preview(template.name, locale=locale, channel=channel)
    here = f"{PATH}/{template.name}"
    return visit.page(
        "settings/letter.html",
        title=humanized(template.name.partition("/")[2]),
        letter=template,
        locale=locale,
        channel=channel,
        words=words,
        frame=with_query(f"{here}/frame", locale=locale) if words.html else None,
        versions=[
            (
                f"{LANGUAGES.get(one, one)}, {CHANNELS[way].lower()}",
                with_query(here, locale=one, channel=way.value),
                (one, way) == (locale, channel),
            )
            for one in template.locales
            for way in template.channels
        ],
        Channel=Channel,
    )


async def show_frame(visit: Visit) -> ASGIResponse:
    """Show a letter's HTML body."""
    template, locale, _ = _chosen(visit)
    return framed(visit, notify.preview(template.name, locale=locale).html)


async def send(visit: Visit, form: Form) -> ASGIResponse:
    """Send a letter of sample values to oneself: by mail to the account's address, by text to a number."""
    template, locale, channel = _chosen(visit)
    to = form["phone"] if channel is Channel.TEXT else visit.browsing.email
    await notify.send_test(
        visit.db,
        actor=visit.actor,
        template=template.name,
        to=to,
        locale=locale,
        channel=channel,
        now=visit.now,
    )
    back = with_query(f"{PATH}/{template.name}", locale=locale, channel=channel.value)
    return visit.go(back, notice="letters.sent")


def _chosen(visit: Visit) -> tuple[Template, str, Channel]:
    name = f"{visit.named('family')}/{visit.named('letter')}"
    template = next((one for one in notify.templates() if one.name == name), None)
    if template is None:
        raise LetterUnknown(template=name[:100])
    locale = visit.asked("locale")
    channel = next(
        (one for one in template.channels if one.value == visit.asked("channel")), template.channels[0]
    )
    return template, locale if locale in template.locales else template.locales[-1], channel


_MANAGE = Right.ORGANIZATION_MANAGE
_ONE = f"{PATH}/{{family:str}}/{{letter:str}}"
HANDLERS = [
    shows(PATH, view, right=_MANAGE),
    shows(_ONE, show, right=_MANAGE),
    shows(f"{_ONE}/frame", show_frame, right=_MANAGE),
    takes(f"{_ONE}/test", send, right=_MANAGE, again=show),
]
