"""Bodies that are too large, too deep or of no known end: refused in this dialect's words, without a trace."""

import json

import pytest

from backhaul.settings import HttpSettings
from tests.dialects.mounting import mounted, small
from tests.dialects.reready.replay import reference

MIB = 1_048_576
PATH = "/api/v1/device_transfers"
TOO_LARGE = {
    "error": f"The request body is larger than {MIB} bytes.",
    "code": "http.body_too_large",
    "errors": {},
}
TOO_DEEP = {
    "error": "The request body is not valid JSON: it is nested too deeply",
    "code": "input.malformed",
    "errors": {},
}


def padded(length):
    body = json.dumps(reference("request")).encode()
    return body + b" " * (length - len(body))


async def in_chunks(body, size=65_536):
    for start in range(0, len(body), size):
        yield body[start : start + size]


@pytest.mark.parametrize("path", [PATH, "/api/v1/device_returns"])
@pytest.mark.parametrize("send", [bytes, in_chunks], ids=["with its length", "in chunks"])
async def test_a_body_above_one_mebibyte_is_refused(installation, described, path, send):
    before = await installation.traces()
    answer = await installation.call("POST", path, content=send(padded(MIB + 1)))
    assert (answer.status_code, answer.json()) == (413, TOO_LARGE)
    described("POST", path, 413, answer.json())
    assert await installation.traces() == before


@pytest.mark.parametrize("send", [bytes, in_chunks], ids=["with its length", "in chunks"])
async def test_a_body_of_exactly_one_mebibyte_is_read(installation, send):
    answer = await installation.call("POST", PATH, content=send(padded(MIB)))
    assert answer.status_code == 201


async def test_a_body_that_comes_in_pieces_is_put_together(installation):
    answer = await installation.call("POST", PATH, content=in_chunks(padded(1000), size=7))
    assert answer.status_code == 201


async def test_without_credentials_a_large_body_is_not_even_looked_at(installation):
    answer = await installation.call("POST", PATH, key=None, content=padded(MIB + 1))
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.credentials_missing")


async def test_the_limit_is_a_setting(installation):
    settings = small(installation.database_url, http=HttpSettings(max_body_bytes=2_000))
    place = installation.app.place
    headers = {"authorization": f"Token {installation.keys['owner']}"}
    async with mounted(
        installation.database_url, place.data_dir, clock=installation.clock, settings=settings
    ) as app:
        answer = await app.request("POST", PATH, content=padded(2_001), headers=headers)
        assert answer.status_code == 413
        assert answer.json()["error"] == "The request body is larger than 2000 bytes."
        assert (await app.request("POST", PATH, content=padded(2_000), headers=headers)).status_code == 201


@pytest.mark.parametrize("opening", ['{"device_type": ', '{"unknown": ', '{"device_type": 5, "unknown": '])
@pytest.mark.parametrize("bracket", ["[", '{"a":'])
async def test_a_body_nested_too_deeply_is_refused(installation, opening, bracket):
    before = await installation.traces()
    depth = 100_000
    answer = await installation.call("POST", PATH, content=(opening + bracket * depth).encode())
    assert (answer.status_code, answer.json()) == (400, TOO_DEEP)
    assert await installation.traces() == before
