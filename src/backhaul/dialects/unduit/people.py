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
    details = _read(check, is_row=False)
    check.done()
    return details


def many_details_of(values: Mapping[str, Any]) -> list[Details]:
    """Return the details of all rows of an import; one bad row refuses all, with what is wrong in every row."""
    checks: list[Check] = []
    many: list[Details] = []
    for position, row in enumerate(_rows_of(values)):
        within = f"employees[{position}]"
        if isinstance(row, dict):
            check = Check(_by_older_names(row), within=f"{within}.")
            many.append(_read(check, is_row=True))
            _add_disagreements(check, row)
        else:
            check = Check({}, within=within)
            check.refuse("", "type", "must be an object")
        checks.append(check)
    if any(check.problems for check in checks):
        _add_repeated_addresses(checks)
        raise InvalidInput([problem for check in checks for problem in check.problems])
    return many


def _rows_of(values: Mapping[str, Any]) -> list[Any]:
    rows = values.get("employees")
    if rows is None or rows == []:
        raise InvalidInput([FieldProblem("employees", "missing", "can't be blank")])
    if not isinstance(rows, list):
        raise InvalidInput([FieldProblem("employees", "type", "must be a list")])
    if len(rows) > MAX_ROWS:
        raise InvalidInput(
            [FieldProblem("employees", "length", f"must have at most {MAX_ROWS} entries, not {len(rows)}")]
        )
    return rows


def _by_older_names(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row under the names of this contract; a name that was sent without a value gives way to another."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        older = ALIASES.get(name, name)
        if _is_absent(values.get(older)):
            values[older] = value
    return values


def _add_disagreements(check: Check, row: dict[str, Any]) -> None:
    told = {problem.path for problem in check.problems}
    for field in FIELDS:
        names = [name for name in row if ALIASES.get(name, name) == field and not _is_absent(row[name])]
        if any(_trimmed(row[name]) != _trimmed(row[names[0]]) for name in names):
            text = f"has different values under {' and '.join(names)}"
            if f"{check.within}{field}" not in told:
                check.refuse(field, "disagreement", text)
    check.problems.sort(key=_position)


def _add_repeated_addresses(checks: list[Check]) -> None:
    # The directory refuses these too, but it is not asked about a list that is refused already.
    seen: set[str] = set()
    for check in checks:
        email = check.sent("email")
        key = email.strip().lower() if isinstance(email, str) else ""
        is_told = any(problem.path == f"{check.within}email" for problem in check.problems)
        if key in seen and not is_told:
            check.refuse("email", "directory.email_repeated", "stands in this list before")
            check.problems.sort(key=_position)
        if key:
            seen.add(key)


def _is_absent(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _read(check: Check, *, is_row: bool) -> Details:
    country = country_of(check, names_of_countries=is_row)
    details = Details(
        first_name=_letters(check, "firstname"),
        last_name=_letters(check, "lastname"),
        email=check.text("email", is_required=True) or "",
        phone=check.digits("contact_info", is_required=True),
        phone_country=check.text("contact_country", is_required=not is_row),
        # Lists answer null where somebody has none, and what a list answered can be imported.
        location_name=check.text("location_name", is_required=not is_row),
        location_type=check.choice(
            "location_type", _LOCATION_TYPES_IN, shown=", ".join(LOCATION_TYPES), is_required=not is_row
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


def country_of(check: Check, *, names_of_countries: bool = False) -> str | None:
    """Return the country's code; UK is GB (contract C23)."""
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
