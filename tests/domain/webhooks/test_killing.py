"""A worker that is killed while sending loses nothing: the same delivery is sent again, under the same id."""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from backhaul.domain.webhooks import DeliveryStatus

from .office import BODY

LETHAL_SENDER = str(Path(__file__).with_name("lethal_sender.py"))


@pytest.mark.parametrize(("moment", "requests"), [("before", 1), ("after", 2)])
async def test_what_was_sent_and_not_written_down_is_sent_again_under_the_same_id(
    office, database_url, start, moment, requests
):
    receiver = await start()
    delivery_id = await office.deliver(f"http://127.0.0.1:{receiver.port}/", once_key="label 1")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        LETHAL_SENDER,
        database_url,
        office.now.isoformat(),
        moment,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == -signal.SIGKILL, said.decode()
    assert (await office.delivery(delivery_id)).attempts == 0
    assert await office.send() == 0  # until its claim runs out, it may still be in flight
    office.clock.advance(timedelta(seconds=office.policy.lease_seconds))
    assert await office.send() == 1
    assert (await office.delivery(delivery_id)).status is DeliveryStatus.DELIVERED
    assert len(receiver.requests) == requests
    assert {(headers["webhook-id"], body) for _, headers, body in receiver.requests} == {
        (str(delivery_id), BODY)
    }
    assert await office.deliver(f"http://127.0.0.1:{receiver.port}/", once_key="label 1") is None
