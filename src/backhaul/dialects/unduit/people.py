"""From bodies to an employee's details, by the rules of this contract (§2.3); the directory's own come on top."""

import unicodedata
from collections.abc import Mapping
from typing import Any

import iso3166

from backhaul.dialects.unduit.calling import renamed
from backhaul.dialects.unduit.checking import Check
from backhaul.domain.directory.model import Details, LocationType, PostalAddress
from backhaul.domain.directory.spelling import check_details
from backhaul.kernel.countries import is_country
from backhaul.kernel.errors import FieldProblem, InvalidInput

MAX_ROWS = 500
BRITAIN = "GB"  # its addresses have no state (contract §2.3, C23)
LOCATION_TYPES = {
    "Warehouse": LocationType.WAREHOUSE,
    "Corporate Office": LocationType.CORPORATE_OFFICE,
    "Retail Store": LocationType.RETAIL_STORE,
    "Remote Employee": LocationType.REMOTE_EMPLOYEE,
}
LOCATION_TYPE_NAMES = {kind: name for name, kind in LOCATION_TYPES.items()}
_LOCATION_TYPES_IN = {name.lower(): kind for name, kind in LOCATION_TYPES.items()} | {
    "office": LocationType.CORPORATE_OFFICE,  # contract C12
    "corporate": LocationType.CORPORATE_OFFICE,
    "store": LocationType.RETAIL_STORE,
}
_COUNTRY_ALIASES = {"UK": BRITAIN}
_COUNTRY_NAMES = {
    name.casefold(): country.alpha2
    for country in iso3166.countries
    for name in (country.name, country.apolitical_name)
} | {
    "united states": "US",
    "great britain": BRITAIN,
    "united kingdom": BRITAIN,
}

# In the order of the documentation, which is also that of refusals.
FIELDS = (
    "firstname",
    "lastname",
    "location_name",
    "location_type",
    "contact_info",
    "email",
    "address_1",
    "address_2",
    "city",
    "state",
    "zip",
    "country",
    "contact_country",
)
# The directory's names of fields → this contract's.
NAMES = {
    "first_name": "firstname",
    "last_name": "lastname",
    "phone": "contact_info",
    "phone_country": "contact_country",
    "address.line_1": "address_1",
    "address.line_2": "address_2",
    "address.city": "city",
    "address.state": "state",
    "address.postal_code": "zip",
    "address.country_code": "country",
}
# Rows of an import may use the names that lists of employees have in answers.
ALIASES = {
    "FirstName": "firstname",
    "LastName": "lastname",
    "LocationName": "location_name",
    "LocationType": "location_type",
    "PhoneCountryCode": "contact_country",
    "ContactInfo": "contact_info",
    "Email": "email",
    "Address_1": "address_1",
    "Address_2": "address_2",
    "City": "city",
    "State": "state",
    "Zip": "zip",
    "Country": "country",
    "ContactCountry": "contact_country",
    "Address1": "address_1",
    "Address2": "address_2",
    "firstName": "firstname",
    "lastName": "lastname",
    "locationName": "location_name",
    "locationType": "location_type",
    "contactInfo": "contact_info",
    "contactCountry": "contact_country",
    "address1": "address_1",
    "address2": "address_2",
}


def details_of(values: Mapping[str, Any]) -> Details:
    """Return the details of `employee/add` and `employee/update`, or refuse everything that is wrong with them."""
    check = Check(values)
    details = _read(check, contact_country_is_required=True, names_of_countries=False)
    check.done()
    return details


def many_details_of(values: Mapping[str, Any]) -> list[Details]:
    """Return the details of all rows of an import; one bad row refuses all."""
    rows = values.get("employees")
    if rows is None or rows == []:
        raise InvalidInput([FieldProblem("employees", "missing", "can't be blank")])
    if not isinstance(rows, list):
        raise InvalidInput([FieldProblem("employees", "type", "must be a list")])
    if len(rows) > MAX_ROWS:
        raise InvalidInput(
            [FieldProblem("employees", "length", f"must have at most {MAX_ROWS} entries, not {len(rows)}")]
        )
    problems: list[FieldProblem] = []
    many: list[Details] = []
    for position, row in enumerate(rows):
        within = f"employees[{position}]"
        if not isinstance(row, dict):
            problems.append(FieldProblem(within, "type", "must be an object"))
            continue
        check = Check(_by_older_names(row), within=f"{within}.")
        many.append(_read(check, contact_country_is_required=False, names_of_countries=True))
        problems += check.problems
    if problems:
        raise InvalidInput(problems)
    return many


def _by_older_names(row: dict[str, Any]) -> dict[str, Any]:
    return {ALIASES.get(name, name): value for name, value in row.items()}


def _read(check: Check, *, contact_country_is_required: bool, names_of_countries: bool) -> Details:
    country = _country(check, names_of_countries=names_of_countries)
    details = Details(
        first_name=_letters(check, "firstname"),
        last_name=_letters(check, "lastname"),
        email=check.text("email", is_required=True) or "",
        phone=check.digits("contact_info", is_required=True),
        phone_country=check.text("contact_country", is_required=contact_country_is_required),
        location_name=check.text("location_name", is_required=True),
        location_type=check.choice(
            "location_type", _LOCATION_TYPES_IN, shown=", ".join(LOCATION_TYPES), is_required=True
        ),
        address=PostalAddress(
            line_1=check.text("address_1", is_required=True) or "",
            line_2=check.text("address_2"),
            city=check.text("city", is_required=True) or "",
            state=check.text("state", is_required=country != BRITAIN),
            postal_code=check.text("zip", is_required=True),
            country_code=country or "",
        ),
    )
    _add_problems_of_the_directory(check, details)
    return details


def _add_problems_of_the_directory(check: Check, details: Details) -> None:
    told = {problem.path for problem in check.problems}
    problems = renamed(check_details(details), NAMES, within=check.within)
    check.problems += [problem for problem in problems if problem.path not in told]
    check.problems.sort(key=_position)


def _position(problem: FieldProblem) -> int:
    return FIELDS.index(problem.path.rpartition(".")[2])


def _letters(check: Check, name: str) -> str:
    text = check.text(name, is_required=True)
    if text is not None and not all(_is_letter(character) for character in text):
        check.refuse(name, "letters", "must contain letters and spaces only")
    return text or ""


def _is_letter(character: str) -> bool:
    # Marks belong to letters: é may be written as two characters, and many scripts cannot do without.
    return character == " " or character.isalpha() or unicodedata.category(character) in {"Mn", "Mc"}


def _country(check: Check, *, names_of_countries: bool) -> str | None:
    text = check.text("country", is_required=True)
    if text is None:
        return None
    code = _COUNTRY_ALIASES.get(text.upper(), text.upper())
    if is_country(code):
        return code
    if names_of_countries and text.casefold() in _COUNTRY_NAMES:
        return _COUNTRY_NAMES[text.casefold()]
    what = " or the name of a country" if names_of_countries else ""
    check.refuse("country", "country", f"must be an ISO 3166-1 alpha-2 country code{what}")
    return None
