"""Workers that are killed while a campaign begins: nobody is asked twice, nobody is forgotten."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from tests.domain.recovery.starting.dawn import DAY

WORKER = "tests.domain.recovery.starting.lethal_beginner"
ROOT = Path(__file__).parents[4]
NEVER = "1000000"


@pytest.mark.slow
async def test_a_worker_killed_at_each_moment_of_a_commit_leads_to_one_beginning_each(dawn):
    cases = [await dawn.add() for _ in range(230)]
    dawn.world.clock.advance(8 * DAY)
    begun = []
    for moment in ("writing", "before", "after"):
        await _work(dawn, moment, "1", -signal.SIGKILL)
        begun.append(len(await dawn.opened()))
    assert begun == [0, 0, 100]
    await asyncio.gather(*(_work(dawn, "after", NEVER, 0) for _ in range(2)))
    assert await dawn.opened() == sorted(str(case.id) for case in cases)
    assert {tuple(await dawn.past(case)) for case in cases} == {("added", "begun")}


async def _work(dawn, moment, number, code):
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", WORKER, dawn.world.url, dawn.now.isoformat(), moment, number, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(worker.communicate(), 60)
    assert worker.returncode == code, said.decode()
