import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.directory import Details, PostalAddress, check_details
from backhaul.domain.directory.spelling import (
    LONGEST,
    LONGEST_OF_ADDRESS,
    NEEDED,
    NEEDED_OF_ADDRESS,
    clean_details,
)

GOOD = Details(
    first_name="Ada",
    last_name="Byron",
    email="ada@example.com",
    address=PostalAddress(line_1="1 Strand", city="London", country_code="GB"),
)


def written(**changes):
    """Good details with some values changed; `address_city` is the address's city."""
    prefix = "address_"
    of_address = {name[len(prefix) :]: value for name, value in changes.items() if name.startswith(prefix)}
    others = {name: value for name, value in changes.items() if not name.startswith(prefix)}
    address = msgspec.structs.replace(GOOD.address, **of_address)
    return msgspec.structs.replace(GOOD, address=address, **others)


def problems(**changes):
    return [(problem.path, problem.code) for problem in check_details(written(**changes))]


def test_good_details_have_no_problem():
    assert problems() == []
    assert (
        problems(phone="0123", phone_country="United States", location_name="HQ", department_name=None) == []
    )
    assert problems(first_name="Zoë-Ann", last_name="O'Neil 李", address_country_code=" gb ") == []


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_needed_may_not_be_blank(name):
    assert problems(**{name: " \t"}) == [(name, "missing")]


@pytest.mark.parametrize("name", NEEDED_OF_ADDRESS)
def test_what_an_address_needs_may_not_be_blank(name):
    assert problems(**{f"address_{name}": ""}) == [(f"address.{name}", "missing")]


@pytest.mark.parametrize("name", sorted(LONGEST.keys() - {"email", "manager_email"}))
def test_no_value_is_longer_than_its_column(name):
    assert problems(**{name: "1" * LONGEST[name]}) == []
    assert problems(**{name: "1" * (LONGEST[name] + 1)}) == [(name, "directory.too_long")]


@pytest.mark.parametrize("name", sorted(LONGEST_OF_ADDRESS.keys() - {"country_code"}))
def test_no_part_of_an_address_is_longer_than_it_may_be(name):
    assert problems(**{f"address_{name}": "1" * LONGEST_OF_ADDRESS[name]}) == []
    assert problems(**{f"address_{name}": "1" * (LONGEST_OF_ADDRESS[name] + 1)}) == [
        (f"address.{name}", "directory.too_long")
    ]


@pytest.mark.parametrize(
    "character", ["\x00", "\n", "\x7f", "\x85", "\ud800", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028"]
)
def test_what_no_label_and_no_database_can_hold_is_refused(character):
    odd = f"a{character}b"
    assert problems(last_name=odd, phone_country=odd, location_name=odd, address_line_2=odd) == [
        ("last_name", "directory.unwritable"),
        ("phone_country", "directory.unwritable"),
        ("location_name", "directory.unwritable"),
        ("address.line_2", "directory.unwritable"),
    ]


@pytest.mark.parametrize(
    "email",
    ["ada", "@example.com", "ada@", "a b@example.com", "a@b@c", f"{'a' * 65}@example.com", "<x>@y.z", "x@y", "-@-.-"],
)  # fmt: skip
def test_what_cannot_be_an_email_address_is_refused(email):
    assert problems(email=email) == [("email", "directory.email_shape")]


def test_joiners_belong_to_how_some_names_are_written():
    assert problems(first_name="ශ්\u200dරී", last_name="نیک\u200cبخت", address_city="São Paulo") == []


@pytest.mark.parametrize("phone", ["+1", "12-3", "12 3", "abc", "١٢٣", "1.5"])
def test_a_phone_number_is_digits(phone):
    assert problems(phone=phone) == [("phone", "directory.phone_shape")]


@pytest.mark.parametrize("code", ["XX", "UK", "U", "ZZ", "00"])
def test_a_country_must_exist(code):
    assert problems(address_country_code=code) == [("address.country_code", "directory.country_unknown")]


def test_everything_is_named_at_once_and_once():
    assert problems(
        first_name="", email="x" * 300, phone="x", address_city="", address_country_code="XXX"
    ) == [
        ("first_name", "missing"),
        ("email", "directory.too_long"),
        ("address.city", "missing"),
        ("address.country_code", "directory.too_long"),
        ("phone", "directory.phone_shape"),
    ]


def test_cleaning_takes_space_and_empty_values_away_and_writes_countries_in_capitals():
    cleaned = clean_details(
        written(
            first_name=" Ada ",
            phone="",
            location_name=" HQ ",
            department_name=" ",
            address_line_2="",
            address_country_code="gb",
        )
    )
    assert cleaned == msgspec.structs.replace(GOOD, location_name="HQ", department_name=None)
    assert cleaned.manager_email is msgspec.UNSET


TEXTS = st.text(max_size=12)


@given(
    st.builds(
        Details,
        first_name=TEXTS, last_name=TEXTS, email=TEXTS, phone=st.none() | TEXTS, location_name=st.none() | TEXTS,
        address=st.builds(PostalAddress, line_1=TEXTS, city=TEXTS, state=st.none() | TEXTS, country_code=TEXTS),
    )
)  # fmt: skip
def test_cleaning_twice_is_cleaning_once_and_changes_no_verdict(details):
    once = clean_details(details)
    assert clean_details(once) == once
    assert check_details(once) == check_details(details)
