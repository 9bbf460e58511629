"""backhaul letter …: what people are written, before anybody is."""

from typing import Annotated

import msgspec
import typer

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain import notify
from backhaul.domain.notify import Channel, Letter
from backhaul.kernel.errors import FieldProblem, InvalidInput

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="As `backhaul letter list` shows it.")]
Locale = Annotated[str, typer.Option("--locale", help="Where a letter is not written in it: English.")]
Way = Annotated[Channel, typer.Option("--channel")]


@app.command("list")
def list_all() -> None:
    """List every letter, the channels it is sent by and the languages it is written in."""
    table = Listing("letter", "channels", "locales")
    for template in notify.templates():
        channels = ", ".join(channel.value for channel in template.channels)
        table.add_row(template.name, channels, ", ".join(template.locales))
    table.show()


@app.command()
def preview(
    letter: Name,
    locale: Locale = "en",
    channel: Way = Channel.EMAIL,
    told: Annotated[
        list[str] | None, typer.Option("--with", help="Something it is told, as NAME=VALUE; repeatable.")
    ] = None,
    html: Annotated[bool, typer.Option("--html", help="The HTML body instead of the plain one.")] = False,
) -> None:
    """Print a letter of sample values, or of some of your own. Nothing is sent or written."""
    words = notify.preview(letter, _told(letter, told or []), locale, channel)
    if html:
        print(words.html, end="")
        return
    if channel is Channel.EMAIL:
        print(f"Subject: {words.subject}\n")
    print(words.text.rstrip("\n"))


@app.command("send-test")
def send_test(
    letter: Name,
    org: Org,
    to: Annotated[
        str, typer.Option("--to", help="An e-mail address, or a telephone number as +14155550198.")
    ],
    locale: Locale = "en",
    channel: Way = Channel.EMAIL,
    data_dir: DataDir = None,
) -> None:
    """Send a letter of sample values, marked as a test. A running `backhaul work` hands it over."""

    async def work(session: Session) -> None:
        message_id = await notify.send_test(
            session.db,
            actor=await session.operator_in(org),
            template=letter,
            to=to,
            locale=locale,
            channel=channel,
            now=session.clock.now(),
        )
        print(f"{letter} to {to} is message {message_id}.")

    run(data_dir, work)


def _told(template: str, given: list[str]) -> Letter:
    sample = notify.sample(template)
    values = dict(text.partition("=")[::2] for text in given)
    try:
        return msgspec.convert({**msgspec.structs.asdict(sample), **values}, type(sample), strict=False)
    except msgspec.ValidationError as error:
        raise InvalidInput(
            [FieldProblem("--with", "notify.letter_values", f"does not fit: {error}")]
        ) from error
