"""The worker's part, step by step on a clock that the test moves."""

from datetime import timedelta

from backhaul.domain import work
from backhaul.jobqueue.draining import drain, run_periodics
from backhaul.main import make_ports
from backhaul.storage import relay

DAY_SECONDS = 60.0
assert work.DECLARING


class Worker:
    """Tells events, runs jobs and takes the turns of periodic jobs, all in this process."""

    def __init__(self, db, *, clock, settings, data_dir):
        self.db, self.clock = db, clock
        self.ports = make_ports(settings, db, data_dir)

    async def settle(self):
        """Do what is due now, and what follows from it, until nothing is left to do."""
        for _ in range(50):
            told = await relay.relay_waiting(self.db, ports=self.ports, clock=self.clock)
            drained = await drain(self.db, clock=self.clock, ports=self.ports)
            assert (drained.retry, drained.parked) == (0, 0)
            if not told and not drained.runs:
                return
        raise AssertionError("the work never ends")

    async def live(self, seconds):
        """Let some time pass and do everything that falls due."""
        self.clock.advance(timedelta(seconds=seconds))
        await run_periodics(self.db, clock=self.clock, ports=self.ports)
        await self.settle()

    async def live_until(self, condition, *, step=DAY_SECONDS / 4, steps=400):
        """Let time pass until a condition holds."""
        for _ in range(steps):
            if await condition():
                return
            await self.live(step)
        raise AssertionError("it never happens")
