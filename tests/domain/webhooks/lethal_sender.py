"""A worker that is killed with SIGKILL at a given moment of a delivery: before sending, or before writing it down."""

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from backhaul.domain import webhooks
from backhaul.domain.webhooks.sending import Sender
from backhaul.kernel.clock import SteppedClock
from backhaul.main import make_ports
from backhaul.settings import Settings, WebhookSettings
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database


class LethalCourier:
    def __init__(self, inner, moment):
        self.inner, self.moment = inner, moment

    async def post(self, **request):
        if self.moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        await self.inner.post(**request)
        os.kill(os.getpid(), signal.SIGKILL)


async def main(url, now, moment):
    db = await Database.open(DatabaseUrls.single(url), Session(app_connections=2, worker_connections=4))
    settings = Settings(webhooks=WebhookSettings(allowed_private_networks=("127.0.0.0/8",)))
    ports = dict(make_ports(settings, db, Path()))
    ports[webhooks.Courier] = LethalCourier(ports[webhooks.Courier], moment)
    await Sender(db, clock=SteppedClock(datetime.fromisoformat(now)), ports=ports).send_due()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
