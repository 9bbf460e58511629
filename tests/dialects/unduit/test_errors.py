"""Refusals: two shapes in one body, documented sentences, and when a wrong value is 400."""

import json

import pytest

from backhaul.dialects.unduit.errors import CODES, SENTENCES, render
from backhaul.domain.identity.errors import CredentialsMissing, TokenExpired, TooManyAttempts
from backhaul.kernel.errors import REGISTRY, SHOWN, FieldProblem, InvalidInput, Unavailable


def worded(error, status=None):
    answer = render(error, status)
    return answer.status_code, json.loads(answer.body)


def test_both_shapes_in_one_body():
    assert worded(
        InvalidInput([FieldProblem("zip", "blank", "can't be blank"), FieldProblem("x", "type", "no")])
    ) == (
        422,
        {
            "message": "Some values were refused: zip can't be blank; x no",
            "success": False,
            "error": {
                "code": "INPUT_INVALID",
                "message": "Some values were refused: zip can't be blank; x no",
                "details": [
                    {"field": "zip", "message": "can't be blank"},
                    {"field": "x", "message": "no"},
                ],
            },
        },
    )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["email", "password"], "Missing required fields: email, password"),
        (["password"], "Missing required fields: password"),
        (["refresh_token"], "Missing required field: refresh_token"),
        ([""], "Some values were refused: can't be blank"),
    ],
)
def test_what_was_not_sent_is_a_bad_request(names, message):
    problems = [
        FieldProblem(name, code, "can't be blank")
        for name, code in zip(names, ["missing", "blank"], strict=False)
    ]
    status, body = worded(InvalidInput(problems))
    assert (status, body["message"], body["error"]["code"]) == (400, message, "INPUT_INVALID")


def test_a_sentence_names_the_first_problems_and_counts_the_rest():
    for code, beginning in (("missing", "Missing required fields: "), ("type", "Some values were refused: ")):
        problems = [FieldProblem(f"x{n}", code, "no") for n in range(SHOWN + 5)]
        _, body = worded(InvalidInput(problems))
        assert body["message"].startswith(beginning)
        for sentence in (body["message"], body["error"]["message"]):
            assert f"x{SHOWN - 1}" in sentence
            assert f"x{SHOWN}" not in sentence
            assert sentence.endswith(" and 5 more")
        assert [detail["field"] for detail in body["error"]["details"]] == [one.path for one in problems]
        _, body = worded(InvalidInput(problems[:SHOWN]))
        assert "more" not in body["message"] + body["error"]["message"]


def test_an_expired_token_has_the_documented_code():
    status, body = worded(TokenExpired())
    assert (status, body["message"]) == (401, "Authentication token is missing or invalid")
    assert body["error"] == {
        "code": "TOKEN_EXPIRED",
        "message": "The token has expired. Refresh it or sign in again.",
        "details": [],
    }


def test_headers_tell_what_to_do():
    assert render(CredentialsMissing(hint="x")).headers["www-authenticate"] == 'Bearer realm="Backhaul"'
    assert render(TooManyAttempts(retry_after_seconds=9)).headers["retry-after"] == "9"
    assert render(Unavailable(what="It")).headers["retry-after"] == "2"


def test_every_documented_sentence_belongs_to_a_refusal():
    assert {*SENTENCES, *CODES} - set(REGISTRY) == set()
