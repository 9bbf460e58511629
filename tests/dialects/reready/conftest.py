"""The dialect's own description, and a check of real answers against it."""

import re

import pytest
from jsonschema import Draft202012Validator


@pytest.fixture(scope="session")
async def description(installation):
    """The dialect's OpenAPI description, as served."""
    answer = await installation.call("GET", "/openapi/reready.json", key=None)
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture(scope="session")
def described(description):
    """Check a real answer against the description; answers outside of its routes are not its business."""

    def check(method, path, status, body):
        template = re.sub(r"^(/device_\w+)/[^/]+$", r"\1/{id}", path.removeprefix("/api/v1").rstrip("/"))
        operation = description["paths"].get(template, {}).get(method.lower())
        if operation is None:
            return
        schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
        whole = {**schema, "components": description["components"]}
        problems = [error.message for error in Draft202012Validator(whole).iter_errors(body)]
        assert problems == []

    return check
