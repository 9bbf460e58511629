"""What recorded cases of all dialects share: how bodies are changed, filled in and compared.

Bodies are compared with the order of their keys and the types of their values (1 is not 1.0 is not true). In expected
texts the names in FORMS stand for any value of that form, and {{name}} for the id an installation has under that name.
"""

import copy
import re

FORMS = {
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
    "request_id": r"[0-9a-f]{32}",
    "usps_number": r"\d{22}",
    "fedex_number": r"\d{12}",
    "token": r"[\w-]+\.[\w-]+\.[\w-]+",
    "number": r"\d+",
    "code": r"[0-9A-Z]{10}",
    "page": r"[A-Za-z0-9_-]+",
}
ABSENT = "{{absent}}"
NUMBER = "{{number}}"  # any whole number


def changed(body, changes):
    """A body with values at dotted paths replaced, added or taken out."""
    result = copy.deepcopy(body)
    for path, value in changes.items():
        *parents, last = path.split(".")
        place = result
        for name in parents:
            place = place[name]
        if value == ABSENT:
            del place[last]
        else:
            place[last] = value
    return result


def filled(text, ids):
    """A text with {{name}} replaced by the id of that name."""
    for name, value in ids.items():
        text = text.replace(f"{{{{{name}}}}}", str(value))
    return text


def differences(expected, actual, ids, path="body"):
    """What is not as expected; nothing when all is well."""
    if isinstance(expected, str) and "{{" in expected:
        if not _has_form(actual, expected, ids):
            yield f"{path}: {actual!r} is not {expected}"
    elif type(expected) is not type(actual):
        yield f"{path}: {actual!r} instead of {expected!r}"
    elif isinstance(expected, dict):
        if list(expected) != list(actual):
            yield f"{path}: keys {list(actual)} instead of {list(expected)}"
        for name in expected.keys() & actual.keys():
            yield from differences(expected[name], actual[name], ids, f"{path}.{name}")
    elif isinstance(expected, list) and len(expected) == len(actual):
        for position, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(one, other, ids, f"{path}[{position}]")
    elif expected != actual:
        yield f"{path}: {actual!r} instead of {expected!r}"


def _has_form(actual, expected, ids):
    if expected == NUMBER:
        return type(actual) is int
    return isinstance(actual, str) and re.fullmatch(pattern_of(expected, ids), actual) is not None


def pattern_of(expected, ids):
    """The regular expression of an expected text with placeholders."""
    pattern = re.escape(filled(expected, ids))
    for name, form in FORMS.items():
        pattern = pattern.replace(re.escape(f"{{{{{name}}}}}"), form)
    return pattern
