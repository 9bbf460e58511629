"""Whatever is sent, the answer is one of this dialect with a request id, and nothing is left behind."""

import json

import pytest

from tests.dialects.boxc.desk import Desk
from tests.dialects.boxc.replay import WRITTEN

TO = {
    "name": "John Doe",
    "street1": "5200 Harry Hines Blvd",
    "city": "Dallas",
    "province": "TX",
    "postal_code": "75235",
    "country": "US",
}
WRITES = {
    "verify": ("PUT", "/v1/returns/{number}", "return"),
    "write": ("POST", "/v1/returns/{number}/messages", "message"),
    "reship": ("POST", "/v1/reshipments", "reshipment"),
    "answer": ("PUT", "/v1/reshipments/{reshipment}", "reshipment"),
    "subscribe": ("POST", "/v1/webhooks", "webhook"),
}
# Name → body; NAME stands for what it should hold.
BODIES = {
    "nothing": b"",
    "blanks": b" \r\n\t",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"NAME"',
    "no UTF-8": b'{"NAME": {"status": "\xff"}}',
    "UTF-16": '{"NAME": {}}'.encode("utf-16"),
    "a byte order mark and nothing in it": b'\xef\xbb\xbf{"NAME": {}}',
    "cut off": b'{"NAME": {"status": "Appro',
    "two documents": b'{"NAME": {}} {"NAME": {}}',
    "a lone surrogate": b'{"NAME": {"status": "\\ud800", "body": "\\udfff", "contents": "\\ud83d"}}',
    "a lone surrogate as a key": b'{"\\ud800": {}}',
    "U+0000": b'{"NAME": {"status": "Approved\\u0000", "body": "a\\u0000b", "address": "https://a.example/\\u0000"}}',
    "NaN": b'{"NAME": {"value": NaN}}',
    "a number without end": b'{"NAME": {"value": 1e400, "returns": [1e400], "status": 1e400, "body": 1e400}}',
    "an id beyond any": b'{"NAME": {"returns": [9223372036854775808], "status": 18446744073709551616, "body": 1}}',
    "too deep": b'{"NAME": ' + b"[" * 50_000,
    "deep": b'{"NAME": ' + b'{"to":' * 2_000 + b"1" + b"}" * 2_001,
    "other types": b'{"NAME": {"status": ["Approved"], "body": {}, "contents": 1, "to": [], "topic": {}, "key": 1}}',
    "its name in other letters": b'{"Name": {"status": "Verify"}}',
    "a form": b"status=Verify&body=Hello",
    "XML": b"<NAME><status>Verify</status></NAME>",
}


@pytest.fixture
async def ids(made):
    desk = await Desk(made).open()
    await desk.fund()
    return {"number": await desk.parcel(), "reshipment": await desk.reship(await desk.parcel())}


async def refused(made, method, path, *, status=400, code=1000, **options):
    """The texts of a refusal that left nothing."""
    await made.client_token("owner")
    before = await made.traces((*WRITTEN, "reshipments"))
    answer = await made.call_by_client("owner", method, path, **options)
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert list(body) == ["status", "code", "message", "errors"]
    assert (body["status"], body["code"]) == ("error", code)
    assert answer.headers["x-request-id"]
    assert answer.headers["x-rate-limit"] == "100000"
    assert await made.traces((*WRITTEN, "reshipments")) == before
    return body["errors"]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("body", BODIES)
async def test_a_body_that_is_none_is_refused(made, ids, write, body):
    method, path, name = WRITES[write]
    content = BODIES[body].replace(b"NAME", name.encode())
    assert await refused(made, method, path.format_map(ids), content=content)


@pytest.mark.parametrize("write", WRITES)
async def test_a_body_that_is_too_large_is_refused(made, ids, write):
    method, path, _ = WRITES[write]
    content = b'{"x": "' + b"x" * 1_048_576 + b'"}'
    assert await refused(made, method, path.format_map(ids), content=content, status=413) == [
        "The request body is larger than 1048576 bytes."
    ]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"name": "a\x00b"}, "/reshipment/to/name: must not contain the character U+0000"),
        (
            {"name": "\N{RIGHT-TO-LEFT OVERRIDE}evil"},
            "/reshipment/to/name: must have at most 40 characters on one line",
        ),
        ({"street1": "5200\nHarry"}, "/reshipment/to/street1: must have at most 50 characters on one line"),
        ({"name": "\r\n"}, "/reshipment/to/name: can't be blank"),
        ({"country": "us"}, "/reshipment/to/country: must be an ISO 3166-1 code such as US"),
        ({"country": "XX"}, "/reshipment/to/country: must be an ISO 3166-1 code such as US"),
        ({"postal_code": 75235}, "/reshipment/to/postal_code: must be a text"),
        ({"email": "john"}, "/reshipment/to/email: must be an email address"),
    ],
)
async def test_a_consignee_is_refused_by_field(made, ids, changes, text):
    reshipment = {"contents": "Leggings", "returns": [ids["number"]], "to": {**TO, **changes}, "value": 1}
    content = json.dumps({"reshipment": reshipment}).encode()
    assert await refused(made, "POST", "/v1/reshipments", content=content) == [text]


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/x-www-form-urlencoded", "image/png"])
async def test_bodies_are_read_as_json_whatever_they_call_themselves(made, ids, media_type):
    headers = {} if media_type is None else {"content-type": media_type}
    answer = await made.call_by_client(
        "owner",
        "POST",
        f"/v1/returns/{ids['number']}/messages",
        content=b'{"message": {"body": "Hello"}}',
        headers=headers,
    )
    assert answer.status_code == 201
    assert answer.json()["return"]["messages"][0]["body"] == "Hello"


@pytest.mark.parametrize(
    "query",
    [
        "status=%ED%A0%80",
        "status=%00",
        "tracking_number=%00",
        f"tracking_number={'9' * 201}",
        "limit=",
        "limit=0",
        "limit=-1",
        "limit=101",
        "limit=1e1",
        "limit=%D9%A1",
        f"limit={'9' * 5000}",
        "order=",
        "order=asc%00",
    ],
)
async def test_a_parameter_that_is_none_is_named(made, query):
    name = query.partition("=")[0]
    told = await refused(made, "GET", f"/v1/returns?{query}", code=1031)
    assert told == [f"Query parameter '{name}' is invalid"]


@pytest.mark.parametrize(
    "token", ["", "%00", "%FF", "=", "%ED%A0%80", "A" * 5000, "bGltaXQ9NTA%3D", "-" * 43]
)
@pytest.mark.parametrize("name", ["returns", "reshipments", "invoices", "webhooks"])
async def test_a_token_that_is_none_is_refused(made, name, token):
    assert await refused(made, "GET", f"/v1/{name}?page_token={token}", code=1025) == ["Invalid page token"]


@pytest.mark.parametrize("number", ["%00", "%ED%A0%80", "-1", "1.0", "%D9%A1", "0", "1" * 5000, "x"])
@pytest.mark.parametrize(
    ("name", "code"), [("returns", 1120), ("reshipments", 1140), ("invoices", 1090), ("webhooks", 1400)]
)
async def test_an_id_that_is_none_is_not_found(made, name, code, number):
    await refused(made, "GET", f"/v1/{name}/{number}", status=404, code=code)


@pytest.mark.parametrize("path", ["/v1/returns", "/v1/returns/1", "/v1/webhooks/1/queue", "/v1/users/me"])
@pytest.mark.parametrize("method", ["PATCH", "TRACE"])
async def test_a_method_that_is_none_is_refused_and_the_others_are_named(made, path, method):
    answer = await made.call_by_client("owner", method, path)
    assert answer.status_code == 405
    allowed = {"/v1/returns/1": "GET, HEAD, PUT, DELETE", "/v1/webhooks/1/queue": "POST"}
    allowed = allowed.get(path, "GET, HEAD")
    assert set(answer.headers["allow"].split(", ")) == {*allowed.split(", "), "OPTIONS"}
    assert answer.headers["x-request-id"]
    text = f"{path} does not answer {method}."
    assert answer.json() == {"status": "error", "code": 1000, "message": text, "errors": [text]}


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/returns", 200), ("/v1/returns/1", 404), ("/auth/v1/token", 405)]
)
async def test_head_is_answered_as_get_without_the_body(made, path, status):
    told, whole = [await made.call_by_client("owner", method, path) for method in ("HEAD", "GET")]
    assert (told.status_code, whole.status_code, told.content) == (status, status, b"")
    assert told.headers["content-length"] == str(len(whole.content))
    assert set(told.headers) == set(whole.headers)


async def test_a_request_id_of_the_caller_is_taken_if_it_is_one(made):
    for sent, is_taken in (("find-me", True), ("x" * 500, False), ("a b\x7f", False)):
        answer = await made.call_by_client("owner", "GET", "/v1/nothing", headers={"x-request-id": sent})
        assert (answer.headers["x-request-id"] == sent) is is_taken
        assert answer.status_code == 404
