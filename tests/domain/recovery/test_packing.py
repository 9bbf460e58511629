"""Which item goes where, in which parcel."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.making import OFFICE

from backhaul.domain.recovery.model import LAPTOP_BOX, NewItem, Package, ReturnAddress
from backhaul.domain.recovery.packing import destination_for, pack
from backhaul.kernel.measures import Dimensions

SIZE = Dimensions(1, 1, 1, 1)
MONITOR = Package(device="Monitor", quantity=1, size=SIZE)
WIDE = Package(device='Monitor 32"', quantity=1, size=SIZE)
PHONES = Package(device="iPhone", quantity=3, size=SIZE)
PACKAGES = (LAPTOP_BOX, MONITOR, WIDE, PHONES)


def place(country, *packages):
    return ReturnAddress(address=msgspec.structs.replace(OFFICE, country_code=country), packages=packages)


def packed(*names, packages=PACKAGES):
    items = [NewItem(name=name) for name in names]
    parcels = pack(items, (place("US", *packages),), country_code="US")
    return [(parcel.package.device, parcel.positions) for parcel in parcels]


def test_each_goes_into_the_package_its_name_holds_else_into_the_first():
    assert packed('Dell monitor  32" curved', "monitor", "MacBook Pro", "Apple iPhone 15") == [
        ('Monitor 32"', (1,)),
        ("Monitor", (2,)),
        ("Laptop", (3,)),
        ("iPhone", (4,)),
    ]


def test_a_parcel_takes_as_many_as_its_package_says():
    assert packed("iPhone 1", "Laptop", "iPhone 2", "iPhone 3", "iPhone 4") == [
        ("iPhone", (1, 3, 4)),
        ("Laptop", (2,)),
        ("iPhone", (5,)),
    ]


UTAH, OHIO = place("US", LAPTOP_BOX), place("US", PHONES)
PARIS, LYON = place("FR", LAPTOP_BOX, MONITOR), place("FR", PHONES, MONITOR)


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Laptop", "US", (UTAH, LAPTOP_BOX)),
        ("iPhone 15", "US", (OHIO, PHONES)),  # the address that has a package for it
        ("Monitor", "US", (UTAH, LAPTOP_BOX)),  # stays in the country although others know it
        ("Keyboard", "FR", (PARIS, LAPTOP_BOX)),  # nobody knows it: the first there
        ("Monitor", "FR", (PARIS, MONITOR)),
        ("iPhone", "FR", (LYON, PHONES)),
        ("Monitor", "DE", (PARIS, MONITOR)),  # none in the country: the first that knows it
        ("Keyboard", "DE", (UTAH, LAPTOP_BOX)),  # … else the first
    ],
)
def test_of_several_addresses_the_nearest_that_knows_the_device(name, country, expected):
    found = destination_for(name, (UTAH, OHIO, PARIS, LYON), country_code=country)
    assert (found.place, found.package) == expected


def test_what_goes_elsewhere_travels_apart():
    both = Package(device="Phone", quantity=5, size=SIZE)
    places = (place("US", both), place("US", PHONES))
    items = [NewItem(name=name) for name in ("Phone", "iPhone", "Phone 2", "Cable")]
    assert [(parcel.place, parcel.positions) for parcel in pack(items, places, country_code="US")] == [
        (places[0], (1, 2, 3, 4))
    ]
    places = (place("US", LAPTOP_BOX), place("US", PHONES), place("US", LAPTOP_BOX))
    items = [NewItem(name=name) for name in ("iPhone 1", "Laptop", "iPhone 2")]
    assert [(parcel.place, parcel.positions) for parcel in pack(items, places, country_code="US")] == [
        (places[1], (1, 3)),
        (places[0], (2,)),
    ]


@given(
    st.lists(st.sampled_from(["Laptop", "Monitor", "iPhone", "Cable"]), min_size=1, max_size=5),
    st.lists(
        st.lists(st.sampled_from(PACKAGES), min_size=1, max_size=4, unique=True), min_size=1, max_size=3
    ),
    st.lists(st.sampled_from(["US", "FR", "DE"]), min_size=3, max_size=3),
)
def test_every_item_is_in_one_parcel_and_no_parcel_is_too_full(names, packages, countries):
    places = [place(country, *some) for some, country in zip(packages, countries, strict=False)]
    parcels = pack([NewItem(name=name) for name in names], places, country_code="FR")
    assert sorted(p for parcel in parcels for p in parcel.positions) == list(range(1, len(names) + 1))
    assert all(1 <= len(parcel.positions) <= parcel.package.quantity for parcel in parcels)
    for parcel in parcels:  # whoever sends it later finds the same by its first item
        to = destination_for(names[parcel.positions[0] - 1], places, country_code="FR")
        assert (to.place, to.package) == (parcel.place, parcel.package)
