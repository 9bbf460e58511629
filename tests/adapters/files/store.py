"""A store that speaks S3, in a process of its own on this machine."""

import contextlib
import os
import subprocess
import sys
import time

import httpx2
from tests.adapters.files.ports import free_port

# What the store is told; nothing of whoever runs the tests, and no asking the machine who we are.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "tests",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@contextlib.contextmanager
def serving():
    """Start the store and yield its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait(process, address):
    for _ in range(600):
        assert process.poll() is None
        with contextlib.suppress(httpx2.TransportError):
            httpx2.get(f"{address}/moto-api/")
            return
        time.sleep(0.05)
    raise AssertionError("the store does not answer")
