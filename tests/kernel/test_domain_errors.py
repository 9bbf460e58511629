import pytest

from backhaul.kernel.errors import REGISTRY, DomainError, FieldProblem, InvalidInput, Kind, Unavailable


@pytest.fixture
def registry(monkeypatch):
    """The registry, given back as it was."""
    kept = dict(REGISTRY)
    yield REGISTRY
    REGISTRY.clear()
    REGISTRY.update(kept)


@pytest.fixture
def kettle_cold(registry):
    class KettleCold(DomainError):
        """The kettle is cold."""

        code = "test.kettle_cold"
        kind = Kind.CONFLICT
        message = "The {color} kettle has {degrees} degrees."

    return KettleCold


def test_an_error_with_a_code_is_registered(kettle_cold, registry):
    assert registry["test.kettle_cold"] is kettle_cold


def test_the_sentence_is_filled_from_the_data(kettle_cold):
    refusal = kettle_cold(color="red", degrees=20, unused=True)
    assert refusal.text == str(refusal) == "The red kettle has 20 degrees."
    assert refusal.data == {"color": "red", "degrees": 20, "unused": True}


def test_a_missing_value_shows_and_hides_nothing(kettle_cold):
    assert str(kettle_cold(color="red")) == "The red kettle has <degrees> degrees."


def test_values_with_braces_are_shown_as_they_are(kettle_cold):
    assert str(kettle_cold(color="{degrees}", degrees=1)) == "The {degrees} kettle has 1 degrees."


def test_a_code_belongs_to_one_error(kettle_cold):
    with pytest.raises(TypeError, match=r"error code test\.kettle_cold is taken by .*KettleCold"):
        type("PotCold", (DomainError,), {"code": "test.kettle_cold"})


def test_an_error_without_a_code_of_its_own_is_not_registered(kettle_cold, registry):
    before = dict(registry)
    type("KettleIcy", (kettle_cold,), {})
    assert registry == before


def test_every_registered_error_is_complete(registry):
    import backhaul.main  # noqa: F401 -- declares them all

    assert len(registry) > 40
    for code, error in registry.items():
        assert error.code == code
        assert isinstance(error.kind, Kind), code
        assert error.message.endswith((".", "}")), code
        capability, _, name = code.partition(".")
        assert capability.isidentifier(), code
        assert name.isidentifier(), code


def test_invalid_input_lists_every_problem_at_once():
    problems = [FieldProblem("a.b", "required", "is missing"), FieldProblem("", "form", "cannot be read")]
    refusal = InvalidInput(problems)
    assert refusal.problems == problems
    assert refusal.text == "Some values were refused: a.b is missing; cannot be read"


def test_unavailable_says_what_and_that_nothing_changed():
    assert Unavailable(what="The database").text == (
        "The database does not answer at the moment. Nothing was changed; please try again."
    )
    assert Unavailable.kind is Kind.UNAVAILABLE
