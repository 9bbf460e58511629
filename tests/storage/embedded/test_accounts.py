"""Root and normal users, open and closed folders: no root rights for the server, nothing opened above it."""

import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from backhaul.storage.embedded import account, discard, programs, start, system
from backhaul.storage.embedded.account import Account

from .conftest import is_alive, keep, kept, leave, python

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="shows what root's process does")
NORMAL_USER = 65534

# everything is imported before the change of user, because the interpreter may itself lie in a closed folder
BECOME_NORMAL = f"""
import os, sys, tempfile, importlib.util, encodings.idna
from pathlib import Path
from backhaul.storage.embedded import start, discard
sys.path.insert(0, sys.argv[2])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({NORMAL_USER})
    os.setuid({NORMAL_USER})
os.environ.clear()
"""
HOLD_AS_NORMAL = (
    BECOME_NORMAL
    + """
server = start(Path(sys.argv[1]))
print(server._running.living.pid, os.stat(server._place.cluster).st_uid, flush=True)
sys.stdin.read()
server.close()
"""
)


def modes_above(path: Path) -> dict[Path, tuple[int, int, int]]:
    found = {}
    for folder in path.parents:
        status = folder.stat()
        found[folder] = (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid)
    return found


def server_line(process):
    line = process.stdout.readline().split()
    assert line, process.communicate()[1]
    return line


@pytest.fixture
def site(open_folder):
    """The programs where every account can run them, wherever the checkout lies."""
    installed = programs._site()
    if account.can_enter(installed / programs.PACKAGE, Account(NORMAL_USER, NORMAL_USER)):
        return installed
    site = open_folder / "site"
    if not site.exists():
        copy_programs(site)
    return site


def copy_programs(site: Path) -> None:
    original = programs._site()
    site.mkdir()
    for name in (*programs.LIBRARIES, programs.PACKAGE):
        if (original / name).is_dir():
            shutil.copytree(original / name, site / name, symlinks=True)
    for record in original.glob(f"{programs.PACKAGE}-*.dist-info"):
        shutil.copytree(record, site / record.name)


@pytest.fixture(scope="module")
def normal_dir(open_folder):
    """A data directory in a folder of the normal user's own."""
    folder = open_folder / "normal"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(folder, NORMAL_USER, NORMAL_USER)
    yield folder / "data"
    shutil.rmtree(folder)


def test_a_normal_user_runs_its_own_server(normal_dir, site):
    uid = NORMAL_USER if os.geteuid() == 0 else os.geteuid()
    process = python(HOLD_AS_NORMAL, normal_dir, site)
    pid, owner = (int(word) for word in server_line(process))
    assert owner == uid
    assert Path(f"/proc/{pid}").stat().st_uid == uid or sys.platform != "linux"
    assert stat.S_IMODE(normal_dir.stat().st_mode) == 0o700
    leave(process)
    assert not is_alive(pid)


@as_root
def test_root_continues_the_server_of_a_normal_user_with_its_rights(normal_dir, site):
    leave(python(HOLD_AS_NORMAL, normal_dir, site))
    with start(normal_dir) as server:
        assert server._place.cluster.stat().st_uid == NORMAL_USER
        keep(server, rows=3)
    again = python(HOLD_AS_NORMAL, normal_dir, site)
    assert server_line(again)[1] == str(NORMAL_USER)
    leave(again)


@as_root
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_server_of_root_has_an_account_that_nobody_shares(data_dir):
    with start(data_dir) as server:
        owner = server._place.account
        assert owner.uid not in (0, NORMAL_USER)
        status = Path(f"/proc/{server._running.living.pid}/status").read_text()
        numbers = {line.split(":")[0]: line.split(":")[1].split() for line in status.splitlines()}
        assert numbers["Uid"] == [str(owner.uid)] * 4
        assert numbers["Gid"] == [str(owner.gid)] * 4
        assert numbers["Groups"] == []
        assert int(numbers["CapEff"][0], 16) == 0
        for folder in (server._place.home, data_dir):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o710
            assert (folder.stat().st_uid, folder.stat().st_gid) == (0, owner.gid)


@as_root
def test_below_a_closed_folder_the_cluster_lies_elsewhere_and_nothing_is_opened(open_folder):
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    data_dir = closed / "deeper" / "data"
    data_dir.parent.mkdir(mode=0o755)
    before = modes_above(data_dir)
    try:
        with start(data_dir) as server:
            home = server._place.home
            assert closed not in home.parents
            assert (data_dir / "postgres/elsewhere").read_text() == f"{home}\n"
            assert (home / "belongs-to").read_text() == f"{data_dir}\n"
            assert stat.S_IMODE(home.stat().st_mode) == 0o710
            keep(server, rows=5)
        assert modes_above(data_dir) == before
        with start(data_dir) as server:
            assert server._place.home == home
            assert kept(server) == 5
    finally:
        discard(data_dir)
    assert not home.exists()
    assert modes_above(data_dir) == before


@as_root
def test_programs_in_a_closed_folder_are_copied_once_for_root(open_folder, fresh_dir):
    closed = open_folder / "closed-site"
    closed.mkdir(mode=0o700)
    copy_programs(closed / "site")
    (closed / "site").chmod(0o700)
    # a package of different content: its copy must not be taken for the installed one's
    record = next((closed / "site").glob("*.dist-info/RECORD"))
    record.write_text(record.read_text() + "another,,\n")
    script = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from backhaul.storage.embedded import start
with start(Path(sys.argv[1])) as server:
    print(server.bin("postgres"), flush=True)
"""
    shelf = Path(system.NAMES[0]) / "programs"
    before = set(shelf.glob("*"))
    copies = set()
    try:
        for _ in range(2):
            process = python(script, fresh_dir, closed / "site")
            copies.add(Path(server_line(process)[0]).parents[3])
            leave(process)
        (copy,) = copies
        assert copy.parent == shelf
        assert set(shelf.glob("*")) - before == {copy}
        for path in (copy, *copy.rglob("*")):
            status = path.lstat()
            assert status.st_uid == 0
            assert path.is_symlink() or not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        assert stat.S_IMODE((closed / "site").stat().st_mode) == 0o700
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        for path in copies:
            shutil.rmtree(path)
