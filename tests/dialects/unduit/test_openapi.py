"""The dialect's description is valid OpenAPI 3.1, covers every route, and is true of what is really answered."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from backhaul.dialects.unduit.errors import body_of
from backhaul.dialects.unduit.routes import HANDLERS
from backhaul.kernel.errors import MalformedInput
from tests.dialects.unduit.replay import reference


def test_the_description_is_valid(description):
    validate(description, cls=OpenAPIV31SpecValidator)
    assert description["openapi"] == "3.1.0"


def test_every_route_of_the_dialect_is_described(description):
    routes = {
        (re.sub(r"\{\w+:str\}", "{}", path.removeprefix("/api")), method.lower())
        for handler in HANDLERS
        for path in handler.paths
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    described = {
        (re.sub(r"\{\w+\}", "{}", path), method)
        for path, methods in description["paths"].items()
        for method in methods
    }
    assert described == routes


def test_its_address_is_where_it_was_asked_for(description):
    assert description["servers"] == [{"url": "http://backhaul.test/api"}]


def test_operations_have_names_of_their_own(description):
    names = [
        operation["operationId"]
        for methods in description["paths"].values()
        for operation in methods.values()
    ]
    assert len(names) == len(set(names))


def test_what_is_not_described_is_noticed(described):
    """The check that the recorded cases rely on can fail."""
    path, body = "/api/v1/employee/add", reference("employee")
    refusal = body_of(MalformedInput(reason="x"))
    described("POST", path, 400, refusal)
    with pytest.raises(KeyError):
        described("POST", path, 418, refusal)
    with pytest.raises(AssertionError):
        described("POST", path, 400, {**refusal, "success": True})
    with pytest.raises(AssertionError):
        described("POST", path, 200, refusal)
    answer = {"message": "Record updated successfully"}
    described("PUT", "/api/v1//employee/update/1", 200, answer, body)
    with pytest.raises(AssertionError):
        described("PUT", "/api/v1//employee/update/1", 200, answer, {**body, "zip": None})
