"""Clients are added within limits and rights, get other secrets, and end; each leaves its history."""

import asyncio
import hashlib
from datetime import timedelta

import pytest

from backhaul.domain import identity
from backhaul.domain.identity import Role, operator_actor
from backhaul.domain.identity.clients import (
    SCOPES,
    add_client,
    disable_client,
    find_known_client,
    list_clients,
    rotate_client_secret,
)
from backhaul.domain.identity.clients.errors import ClientAlreadyDisabled, ClientUnknown, TooManyClients
from backhaul.domain.identity.clients.model import chosen_scopes, rights_within
from backhaul.domain.identity.errors import MemberUnknown, RightMissing
from backhaul.domain.identity.model import RIGHTS, Right
from backhaul.kernel.errors import InvalidInput


@pytest.fixture
async def owner(cast):
    return await cast.member(await cast.organization())


async def add(cast, actor, **given):
    options = {"name": "Shop", "scopes": ["returns"], "most": 2, "now": cast.clock.now(), **given}
    return await add_client(cast.db, actor=actor, **options)


async def counts(cast):
    async with cast.db.system() as system:
        return {name: await system.fetchval(f"SELECT count(*) FROM {name}") for name in ("history", "outbox")}


async def test_a_client_is_shown_its_secret_once_and_found_by_its_id(cast, owner):
    client, secret = await add(cast, owner, redirect_uris=["https://shop.example/"])
    assert await list_clients(cast.db, actor=owner) == [client]
    known = await find_known_client(cast.db, client_id=client.client_id)
    assert known.secret_hash == hashlib.sha256(secret.encode()).digest()
    assert (known.id, known.org_id, known.user_id) == (client.id, owner.org_id, owner.user_id)
    assert (known.redirect_uris, known.scopes) == (("https://shop.example/",), ("returns",))
    assert await cast.history_of(owner.org_id, "client", client.id) == ["added"]


async def test_a_secret_is_in_no_history(cast, owner):
    client, secret = await add(cast, owner)
    async with cast.db.system() as system:
        lines = await system.fetch(
            "SELECT change::text AS change FROM history WHERE subject_id = $1", client.id
        )
    assert len(lines) == 1
    assert secret not in lines[0]["change"]
    assert hashlib.sha256(secret.encode()).hexdigest() not in lines[0]["change"]


async def test_an_account_has_two_enabled_clients_and_each_account_its_own(cast, owner):
    first, _ = await add(cast, owner)
    await add(cast, owner)
    before = await counts(cast)
    with pytest.raises(TooManyClients):
        await add(cast, owner)
    assert await counts(cast) == before
    await disable_client(cast.db, actor=owner, client_id=first.client_id, now=cast.clock.now())
    await add(cast, owner)
    organization = await identity.find_organization(cast.db, name=str(owner.org_id))
    colleague = await cast.member(organization, Role.MEMBER)
    await add(cast, owner, user_id=colleague.user_id)


async def test_of_many_added_at_once_two_stay(cast, owner):
    results = await asyncio.gather(*(add(cast, owner) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(result, TooManyClients) for result in results) == 4
    assert len(await list_clients(cast.db, actor=owner)) == 2


async def test_only_who_manages_keys_adds_clients_and_none_that_may_more(cast):
    organization = await cast.organization()
    owner, admin = await cast.member(organization), await cast.member(organization, Role.ADMIN)
    member = await cast.member(organization, Role.MEMBER)
    stranger = await cast.member(await cast.organization())
    client, _ = await add(cast, owner)
    before = await counts(cast)
    now = cast.clock.now()
    with pytest.raises(RightMissing):
        await add(cast, member)
    with pytest.raises(RightMissing):
        await add(cast, admin, user_id=owner.user_id)
    with pytest.raises(MemberUnknown):
        await add(cast, owner, user_id=stranger.user_id)
    with pytest.raises(RightMissing):
        await list_clients(cast.db, actor=member)
    for operation in (rotate_client_secret, disable_client):
        with pytest.raises(RightMissing):
            await operation(cast.db, actor=member, client_id=client.client_id, now=now)
        with pytest.raises(ClientUnknown):
            await operation(cast.db, actor=stranger, client_id=client.client_id, now=now)
    assert await counts(cast) == before
    assert await list_clients(cast.db, actor=stranger) == []


async def test_another_secret_replaces_the_former(cast, owner):
    client, first = await add(cast, owner)
    cast.clock.advance(timedelta(hours=1))
    after, second = await rotate_client_secret(
        cast.db, actor=owner, client_id=client.client_id, now=cast.clock.now()
    )
    assert first != second
    assert (after.created_at, after.secret_made_at) == (client.created_at, cast.clock.now())
    known = await find_known_client(cast.db, client_id=client.client_id)
    assert known.secret_hash == hashlib.sha256(second.encode()).digest()
    assert await cast.history_of(owner.org_id, "client", client.id) == ["added", "secret_rotated"]


async def test_a_disabled_client_is_unknown_to_sign_in_and_stays_disabled(cast, owner):
    client, _ = await add(cast, owner)
    given = {"actor": owner, "client_id": client.client_id, "now": cast.clock.now()}
    await disable_client(cast.db, **given)
    assert await find_known_client(cast.db, client_id=client.client_id) is None
    before = await counts(cast)
    for operation in (disable_client, rotate_client_secret):
        with pytest.raises(ClientAlreadyDisabled):
            await operation(cast.db, **given)
    assert await counts(cast) == before
    assert await cast.history_of(owner.org_id, "client", client.id) == ["added", "disabled"]


async def test_who_leaves_leaves_no_client_behind(cast, owner):
    organization = await identity.find_organization(cast.db, name=str(owner.org_id))
    leaver = await cast.member(organization, Role.MEMBER)
    client, _ = await add(cast, owner, user_id=leaver.user_id)
    kept, _ = await add(cast, owner)
    actor = operator_actor(organization)
    await identity.remove_member(cast.db, actor=actor, user_id=leaver.user_id, now=cast.clock.now())
    assert await find_known_client(cast.db, client_id=client.client_id) is None
    assert await find_known_client(cast.db, client_id=kept.client_id) is not None
    assert await cast.history_of(owner.org_id, "client", client.id) == ["added", "disabled"]


@pytest.mark.parametrize(
    "uri",
    [
        "http://shop.example/",
        "https://",
        "https:///callback",
        "/callback",
        "shop.example/callback",
        "https://shop.example/#part",
        "https://user@shop.example/",
        "https://shop.example\\@evil.example/",
        "https://shop.example:port/",
        "https://[::1/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://shop.example/ö",
        "https://shop.example/a b",
        "https://shop.example/\r\n",
        "https://shop.example/" + "x" * 2048,
    ],
)
async def test_addresses_that_nobody_should_be_sent_to_are_refused(cast, owner, uri):
    before = await counts(cast)
    with pytest.raises(InvalidInput) as refused:
        await add(cast, owner, redirect_uris=["https://shop.example/", uri])
    assert [problem.path for problem in refused.value.problems] == ["redirect_uris[1]"]
    assert await counts(cast) == before


@pytest.mark.parametrize(
    "uri", ["https://a.example", "http://localhost:8080/x", "http://127.0.0.1/", "http://[::1]:1/"]
)
async def test_addresses_of_https_and_of_this_machine_are_kept_as_given(cast, owner, uri):
    client, _ = await add(cast, owner, redirect_uris=[uri, uri])
    assert client.redirect_uris == (uri,)


async def test_unknown_scopes_and_none_at_all_are_refused(cast, owner):
    for scopes in ([], ["returns", "everything"], ["Returns"]):
        with pytest.raises(InvalidInput):
            await add(cast, owner, scopes=scopes)
    client, _ = await add(cast, owner, scopes=list(SCOPES))
    assert client.scopes == tuple(SCOPES)


def test_a_token_may_what_both_its_scopes_and_its_members_role_allow():
    assert rights_within(Role.OWNER, ["returns"]) == {
        Right.RETURNS_READ,
        Right.RETURNS_WRITE,
        Right.BILLING_READ,
    }
    assert rights_within(Role.VIEWER, ["returns"]) == {Right.RETURNS_READ, Right.BILLING_READ}
    assert rights_within(Role.MEMBER, ["write_webhooks"]) == frozenset()
    assert rights_within(Role.OWNER, ["openid", "classify", "of another release"]) == frozenset()
    everything = rights_within(Role.OPERATOR, list(SCOPES))
    assert not everything & {Right.KEYS_MANAGE, Right.INSTALLATION_OPERATE, Right.WAREHOUSE_OPERATE}
    assert everything < RIGHTS[Role.OPERATOR]


def test_scopes_are_chosen_among_the_clients_own():
    assert chosen_scopes(None, ("returns", "billing")) == ("returns", "billing")
    assert chosen_scopes("  billing billing ", ("returns", "billing")) == ("billing",)
