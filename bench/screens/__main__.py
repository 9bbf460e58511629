"""`python -m bench.screens [name …]`: a demo instance of its own, and pictures of its pages in docs/screenshots/."""

import json
import sys
import tempfile
import time
from pathlib import Path

from bench.screens.shots import SHOTS
from bench.screens.taking import browser, keep, take
from bench.servers import ROOT, demo

FOLDER = ROOT / "docs" / "screenshots"
DAY_SECONDS = (
    30.0  # of the simulated carriers: parcels are still on their ways when the last picture is taken
)
LIVED_SECONDS = 10  # until reactions and letters have settled


def main(names: list[str]) -> int:
    """Take the pictures of these names, or all of them."""
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="backhaul-screens-", ignore_cleanup_errors=True) as folder:
        data_dir = Path(folder) / "demo"
        with demo(data_dir, Path(folder) / "log", day_seconds=DAY_SECONDS) as answering, browser() as opened:
            time.sleep(LIVED_SECONDS)
            given = json.loads((data_dir / "demo-credentials.json").read_text(encoding="utf-8"))
            for shot in wanted:
                who = "operator" if shot.is_operator else "unduit"
                picture = take(
                    opened,
                    shot,
                    base_url=f"http://127.0.0.1:{answering.port}",
                    email=given[f"{who}_email"],
                    password=given[f"{who}_password"],
                )
                keep(picture, FOLDER / f"{shot.name}.png")
                print(f"{shot.name}.png  {len(picture):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
