"""What a request really sends to PostgreSQL, taken from the application's own statement log."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import msgspec

from backhaul.domain.identity.tables import NOTE_USES
from backhaul.main import Place, create_app
from backhaul.settings import Settings
from backhaul.storage import nudges
from backhaul.web.frame import Frame
from bench.credentials import Credentials
from bench.inside import Answered, call, running
from bench.numbering import Prefix, id_of
from bench.scenarios import Scenario
from bench.subjects import Sample

TRIES = 5
TENANT = "{tenant}"
# Sent now and then for many requests together, by tasks of their own: no request waits for them.
BACKGROUND = {nudges.SEND, NOTE_USES}


class Statement(msgspec.Struct, frozen=True):
    """One statement of a request, or several sent as one text."""

    text: str  # with TENANT where the organization's id stood in the text itself
    arguments: tuple[Any, ...]
    seconds: float  # from sending it to having its rows


class Recorded(msgspec.Struct, frozen=True):
    """One request with everything it sent."""

    sample: Sample
    statements: tuple[Statement, ...]
    answered: Answered


class Application:
    """The application in this process, and what it sends."""

    def __init__(self, settings: Settings, place: Place, credentials: Credentials) -> None:
        self.credentials = credentials
        self.seen: list[Statement] = []
        self.app: Frame = create_app(settings, place, logger=self._note)

    def _note(self, logged: Any) -> None:
        if logged.query in BACKGROUND:
            return
        self.seen.append(Statement(logged.query, tuple(logged.args or ()), logged.elapsed))

    async def request(self, scenario: Scenario, sample: Sample) -> Recorded:
        """Send one request of a kind and return it with its statements."""
        self.seen.clear()
        authorization = self.credentials.header(scenario.scheme, sample.organization)
        body = sample.said(scenario.body.decode()).encode()
        answered = await call(self.app, scenario.method, sample.said(scenario.path), authorization, body)
        if answered.status != scenario.status or scenario.shows not in answered.body:
            raise RuntimeError(f"{scenario.name} was answered {answered.status}: {answered.body.decode()}")
        await asyncio.sleep(0)  # the log is written by callbacks
        statements = [msgspec.structs.replace(one, text=_without_id(one.text, sample)) for one in self.seen]
        return Recorded(sample, tuple(statements), answered)


def _without_id(text: str, sample: Sample) -> str:
    org_id = id_of(Prefix.ORGANIZATION, sample.organization)
    return text.replace(str(org_id), TENANT).replace(org_id.hex, TENANT)


@contextlib.asynccontextmanager
async def application(
    settings: Settings, place: Place, credentials: Credentials
) -> AsyncIterator[Application]:
    """Run the application in this process."""
    found = Application(settings, place, credentials)
    async with running(found.app):
        yield found


async def record_twice(
    application: Application, scenario: Scenario, samples: Iterator[Sample]
) -> tuple[Recorded, Recorded]:
    """Record two requests that differ in all they can, both after one that made everything warm."""
    for _ in range(TRIES):
        for sample in itertools.islice(samples, 2):
            await application.request(scenario, sample)
        one, other = [await application.request(scenario, sample) for sample in itertools.islice(samples, 2)]
        texts = [[statement.text for statement in recorded.statements] for recorded in (one, other)]
        if texts[0] == texts[1] and len(texts[0]) <= scenario.budget:
            return one, other
    raise RuntimeError(
        f"{scenario.name} may send {scenario.budget} statements, the same every time, and sent {len(texts[0])}:\n"
        + "\n".join(text.strip() for text in texts[0])
    )


async def parameter_types(connection: asyncpg.Connection, text: str) -> list[tuple[str, bool]]:
    """Return each parameter's type, that of its elements for an array, and whether it is an array."""
    found = []
    for kind in (await connection.prepare(text)).get_parameters():
        is_array = kind.name.endswith("[]")
        found.append((kind.name.removesuffix("[]"), is_array))
    return found
