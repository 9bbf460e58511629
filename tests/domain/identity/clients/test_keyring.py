"""A process that reads the keys while it is told to forget them still answers whoever asked."""

import pytest

from backhaul.domain.identity import OPERATOR_ORG_ID, system_actor
from backhaul.domain.identity.clients import keyring, rotate_client_signing_key
from backhaul.domain.identity.clients.keyring import Keyring
from backhaul.storage.installation_secrets import find_secret


@pytest.fixture
async def key_id(cast):
    """The installation's key, which another process has made."""
    return (await ring(cast).current()).id


def ring(cast):
    return Keyring(cast.db, clock=cast.clock, held_seconds=30, look_again_seconds=5, ticks=lambda: 100.0)


class Interrupted:
    """A process that is told to forget its keys in the middle of the first readings."""

    def __init__(self, cast, monkeypatch, notices):
        self.ring, self.notices, self.readings = ring(cast), notices, 0
        monkeypatch.setattr(keyring, "find_secret", self.find_secret)
        read = self.ring._rows

        async def rows():
            self.readings += 1
            return await read()

        self.ring._rows = rows

    async def find_secret(self, db, name):
        secret = await find_secret(db, name)
        if self.notices:
            self.notices -= 1
            self.ring.forget()
        return secret


async def test_a_notice_while_keys_are_read_leaves_nobody_without_one(cast, key_id, monkeypatch):
    process = Interrupted(cast, monkeypatch, notices=3)
    assert (await process.ring.find(key_id)).id == key_id
    assert (await process.ring.current()).id == key_id
    assert [key["kid"] for key in await process.ring.published()] == [str(key_id)]


async def test_what_a_notice_overtook_is_read_again(cast, key_id, monkeypatch):
    process = Interrupted(cast, monkeypatch, notices=1)
    for readings in (1, 2, 2):
        assert (await process.ring.find(key_id)).id == key_id
        assert process.readings == readings


async def test_a_key_that_a_notice_withdrew_is_not_kept(cast, key_id, monkeypatch):
    """It was read before it was withdrawn; the notice came before the reading had ended."""
    process = Interrupted(cast, monkeypatch, notices=1)
    assert (await process.ring.find(key_id)).id == key_id
    operator = system_actor(OPERATOR_ORG_ID)
    await rotate_client_signing_key(cast.db, actor=operator, now=cast.clock.now(), ends_tokens=True)
    assert await process.ring.find(key_id) is None
