"""What a job is given to work with, and how it asks for another try."""

from datetime import datetime
from typing import TypeVar, cast

import msgspec

from backhaul.kernel.clock import Clock
from backhaul.kernel.ports import Ports
from backhaul.storage.database import Database

PortT = TypeVar("PortT")


class Run(msgspec.Struct, frozen=True):
    """One run of a job."""

    db: Database
    clock: Clock
    ports: Ports
    attempt: int = 1  # grows with every run that failed; a run cut short by a crash or a stop does not count

    def now(self) -> datetime:
        """Return the present instant on the clock of this installation."""
        return self.clock.now()

    def port(self, kind: type[PortT]) -> PortT:
        """Return what was wired for a port type."""
        return cast("PortT", self.ports[kind])


class Retry(Exception):
    """Raised by a job that wants to be tried again at its own time. It counts as an attempt."""

    def __init__(self, *, after_seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.after_seconds = after_seconds
        self.reason = reason
