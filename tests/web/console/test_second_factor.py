"""A second factor is set up, asked for at sign-in, and each code is taken once."""

import re
from datetime import timedelta

import pyotp
import pytest

from tests.dialects.installation import PASSWORD
from tests.web.console.browse import Browse

SECRET = re.compile(r'<code id="secret">([A-Z2-7]{32})</code>')
CODES = re.compile(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}")


class Telephone:
    """An authenticator that shows the code of the console's own time."""

    def __init__(self, clock, secret):
        self.clock, self.password = clock, pyotp.TOTP(secret)

    def code(self, *, steps=0):
        return self.password.at(int(self.clock.now().timestamp()), counter_offset=steps)


@pytest.fixture
async def enrolled(bare_console, visitors):
    """The owner with a second factor: their browser, their telephone, their recovery codes."""
    browse = await visitors(bare_console, "owner")
    await browse.get("/account/totp")
    assert await browse.does("/account/totp", {"current_password": PASSWORD}) == "/account/totp"
    shown = await browse.get("/account/totp")
    phone = Telephone(bare_console.clock, SECRET.search(shown.text)[1])
    assert "otpauth" not in shown.text  # it stands in the QR code alone
    wrong = await browse.post("/account/totp/confirm", {"code": "000000"})
    assert (wrong.status_code, "Is not what the authenticator should show" in wrong.text) == (422, True)
    made = await browse.post("/account/totp/confirm", {"code": phone.code()})
    codes = CODES.findall(made.text)
    assert (made.status_code, len(set(codes))) == (200, 10)
    return browse, phone, codes


async def passed_password(console, visitors) -> Browse:
    """A browser that knows the owner's password and waits for the code."""
    browse = await visitors(console)
    await browse.get("/sign-in")
    fields = {"email": console.emails["owner"], "password": PASSWORD, "next": "/settings/keys"}
    where = await browse.does("/sign-in", fields)
    assert where == "/sign-in/totp?next=%2Fsettings%2Fkeys"
    await browse.get(where)
    return browse


async def enters(browse, code):
    return await browse.post("/sign-in/totp", {"code": code, "next": "/settings/keys"})


async def test_the_password_alone_opens_nothing(bare_console, visitors, enrolled):
    browse = await passed_password(bare_console, visitors)
    for path in ("/", "/settings/keys", "/account"):
        answer = await browse.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/totp")
    assert (await browse.post("/settings/keys", {"name": "x", "reach": "all"})).status_code == 403
    assert (await browse.post("/account/totp/remove", {"current_password": PASSWORD})).status_code == 403


async def test_the_code_signs_in_with_a_token_of_its_own(bare_console, visitors, enrolled):
    _, phone, _ = enrolled
    bare_console.clock.advance(timedelta(seconds=60))
    browse = await passed_password(bare_console, visitors)
    waiting = browse.client.cookies["backhaul"]
    answer = await enters(browse, phone.code())
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/keys")
    assert browse.client.cookies["backhaul"] != waiting
    assert (await browse.get("/settings/keys")).status_code == 200
    before = await visitors(bare_console)
    before.client.cookies.set("backhaul", waiting)
    assert (await before.get("/")).headers["location"] == "/sign-in"


async def test_a_code_is_taken_once_by_whoever_enters_it(bare_console, visitors, enrolled):
    _, phone, _ = enrolled
    refused = await enters(await passed_password(bare_console, visitors), phone.code())
    assert (refused.status_code, "used before" in refused.text) == (401, True)  # it set the factor up
    bare_console.clock.advance(timedelta(seconds=60))
    first = await passed_password(bare_console, visitors)
    second = await passed_password(bare_console, visitors)
    assert (await enters(first, phone.code())).status_code == 303
    assert (await enters(second, phone.code())).status_code == 401
    assert (await enters(second, phone.code(steps=-1))).status_code == 401  # older than one that was taken


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 303), (0, 303), (1, 303), (2, 401)])
async def test_clocks_may_differ_by_one_step(bare_console, visitors, enrolled, steps, status):
    _, phone, _ = enrolled
    bare_console.clock.advance(timedelta(minutes=5))
    browse = await passed_password(bare_console, visitors)
    assert (await enters(browse, phone.code(steps=steps))).status_code == status


async def test_a_recovery_code_signs_in_once_however_it_is_typed(bare_console, visitors, enrolled):
    first, _, codes = enrolled
    typed = codes[3].upper().replace("-", " ")
    assert (await enters(await passed_password(bare_console, visitors), typed)).status_code == 303
    assert (await enters(await passed_password(bare_console, visitors), codes[3])).status_code == 401
    assert (await enters(await passed_password(bare_console, visitors), codes[4])).status_code == 303
    assert "8" in (await first.page("/account/totp")).texts


async def test_guessing_is_slowed_for_the_account_whatever_the_address(bare_console, visitors, enrolled):
    _, phone, _ = enrolled
    bare_console.clock.advance(timedelta(minutes=1))
    browse = await passed_password(bare_console, visitors)
    statuses = [(await enters(browse, f"{n:06}")).status_code for n in range(6)]
    assert statuses == [401] * 6
    other = await passed_password(bare_console, visitors)
    slowed = await enters(other, phone.code())
    assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "300")


async def test_a_waiting_session_is_over_after_ten_minutes(bare_console, visitors, enrolled):
    _, phone, _ = enrolled
    browse = await passed_password(bare_console, visitors)
    bare_console.clock.advance(timedelta(minutes=10))
    assert (await enters(browse, phone.code())).status_code == 403


async def test_it_is_removed_with_the_password_alone(bare_console, visitors, enrolled):
    browse, _, _ = enrolled
    await browse.get("/account/totp")
    assert (await browse.post("/account/totp", {"current_password": PASSWORD})).status_code == 409
    wrong = await browse.post("/account/totp/remove", {"current_password": "not it, not it"})
    assert (wrong.status_code, "Is not your present password." in wrong.text) == (422, True)
    where = await browse.does("/account/totp/remove", {"current_password": PASSWORD})
    assert "No code is asked for from now on." in (await browse.page(where)).texts
    plain = await visitors(bare_console)
    await plain.get("/sign-in")
    fields = {"email": bare_console.emails["owner"], "password": PASSWORD}
    assert await plain.does("/sign-in", fields) == "/"


async def test_secrets_are_sealed_and_recovery_codes_are_hashed(bare_console, enrolled):
    _, phone, codes = enrolled
    kept = await bare_console.owner.fetchval("SELECT f::text FROM second_factors AS f")
    assert phone.password.secret not in kept
    hashes = await bare_console.owner.fetch(
        "SELECT encode(code_hash, 'escape') AS text FROM second_factor_codes"
    )
    assert len(hashes) == 10
    assert not any(code in row["text"] for code in codes for row in hashes)
