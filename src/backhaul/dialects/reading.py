"""Read a JSON body into a struct and name everything that is wrong with it at once.

msgspec stops at the first problem. The good case is one fast decode; only when that fails is the body taken
apart field by field, so that a client gets all refusals in one answer, each with its dotted path.
"""

import json
import re
import types
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec

from backhaul.kernel.errors import FieldProblem, InvalidInput, MalformedInput

Body = TypeVar("Body", bound=msgspec.Struct)

_EXPECTED = re.compile(r"Expected `([^`]+)`(?:, got `([^`]+)`)?")
_LENGTH = re.compile(r"Expected `(str|array)` of length (<=|>=) (\d+)")
_PATH = re.compile(r" - at `\$\.?(.*)`$")
_WORDS = {
    "str": "a text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_exact = msgspec.json.Decoder(float_hook=Decimal)  # amounts keep the digits they were written with
_UNHELD = object()  # stands for a number that no computer holds


def read_body(raw: bytes, kind: type[Body]) -> Body:
    """Return the body, or refuse it: `input.malformed` when it is no JSON, else `input.invalid`."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        first = str(error)
    except _UNREADABLE as error:
        raise _malformed(error) from error
    # A wrong value may stand before the place where the text stops being JSON.
    try:
        value = msgspec.json.decode(raw)
    except msgspec.ValidationError as error:  # JSON, with a number that no computer holds
        raise InvalidInput([_named(first)]) from error
    except _UNREADABLE as error:
        raise _malformed(error) from error
    if not isinstance(value, dict):
        raise InvalidInput([FieldProblem("", "type", "must be an object")])
    raise InvalidInput(list(_problems(value, kind, "")) or [_named(first)])


def read_object(raw: bytes) -> dict[str, Any]:
    """Return the body's keys and values as they were sent, or refuse what is no JSON object; no body has no keys.

    For dialects that judge each value by rules of their own. Numbers with a fraction are `Decimal`. A byte order mark
    is passed over.
    """
    text = raw.removeprefix(BOM_UTF8)
    if not text.strip():
        return {}
    try:
        value = _exact.decode(text)
    except (msgspec.ValidationError, InvalidOperation) as error:
        raise InvalidInput(_unheld_numbers(text)) from error
    except _UNREADABLE as error:
        raise _malformed(error) from error
    if not isinstance(value, dict):
        raise InvalidInput([FieldProblem("", "type", "must be an object")])
    return value


def _unheld_numbers(raw: bytes) -> list[FieldProblem]:
    """Return which numbers of a body no computer holds; msgspec does not say under which keys they stand."""
    try:
        value = json.loads(
            raw.decode(), parse_int=_held(int), parse_float=_held(Decimal), parse_constant=_refuse_constant
        )
        problems = list(_unheld_in(value, ""))
    except (ValueError, RecursionError) as error:  # the text stops being JSON behind the number
        raise _malformed(error) from error
    return problems or [FieldProblem("", "type", "holds a number that is out of range")]


def _held(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def parse(digits: str) -> Any:
        try:
            return read(digits)
        except (ValueError, InvalidOperation):
            return _UNHELD

    return parse


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _unheld_in(value: Any, path: str) -> Iterator[FieldProblem]:
    if value is _UNHELD:
        yield FieldProblem(path, "type", "is out of range")
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from _unheld_in(below, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for position, below in enumerate(value):
            yield from _unheld_in(below, f"{path}[{position}]")


def _malformed(error: Exception) -> MalformedInput:
    if isinstance(error, UnicodeDecodeError):
        return MalformedInput(reason="it is not UTF-8")
    if isinstance(error, RecursionError):
        return MalformedInput(reason="it is nested too deeply")
    return MalformedInput(reason=str(error))


def _problems(value: Any, kind: Any, path: str) -> Iterator[FieldProblem]:
    struct = _struct_in(kind)
    if struct is None or value is None:
        yield from _single(value, kind, path)
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


def _single(value: Any, kind: Any, path: str) -> Iterator[FieldProblem]:
    entry = _entry_of(kind)
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        problem = _named(str(error))
    else:
        return
    if value is None:
        yield FieldProblem(path, "missing", "can't be blank")
    elif isinstance(value, list) and entry is not None and problem.path:
        for position, one in enumerate(value):
            yield from _problems(one, entry, f"{path}[{position}]")
    else:
        yield FieldProblem(path, problem.code, problem.text)


def _named(text: str) -> FieldProblem:
    """Return msgspec's refusal as a problem: where, and a sentence that speaks of JSON."""
    match = _PATH.search(text)
    return FieldProblem(match[1] if match else "", "type", _sentence(text))


def _struct_in(kind: Any) -> type[msgspec.Struct] | None:
    """Return the struct of a type or of its optional form."""
    for candidate in _choices(kind):
        if isinstance(candidate, type) and issubclass(candidate, msgspec.Struct):
            return candidate
    return None


def _entry_of(kind: Any) -> Any:
    """Return what the entries of a list type are, or None for what is no list."""
    for candidate in _choices(kind):
        if get_origin(candidate) is Annotated:
            return _entry_of(candidate.__origin__)
        if get_origin(candidate) is list:
            return get_args(candidate)[0]
    return None


def _choices(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def _sentence(text: str) -> str:
    """Turn msgspec's wording into one that speaks of JSON."""
    if match := _LENGTH.match(text):
        things = "characters" if match[1] == "str" else "entries"
        return f"must have at {'most' if match[2] == '<=' else 'least'} {match[3]} {things}"
    if match := _EXPECTED.match(text):
        wanted = [_WORDS.get(name.strip(), name.strip()) for name in match[1].split("|")]
        wanted = [word for word in wanted if word != "null"] or wanted
        return f"must be {' or '.join(wanted)}"
    if "out of range" in text:
        return "is out of range"
    plain = text.split(" - at ", maxsplit=1)[0]
    return plain[:1].lower() + plain[1:]
