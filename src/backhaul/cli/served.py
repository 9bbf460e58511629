"""Where an installation is served, noted in its data directory: commands make links and are told no port."""

import os
from pathlib import Path

import msgspec

from backhaul import main as wiring
from backhaul.settings import Settings

FILE = "base-url"


def note(settings: Settings, data_dir: Path) -> None:
    """Write down where a server of this data directory is reached; the last one counts."""
    path = data_dir / FILE
    fresh = path.with_name(f"{FILE}.{os.getpid()}")  # whoever reads meanwhile sees the whole of one of both
    fresh.write_text(f"{wiring.base_url(settings)}\n")
    fresh.replace(path)


def with_noted(settings: Settings, data_dir: Path) -> Settings:
    """Return the settings with the base URL that was noted, unless they have one of their own."""
    if settings.http.base_url is not None:
        return settings
    try:
        noted = (data_dir / FILE).read_text().strip()
    except FileNotFoundError:
        return settings
    return msgspec.structs.replace(
        settings, http=msgspec.structs.replace(settings.http, base_url=noted or None)
    )
