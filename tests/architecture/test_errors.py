"""Every refusal has a code, a docstring and a sentence, and renders wherever it may end."""

import json
import re
import string

import pytest

from backhaul.dialects import choosing
from backhaul.dialects.answering import HTTP_STATUS
from backhaul.dialects.boxc import errors as boxc
from backhaul.kernel.errors import REGISTRY, DomainError, FieldProblem, InvalidInput, Kind
from tests.architecture.sources import modules

assert modules()
RENDERERS = {
    "plain": choosing.plain,
    **{
        f"{render.__module__}": render
        for render in (*choosing.RESOURCES.values(), *choosing.SCHEMES.values(), choosing.ELSEWHERE)
    },
}
# Where each dialect's body has the sentence and the code.
SENTENCES = {
    "plain": lambda body: (body["error"], body["code"]),
    "backhaul.dialects.reready.errors": lambda body: (body["error"], body["code"]),
    "backhaul.dialects.unduit.errors": lambda body: (body["error"]["message"], body["error"]["code"]),
}
OWN_STATUS = {  # dialects whose contract says which status a refusal has
    "backhaul.dialects.boxc.errors": lambda error: boxc.wording_of(error).status,
    "backhaul.dialects.boxc.oauth_errors": lambda error: (
        400 if error.kind is Kind.INVALID else HTTP_STATUS[error.kind]
    ),
}
UPPER = {"backhaul.dialects.unduit.errors": {"identity.token_expired": "TOKEN_EXPIRED"}}
CODE = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
ODD = '\u0000 <b>ü\N{PACKAGE}\n" {x}'
ERRORS = dict(
    sorted((code, kind) for code, kind in REGISTRY.items() if kind.__module__.startswith("backhaul."))
)


def subclasses(kind):
    for below in kind.__subclasses__():
        yield below
        yield from subclasses(below)


def made(kind, **data):
    """A refusal of this class, however it is made."""
    if issubclass(kind, InvalidInput):
        return kind([FieldProblem("a.b", "odd", ODD), FieldProblem("", "odd", "is odd")])
    return kind(**data)


def placeholders(kind):
    return {name for _, name, _, _ in string.Formatter().parse(kind.message) if name is not None}


def amounts(given):
    """What a sentence can name as money, because it was given in minor units with its currency."""
    return {name.removesuffix("_minor") for name in given if name.endswith("_minor") and "currency" in given}


def values(kind):
    """Odd texts for every placeholder, numbers where the sentence or the protocol counts."""
    specs = {name: spec for _, name, spec, _ in string.Formatter().parse(kind.message) if name is not None}
    return {name: 7 if spec or name.endswith("_seconds") else ODD for name, spec in specs.items()}


def written(dialect, code):
    """The code as a dialect writes it."""
    known = UPPER.get(dialect)
    return code if known is None else known.get(code, code.upper().replace(".", "_"))


def own_docstring(kind):
    """What the class says of itself, or its family's word; that it is a refusal is not enough."""
    family = kind.__mro__[: kind.__mro__.index(DomainError)]
    return next((one.__doc__.strip() for one in family if one.__doc__), "")


def test_there_are_errors_to_look_at():
    assert len(ERRORS) >= 30


def test_every_refusal_is_registered_under_a_code_of_its_own():
    ours = [kind for kind in set(subclasses(DomainError)) if kind.__module__.startswith("backhaul.")]
    assert {kind for kind in ours if "code" not in kind.__dict__} == set()
    assert {kind.code for kind in ours} == set(ERRORS)
    assert len(ours) == len(ERRORS)


def test_every_kind_has_a_status_that_says_no():
    assert set(HTTP_STATUS) == set(Kind)
    assert all(400 <= status < 600 for status in HTTP_STATUS.values())


@pytest.mark.parametrize("code", ERRORS)
def test_its_code_docstring_and_sentence_are_fit_to_be_read(code):
    kind = ERRORS[code]
    assert CODE.fullmatch(code)
    assert kind.kind in set(Kind)
    assert own_docstring(kind).endswith(".")
    assert kind.message.strip() == kind.message != ""
    assert not kind.__name__.endswith(("Error", "Exception"))
    assert all(name.isidentifier() for name in placeholders(kind))


def looks_numbered(body):
    """BoxC's shape: a number of four digits, a sentence, and one to five texts."""
    assert list(body) == ["status", "code", "message", "errors"]
    assert body["status"] == "error"
    assert 1000 <= body["code"] < 1600
    assert body["message"].strip() not in {"", "Validation Error."}
    assert "%s" not in body["message"]
    assert 1 <= len(body["errors"]) <= 5
    assert all(isinstance(text, str) and text for text in body["errors"])
    assert body["message"].removeprefix("Validation Error. ") == body["errors"][0]


def looks_like_oauth(body):
    """RFC 6749 §5.2: a registered word, and a description in the characters it allows."""
    assert list(body) == ["error", "error_description"]
    assert body["error"] in OAUTH_WORDS
    assert re.fullmatch(r"[ !#-\[\]-~]+", body["error_description"])


OWN_SHAPE = {
    "backhaul.dialects.boxc.errors": looks_numbered,
    "backhaul.dialects.boxc.oauth_errors": looks_like_oauth,
}
OAUTH_WORDS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "access_denied",
    "unsupported_grant_type",
    "temporarily_unavailable",
    "server_error",
}


@pytest.mark.parametrize("code", ERRORS)
@pytest.mark.parametrize("dialect", RENDERERS)
def test_it_renders_in_every_dialect(code, dialect):
    kind = ERRORS[code]
    complete = made(kind, **values(kind))
    bare = made(kind)  # an error must never hide behind another because a value is missing
    for error in (complete, bare):
        for status in (None, 405):
            answer = RENDERERS[dialect](error, status)
            own = OWN_STATUS[dialect](error) if dialect in OWN_STATUS else HTTP_STATUS[kind.kind]
            assert answer.status_code == (status or own)
            assert 400 <= answer.status_code < 600
            body = json.loads(answer.body)
            if dialect in OWN_SHAPE:
                OWN_SHAPE[dialect](body)
                continue
            assert SENTENCES[dialect](body) == (error.text, written(dialect, code))
            assert error.text != ""
            if dialect in UPPER:
                assert body["message"] != ""
                assert body["success"] is False
    assert ODD in complete.text or ODD not in values(kind).values()


@pytest.mark.parametrize("code", ERRORS)
def test_whoever_raises_it_gives_every_value_its_sentence_needs(code, raised):
    """A sentence with a hole in it reads "<reason>"."""
    kind = ERRORS[code]
    missing = {
        where: placeholders(kind) - given - amounts(given)
        for where, given in raised.get(kind.__name__, {}).items()
        if given is not None and placeholders(kind) - given - amounts(given)
    }
    if not issubclass(kind, InvalidInput):
        assert missing == {}


@pytest.fixture(scope="module")
def raised():
    """Error class name → place in the source → the names it is given there; None where they are not spelt out."""
    import ast

    from tests.architecture.sources import PACKAGE, python_files, tree

    names = {kind.__name__ for kind in ERRORS.values()}
    found = {}
    for path in python_files():
        calls = {id(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
        for node in ast.walk(tree(path)):
            where = f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                spelt_out = all(keyword.arg for keyword in node.keywords)
                given = {keyword.arg for keyword in node.keywords} if spelt_out else None
                found.setdefault(node.func.id, {})[where] = given
            elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in names:
                assert id(node.exc) not in calls
                found.setdefault(node.exc.id, {})[where] = set()
    return found
