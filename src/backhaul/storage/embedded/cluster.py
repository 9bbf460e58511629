"""The files of the cluster: made once and whole, written by one major version, with our settings on top."""

import shutil
from pathlib import Path

from backhaul.storage.embedded import account as accounts
from backhaul.storage.embedded import files
from backhaul.storage.embedded.errors import (
    ClusterDamaged,
    NoRoom,
    ServerDidNotStart,
    VersionMismatch,
)
from backhaul.storage.embedded.place import Place

SUPERUSER = "backhaul"
INITDB_SECONDS = 120.0
INITDB = (
    f"--username={SUPERUSER}",
    # whoever reaches the socket is let in: its folder is 0700 and belongs to the server's account alone
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",  # the same order and letters on every system, for good
    "--no-instructions",
    "--no-sync",  # we force the tree to disk ourselves, after the change of owner and before it gets its name
)
SETTINGS = """\
# Written by Backhaul at every start. Your own settings go to local.conf in this folder.
listen_addresses = ''
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
port = {port}
cluster_name = 'backhaul'
max_connections = 200
shared_buffers = 128MB
effective_cache_size = 1GB
max_wal_size = 1GB
wal_level = replica
# what was acknowledged survives a power cut
fsync = on
synchronous_commit = on
full_page_writes = on
random_page_cost = 1.1
# short statements: compiling them costs more than it saves
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# one file per weekday, overwritten after a week
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %q%u@%d '
"""


def ensure(place: Place) -> None:
    """Make the cluster if there is none; refuse one of another major version. Needs the start lock."""
    if place.cluster.exists():
        _require_version(place)
        return
    files.require_room(place.home, files.ROOM_TO_CREATE_MB)
    fresh = place.home / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)  # left by a start that was killed; never used as a cluster
    try:
        _make(place, fresh)
        fresh.rename(place.cluster)
        files.sync_path(place.home)
    except OSError as failure:
        raise files.refusal(place.home, failure) from failure
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _make(place: Place, fresh: Path) -> None:
    maker = accounts.for_initdb(place.account)
    files.make_folder(fresh, 0o700, maker if accounts.is_root() else None)
    initdb = [place.programs.bin("initdb"), "-D", fresh, *INITDB]
    made = accounts.run(initdb, maker, timeout_seconds=INITDB_SECONDS)
    if made.returncode != 0:
        raise _initdb_refusal(place, made.stderr)
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude 'backhaul.conf'\ninclude_if_exists 'local.conf'\n")
    (fresh / "local.conf").touch(mode=0o600)
    if accounts.is_root():
        files.give_to(fresh, place.account)
    files.force_to_disk(fresh)


def _initdb_refusal(place: Place, said: str) -> NoRoom | ServerDidNotStart:
    if "No space left" in said or "quota exceeded" in said:
        return files.no_room(place.home)
    reason = " ".join(said.split())[-600:]
    return ServerDidNotStart(folder=place.home, reason=f"initdb failed: {reason}", log=place.start_log)


def write_settings(place: Place, *, socket_dir: Path, port: int) -> None:
    """Write our settings; they take effect with the next start of the server."""
    quoted = str(socket_dir).replace("'", "''")
    text = SETTINGS.format(socket_dir=quoted, port=port)
    files.replace_text(place.cluster / "backhaul.conf", text, place.account)


def _require_version(place: Place) -> None:
    try:
        found = (place.cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
    except FileNotFoundError as failure:
        raise ClusterDamaged(folder=place.cluster, reason="PG_VERSION is missing") from failure
    if found != str(place.programs.major):
        raise VersionMismatch(folder=place.cluster, found=found, wanted=place.programs.major)
