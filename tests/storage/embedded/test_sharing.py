"""Several processes, one server: whoever comes first starts it, whoever leaves last stops it."""

import multiprocessing
import os

import pytest

from backhaul.storage.embedded import discard, start
from backhaul.storage.embedded.errors import InUse

from .conftest import HOLD, is_alive, leave, psql, python, server_pid_of

# newer Pythons warn about a fork beside threads, such as those of a parallel test run
forks = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def test_a_second_process_shares_the_server_and_the_last_one_stops_it(data_dir, holder):
    first, second = holder(), None
    pid = server_pid_of(first)
    second = holder()
    assert server_pid_of(second) == pid
    leave(first)
    assert is_alive(pid)
    with start(data_dir) as server:
        assert psql(server, "SELECT 1") == "1"
    assert is_alive(pid)
    leave(second)
    assert not is_alive(pid)


def test_processes_that_begin_at_once_get_one_server(data_dir, holder):
    together = [holder() for _ in range(4)]
    pids = {server_pid_of(one) for one in together}
    assert len(pids) == 1
    for one in together:
        leave(one)
    assert not is_alive(pids.pop())


@forks
def test_a_forked_child_does_not_stop_the_server(data_dir):
    with start(data_dir) as server:
        child = os.fork()
        if child == 0:
            server.close()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert psql(server, "SELECT 1") == "1"
        worker = multiprocessing.get_context("fork").Process(target=server.close)
        worker.start()
        worker.join()
        assert psql(server, "SELECT 1") == "1"


@forks
def test_a_child_that_outlives_us_does_not_keep_the_server(data_dir):
    with start(data_dir) as server:
        pid = server._running.living.pid
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(write)
            os.read(read, 1)
            os._exit(0)
    assert not is_alive(pid)
    os.close(read)
    os.close(write)
    os.waitpid(child, 0)


def test_an_exit_without_close_stops_the_server(data_dir):
    forgetful = python(HOLD.replace("server.close()", ""), data_dir)
    pid = server_pid_of(forgetful)
    leave(forgetful)
    assert not is_alive(pid)


def test_two_holds_in_one_process_count_twice(data_dir):
    first, second = start(data_dir), start(data_dir)
    first.close()
    first.close()
    assert psql(second, "SELECT 1") == "1"
    second.close()
    assert not is_alive(second._running.living.pid)


def test_discarding_a_used_database_is_refused_and_keeps_it(data_dir, holder):
    user = holder()
    pid = server_pid_of(user)
    with pytest.raises(InUse):
        discard(data_dir)
    assert is_alive(pid)
    with start(data_dir) as server:
        assert psql(server, "SELECT 1") == "1"
    leave(user)


def test_discarding_leaves_the_other_files_and_no_cluster(fresh_dir):
    with start(fresh_dir) as server:
        home = server._place.home
    (fresh_dir / "letter.txt").write_text("stays")
    discard(fresh_dir)
    discard(fresh_dir)
    assert [path.name for path in fresh_dir.iterdir()] == ["letter.txt"]
    assert not home.exists()
