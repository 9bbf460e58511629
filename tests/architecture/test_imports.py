"""Dependencies point down: the import contracts of pyproject.toml hold."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.sources import PACKAGE, PROJECT

LINT = Path(sys.executable).with_name("lint-imports")
CONTRACTS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]


def test_every_contract_is_kept():
    done = subprocess.run([LINT], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    for contract in CONTRACTS:
        assert f"{contract['name']} KEPT" in done.stdout
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in done.stdout


def test_every_dialect_is_held_apart_from_the_others():
    """A new dialect's folder must be entered in the contract, or it could import its neighbours."""
    folders = {
        f"backhaul.dialects.{path.name}"
        for path in (PACKAGE / "dialects").iterdir()
        if (path / "__init__.py").exists()
    }
    [contract] = [one for one in CONTRACTS if one["name"] == "Dialects do not know each other"]
    assert set(contract["modules"]) == folders


def test_every_adapter_is_held_apart_from_the_others():
    """The labels are what carriers are drawn with: shared, and below them."""
    folders = {
        f"backhaul.adapters.{path.name}"
        for path in (PACKAGE / "adapters").iterdir()
        if (path / "__init__.py").exists()
    }
    [contract] = [one for one in CONTRACTS if one["name"] == "Adapters do not know each other"]
    assert set(contract["modules"]) == folders - {"backhaul.adapters.labels"}
