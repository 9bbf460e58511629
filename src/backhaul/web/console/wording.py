"""How values are written on pages: instants in the viewer's zone, money, and words for codes."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from backhaul.kernel.money import Money

NOTHING = Markup('<span class="soft" aria-label="none">–</span>')


@cache
def zone_of(name: str) -> ZoneInfo:
    """Return a zone of the IANA database."""
    return ZoneInfo(name)


@pass_context
def when(context: Context, instant: datetime | None, style: str = "minute") -> Markup:
    """Return an instant in the viewer's zone, with UTC on hover: `minute`, or `day` alone."""
    if instant is None:
        return NOTHING
    local = instant.astimezone(zone_of(context["zone"]))
    year = "" if local.year == context["now"].astimezone(local.tzinfo).year else f" {local.year}"
    clock = "" if style == "day" else f", {local:%H:%M}"
    return Markup('<time datetime="{0}" title="{1} UTC">{2} {3}{4}{5}</time>').format(
        instant.isoformat(), f"{instant:%Y-%m-%d %H:%M:%S}", local.day, f"{local:%b}", year, clock
    )


def on_day(day: date | None) -> Markup:
    """Return a calendar day."""
    if day is None:
        return NOTHING
    return Markup('<time datetime="{0}">{1} {2}</time>').format(day.isoformat(), day.day, f"{day:%b %Y}")


@pass_context
def ago(context: Context, instant: datetime | None) -> Markup:
    """Return how long ago something was, in one unit, with the instant on hover."""
    if instant is None:
        return NOTHING
    seconds = int((context["now"] - instant).total_seconds())
    local = instant.astimezone(zone_of(context["zone"]))
    return Markup('<time datetime="{0}" title="{1}">{2}</time>').format(
        instant.isoformat(), f"{local:%Y-%m-%d %H:%M} ({instant:%H:%M} UTC)", _span(seconds)
    )


def _span(seconds: int) -> str:
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        count = seconds // size
        if count >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def money(amount: Money | None) -> Markup:
    """Return an amount with its currency, in figures of one width."""
    if amount is None:
        return NOTHING
    return Markup('<span class="money">{0}</span>').format(money_text(amount))


def money_text(amount: Money) -> str:
    """Return an amount as plain text: `$1,234.50`, `−$3.00`, `12.00 EUR`. Minor units are hundredths."""
    sign = "−" if amount.amount_minor < 0 else ""
    whole, hundredths = divmod(abs(amount.amount_minor), 100)
    figures = f"{whole:,}.{hundredths:02}"
    return f"{sign}${figures}" if amount.currency == "USD" else f"{sign}{figures} {amount.currency}"


def number(count: int) -> str:
    """Return a whole number with its thousands apart."""
    return f"{count:,}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def telephone(number: str | None) -> Markup:
    """Return a number that a telephone calls when it is touched; what has no digit is only shown."""
    if not number:
        return NOTHING
    dialled = "".join(sign for sign in number if sign in "+0123456789")
    if not dialled.strip("+"):
        return escape(number)
    return Markup('<a href="tel:{0}">{1}</a>').format(dialled, number)


def or_nothing(value: object) -> Markup:
    """Return a value as text, or a dash where there is none."""
    return NOTHING if value is None or value == "" else escape(value)


@pass_context
def changed(context: Context, value: str | datetime | tuple[str | datetime, ...] | None) -> Markup:
    """Return a value of a change: instants in the viewer's zone, the parts of a record with commas between."""
    if value is None or value == "":
        return NOTHING
    parts = value if isinstance(value, tuple) else (value,)
    return Markup(", ").join(
        when(context, one) if isinstance(one, datetime) else escape(one) for one in parts
    )


def humanized(code: str) -> str:
    """Return a code as words: `box_in_transit` as `Box in transit`."""
    text = code.replace("_", " ").replace(".", " ").strip()
    return f"{text[:1].upper()}{text[1:]}"
