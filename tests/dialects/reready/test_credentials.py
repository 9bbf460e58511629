"""Keys over time: what ends while a process holds it, and how guessing is slowed."""

import asyncio
from datetime import timedelta

from backhaul.domain.identity import Plan, operator_actor, revoke_api_key, set_plan


async def view(installation, **options):
    return await installation.call("GET", f"/api/v1/device_transfers/{installation.ids['own']}", **options)


async def comes_to(installation, status, *, key):
    """The answer's status changes within two seconds, without a restart."""
    await installation.app.litestar.state.serving.authenticator.revocations.wait_until_listening()
    for _ in range(100):
        answer = await view(installation, key=key)
        if answer.status_code == status:
            return answer
        await asyncio.sleep(0.02)
    raise AssertionError(f"still {answer.status_code}")


async def test_a_key_in_use_ends_when_it_is_revoked(own_installation):
    organization = own_installation.organizations["ours"]
    key = await own_installation.key("leaving", organization, own_installation.actors["owner"])
    assert (await comes_to(own_installation, 200, key="leaving")).status_code == 200
    await revoke_api_key(
        own_installation.db,
        actor=operator_actor(organization),
        key_id=key.id,
        now=own_installation.clock.now(),
    )
    answer = await comes_to(own_installation, 401, key="leaving")
    assert answer.json()["code"] == "identity.credentials_invalid"
    assert (await view(own_installation, key="owner")).status_code == 200


async def test_a_key_in_use_ends_at_its_expiry(own_installation):
    soon = own_installation.clock.now() + timedelta(seconds=10)
    await own_installation.key(
        "short", own_installation.organizations["ours"], own_installation.actors["owner"], expires_at=soon
    )
    assert (await view(own_installation, key="short")).status_code == 200
    own_installation.clock.advance(timedelta(seconds=9))
    assert (await view(own_installation, key="short")).status_code == 200
    own_installation.clock.advance(timedelta(seconds=1))
    assert (await view(own_installation, key="short")).status_code == 401


async def test_the_api_ends_and_begins_with_the_plan(own_installation):
    organization = own_installation.organizations["ours"]
    assert (await comes_to(own_installation, 200, key="owner")).status_code == 200
    for plan, status in ((Plan.FREE, 403), (Plan.CUSTOM, 200)):
        await set_plan(
            own_installation.db,
            actor=operator_actor(organization),
            plan=plan,
            now=own_installation.clock.now(),
        )
        await comes_to(own_installation, status, key="owner")


async def test_a_key_of_allowed_networks_is_good_from_there(installation):
    answer = await view(installation, key="elsewhere", address="203.0.113.9")
    assert answer.status_code == 200


async def test_the_scheme_may_be_written_in_any_case(installation):
    secret = installation.keys["owner"]
    for scheme in ("token", "TOKEN", "Token "):
        headers = {"authorization": f"{scheme} {secret}"}
        assert (await view(installation, key=None, headers=headers)).status_code == 200


async def test_guessing_is_slowed_in_this_dialects_words(installation, described):
    guesser = "198.51.100.250"
    for _ in range(30):
        answer = await view(installation, key="unknown", address=guesser)
        assert answer.status_code == 401
    answer = await view(installation, key="unknown", address=guesser)
    assert answer.status_code == 429
    seconds = int(answer.headers["retry-after"])
    assert answer.json() == {
        "error": f"Too many failed attempts. Please wait {seconds} seconds.",
        "code": "identity.too_many_attempts",
        "errors": {},
    }
    assert 1 <= seconds <= 2
    described("GET", "/api/v1/device_transfers/x", 429, answer.json())
    assert (await view(installation, key="owner", address=guesser)).status_code == 200
    assert (await view(installation, key="unknown")).status_code == 401
