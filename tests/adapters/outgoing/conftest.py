import pytest

from .receivers import Receiver


@pytest.fixture
async def start():
    """Starts receivers and stops them after the test."""
    running = []

    async def start(*arguments, host="127.0.0.1", tls=None, **options):
        receiver = await Receiver(*arguments, **options).start(host=host, tls=tls)
        running.append(receiver)
        return receiver

    yield start
    for receiver in running:
        await receiver.stop()
