"""`backhaul demo`: a private instance plays one recovery over HTTP, from the request to the ledger."""

import asyncio
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
from typing import Annotated, Any

import httpx2
import msgspec
import typer
from rich.console import Console

from backhaul import main as wiring
from backhaul.cli import demo_report, logs
from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Actor,
    Plan,
    Role,
    add_member,
    create_api_key,
    create_organization,
    create_user,
    operator_actor,
    system_actor,
)
from backhaul.kernel.clock import SystemClock
from backhaul.settings import Settings, load
from backhaul.storage.embedded import discard
from backhaul.storage.migrations.apply import migrate

DAY_SECONDS = 1.5
LONGEST_SECONDS = 55.0
READY_SECONDS = 20.0

# The example request of the ReReady reference.
REQUEST: dict[str, Any] = {
    "organization_address": {
        "organization_name": "Maas Biolabs",
        "attention_name": "Human Resources",
        "line_1": "555 Nondescript Road",
        "city": "Maricopa",
        "state_code": "AZ",
        "postal_code": "85139",
        "country_code": "US",
    },
    "device_type": "laptop",
    "employee_address": {
        "person_name": "Christopher Mitchell",
        "line_1": "404 Hidden Spring Lane",
        "city": "Pittsburgh",
        "state_code": "PA",
        "postal_code": "15238",
        "country_code": "US",
    },
}


class DemoFailed(Exception):
    """The demo did not come to its end."""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    out: Annotated[Path, typer.Option("--out", help="Where the labels are left.")] = Path("build/demo"),
    day_seconds: Annotated[float, typer.Option("--day-seconds", min=0.1)] = DAY_SECONDS,
) -> None:
    """Play one recovery on a private instance: request, box, device, payment, ledger."""
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="backhaul-demo-"))
    try:
        _play(console, folder, out, day_seconds)
    except DemoFailed as failure:
        console.print(f"\n[red]The demo failed:[/red] {failure}")
        log = folder / "up.log"
        if log.exists():
            console.print(log.read_text(encoding="utf-8")[-3000:], markup=False)
        sys.exit(1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _play(console: Console, folder: Path, out: Path, day_seconds: float) -> None:
    port = _free_port()
    loaded = load({})
    settings = msgspec.structs.replace(
        loaded,
        data_dir=str(folder / "data"),
        http=msgspec.structs.replace(loaded.http, port=port),
        shipping=msgspec.structs.replace(loaded.shipping, day_seconds=day_seconds),
    )
    logs.configure(settings.log, for_terminal=True)
    started = time.monotonic()
    with discarding(Path(settings.data_dir)), wiring.open_place(settings) as place:
        migrate(place.urls.owner)
        actor, token = asyncio.run(_organization(settings, place))
        console.print(f"[dim]PostgreSQL started and migrated in {time.monotonic() - started:.1f} s[/dim]")
        with (
            _instance(settings, folder, day_seconds),
            httpx2.Client(base_url=wiring.base_url(settings)) as http,
        ):
            _wait_until_ready(http)
            console.print(
                f"[dim]Serving at {wiring.base_url(settings)}; a simulated day lasts {day_seconds} s[/dim]\n"
            )
            http.headers["authorization"] = f"Token {token}"
            transfer_id = _order(console, http)
            seen = _follow(console, http, transfer_id)
        asyncio.run(demo_report.print_report(console, settings, place, actor=actor, transfer=seen, out=out))
    console.print(f"\nDone in {time.monotonic() - started:.0f} s.")


async def _organization(settings: Settings, place: wiring.Place) -> tuple[Actor, str]:
    db = await wiring.open_database(settings, place.urls)
    now = SystemClock().now()
    operator = system_actor(OPERATOR_ORG_ID)
    try:
        organization = await create_organization(
            db, actor=operator, name="Maas Biolabs", plan=Plan.ENTERPRISE, now=now
        )
        user = await create_user(db, actor=operator, email="hr@example.com", name="Human Resources", now=now)
        actor = operator_actor(organization)
        await add_member(db, actor=actor, user_id=user.id, role=Role.OWNER, now=now)
        _, secret = await create_api_key(db, actor=actor, user_id=user.id, name="Demo", now=now)
    finally:
        await db.close()
    return actor, secret


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
def _instance(settings: Settings, folder: Path, day_seconds: float) -> Iterator[None]:
    command = [
        sys.executable, "-m", "backhaul", "up",
        "--data-dir", settings.data_dir, "--port", str(settings.http.port), "--day-seconds", str(day_seconds),
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BACKHAUL_")}
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)  # noqa: S603 -- our own
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


def _order(console: Console, http: httpx2.Client) -> str:
    response = http.post("/api/v1/device_transfers", json=REQUEST)
    if response.status_code != httpx2.codes.CREATED:
        raise DemoFailed(f"the order was answered {response.status_code}: {response.text}")
    transfer: dict[str, Any] = response.json()
    console.print("[bold]POST /api/v1/device_transfers[/bold] → 201")
    console.print(f"  id {transfer['id']}\n  state {transfer['state']}\n")
    return str(transfer["id"])


def _follow(console: Console, http: httpx2.Client, transfer_id: str) -> dict[str, Any]:
    """Look at the transfer until it is complete, printing what changes."""
    console.print(f"[bold]GET /api/v1/device_transfers/{transfer_id}[/bold]")
    deadline = time.monotonic() + LONGEST_SECONDS
    shown = ""
    transfer: dict[str, Any] = {}
    with console.status("waiting for the carrier"):
        while time.monotonic() < deadline:
            transfer = http.get(f"/api/v1/device_transfers/{transfer_id}").raise_for_status().json()
            line = (
                f"  {transfer['state']:<34} box {_leg(transfer['box_shipment']):<28} "
                f"device {_leg(transfer['device_shipment'])}"
            )
            if line != shown:
                console.print(line, markup=False, highlight=False)
                shown = line
            if transfer["state"] == "complete" and _is_paid(transfer):
                return transfer
            if transfer["state"] in ("failed", "not_returned"):
                break
            time.sleep(0.2)
    raise DemoFailed(f"the transfer is {transfer.get('state')}")


def _leg(leg: dict[str, Any] | None) -> str:
    return "–" if leg is None else f"{leg['carrier_code']} {leg['state']}"


def _is_paid(transfer: dict[str, Any]) -> bool:
    return bool(transfer["payments"]) and transfer["payments"][0]["state"] == "captured"
