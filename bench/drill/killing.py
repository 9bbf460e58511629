"""Who kills whom, and when."""

import asyncio
import random

from bench.drill.crew import POSTGRESQL, Crew

SHORTEST_SECONDS = 0.5
LONGEST_SECONDS = 2.5
DOWN_SECONDS = 0.5  # at most so long until the service manager starts a killed process again
LOOK_SECONDS = 0.2


async def kill_at_random(crew: Crew, chance: random.Random, stop: asyncio.Event) -> None:
    """Kill somebody every now and then until told to stop; everybody has been killed by then."""
    owed = crew.names
    chance.shuffle(owed)
    while not stop.is_set() or owed:
        await asyncio.sleep(chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS))
        name = owed[-1] if owed else chance.choice(crew.names)
        if not crew.kill(name):
            continue  # not up again yet
        if owed:
            owed.pop()
        if name != POSTGRESQL:
            await asyncio.sleep(chance.uniform(0, DOWN_SECONDS))
            crew.start(name)


async def keep_up(crew: Crew) -> None:
    """Start again whoever ended by itself, until cancelled."""
    while True:
        crew.start_ended()
        await asyncio.sleep(LOOK_SECONDS)
