"""Which letters there are: their languages, their channels, and what each would say."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import msgspec

from backhaul.domain.notify import rendering
from backhaul.domain.notify.errors import ChannelMissing, LetterUnknown
from backhaul.domain.notify.model import (
    Channel,
    Letter,
    MembershipLetter,
    RecoveryLetter,
    Rendered,
    TransferLetter,
    WebhookLetter,
)

_SHARED = frozenset({"words", "closing"})  # parts of letters, not letters


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One letter: its name, the ways it is sent and the languages it is written in."""

    name: str
    channels: tuple[Channel, ...]
    locales: tuple[str, ...]


class _Family(msgspec.Struct, frozen=True):
    type: type[Letter]
    channels: tuple[Channel, ...]
    sample: Letter


_CARRIER, _TRACKING_NUMBER = "FedEx", "794653218877"
_TRACKING_URL = f"https://backhaul.example/track/{_TRACKING_NUMBER}"
_FAMILIES = {
    "transfers": _Family(
        TransferLetter,
        (Channel.EMAIL,),
        TransferLetter(
            direction="return",
            person_name="Jordan Miller",
            organization_name="Maas Biolabs",
            device_type="laptop",
            device_make="Apple",
            device_model="MacBook Pro 14",
            days_since_delivery=3,
            send_by=date(2026, 6, 12),
            reference="IT-4711",
            carrier=_CARRIER,
            tracking_number=_TRACKING_NUMBER,
            tracking_url=_TRACKING_URL,
        ),
    ),
    "recovery": _Family(
        RecoveryLetter,
        (Channel.EMAIL, Channel.TEXT),
        RecoveryLetter(
            campaign_name="Laptop refresh 2026",
            items=("Laptop", "Phone"),
            person_name="Jordan Miller",
            organization_name="Maas Biolabs",
            page_url="https://backhaul.example/return/an-example-of-a-link",
            helpdesk_email="help@example.com",
            deadline_on=date(2026, 6, 12),
            days=3,
            reminder_count=2,
            reader_name="Kim Lee",
            audience="manager",
            reference="RC0123456789",
            carrier=_CARRIER,
            tracking_number=_TRACKING_NUMBER,
            tracking_url=_TRACKING_URL,
        ),
    ),
    "membership": _Family(
        MembershipLetter,
        (Channel.EMAIL,),
        MembershipLetter(
            organization_name="Maas Biolabs",
            inviter_name="Jordan Miller",
            role="member",
            page_url="https://backhaul.example/invitation/an-example-of-a-link",
            expires_on=date(2026, 6, 12),
        ),
    ),
    "webhooks": _Family(
        WebhookLetter,
        (Channel.EMAIL,),
        WebhookLetter(
            endpoint="https://hooks.example.com/backhaul",
            is_gone=False,
            failures=1000,
            cancelled=3,
            organization_name="Maas Biolabs",
            reference="01920000-0000-7000-8000-000000004711",
        ),
    ),
}


@cache
def templates() -> tuple[Template, ...]:
    """Return every letter, by name."""
    locales: dict[str, list[str]] = {}
    for path in rendering.files():
        locale, _, name = path.removesuffix(".jinja").partition("/")
        family, _, letter = name.partition("/")
        if family in _FAMILIES and letter not in _SHARED:
            locales.setdefault(name, []).append(locale)
    return tuple(
        Template(name=name, channels=_family(name).channels, locales=tuple(sorted(locales[name])))
        for name in sorted(locales)
    )


def require(template: str, channel: Channel) -> Template:
    """Return a letter that is written for a channel, or refuse."""
    found = next((one for one in templates() if one.name == template), None)
    if found is None:
        raise LetterUnknown(template=template)
    if channel not in found.channels:
        raise ChannelMissing(template=template, channel=channel.value)
    return found


def sample(template: str, *, organization_name: str | None = None) -> Letter:
    """Return what a letter is told when nobody real is written to."""
    told = _family(template).sample
    if organization_name is None:
        return told
    return msgspec.structs.replace(told, organization_name=organization_name)


def preview(
    template: str,
    letter: Letter | None = None,
    locale: str = rendering.DEFAULT_LOCALE,
    channel: Channel = Channel.EMAIL,
) -> Rendered:
    """Return what a letter would say, of sample values unless told otherwise; nothing is written or sent."""
    require(template, channel)
    return rendering.render(template, letter or sample(template), locale=locale, channel=channel)


def letter_of(template: str, context: Letter | Mapping[str, Any]) -> Letter:
    """Return a letter's context as what its family is told; a name or type it does not know raises."""
    if isinstance(context, Letter):
        return context
    return msgspec.convert(dict(context), _family(template).type)


def _family(template: str) -> _Family:
    family = _FAMILIES.get(template.partition("/")[0])
    if family is None:
        raise LetterUnknown(template=template)
    return family
