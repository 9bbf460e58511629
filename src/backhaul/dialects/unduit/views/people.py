"""Employees as this contract's three generations show them."""

import msgspec
from msgspec import field

from backhaul.dialects.unduit.calling import PER_PAGE
from backhaul.dialects.unduit.people import LOCATION_TYPE_NAMES
from backhaul.dialects.unduit.views.writing import day, instant, pages, stamp, text
from backhaul.domain.directory.model import Details, Employee
from backhaul.domain.identity import Actor
from backhaul.domain.inventory.answers import AssignedAsset as HeldAsset
from backhaul.domain.inventory.answers import PeoplePage, Person


class AssignedAsset(msgspec.Struct, frozen=True, rename="camel"):
    """An asset as it stands beside its holder."""

    asset_id: str
    model_name: str
    model_number: str
    product_type: str
    purchase_date: str
    serial_number: str
    imei: str
    imei2: str
    sku: str
    asset_status: str


class User(msgspec.Struct, frozen=True):
    """An employee in `employees` and `users`."""

    first_name: str = field(name="FirstName")
    last_name: str = field(name="LastName")
    location_name: str | None = field(name="LocationName")
    phone_country_code: str = field(name="PhoneCountryCode")
    contact_info: str = field(name="ContactInfo")
    email: str = field(name="Email")
    country: str = field(name="Country")
    state: str = field(name="State")
    city: str = field(name="City")
    zip: str = field(name="Zip")
    location_type: str | None = field(name="LocationType")
    address_1: str = field(name="Address_1")
    address_2: str = field(name="Address_2")
    assigned_assets: tuple[AssignedAsset, ...] = field(name="AssignedAssets")


class Users(msgspec.Struct, frozen=True, rename="camel"):
    """A page of `employees` and `users`."""

    total_users: int
    total_pages: int
    current_page: int
    users: tuple[User, ...]


class Address(msgspec.Struct, frozen=True):
    """An employee in the answer to `employee/add`."""

    firstname: str
    lastname: str
    username: str
    location_name: str
    email: str
    contact_info: str
    contact_country: str
    address_1: str
    address_2: str
    city: str
    state: str
    country: str
    zip: str
    location_type: str
    id: int
    user_id: int
    company_id: int
    is_default: int
    is_deleted: int
    created_at: str
    updated_at: str
    updated_at_iso: str = field(name="updatedAt")
    created_at_iso: str = field(name="createdAt")


class Added(msgspec.Struct, frozen=True):
    """The answer to `employee/add`."""

    message: str
    address: Address


class Imported(msgspec.Struct, frozen=True):
    """The answer to `employees/bulk-import`."""

    success: bool
    message: str
    imported: int
    skipped: int
    skipped_emails: tuple[str, ...]
    employees: tuple[Address, ...]


class Manager(msgspec.Struct, frozen=True):
    """Whom somebody reports to."""

    name: str
    email: str


class Department(msgspec.Struct, frozen=True):
    """Which department somebody belongs to."""

    name: str


class EmployeeOfToday(msgspec.Struct, frozen=True, rename="camel"):
    """An employee in `v2/employees`; the last three are there when `include` names them."""

    id: str
    email: str
    first_name: str
    last_name: str
    phone: str
    phone_country_code: str
    status: str
    start_date: str | None
    country: str
    state: str
    city: str
    zip: str
    address1: str
    address2: str
    location_name: str | None
    location_type: str | None
    assets: tuple[AssignedAsset, ...] | msgspec.UnsetType = msgspec.UNSET
    manager: Manager | msgspec.UnsetType | None = msgspec.UNSET
    department: Department | msgspec.UnsetType | None = msgspec.UNSET


class EmployeesOfToday(msgspec.Struct, frozen=True, rename="camel"):
    """A page of `v2/employees`."""

    total_users: int
    total_pages: int
    current_page: int
    employees: tuple[EmployeeOfToday, ...]


def users(found: PeoplePage, page: int) -> Users:
    """Return a page of people under the older names."""
    return Users(
        total_users=found.total,
        total_pages=pages(found.total, per_page=PER_PAGE),
        current_page=page,
        users=tuple(user(person) for person in found.items),
    )


def user(person: Person) -> User:
    """Return one of them."""
    employee = person.employee
    return User(
        first_name=employee.first_name,
        last_name=employee.last_name,
        location_name=person.location_name,
        phone_country_code=text(employee.phone_country),
        contact_info=text(employee.phone),
        email=employee.email,
        country=employee.country_code,
        state=text(employee.state),
        city=employee.city,
        zip=text(employee.postal_code),
        location_type=_location_type(employee),
        address_1=employee.line_1,
        address_2=text(employee.line_2),
        assigned_assets=tuple(assigned_asset(held) for held in person.assets),
    )


def assigned_asset(held: HeldAsset) -> AssignedAsset:
    """Return an asset beside its holder."""
    return AssignedAsset(
        asset_id=text(held.tag),
        model_name=held.model_name,
        model_number=text(held.model_number),
        product_type=held.product_type,
        purchase_date=day(held.purchased_on),
        serial_number=held.serial_number,
        imei=text(held.imei),
        imei2=text(held.imei2),
        sku=text(held.sku),
        asset_status=held.status_name,
    )


def employees_of_today(found: PeoplePage, page: int, include: frozenset[str]) -> EmployeesOfToday:
    """Return a page of people under the newer names."""
    return EmployeesOfToday(
        total_users=found.total,
        total_pages=pages(found.total, per_page=PER_PAGE),
        current_page=page,
        employees=tuple(employee_of_today(person, include) for person in found.items),
    )


def employee_of_today(person: Person, include: frozenset[str]) -> EmployeeOfToday:
    """Return one of them, with what was asked for beside."""
    employee = person.employee
    return EmployeeOfToday(
        id=str(employee.number),
        email=employee.email,
        first_name=employee.first_name,
        last_name=employee.last_name,
        phone=text(employee.phone),
        phone_country_code=text(employee.phone_country),
        status=employee.status.value,
        start_date=day(employee.starts_on) or None,
        country=employee.country_code,
        state=text(employee.state),
        city=employee.city,
        zip=text(employee.postal_code),
        address1=employee.line_1,
        address2=text(employee.line_2),
        location_name=person.location_name,
        location_type=_location_type(employee),
        assets=tuple(map(assigned_asset, person.assets)) if "assets" in include else msgspec.UNSET,
        manager=_manager(person) if "manager" in include else msgspec.UNSET,
        department=_department(person) if "department" in include else msgspec.UNSET,
    )


def address(employee: Employee, details: Details, actor: Actor) -> Address:
    """Return an employee who was added this moment, with the location as it was named."""
    return Address(
        firstname=employee.first_name,
        lastname=employee.last_name,
        username=employee.full_name,
        location_name=text(details.location_name),
        email=employee.email,
        contact_info=text(employee.phone),
        contact_country=text(employee.phone_country),
        address_1=employee.line_1,
        address_2=text(employee.line_2),
        city=employee.city,
        state=text(employee.state),
        country=employee.country_code,
        zip=text(employee.postal_code),
        location_type=_location_type(employee) or "",
        id=employee.number,
        user_id=0,
        company_id=actor.org_number,
        is_default=0,
        is_deleted=0,
        created_at=stamp(employee.created_at),
        updated_at=stamp(employee.updated_at),
        updated_at_iso=instant(employee.updated_at),
        created_at_iso=instant(employee.created_at),
    )


def _location_type(employee: Employee) -> str | None:
    return None if employee.location_type is None else LOCATION_TYPE_NAMES[employee.location_type]


def _manager(person: Person) -> Manager | None:
    manager = person.manager
    return None if manager is None else Manager(name=manager.name, email=manager.email)


def _department(person: Person) -> Department | None:
    return None if person.department_name is None else Department(name=person.department_name)
