"""Death at any moment: what was committed stays, the next start copes, and no stranger is ever signalled."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from backhaul.storage.embedded import account, liveness, postmaster, start
from backhaul.storage.embedded import server as embedded_server
from backhaul.storage.embedded.errors import ServerUnresponsive

from .conftest import is_alive, keep, kept, psql, server_pid_of, wait_until_gone

WATCH = """
import os, signal, sys, time
for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, lambda got, frame: (print(got, flush=True), sys.exit(1)))
if os.geteuid() == 0:
    os.setuid(int(sys.argv[1]))
print("ready", flush=True)
time.sleep(60)
"""


def kill_server(server):
    pid = server._running.living.pid
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    return pid


@pytest.fixture
def stranger(data_dir):
    """A living process, of the same account as the server, that notices any signal."""
    watch = [sys.executable, "-c", WATCH, str(account.choose().uid)]
    with subprocess.Popen(watch, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.poll() is None, process.stdout.read()
        process.kill()


def test_the_server_of_a_killed_process_is_adopted_and_then_stopped(data_dir, holder):
    killed = holder()
    pid = server_pid_of(killed)
    killed.kill()
    killed.wait()
    assert is_alive(pid)
    with start(data_dir) as server:
        assert server._running.living.pid == pid
        assert psql(server, "SELECT 1") == "1"
    assert not is_alive(pid)


def test_committed_rows_survive_the_death_of_the_server(data_dir):
    with start(data_dir) as server:
        keep(server, rows=1000)
        before, socket_dir = kill_server(server), server.socket_dir
        assert server.ensure_running() is True
        assert server._running.living.pid != before
        assert server.socket_dir == socket_dir
        assert kept(server) == 1000
        assert server.ensure_running() is False


def test_committed_rows_survive_the_death_of_both(data_dir, holder):
    killed = holder()
    pid = server_pid_of(killed)
    with start(data_dir) as server:
        keep(server, rows=1000)
    killed.kill()
    killed.wait()
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    with start(data_dir) as server:
        assert kept(server) == 1000


def test_many_watchdogs_start_one_server(data_dir):
    with start(data_dir) as server, start(data_dir) as other:
        kill_server(server)
        answers = []
        threads = [
            threading.Thread(target=lambda who=who: answers.append(who.ensure_running()))
            for who in (server, other, server, other)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [False, False, False, True]
        assert server._running.living.is_same_as(other._running.living)
        assert psql(server, "SELECT 1") == "1"


def test_a_statement_of_a_killed_server_is_waited_for(data_dir):
    with start(data_dir) as server:
        # keeps the processor, and so does not notice at once that its server died
        busy = "SELECT count(*) FROM generate_series(1, 12000000) AS a(b) WHERE b % 7 = 3"
        client = subprocess.Popen(
            [server.bin("psql"), "-X", "-c", busy, server.dsn()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        active = "SELECT count(*) FROM pg_stat_activity WHERE query = $q$" + busy + "$q$"
        while psql(server, active) != "1":
            time.sleep(0.01)
        kill_server(server)
        assert server.ensure_running() is True
        assert psql(server, "SELECT 1") == "1"
        client.wait()


def test_a_number_that_now_belongs_to_a_stranger_stops_nothing_and_nobody(data_dir, stranger):
    with start(data_dir) as server:
        keep(server, rows=7)
        kill_server(server)
        pid_file = server._place.cluster / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        # as if begun in the same second, which is all that the times could tell
        pid_file.write_text("\n".join([str(stranger.pid), lines[1], str(int(time.time())), *lines[3:]]))
        lock = server.socket_dir / f".s.PGSQL.{server.port}.lock"
        lock.write_text(lock.read_text().replace(lines[0], str(stranger.pid)))
    assert stranger.poll() is None
    with start(data_dir) as server:
        assert kept(server) == 7
        assert server._running.living.pid != stranger.pid


def test_a_stranger_is_not_believed_to_be_the_server_that_answers(data_dir, stranger):
    with start(data_dir) as server:
        place = server._place
        claim = postmaster.read_pid_file(place)
        assert postmaster.verify(place, claim).living.pid == server._running.living.pid
        assert postmaster.verify(place, dataclasses.replace(claim, pid=stranger.pid)) is None
        assert postmaster.verify(place, dataclasses.replace(claim, started_at=claim.started_at - 60)) is None
        taken_over = dataclasses.replace(server._running, living=liveness.look(stranger.pid))
        embedded_server._interrupt(taken_over)
        assert stranger.poll() is None
        assert psql(server, "SELECT 1") == "1"


@pytest.mark.parametrize("content", ["", "rubbish", "12345\n"])
def test_a_pid_file_that_was_never_finished_is_no_obstacle(data_dir, content):
    with start(data_dir) as server:
        kill_server(server)
        (server._place.cluster / "postmaster.pid").write_text(content)
        assert server.ensure_running() is True
        assert psql(server, "SELECT 1") == "1"


def test_a_cluster_half_made_is_made_again(data_dir):
    with start(data_dir) as server:
        place = server._place
    place.cluster.rename(place.home / "cluster.new")
    (place.home / "cluster.new" / "PG_VERSION").unlink()
    with start(data_dir) as server:
        assert psql(server, "SELECT 1") == "1"
        assert not (place.home / "cluster.new").exists()


def test_a_server_started_by_hand_is_adopted(data_dir):
    with start(data_dir) as server:
        place = server._place
    place.home.joinpath("run").mkdir(mode=0o700)
    os.chown(place.home / "run", place.account.uid, place.account.gid)
    by_hand = [place.programs.bin("pg_ctl"), "start", "-w", "-s", "-D", place.cluster, "-l", "/dev/null"]
    assert account.run(by_hand, place.account, timeout_seconds=20).returncode == 0
    pid = postmaster.read_pid_file(place).pid
    with start(data_dir) as server:
        assert server._running.living.pid == pid
    assert not is_alive(pid)


def test_a_server_that_hangs_is_neither_killed_nor_doubled(data_dir):
    with start(data_dir) as server:
        pid = server._running.living.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(ServerUnresponsive, match=str(pid)):
                postmaster.find(server._place, wait_seconds=0.1)
            assert is_alive(pid)
        finally:
            os.kill(pid, signal.SIGCONT)
        assert psql(server, "SELECT 1") == "1"
