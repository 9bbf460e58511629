"""Read a JSON body into a struct and name everything that is wrong with it at once.

msgspec stops at the first problem. The good case is one fast decode; only when that fails is the body taken
apart field by field, so that a client gets all refusals in one answer, each with its dotted path.
"""

import re
import types
from collections.abc import Iterator
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec

from backhaul.kernel.errors import FieldProblem, InvalidInput, MalformedInput

Body = TypeVar("Body", bound=msgspec.Struct)

_EXPECTED = re.compile(r"Expected `([^`]+)`(?:, got `([^`]+)`)?")
_WORDS = {
    "str": "a text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def read_body(raw: bytes, kind: type[Body]) -> Body:
    """Return the body, or refuse it: `input.malformed` when it is no JSON, else `input.invalid`."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError:
        pass
    except msgspec.DecodeError as error:
        raise MalformedInput(reason=str(error)) from error
    except UnicodeDecodeError as error:
        raise MalformedInput(reason="it is not UTF-8") from error
    except RecursionError as error:
        raise MalformedInput(reason="it is nested too deeply") from error
    problems = list(_problems(msgspec.json.decode(raw), kind, ""))
    if not problems:  # a rule that only the whole body can break
        problems = [FieldProblem("", "invalid", "is not acceptable")]
    raise InvalidInput(problems)


def _problems(value: Any, kind: Any, path: str) -> Iterator[FieldProblem]:
    struct = _struct_in(kind)
    if struct is None or value is None:
        problem = _single(value, kind, path)
        if problem is not None:
            yield problem
        return
    if not isinstance(value, dict):
        yield FieldProblem(path, "type", "must be an object")
        return
    for field in msgspec.structs.fields(struct):
        below = f"{path}.{field.encode_name}" if path else field.encode_name
        if field.encode_name in value:
            yield from _problems(value[field.encode_name], field.type, below)
        elif field.required:
            yield FieldProblem(below, "missing", "can't be blank")


def _single(value: Any, kind: Any, path: str) -> FieldProblem | None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        if value is None:
            return FieldProblem(path, "missing", "can't be blank")
        return FieldProblem(path, "type", _sentence(str(error)))
    return None


def _struct_in(kind: Any) -> type[msgspec.Struct] | None:
    """Return the struct of a type or of its optional form."""
    candidates = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, msgspec.Struct):
            return candidate
    return None


def _sentence(text: str) -> str:
    """Turn msgspec's wording into one that speaks of JSON."""
    match = _EXPECTED.match(text)
    if match is None:
        return text.split(" - at ", maxsplit=1)[0][:1].lower() + text.split(" - at ", maxsplit=1)[0][1:]
    wanted = [_WORDS.get(name.strip(), name.strip()) for name in match[1].split("|")]
    wanted = [word for word in wanted if word != "null"] or wanted
    place = " (an entry of the list)" if "[...]" in text else ""
    return f"must be {' or '.join(wanted)}{place}"
