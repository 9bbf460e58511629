"""Bring what browsers are sent beside our own files: htmx, by npm, in the version and with the hash of the lock file.

The console works without it. So where npm is missing the build goes on and says so; in CI it fails, because a wheel
without it would go unnoticed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCKED = ("package.json", "package-lock.json", ".npmrc")
BROUGHT = Path("node_modules/htmx.org/dist/htmx.min.js")
PLACE = Path("src/backhaul/web/static/vendor")
STAMP = "htmx.lock"  # which lock file the copy was made of
SECONDS = 300


class BrowserFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel, an editable one as well, is put together."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Place the files where the console serves them from, unless they are there already."""
        del version, build_data
        root = Path(self.root)
        lock = (root / "package-lock.json").read_text(encoding="utf-8")
        place = root / PLACE
        stamp, file = place / STAMP, place / BROUGHT.name
        if file.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == lock:
            return
        reason = self._bring(root, file)
        if reason is None:
            stamp.write_text(lock, encoding="utf-8")
            return
        text = f"WITHOUT HTMX: {reason}. Pages work without it; lists then filter by a button."
        if os.environ.get("CI"):
            raise RuntimeError(text)
        self.app.display_warning(text)
        sys.stderr.write(f"{text}\n")

    def _bring(self, root: Path, file: Path) -> str | None:
        """Install what is locked in a folder of its own and copy one file out of it; returns why it could not."""
        npm = shutil.which("npm")
        if npm is None:
            return "npm is not installed"
        with tempfile.TemporaryDirectory() as folder:
            for name in LOCKED:
                shutil.copy(root / name, folder)
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            try:
                done = subprocess.run(  # noqa: S603 -- npm, by its path
                    command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
                )
            except subprocess.TimeoutExpired:
                return f"npm did not end within {SECONDS} seconds"
            brought = Path(folder) / BROUGHT
            if done.returncode != 0 or not brought.is_file():
                return f"npm failed: {(done.stderr or done.stdout).strip()[-500:]}"
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(brought, file)
        return None
