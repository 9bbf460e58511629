"""Which item goes into which parcel."""

from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.recovery.model import LAPTOP_BOX, NewItem, Package
from backhaul.domain.recovery.packing import pack
from backhaul.kernel.measures import Dimensions

SIZE = Dimensions(1, 1, 1, 1)
MONITOR = Package(device="Monitor", quantity=1, size=SIZE)
WIDE = Package(device='Monitor 32"', quantity=1, size=SIZE)
PHONES = Package(device="iPhone", quantity=3, size=SIZE)
PACKAGES = (LAPTOP_BOX, MONITOR, WIDE, PHONES)


def packed(*names, packages=PACKAGES):
    items = [NewItem(name=name) for name in names]
    return [(parcel.package.device, parcel.positions) for parcel in pack(items, packages)]


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


@given(
    st.lists(st.sampled_from(["Laptop", "Monitor", "iPhone", "Cable"]), min_size=1, max_size=5),
    st.lists(st.sampled_from(PACKAGES), min_size=1, max_size=4, unique=True),
)
def test_every_item_is_in_one_parcel_and_no_parcel_is_too_full(names, packages):
    parcels = pack([NewItem(name=name) for name in names], packages)
    assert sorted(p for parcel in parcels for p in parcel.positions) == list(range(1, len(names) + 1))
    assert all(1 <= len(parcel.positions) <= parcel.package.quantity for parcel in parcels)
