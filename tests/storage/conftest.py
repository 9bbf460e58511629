"""One swept database for the tests of this folder, and a few things that happen in it."""

import contextlib

import pytest
from tests.domain.transfers.ground import ground, opened, sweep
from tests.storage.happening import NAME, Happened, Listener

from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage import outbox
from backhaul.storage.database import Scope

__all__ = ["ground", "opened", "sweep"]


@pytest.fixture
async def store(opened, sweep):
    """An empty database."""
    await sweep()
    return opened


@pytest.fixture
def scopes():
    """Two tenants."""
    return Scope(OrgId(new_id())), Scope(OrgId(new_id()))


@pytest.fixture
def scope(scopes):
    return scopes[0]


@pytest.fixture
def listener(monkeypatch):
    """A reaction to `Happened`, for the length of a test."""
    listener = Listener()
    monkeypatch.setitem(outbox.EVENTS, NAME, Happened)
    monkeypatch.setitem(outbox._NAMES, Happened, NAME)
    monkeypatch.setattr(outbox, "_REACTIONS", {NAME: [listener.react]})
    return listener


@pytest.fixture
def happen(store, clock, listener):
    """Record that something happened, `n` times to the same subject."""

    async def happen(scope, subject_id, *ns):
        async with store.transaction(scope) as tx:
            for n in ns:
                outbox.record(tx, Happened(subject_id=subject_id, n=n), at=clock.now())

    return happen


@pytest.fixture
def statements():
    """Write down the statements of one connection: `with statements(tx) as log`."""

    @contextlib.contextmanager
    def watch(reader):
        log = []

        def note(record):
            if "typeinfo_tree" not in record.query and "'jit'" not in record.query:  # the driver learns types
                log.append(" ".join(record.query.split()))

        reader._connection.add_query_logger(note)
        yield log
        reader._connection.remove_query_logger(note)

    return watch
