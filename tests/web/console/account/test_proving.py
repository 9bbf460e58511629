"""Whoever finds a browser open changes nothing of what signs its owner in."""

from datetime import timedelta

import pytest

from tests.dialects.installation import PASSWORD
from tests.web.console.test_second_factor import SECRET, Telephone

TOTP = "/account/totp"
CHANGES = [
    (TOTP, {}),
    ("/account/password", {"new_password": "n" * 12, "repeated_password": "n" * 12}),
]


async def factors(console):
    return await console.owner.fetchval("SELECT count(*) FROM second_factors")


@pytest.mark.parametrize("given", [{}, {"current_password": ""}, {"current_password": "not it, not it"}])
@pytest.mark.parametrize(("path", "fields"), CHANGES)
async def test_without_the_password_nothing_changes(bare_console, visitors, path, fields, given):
    browse = await visitors(bare_console, "owner")
    before = await bare_console.owner.fetchval("SELECT string_agg(password_hash, '' ORDER BY id) FROM users")
    page = await browse.page(path.replace("/password", ""))
    assert "current_password" in {one.get("name") for one in page.tags("input")}
    refused = await browse.post(path, {**fields, **given})
    assert (refused.status_code, 'id="current_password-problem"' in refused.text) == (422, True)
    assert await factors(bare_console) == 0
    after = await bare_console.owner.fetchval("SELECT string_agg(password_hash, '' ORDER BY id) FROM users")
    assert after == before


async def test_wrong_passwords_count_as_failed_sign_ins(bare_console, visitors):
    browse = await visitors(bare_console, "owner")
    wrong = {"current_password": "not it, not it"}
    statuses = []
    while 429 not in statuses:
        statuses.append((await browse.post(TOTP, wrong)).status_code)
        assert len(statuses) < 60
    assert set(statuses[:-1]) == {422}
    other = await visitors(bare_console)
    other.client = bare_console.app.client("198.51.100.9")
    async with other.client:
        await other.get("/sign-in")
        fields = {"email": bare_console.emails["owner"], "password": "not it, not it"}
        for _ in range(2):  # one failure may have been forgiven meanwhile
            answer = await other.post("/sign-in", fields)
    assert answer.status_code == 429


async def test_what_was_begun_a_quarter_of_an_hour_ago_is_no_way_in(bare_console, visitors):
    browse = await visitors(bare_console, "owner")
    await browse.does(TOTP, {"current_password": PASSWORD})
    secret = SECRET.search((await browse.get(TOTP)).text)[1]
    bare_console.clock.advance(timedelta(minutes=15))
    page = await browse.page(TOTP)
    assert {TOTP} == {path for path in page.posts if path.startswith(TOTP)}
    assert secret not in " ".join(page.texts)
    code = Telephone(bare_console.clock, secret).code()
    assert (await browse.post(f"{TOTP}/confirm", {"code": code})).status_code == 409
    confirmed = await bare_console.owner.fetchval("SELECT confirmed_at FROM second_factors")
    assert confirmed is None
    await browse.does(TOTP, {"current_password": PASSWORD})
    secret = SECRET.search((await browse.get(TOTP)).text)[1]
    bare_console.clock.advance(timedelta(minutes=14, seconds=59))
    code = Telephone(bare_console.clock, secret).code()
    assert (await browse.post(f"{TOTP}/confirm", {"code": code})).status_code == 200
