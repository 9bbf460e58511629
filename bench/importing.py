"""How fast files of devices come in: through the command line, into an embedded PostgreSQL of its own.

`python -m bench.importing [rows]` prints rows per second from the process's start to its end, its largest memory, and
that repeating the file changes nothing.
"""

import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TypedDict

from backhaul.storage.embedded import discard

COMMAND = [sys.executable, "-m", "backhaul"]
ROWS = 100_000
PEOPLE = 1_000
_KIB = 1024


class Figures(TypedDict):
    """What one run came to."""

    name: str
    rows_per_second: float
    seconds: float
    repeated_seconds: float  # the same file again, which finds nothing to do
    peak_mb: float


def measure(rows: int = ROWS) -> Figures:
    """Import a generated file, half of its devices assigned to people, and then the same file again."""
    folder = Path(tempfile.mkdtemp(prefix="backhaul-importing-"))
    data_dir = folder / "data"
    try:
        _write_people(folder / "people.csv")
        _write_devices(folder / "devices.csv", rows)
        _run(data_dir, "org", "create", "Bench", "--plan", "enterprise")
        _run(data_dir, "import", "employees", str(folder / "people.csv"), "--org", "bench", "--apply")
        command = ("import", "assets", str(folder / "devices.csv"), "--org", "bench", "--apply")
        out, seconds, peak_mb = _run(data_dir, *command)
        assert f"{rows} created, 0 updated" in out, out
        again, repeated_seconds, _ = _run(data_dir, *command)
        assert f"0 to create, 0 to update, {rows} unchanged, 0 with errors" in again, again
    finally:
        if data_dir.exists():
            discard(data_dir)
        shutil.rmtree(folder, ignore_errors=True)
    return Figures(
        name=f"import {rows} devices",
        rows_per_second=rows / seconds,
        seconds=seconds,
        repeated_seconds=repeated_seconds,
        peak_mb=peak_mb,
    )


def _run(data_dir: Path, *arguments: str) -> tuple[str, float, float]:
    """Run a command; return what it printed, its seconds, and the megabytes of its own process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BACKHAUL_")}
    started = time.monotonic()
    process = subprocess.Popen(
        [*COMMAND, *arguments, "--data-dir", str(data_dir)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    with process.stdout:
        out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)  # of this process alone: PostgreSQL's are not its children
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, out
    return out, seconds, usage.ru_maxrss / _KIB


def _write_people(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("email", "firstname", "lastname", "address_1", "city", "state", "zip", "country"))
        for n in range(PEOPLE):
            writer.writerow(
                (f"p{n}@example.com", "Pat", f"Number {n}", f"{n} Main St", "Austin", "TX", "73301", "US")
            )


def _write_devices(path: Path, rows: int) -> None:
    chance = random.Random(1)
    makers = ("Apple", "Dell", "Lenovo")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((
            "Serial Number", "asset_id", "product_type", "Model", "manufacturer", "asset_status", "model_number", "sku",
            "condition", "purchase_date", "purchase_cost", "purchase_type", "warranty_start", "warranty_expire",
            "warranty_type", "assign_to_email", "department", "location_name", "imei",
        ))  # fmt: skip
        for n in range(rows):
            model = chance.randrange(80)
            day = f"20{chance.randint(18, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            is_used = chance.random() < 0.5  # noqa: PLR2004 -- half of them
            writer.writerow((
                f"SN-{n:08}-{chance.randrange(10**4):04}", f"IT-{n:06}", "Laptop", f"Book {model}",
                makers[model % len(makers)], "In Use" if is_used else "Available", f"A{model}", f"SKU-{model}",
                chance.choice(("New", "Good", "Fair")), day, f"{chance.randint(300, 3000)}.99", "Purchased", day,
                "2029-12-31", "Standard", f"p{chance.randrange(PEOPLE)}@example.com" if is_used else "",
                chance.choice(("IT", "Sales", "HR")), chance.choice(("HQ", "Berlin", "Austin")),
                str(10**14 + n) if n % 5 == 0 else "",
            ))  # fmt: skip


def main() -> None:
    """Measure and print."""
    found = measure(int(sys.argv[1]) if sys.argv[1:] else ROWS)
    print(
        f"{found['name']}: {found['rows_per_second']:,.0f} rows/s ({found['seconds']:.1f} s), "
        f"again without a change {found['repeated_seconds']:.1f} s, at most {found['peak_mb']:.0f} MB"
    )


if __name__ == "__main__":
    main()
