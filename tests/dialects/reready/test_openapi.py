"""The dialect's description is valid OpenAPI 3.1, covers every route, and is true of what is really answered."""

from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from backhaul.dialects.reready.routes import HANDLERS

PREFIX = "/api/v1"


def test_the_description_is_valid(description):
    validate(description, cls=OpenAPIV31SpecValidator)
    assert description["openapi"] == "3.1.0"


def test_every_route_of_the_dialect_is_described(description):
    routes = {
        (path.removeprefix(PREFIX).replace("{transfer_id:str}", "{id}"), method.lower())
        for handler in HANDLERS
        for path in handler.paths
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    described = {(path, method) for path, methods in description["paths"].items() for method in methods}
    assert described == routes


def test_its_address_is_where_it_was_asked_for(description):
    assert description["servers"] == [{"url": "http://backhaul.test/api/v1"}]


async def test_an_answer_that_is_not_described_is_noticed(described):
    """The check that the recorded cases rely on can fail."""
    import pytest

    path = "/api/v1/device_transfers"
    refusal = {"error": "No.", "code": "a.b", "errors": {}}
    described("POST", path, 422, refusal)
    with pytest.raises(KeyError):
        described("POST", path, 418, refusal)
    with pytest.raises(AssertionError):
        described("POST", path, 422, {**refusal, "errors": {"x": "not a list"}})
    with pytest.raises(AssertionError):
        described("POST", path, 201, refusal)
