"""Endpoints: who may have them, how many, and that refusals leave no trace."""

import asyncio

import msgspec
import pytest

from backhaul.domain import webhooks
from backhaul.domain.identity.errors import PlanTooSmall, RightMissing
from backhaul.domain.identity.model import Plan, Role
from backhaul.domain.webhooks import DeliveryStatus, EndpointStatus, TooManyEndpoints
from backhaul.kernel.errors import InvalidInput

URL = "https://hooks.example.com/a"


def numbered(number):
    return f"https://hooks.example.com/{number}"


async def test_an_endpoint_is_added_with_a_secret_that_no_list_shows(office):
    endpoint, secret = await office.endpoint(URL)
    assert secret.startswith("whsec_")
    assert len(secret) == len("whsec_") + 44
    assert (endpoint.status, endpoint.version, endpoint.wording) == (
        EndpointStatus.ACTIVE,
        1,
        "device_transfers",
    )
    assert await webhooks.list_endpoints(office.db, actor=office.actor) == [endpoint]
    assert await office.history("webhook_endpoint", endpoint.id) == ["added"]
    assert await office.events(endpoint.id) == ["webhooks.endpoint_added"]
    written = await office.traces()
    assert [secret in row for row in written.pop("webhook_secrets")] == [True]
    assert secret not in str(written)
    assert secret not in repr(endpoint)


async def test_a_fourth_endpoint_is_refused_whatever_its_version(office):
    older = office.ports[webhooks.Catalog].get("device_returns")
    for number in range(3):
        await office.endpoint(numbered(number), terms=older if number else None)
    before = await office.traces()
    for terms in (None, older):
        with pytest.raises(TooManyEndpoints) as refused:
            await office.endpoint(numbered(4), terms=terms)
        assert refused.value.data == {"limit": 3}
    assert await office.traces() == before
    other = await office.elsewhere()
    await other.endpoint(numbered(4))


async def test_of_many_at_once_three_are_taken(office):
    answers = await asyncio.gather(*(office.endpoint(numbered(n)) for n in range(8)), return_exceptions=True)
    assert sum(isinstance(answer, TooManyEndpoints) for answer in answers) == 5
    assert len(await webhooks.list_endpoints(office.db, actor=office.actor)) == 3


async def test_the_same_url_is_taken_once_in_each_version(office):
    await office.endpoint(URL)
    before = await office.traces()
    with pytest.raises(webhooks.EndpointTaken):
        await office.endpoint(URL)
    assert await office.traces() == before
    await office.endpoint(URL, terms=office.ports[webhooks.Catalog].get("device_returns"))


@pytest.mark.parametrize(
    "url", ["https://10.0.0.1/", "https://localhost/", "ftp://example.com", "https://a:b@example.com/"]
)
async def test_a_hostile_url_is_refused_and_leaves_no_trace(office, url):
    before = await office.traces()
    strict = msgspec.structs.replace(office.policy, allowed_networks=())
    with pytest.raises(InvalidInput) as refused:
        await webhooks.add_endpoint(
            office.db, actor=office.actor, url=url, terms=office.terms, policy=strict, now=office.now
        )
    assert [problem.path for problem in refused.value.problems] == ["url"]
    assert await office.traces() == before


async def test_endpoints_belong_to_enterprise_and_above_and_to_administrators(office, make):
    before = await office.traces()
    office.actor, enterprise = msgspec.structs.replace(office.actor, plan=Plan.FREE), office.actor
    with pytest.raises(PlanTooSmall):
        await office.endpoint(URL)
    member = await make.organization(role=Role.MEMBER)
    for refused in (
        office_of(office, member).endpoint(URL),
        webhooks.list_endpoints(office.db, actor=member),
        webhooks.list_deliveries(office.db, actor=member),
        webhooks.show_secret(office.db, actor=member, endpoint_id=None, now=office.now),
        webhooks.rotate_secret(office.db, actor=member, endpoint_id=None, now=office.now),
    ):
        with pytest.raises(RightMissing):
            await refused
    assert await office.traces() == before
    office.actor = msgspec.structs.replace(enterprise, plan=Plan.CUSTOM)
    await office.endpoint(URL)


def office_of(office, actor):
    return type(office)(office.db, office.clock, office.make, actor, office.folder)


async def test_a_removed_endpoint_is_told_nothing_more_and_makes_room(office):
    endpoint, _ = await office.endpoint(URL)
    waiting = await office.deliver(endpoint)
    removed = await webhooks.remove_endpoint(
        office.db, actor=office.actor, endpoint_id=endpoint.id, now=office.now
    )
    assert (removed.status, removed.version) == (EndpointStatus.REMOVED, 2)
    assert (await office.delivery(waiting)).status is DeliveryStatus.CANCELLED
    assert await office.history("webhook_endpoint", endpoint.id) == ["added", "removed"]
    assert await office.history("webhook_delivery", waiting) == ["cancelled"]
    assert await webhooks.list_endpoints(office.db, actor=office.actor) == []
    assert await webhooks.list_endpoints(office.db, actor=office.actor, with_removed=True) == [removed]
    before = await office.traces()
    with pytest.raises(webhooks.EndpointMoveRefused):
        await webhooks.remove_endpoint(office.db, actor=office.actor, endpoint_id=endpoint.id, now=office.now)
    assert await office.traces() == before
    for number in range(3):
        await office.endpoint(numbered(number))


async def test_only_a_disabled_endpoint_can_be_enabled(office):
    endpoint, _ = await office.endpoint(URL)
    before = await office.traces()
    with pytest.raises(webhooks.EndpointMoveRefused):
        await webhooks.enable_endpoint(office.db, actor=office.actor, endpoint_id=endpoint.id, now=office.now)
    assert await office.traces() == before


async def test_an_unknown_version_is_refused_by_name(office):
    with pytest.raises(webhooks.VersionUnknown) as refused:
        office.ports[webhooks.Catalog].get("device_trips")
    assert refused.value.data == {
        "version": "device_trips",
        "known": "boxc, device_returns, device_transfers",
    }


async def test_a_secret_is_shown_by_an_explicit_call_that_history_notes(office):
    endpoint, secret = await office.endpoint(URL)
    shown = await webhooks.show_secret(office.db, actor=office.actor, endpoint_id=endpoint.id, now=office.now)
    assert shown == secret
    assert await office.history("webhook_secret", endpoint.id) == ["made", "shown"]


async def test_the_organizations_own_secret_is_made_on_first_use_and_stays(office):
    await office.deliver("https://example.com/")
    assert await office.history("webhook_secret", office.scope.org_id) == ["made"]
    shown = [
        await webhooks.show_secret(office.db, actor=office.actor, endpoint_id=None, now=office.now)
        for _ in range(2)
    ]
    await office.deliver("https://example.com/")
    assert len(set(shown)) == 1
    assert await office.history("webhook_secret", office.scope.org_id) == ["made", "shown", "shown"]
    other = await office.elsewhere()
    assert (
        await webhooks.show_secret(other.db, actor=other.actor, endpoint_id=None, now=other.now) != shown[0]
    )


async def test_rotations_at_once_leave_one_present_secret(office):
    endpoint, _ = await office.endpoint(URL)
    for endpoint_id in (endpoint.id, None):
        made = await asyncio.gather(
            *(
                webhooks.rotate_secret(office.db, actor=office.actor, endpoint_id=endpoint_id, now=office.now)
                for _ in range(5)
            )
        )
        present = await webhooks.show_secret(
            office.db, actor=office.actor, endpoint_id=endpoint_id, now=office.now
        )
        assert len(set(made)) == 5
        assert present in made


async def test_another_organizations_things_are_unknown(office):
    endpoint, _ = await office.endpoint(URL)
    delivery_id = await office.deliver(endpoint)
    before = await office.traces()
    other = await office.elsewhere()
    named = {"db": other.db, "actor": other.actor, "now": other.now}
    for call in (
        webhooks.remove_endpoint,
        webhooks.enable_endpoint,
        webhooks.show_secret,
        webhooks.rotate_secret,
    ):
        with pytest.raises(webhooks.EndpointUnknown):
            await call(**named, endpoint_id=endpoint.id)
    with pytest.raises(webhooks.EndpointUnknown):
        await webhooks.get_endpoint(other.db, actor=other.actor, endpoint_id=endpoint.id)
    with pytest.raises(webhooks.DeliveryUnknown):
        await webhooks.replay_delivery(**named, delivery_id=delivery_id)
    with pytest.raises(webhooks.DeliveryUnknown):
        await webhooks.get_delivery(other.db, actor=other.actor, delivery_id=delivery_id)
    assert await webhooks.list_endpoints(other.db, actor=other.actor) == []
    assert await other.deliveries() == []
    assert await office.traces() == before


async def test_row_level_security_keeps_organizations_apart_even_without_a_condition(office):
    endpoint, _ = await office.endpoint(URL)
    await office.deliver(endpoint)
    other = await office.elsewhere()
    for table in ("webhook_endpoints", "webhook_secrets", "webhook_deliveries", "webhook_attempts"):
        async with office.db.read(other.scope) as reader:
            assert await reader.fetch(f"SELECT * FROM {table}") == []
    async with office.db.transaction(other.scope) as tx:
        assert await tx.execute("UPDATE webhook_endpoints SET url = 'https://evil.example'") == "UPDATE 0"


async def test_a_changed_endpoint_has_its_new_url_and_its_failures_forgiven(office):
    endpoint, old = await office.endpoint(URL)
    changed = await webhooks.change_endpoint(
        office.db,
        actor=office.actor,
        endpoint_id=endpoint.id,
        policy=office.ports[webhooks.Policy],
        now=office.now,
        url=numbered(2),
        secret="a secret of theirs",
    )
    assert (changed.url, changed.number, changed.version) == (numbered(2), endpoint.number, 2)
    assert await webhooks.list_endpoints(office.db, actor=office.actor) == [changed]
    secret = await webhooks.show_secret(
        office.db, actor=office.actor, endpoint_id=endpoint.id, now=office.now
    )
    assert secret == "a secret of theirs" != old
    assert await office.history("webhook_endpoint", endpoint.id) == ["added", "changed"]


async def test_a_change_that_is_refused_leaves_no_trace(office):
    endpoint, _ = await office.endpoint(URL)
    await office.endpoint(numbered(2))
    gone, _ = await office.endpoint(numbered(3))
    await webhooks.remove_endpoint(office.db, actor=office.actor, endpoint_id=gone.id, now=office.now)
    other = await office.elsewhere()
    before = await office.traces()

    async def change(refusal, endpoint_id=endpoint.id, actor=office.actor, **changes):
        with pytest.raises(refusal):
            await webhooks.change_endpoint(
                office.db,
                actor=actor,
                endpoint_id=endpoint_id,
                policy=office.ports[webhooks.Policy],
                now=office.now,
                **changes,
            )

    await change(webhooks.EndpointTaken, url=numbered(2), secret="a secret of theirs")
    await change(InvalidInput, url="ftp://hooks.example.com/")
    await change(InvalidInput, secret="too short")
    await change(webhooks.EndpointMoveRefused, gone.id, is_active=True)
    await change(webhooks.EndpointUnknown, actor=other.actor, is_active=False)
    assert await office.traces() == before
