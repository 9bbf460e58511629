"""Everything a row needs before it is measured: its scripts, its bare answer, and where its time goes unhurried."""

import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec

from bench import load, pgbench
from bench.ground import Ground
from bench.inside import Answered, call
from bench.options import Options
from bench.recording import Application, application, record_twice
from bench.scenarios import Scenario
from bench.subjects import Sample

ALONE_SECONDS = 1.5
FRAMEWORK_PATH = "/healthz"  # a route that does nothing, behind everything a request passes


class Alone(msgspec.Struct, frozen=True):
    """One request at a time, inside one process: microseconds of a request's parts, on average."""

    framework_us: float  # our frame, Litestar's routing and its answer
    postgres_us: float  # from sending each statement to having its rows, the driver included
    python_us: float  # what is left: our own code


class Prepared(msgspec.Struct, frozen=True):
    """A row ready to be measured."""

    scenario: Scenario
    answered: Answered
    wrk_script: Path
    pgbench_script: Path
    pgbench_values: dict[str, str]
    alone: Alone


async def prepare(
    ground: Ground, scenarios: list[Scenario], others: list[Scenario], folder: Path, options: Options
) -> list[Prepared]:
    """Record each request and write its scripts; the others need none, and are tried once."""
    async with application(ground.settings, ground.place, ground.credentials) as running:
        for other in others:
            subjects = other.subjects(options)
            await running.request(other, subjects.sample(subjects.last))
        owner = await asyncpg.connect(ground.place.urls.owner)
        try:
            return [await _prepare(running, owner, scenario, folder, options) for scenario in scenarios]
        finally:
            await owner.close()


async def _prepare(
    running: Application, owner: asyncpg.Connection, scenario: Scenario, folder: Path, options: Options
) -> Prepared:
    subjects = scenario.subjects(options)
    samples = subjects.in_turn()
    one, other = await record_twice(running, scenario, samples)
    script = await pgbench.write_script(owner, one, other, subjects)
    path = folder / f"{scenario.name}.sql"
    path.write_text(script.text, encoding="utf-8")
    return Prepared(
        scenario=scenario,
        answered=one.answered,
        wrk_script=load.write_script(folder, scenario, subjects, running.credentials),
        pgbench_script=path,
        pgbench_values=script.values,
        alone=await _alone(running, scenario, samples),
    )


async def _alone(running: Application, scenario: Scenario, samples: Iterator[Sample]) -> Alone:
    framework = await _framework_us(running, scenario, next(samples))
    requests, in_postgres = 0, 0.0
    started = time.perf_counter()
    while time.perf_counter() - started < ALONE_SECONDS:
        recorded = await running.request(scenario, next(samples))
        in_postgres += sum(statement.seconds for statement in recorded.statements)
        requests += 1
    whole = (time.perf_counter() - started) / requests * 1e6
    postgres = in_postgres / requests * 1e6
    return Alone(
        framework_us=framework, postgres_us=postgres, python_us=max(0.0, whole - framework - postgres)
    )


async def _framework_us(running: Application, scenario: Scenario, sample: Sample) -> float:
    authorization = running.credentials.header(scenario.scheme, sample.organization)
    requests = 0
    started = time.perf_counter()
    while time.perf_counter() - started < ALONE_SECONDS / 3:
        await call(running.app, "GET", FRAMEWORK_PATH, authorization)
        requests += 1
    return (time.perf_counter() - started) / requests * 1e6
