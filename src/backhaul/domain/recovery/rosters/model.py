"""People who are to be added to a campaign, as far as a list names them, and as they would be added."""

import msgspec

from backhaul.domain.recovery.model import NewCase, NewItem, Reason, Shipping

MOST_PEOPLE = 2_000  # of one list: they are added in one transaction


class Column(msgspec.Struct, frozen=True):
    """A column of a list of people."""

    name: str
    meaning: str
    example: str = ""


# One row a device; rows with the same address are one person.
COLUMNS = (
    Column(
        "email", "Needed. Rows with the same address are one person with several devices.", "ada@example.com"
    ),
    Column("first_name", "Taken from the directory where it is empty.", "Ada"),
    Column("last_name", "Taken from the directory where it is empty.", "Lovelace"),
    Column("phone", "Taken from the directory where it is empty. Carriers ask for it.", "+1 412 555 0198"),
    Column(
        "address_line_1",
        "The address is taken from the directory where this is empty.",
        "404 Hidden Spring Lane",
    ),
    Column("address_line_2", "", ""),
    Column("city", "", "Pittsburgh"),
    Column("state", "By its code or name, in countries that have them.", "PA"),
    Column("postal_code", "", "15238"),
    Column("country_code", "Two letters, like US.", "US"),
    Column(
        "item", "What is to come back. Empty on all rows: the devices the inventory says they have.", "Laptop"
    ),
    Column("serial_number", "", "C02XK0AAJG5H"),
    Column("tag", "Your own id of the device.", ""),
    Column("imei", "", ""),
    Column("legal_hold", "yes: the device is put on legal hold.", "no"),
    Column("shipping", "kit: a box is sent. ask: the person chooses. Empty: as chosen on the page.", "kit"),
    Column("reason", "refresh, break_fix, offboarding or other.", "offboarding"),
    Column("reason_note", "Needed with the reason other.", ""),
)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for everybody of a list who has nothing else in it."""

    shipping: Shipping = Shipping.KIT
    reason: Reason | None = None
    reason_note: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as a list names them."""

    email: str
    rows: tuple[int, ...] = ()  # of the file, the header being 1; none: picked from the directory
    given: dict[str, str] = {}  # by the column's name; empty cells are left out
    items: tuple[NewItem, ...] = ()


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the organization knows of somebody on a list."""

    is_there_already: bool  # in the campaign
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    line_1: str | None = None
    line_2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country_code: str | None = None
    items: tuple[NewItem, ...] = ()  # the devices they have


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of a list as they would be added, or why they cannot be."""

    entry: Entry
    new: NewCase | None
    problems: tuple[str, ...]
    completed: tuple[str, ...]  # what was taken from elsewhere: "address", "devices"


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A list looked at: nobody is added yet."""

    people: tuple[Reviewed, ...]

    @property
    def good(self) -> tuple[NewCase, ...]:
        """Who can be added."""
        return tuple(one.new for one in self.people if one.new is not None)

    @property
    def refused(self) -> tuple[Reviewed, ...]:
        """Who cannot be added."""
        return tuple(one for one in self.people if one.new is None)

    @property
    def item_count(self) -> int:
        """How many devices those who can be added are asked for."""
        return sum(len(new.items) for new in self.good)
