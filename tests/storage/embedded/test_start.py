"""What a started server is: reachable by every client, private, durable, and quick to come back."""

import asyncio
import os
import stat
import time

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from backhaul.storage.embedded import start

from .conftest import is_alive, keep, kept, psql


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_first_start_makes_a_durable_cluster_with_our_database(fresh_dir):
    with start(fresh_dir) as server:
        settings = {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "listen_addresses": "",
            "server_encoding": "UTF8",
            "jit": "off",
            "max_connections": "200",
            "TimeZone": "UTC",
        }
        assert {name: psql(server, f"SHOW {name}") for name in settings} == settings
        database = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        assert psql(server, database) == "b|C.UTF-8"
        assert psql(server, "SELECT current_user, current_database()") == "backhaul|backhaul"
        assert server.superuser == "backhaul"


def test_the_url_serves_asyncpg_and_sqlalchemy(data_dir):
    async def ask(url):
        line = await asyncpg.connect(url)
        engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
        try:
            async with engine.connect() as other:
                return await line.fetchval("SELECT 1"), await other.scalar(text("SELECT current_database()"))
        finally:
            await engine.dispose()
            await line.close()

    with start(data_dir) as server:
        assert asyncio.run(ask(server.dsn())) == (1, "backhaul")
        assert asyncio.run(ask(server.dsn(database="postgres", user="backhaul"))) == (1, "postgres")


def test_cluster_and_socket_are_closed_to_other_accounts(data_dir):
    with start(data_dir) as server:
        place = server._place
        assert mode_of(place.cluster) == 0o700
        assert mode_of(server.socket_dir) == 0o700
        assert place.cluster.stat().st_uid == server.socket_dir.stat().st_uid != 0
        assert mode_of(data_dir) & 0o007 == 0
        assert all(mode_of(path) & 0o077 == 0 for path in place.home.glob("*.*"))


def test_second_start_finds_the_same_cluster_quickly(data_dir):
    with start(data_dir) as server:
        keep(server, rows=7)
        first = server._running.living.pid
    assert not is_alive(first)
    began = time.monotonic()
    with start(data_dir) as server:
        assert time.monotonic() - began < 2
        assert kept(server) == 7


def test_a_deep_data_directory_gets_a_short_socket_path_and_keeps_it(fresh_dir):
    deep = fresh_dir / ("a" * 60) / ("b" * 60) / "data"
    with start(deep) as server:
        socket = server.socket_dir / f".s.PGSQL.{server.port}"
        assert socket.is_socket()
        assert len(os.fsencode(socket)) <= 103
        assert mode_of(server.socket_dir) == 0o700
        with start(deep) as again:
            assert again.socket_dir == server.socket_dir
        assert psql(server, "SELECT 1") == "1"
    assert not server.socket_dir.exists()


def test_settings_of_the_operator_win(data_dir):
    with start(data_dir) as server:
        mine = server._place.cluster / "local.conf"
    mine.write_text("work_mem = '7MB'\n")
    with start(data_dir) as server:
        assert psql(server, "SHOW work_mem") == "7MB"
    mine.write_text("")


def test_a_moved_data_directory_starts_at_its_new_place_whatever_its_name(fresh_dir):
    with start(fresh_dir / "old") as server:
        keep(server, rows=7)
    meaningful_in_a_url = fresh_dir / 'it\'s a, b: 100% | "$(false)" `x`'
    (fresh_dir / "old").rename(meaningful_in_a_url)
    with start(meaningful_in_a_url) as server:
        assert server._place.cluster.is_relative_to(meaningful_in_a_url)
        assert kept(server) == 7
