"""Backoff: how often a failed job is tried again, and when."""

from hashlib import blake2b

import msgspec


class Backoff(msgspec.Struct, frozen=True):
    """Exponential: `first_seconds`, then twice as long each time, never more than `max_seconds`."""

    attempts: int = 8  # runs altogether; when all have failed, the job is parked
    first_seconds: float = 10.0
    max_seconds: float = 3600.0

    def delay_seconds(self, *, job_id: int, attempt: int) -> float:
        """Return how long to wait after the failure of run number `attempt` (the first is 1).

        Up to a quarter is taken off by a hash of job and attempt: jobs that failed together do not return
        together, and a test can still tell when.
        """
        doubled = self.first_seconds * 2.0 ** min(attempt - 1, 60)
        mark = blake2b(f"{job_id}:{attempt}".encode(), digest_size=4).digest()
        fraction = int.from_bytes(mark) / 2**32
        return min(doubled, self.max_seconds) * (1 - fraction / 4)

    def is_used_up(self, attempt: int) -> bool:
        """Tell whether run number `attempt` was the last one."""
        return attempt >= self.attempts


# For work that depends on somebody else's service: doubling from five seconds to an hour, so that an outage may last
# about two days before a person has to look at it.
OUTAGE = Backoff(attempts=60, first_seconds=5.0)
