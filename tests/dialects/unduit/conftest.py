"""The shared installation with people and devices in it, the dialect's description, and a check against it."""

import re

import pytest
from jsonschema import Draft202012Validator

from tests.dialects.unduit.furnishing import furnish

PREFIX = "/api"


@pytest.fixture(scope="session")
async def office(installation):
    """The installation all recorded cases of this dialect speak to."""
    return await furnish(installation)


@pytest.fixture
async def own_office(own_installation):
    """The same for one test alone."""
    return await furnish(own_installation)


@pytest.fixture(scope="session")
async def description(installation):
    """The dialect's OpenAPI description, as served."""
    answer = await installation.call("GET", "/openapi/unduit.json", key=None)
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture(scope="session")
def described(description):
    """Check a real exchange against the description; what is outside of its routes is not its business."""
    templates = {
        re.compile(re.sub(r"\{\w+\}", "[^/]+", template)): operations
        for template, operations in sorted(description["paths"].items(), key=lambda item: "{" in item[0])
    }

    def operation_of(method, path):
        plain = re.sub("/+", "/", path.split("?")[0]).removeprefix(PREFIX)
        for pattern, operations in templates.items():
            if pattern.fullmatch(plain):
                return operations.get(method.lower())
        return None

    def problems(schema, value):
        whole = {**schema, "components": description["components"]}
        return [error.message for error in Draft202012Validator(whole).iter_errors(value)]

    def check(method, path, status, body, sent=None):
        operation = operation_of(method, path)
        if operation is None:
            return
        schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
        assert problems(schema, body) == []
        if sent is not None and status == 200:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert problems(schema, sent) == []

    return check
