"""The dialect's description is valid OpenAPI 3.1, covers every route, and is true of what is really answered."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from backhaul.dialects.boxc.errors import render
from backhaul.dialects.boxc.routes import HANDLERS
from backhaul.dialects.boxc.webhooks import TOPICS, UNTOLD
from backhaul.domain.identity.clients import SCOPES
from backhaul.kernel.errors import MalformedInput

METHODS = {"get", "post", "put", "delete"}


def operations(document):
    for path, below in document["paths"].items():
        for method in METHODS & below.keys():
            yield path, method, below[method]


def test_the_description_is_valid(description):
    validate(description.document, cls=OpenAPIV31SpecValidator)
    assert description.document["openapi"] == "3.1.0"


def test_every_route_of_the_dialect_is_described(description):
    routes = {
        (re.sub(r":str\}", "}", path), method.lower())
        for handler in HANDLERS
        for path in handler.paths
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    assert {(path, method) for path, method, _ in operations(description.document)} == routes


def test_its_address_is_where_it_was_asked_for(description):
    assert description.document["servers"] == [{"url": "http://backhaul.test"}]


def test_operations_have_names_of_their_own(description):
    names = [operation["operationId"] for _, _, operation in operations(description.document)]
    assert len(names) == len(set(names))


def test_scopes_are_those_that_clients_can_have(description):
    flows = description.document["components"]["securitySchemes"]["client"]["flows"]
    assert all(set(flow["scopes"]) == set(SCOPES) for flow in flows.values())
    asked = {
        scope
        for _, _, operation in operations(description.document)
        for scheme in operation["security"]
        for scope in scheme.get("client", [])
    }
    assert asked == {"returns", "billing", "read_webhooks", "write_webhooks"}


def test_every_topic_that_is_told_is_described(description):
    assert set(description.document["webhooks"]) == set(TOPICS) - set(UNTOLD)


def test_what_is_not_described_is_noticed(description):
    """The check that the recorded cases rely on can fail."""

    class Answered:
        def __init__(self, status, **changes):
            answer = render(MalformedInput(reason="x"))
            self.status_code, self._body = status, {**self._read(answer.body), **changes}
            self.headers = {"x-request-id": "1", "x-rate-limit": "30", "x-rate-requests": "1"}
            self.headers["content-type"] = "application/json"

        def _read(self, body):
            import json

            return json.loads(body)

        def json(self):
            return self._body

    path = "/v1/returns/1"
    description.check("PUT", path, Answered(400))
    with pytest.raises(KeyError):
        description.check("PUT", path, Answered(418))
    with pytest.raises(AssertionError):
        description.check("PUT", path, Answered(400, http_status=400))
    with pytest.raises(AssertionError):
        description.check("PUT", path, Answered(200))
    bare = Answered(400)
    bare.headers.pop("x-rate-limit")
    with pytest.raises(AssertionError):
        description.check("PUT", path, bare)
