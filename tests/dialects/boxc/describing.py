"""Real exchanges checked against the dialect's description."""

import re

from jsonschema import Draft202012Validator


class Description:
    """What the dialect says of itself, and whether an exchange is as it says."""

    def __init__(self, document):
        self.document = document
        self._templates = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", template)), operations)
            for template, operations in sorted(document["paths"].items(), key=lambda item: "{" in item[0])
        ]

    def check(self, method, path, answer, sent=None):
        """Compare an answer, and what was sent if it was accepted; paths that are none are not its business."""
        operation = self._operation(method, path)
        if operation is None:
            return
        described = operation["responses"][str(answer.status_code)]
        for name in described["headers"]:
            assert name.lower() in answer.headers
        if "content" not in described:
            assert answer.content == b""
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        schema = described["content"][media_type].get("schema")
        if media_type == "application/json":
            assert self.problems(schema, answer.json()) == []
        if sent is not None and answer.status_code < 300:
            assert (
                self.problems(operation["requestBody"]["content"]["application/json"]["schema"], sent) == []
            )

    def problems(self, schema, value):
        whole = {**schema, "components": self.document["components"]}
        return [error.message for error in Draft202012Validator(whole).iter_errors(value)]

    def _operation(self, method, path):
        for pattern, operations in self._templates:
            if pattern.fullmatch(path.split("?")[0]):
                return operations.get(method.lower())
        return None
