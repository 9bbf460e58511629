"""A form whose host was replaced on the way is refused, and the page says what a proxy has to do."""

import pytest

from tests.dialects.installation import PASSWORD

TRACED = ("history", "outbox")


@pytest.mark.parametrize("path", ["/sign-in", "/account/theme"])
async def test_a_form_that_lost_its_host_says_what_the_proxy_must_pass(console, visitors, path):
    browse = await visitors(console, None if path == "/sign-in" else "viewer")
    await browse.get("/account" if path == "/account/theme" else path)
    before = await console.traces(TRACED)
    fields = {"email": console.emails["viewer"], "password": PASSWORD, "theme": "dark", "next": "/"}
    for more in ({}, {"sec-fetch-site": "same-origin"}):
        answer = await browse.post(path, fields, origin="https://devices.example.com", **more)
        assert answer.status_code == 403
        host = browse.client.base_url.netloc.decode()
        for said in (
            "sent this form from https://devices.example.com, but it arrived here for",
            host,
            "http.base_url",
        ):
            assert said in answer.text, said
    assert await console.traces(TRACED) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"origin": "https://<b>evil"},
        {"origin": "javascript:alert(1)"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_what_another_site_sends_is_told_nothing_of_proxies(console, visitors, headers):
    browse = await visitors(console)
    await browse.get("/sign-in")
    fields = {"email": console.emails["viewer"], "password": PASSWORD}
    answer = await browse.post("/sign-in", fields, **headers)
    assert answer.status_code == 403
    assert "This form was not sent from a page of yours" in answer.text
    assert "http.base_url" not in answer.text
