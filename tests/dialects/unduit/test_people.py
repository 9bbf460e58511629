"""From bodies to details: the rules of this contract and the directory's, all problems at once."""

import pytest

from backhaul.dialects.unduit.people import FIELDS, MAX_ROWS, details_of, many_details_of
from backhaul.domain.directory.model import LocationType
from backhaul.kernel.errors import InvalidInput

BODY = {
    "firstname": "John",
    "lastname": "Doe",
    "location_name": "San Francisco Remote Hub",
    "contact_info": "3242342",
    "email": "john.doe@example.com",
    "address_1": "123 Market Street",
    "address_2": "Suite 400",
    "city": "San Francisco",
    "state": "CA",
    "zip": "94103",
    "country": "US",
    "contact_country": "US",
    "location_type": "Warehouse",
}
REQUIRED = [name for name in BODY if name != "address_2"]


def refused(values):
    with pytest.raises(InvalidInput) as caught:
        details_of(values)
    return {problem.path: problem.text for problem in caught.value.problems}


def test_the_printed_body():
    details = details_of(BODY)
    assert (details.first_name, details.last_name, details.email) == ("John", "Doe", "john.doe@example.com")
    assert (details.phone, details.phone_country) == ("3242342", "US")
    assert (details.location_name, details.location_type) == (BODY["location_name"], LocationType.WAREHOUSE)
    address = details.address
    assert (address.line_1, address.line_2) == ("123 Market Street", "Suite 400")
    assert (address.city, address.state, address.postal_code) == ("San Francisco", "CA", "94103")
    assert address.country_code == "US"


def test_an_empty_body_names_every_required_field():
    for values in ({}, dict.fromkeys(BODY, "")):
        problems = refused(values)
        assert problems == dict.fromkeys(REQUIRED, "can't be blank")
        assert list(problems) == [name for name in FIELDS if name != "address_2"]


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [None, "", "   "])
def test_a_required_field_alone(name, value):
    assert refused({**BODY, name: value}) == {name: "can't be blank"}


@pytest.mark.parametrize("name", BODY)
@pytest.mark.parametrize("value", [[], {}, True, 1.5])
def test_a_wrong_type_is_named(name, value):
    assert list(refused({**BODY, name: value})) == [name]


def test_everything_wrong_is_told_at_once():
    assert refused(
        {
            **BODY,
            "firstname": "J0hn",
            "lastname": "",
            "email": "nobody",
            "contact_info": "+1",
            "country": "XX",
            "location_type": "Moon",
            "city": "x" * 101,
        }
    ) == {
        "firstname": "must contain letters and spaces only",
        "lastname": "can't be blank",
        "email": "must be an e-mail address like ada@example.com",
        "contact_info": "must contain only numbers",
        "country": "must be an ISO 3166-1 alpha-2 country code",
        "location_type": "must be one of Warehouse, Corporate Office, Retail Store, Remote Employee",
        "city": "may have at most 100 characters",
    }


@pytest.mark.parametrize(
    "name", ["Anna Lena", "José", "Jose\N{COMBINING ACUTE ACCENT}", "李", "अनिल", "Ærø", " Zoë "]
)
def test_letters_of_all_scripts(name):
    assert details_of({**BODY, "firstname": name}).first_name == name.strip()


@pytest.mark.parametrize(
    "name", ["O'Brien", "Anna-Lena", "John2", "J.", "a\tb", "a_b", "\N{NO-BREAK SPACE}a b"]
)
def test_anything_but_letters_and_spaces(name):
    expected = (
        {} if name.startswith("\N{NO-BREAK SPACE}") else {"lastname": "must contain letters and spaces only"}
    )
    if expected:
        assert refused({**BODY, "lastname": name}) == expected
    else:
        assert details_of({**BODY, "lastname": name}).last_name == "a b"


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ("warehouse", LocationType.WAREHOUSE),
        ("CORPORATE  OFFICE", LocationType.CORPORATE_OFFICE),
        ("Office", LocationType.CORPORATE_OFFICE),
        ("corporate", LocationType.CORPORATE_OFFICE),
        ("Retail Store", LocationType.RETAIL_STORE),
        ("store", LocationType.RETAIL_STORE),
        ("Remote Employee", LocationType.REMOTE_EMPLOYEE),
    ],
)
def test_location_types_and_their_aliases(sent, kind):
    assert details_of({**BODY, "location_type": sent}).location_type is kind


@pytest.mark.parametrize(
    ("sent", "code"), [("us", "US"), ("GB", "GB"), ("UK", "GB"), ("uk", "GB"), (" de ", "DE")]
)
def test_countries(sent, code):
    assert details_of({**BODY, "country": sent}).address.country_code == code


@pytest.mark.parametrize("sent", ["USA", "Germany", "XX", "U", "840"])
def test_what_is_no_country_code(sent):
    assert list(refused({**BODY, "country": sent})) == ["country"]


@pytest.mark.parametrize("country", ["GB", "gb", "UK"])
@pytest.mark.parametrize("state", [None, "", "LDN"])
def test_british_addresses_need_no_state(country, state):
    assert details_of({**BODY, "country": country, "state": state}).address.state == (state or None)


def test_a_wrong_country_does_not_excuse_a_missing_state():
    assert list(refused({**BODY, "country": "XX", "state": ""})) == ["state", "country"]


@pytest.mark.parametrize("sent", ["3242342", 3242342])
def test_a_telephone_number_may_be_a_number(sent):
    assert details_of({**BODY, "contact_info": sent}).phone == "3242342"


def many_refused(values):
    with pytest.raises(InvalidInput) as caught:
        many_details_of(values)
    return {problem.path: problem.text for problem in caught.value.problems}


def test_rows_may_have_the_names_of_answers():
    row = {
        "FirstName": "Jane",
        "LastName": "Smith",
        "LocationName": "Hub",
        "PhoneCountryCode": "+1",
        "ContactInfo": "6465550123",
        "Email": "jane@example.com",
        "Country": "United Kingdom",
        "City": "London",
        "Zip": "N1 9GU",
        "LocationType": "Corporate",
        "Address_1": "1 Road",
        "Address_2": "",
    }
    (read,) = many_details_of({"employees": [row]})
    assert (read.first_name, read.email, read.phone_country) == ("Jane", "jane@example.com", "+1")
    assert (read.address.country_code, read.address.state) == ("GB", None)


@pytest.mark.parametrize(
    ("name", "code"),
    [("US", "US"), ("united states", "US"), ("Germany", "DE"), ("uk", "GB"), ("Great Britain", "GB")],
)
def test_rows_may_name_a_country(name, code):
    (read,) = many_details_of({"employees": [{**BODY, "country": name}]})
    assert read.address.country_code == code


def test_rows_need_no_contact_country():
    (read,) = many_details_of({"employees": [{**BODY, "contact_country": None}]})
    assert read.phone_country is None


@pytest.mark.parametrize("values", [{"LocationName": None, "LocationType": None}, {}])
def test_rows_without_a_location_are_taken_as_lists_answer_them(values):
    row = {name: value for name, value in BODY.items() if not name.startswith("location_")}
    (read,) = many_details_of({"employees": [{**row, **values}]})
    assert (read.location_name, read.location_type) == (None, None)


@pytest.mark.parametrize(
    "values",
    [
        {"FirstName": "John"},
        {"FirstName": " John "},
        {"FirstName": None, "firstName": ""},
        {"firstname": None, "FirstName": "John"},
        {"firstname": "", "firstName": "John", "FirstName": "John"},
    ],
)
def test_one_value_under_several_names_is_taken(values):
    for row in ({**BODY, **values}, {**values, **BODY, **values}):
        (read,) = many_details_of({"employees": [row]})
        assert read.first_name == "John"


def test_different_values_under_several_names_are_refused():
    row = {**BODY, "FirstName": "Jane", "PhoneCountryCode": "+1", "zip": "", "Zip": 5, "LastName": 5}
    assert many_refused({"employees": [BODY, {**row, "state": 5, "State": "NY", "email": "x"}]}) == {
        "employees[1].firstname": "has different values under firstname and FirstName",
        "employees[1].lastname": "has different values under lastname and LastName",
        "employees[1].email": "must be an e-mail address like ada@example.com",
        "employees[1].state": "must be a text",
        "employees[1].zip": "must be a text",
        "employees[1].contact_country": "has different values under contact_country and PhoneCountryCode",
    }


def test_an_address_that_is_repeated_is_told_with_everything_else():
    rows = [
        BODY,
        {**BODY, "zip": "", "Email": "JOHN.Doe@example.com", "email": None},
        "x",
        BODY,
        {**BODY, "email": "x"},
    ]
    rows += [{**BODY, "email": "x"}, {**BODY, "email": ""}, {**BODY, "email": ""}]
    wrong = "must be an e-mail address like ada@example.com"
    problems = many_refused({"employees": rows})
    assert problems == {
        "employees[1].email": "stands in this list before",
        "employees[1].zip": "can't be blank",
        "employees[2]": "must be an object",
        "employees[3].email": "stands in this list before",
        "employees[4].email": wrong,
        "employees[5].email": wrong,
        "employees[6].email": "can't be blank",
        "employees[7].email": "can't be blank",
    }
    assert list(problems) == sorted(problems)


def test_every_bad_row_is_told():
    rows = [BODY, {**BODY, "zip": ""}, "x", {**BODY, "Country": "Atlantis", "country": "Atlantis"}, {}]
    problems = many_refused({"employees": rows})
    assert problems["employees[1].zip"] == "can't be blank"
    assert problems["employees[2]"] == "must be an object"
    assert problems["employees[3].country"].endswith("or the name of a country")
    assert len([path for path in problems if path.startswith("employees[4].")]) == len(REQUIRED) - 3
    assert not [path for path in problems if path.startswith("employees[0]")]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "can't be blank"),
        ({"employees": None}, "can't be blank"),
        ({"employees": []}, "can't be blank"),
        ({"employees": {}}, "must be a list"),
        ({"employees": "x"}, "must be a list"),
        ({"employees": [{}] * (MAX_ROWS + 1)}, "must have at most 500 entries, not 501"),
    ],
)
def test_what_is_no_list_of_rows(values, text):
    assert many_refused(values) == {"employees": text}
