"""`backhaul demo`: a private instance plays a laptop's way from one employee over the warehouse to the next."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import httpx2
import typer
from rich.console import Console

from backhaul.cli import demo_report, demo_story
from backhaul.cli.demo_terminal import DemoFailed, Terminal, settings_of_its_own
from backhaul.storage.embedded import discard

DAY_SECONDS = 1.5
LONGEST_SECONDS = 55.0
READY_SECONDS = 20.0


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", help="Where labels, picture and certificate are left.")
    ] = Path("build/demo"),
    day_seconds: Annotated[float, typer.Option("--day-seconds", min=0.1)] = DAY_SECONDS,
) -> None:
    """Play a laptop's whole way on a private instance: recovered, verified, wiped, sent on, and every cent booked."""
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="backhaul-demo-"))
    try:
        _play(console, context, folder, out, day_seconds)
    except DemoFailed as failure:
        console.print("\n[red]The demo failed:[/red]")
        console.print(str(failure), markup=False)
        log = folder / "up.log"
        if log.exists():
            console.print(log.read_text(encoding="utf-8")[-3000:], markup=False)
        sys.exit(1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _play(console: Console, context: typer.Context, folder: Path, out: Path, day_seconds: float) -> None:
    data_dir, port, started = folder / "data", _free_port(), time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    settings = {
        "data_dir": str(data_dir),
        "http__port": str(port),
        "shipping__day_seconds": str(day_seconds),
    }
    with (
        settings_of_its_own(**settings),
        discarding(data_dir),
        _instance(folder),
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http,
    ):
        _wait_until_ready(http)
        console.print(
            f"[dim]PostgreSQL, server and worker are up after {time.monotonic() - started:.1f} s at {http.base_url}; a "
            f"simulated day lasts {day_seconds} s.\nLines with $ are commands, as you would type them; those "
            "with → are requests to the public interfaces.[/dim]",
            highlight=False,
            soft_wrap=True,
        )
        terminal = Terminal(console, context, seconds=LONGEST_SECONDS)
        seen = demo_story.play(terminal, http, out=out)
        demo_report.show(terminal, seen, out=out)
    console.print(f"\nDone in {time.monotonic() - started:.0f} s.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def discarding(data_dir: Path) -> Iterator[None]:
    """Delete the database afterwards, wherever it was placed."""
    try:
        yield
    finally:
        discard(data_dir)


@contextlib.contextmanager
def _instance(folder: Path) -> Iterator[None]:
    """Run `backhaul up`, with the settings that the environment holds by now."""
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "backhaul", "up"], stdout=log, stderr=log, env=dict(os.environ)
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(http: httpx2.Client) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx2.HTTPError):
            if http.get("/readyz").status_code == httpx2.codes.OK:
                return
        time.sleep(0.05)
    raise DemoFailed("the instance did not become ready")
