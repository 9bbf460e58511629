"""The columns of a file of people: the fields of Unduit's employee/add, and what other tools call them."""

from backhaul.domain.bulk.columns import Column
from backhaul.domain.bulk.values import choice, country, day, digits, email, text
from backhaul.domain.directory.model import EmployeeStatus, LocationType
from backhaul.domain.directory.spelling import LONGEST, LONGEST_OF_ADDRESS

_LIMITS = {**LONGEST, **LONGEST_OF_ADDRESS}


def _text(field: str, name: str, *aliases: str, is_needed: bool = False) -> Column:
    return Column(field=field, name=name, aliases=aliases, read=text(_LIMITS[field]), is_needed=is_needed)


COLUMNS = (
    Column(field="email", name="email", aliases=("e-mail", "email address", "mail"), read=email, is_key=True),
    _text("first_name", "firstname", "given name", is_needed=True),
    _text("last_name", "lastname", "surname", "family name", is_needed=True),
    Column(field="phone", name="contact_info", aliases=("phone", "phone number", "mobile"), read=digits),
    _text("phone_country", "contact_country", "phone country", "phone country code"),
    _text("location_name", "location_name", "location", "office"),
    Column(field="location_type", name="location_type", read=choice(LocationType)),
    _text("line_1", "address_1", "address", "address line 1", "line 1", "street", is_needed=True),
    _text("line_2", "address_2", "address line 2", "line 2"),
    _text("city", "city", "town", is_needed=True),
    _text("state", "state", "province", "region"),
    _text("postal_code", "zip", "zip code", "postal code", "postcode"),
    Column(field="country_code", name="country", aliases=("country code",), read=country, is_needed=True),
    _text("department_name", "department", "department name"),
    Column(field="manager_email", name="manager_email", aliases=("manager",), read=email),
    Column(field="status", name="status", aliases=("employee status",), read=choice(EmployeeStatus)),
    Column(field="starts_on", name="start_date", aliases=("starts on", "hire date"), read=day),
)
