"""The leaky bucket: 30 at once, two a second, one for each user over all clients and all processes."""

import asyncio
from datetime import timedelta

from backhaul.settings import BoxcSettings
from tests.dialects.boxc.signing_in import program
from tests.dialects.mounting import mounted, small

ME = "/v1/users/me"


def said(answer):
    return answer.status_code, answer.headers["x-rate-limit"], answer.headers["x-rate-requests"]


async def test_the_31st_request_at_once_has_to_wait(own_installation):
    shop = await program(own_installation)
    token = await shop.token()
    answers = [await shop.call("GET", ME, token=token) for _ in range(31)]
    assert [said(answer) for answer in answers[:30]] == [(200, "30", str(n)) for n in range(1, 31)]
    assert said(answers[30]) == (429, "30", "30")
    assert answers[30].headers["retry-after"] == "1"
    assert answers[30].json() == {
        "status": "error",
        "code": 1015,
        "message": "Too many requests. Please wait before trying again.",
        "errors": ["Too many requests. Please wait before trying again."],
    }
    own_installation.clock.advance(timedelta(milliseconds=499))
    assert said(await shop.call("GET", ME, token=token)) == (429, "30", "30")
    own_installation.clock.advance(timedelta(milliseconds=1))
    assert said(await shop.call("GET", ME, token=token)) == (200, "30", "30")
    own_installation.clock.advance(timedelta(seconds=15))
    assert said(await shop.call("GET", ME, token=token)) == (200, "30", "1")


async def test_a_users_clients_share_a_bucket_and_other_users_have_their_own(own_installation):
    made = own_installation
    shop, second = await program(made), await program(made, name="Second")
    stranger = await program(made, "stranger", name="Theirs")
    colleague = await program(made, "colleague", name="Colleague's")
    assert said(await shop.call("GET", ME)) == (200, "30", "1")
    assert said(await second.call("GET", ME)) == (200, "30", "2")
    for other in (stranger, colleague):
        assert said(await other.call("GET", ME)) == (200, "30", "1")


async def test_refusals_count_too_and_say_so(own_installation):
    shop = await program(own_installation)
    token = await shop.token()
    answer = await shop.call("GET", "/v1/warehouses/WH0XXX99", token=token)
    assert said(answer) == (404, "30", "1")
    answer = await shop.call("GET", ME, token=token, headers={"accept-language": "de"})
    assert said(answer) == (400, "30", "0")
    assert said(await shop.call("GET", ME, token=token)) == (200, "30", "2")


async def test_signing_in_is_outside_of_it(own_installation):
    shop = await program(own_installation)
    for _ in range(32):
        answer = await shop.ask("token", grant_type="client_credentials")
        assert answer.status_code == 200
        assert "x-rate-limit" not in answer.headers
    for path in ("/auth/v1/jwks.json", "/auth/v1/nothing"):
        answer = await own_installation.app.request("GET", path)
        assert "x-rate-limit" not in answer.headers


async def test_two_processes_together_never_let_through_more(own_installation, tmp_path):
    made = own_installation
    shop = await program(made)
    token = await shop.token()
    async with mounted(made.database_url, tmp_path, clock=made.clock) as other:

        async def call(app):
            return await app.request("GET", ME, headers={"authorization": f"Bearer {token}"})

        answers = await asyncio.gather(*(call(app) for _ in range(25) for app in (made.app, other)))
        through = [answer for answer in answers if answer.status_code == 200]
        assert sorted(int(answer.headers["x-rate-requests"]) for answer in through) == list(range(1, 31))
        assert {answer.status_code for answer in answers} == {200, 429}
        made.clock.advance(timedelta(seconds=2))
        again = await asyncio.gather(*(call(app) for _ in range(4) for app in (made.app, other)))
        assert sorted(answer.status_code for answer in again) == [200] * 4 + [429] * 4


async def test_its_size_is_a_setting(own_installation, tmp_path):
    made = own_installation
    shop = await program(made)
    token = await shop.token()
    boxc = BoxcSettings(rate_limit_requests=2, rate_limit_per_second=0.5)
    async with mounted(
        made.database_url, tmp_path, clock=made.clock, settings=small(made.database_url, boxc=boxc)
    ) as app:
        headers = {"authorization": f"Bearer {token}"}
        answers = [await app.request("GET", ME, headers=headers) for _ in range(3)]
    assert [said(answer) for answer in answers] == [(200, "2", "1"), (200, "2", "2"), (429, "2", "2")]
    assert answers[2].headers["retry-after"] == "2"
