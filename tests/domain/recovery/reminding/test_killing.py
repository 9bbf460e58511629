"""Workers that are killed at random moments: nobody is written to twice, nobody is forgotten."""

import asyncio
import random
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tests.domain.recovery.reminding import crowd, expecting
from tests.domain.recovery.reminding.season import Season

WORKER = str(Path(__file__).with_name("lethal_reminder.py"))
# Everything that happens to these happens in the first days; the rest is reminders.
STORIES = {"keeps it", "has no manager", "never gets a box"}
MOMENTS = ("writing", "before", "after", "any time")
NEVER = "1000000"


@pytest.mark.slow
async def test_a_worker_killed_again_and_again_leads_to_exactly_the_expected_messages(bell):
    everybody = (crowd.person(number) for number in range(200))
    season = Season(bell, [one for one in everybody if one.story in STORIES])
    await season.open()
    await season.live(until=crowd.START + timedelta(days=8))
    dice = random.Random(11)
    progress = []
    for moment in MOMENTS * 2:
        await _work_until_killed(bell.world.url, moment, dice)
        progress.append(len(await season.evidence()))
    assert progress == sorted(progress)
    assert progress[0] < progress[-1] < len(expecting.expected(season.people))
    worker = await _start(bell.world.url, "after", NEVER)
    _, said = await asyncio.wait_for(worker.communicate(), 120)
    assert worker.returncode == 0, said.decode()
    assert await season.evidence() == expecting.expected(season.people)


async def _work_until_killed(url, moment, dice):
    if moment != "any time":
        worker = await _start(url, moment, str(dice.randint(2, 60)))
        _, said = await asyncio.wait_for(worker.communicate(), 60)
    else:
        worker = await _start(url, moment, NEVER)
        assert await asyncio.wait_for(worker.stdout.readline(), 60) == b"ready\n"
        await asyncio.sleep(dice.uniform(0.05, 0.4))
        worker.kill()
        _, said = await worker.communicate()
    assert worker.returncode == -signal.SIGKILL, said.decode()


async def _start(url, moment, number):
    return await asyncio.create_subprocess_exec(
        sys.executable, WORKER, url, crowd.END.isoformat(), moment, number,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
