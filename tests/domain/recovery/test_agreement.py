"""Case, parcels, custody and items agree after whatever carriers report and people say, in whatever order."""

from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st
from tests.domain.recovery.agreeing import Story

from backhaul.domain.recovery import Outcome, Shipping
from backhaul.domain.shipping.model import Fault, Leg, Tracking

ARRIVING = [(Tracking.IN_TRANSIT, None), (Tracking.DELIVERED, None)]
SCANS = [
    *ARRIVING,
    (Tracking.OUT_FOR_DELIVERY, None),
    (Tracking.UNKNOWN, None),
    (Tracking.RETURN_TO_SENDER, Fault.REFUSED),
    (Tracking.FAILURE, Fault.LOST),
    (Tracking.FAILURE, Fault.BAD_ADDRESS),
]
parcels = st.integers(0, 1)
# What a carrier reports of one leg; how many hours ago it was, so that reports come late and out of order.
scans = st.tuples(st.just("scan"), parcels, st.sampled_from(Leg), st.sampled_from(SCANS), st.integers(0, 12))
# Most of what happens, so that most examples have a parcel that arrives.
device_scans = st.tuples(
    st.just("scan"), parcels, st.just(Leg.DEVICE), st.sampled_from(ARRIVING), st.integers(0, 12)
)
said = st.tuples(st.just("say"), st.integers(1, 2), st.sampled_from(Outcome))
closed = st.tuples(st.just("close"), st.sampled_from(Outcome))
cancelled = st.tuples(st.just("cancel"), parcels)
again = st.tuples(st.just("again"))  # the last scan once more
later = st.tuples(st.just("later"), st.integers(1, 72))
# A warehouse opens a parcel: which of the devices are in it, and whether each came with its charger.
opened = st.tuples(
    st.just("open"), parcels, st.sets(st.integers(1, 2)), st.sampled_from([None, None, True, False])
)
steps = st.lists(
    st.one_of(scans, device_scans, device_scans, said, closed, cancelled, again, later, opened, opened),
    min_size=3,
    max_size=9,
)
LOST_BEFORE_HANDED_OVER = [
    ("scan", 0, Leg.DEVICE, (Tracking.FAILURE, Fault.LOST), 0),
    ("scan", 0, Leg.DEVICE, (Tracking.IN_TRANSIT, None), 0),
]
OPENED_EMPTY = [("scan", 0, Leg.DEVICE, (Tracking.DELIVERED, None), 0), ("open", 0, set(), None)]
WITHOUT_CHARGER = [("scan", 0, Leg.DEVICE, (Tracking.DELIVERED, None), 0), ("open", 0, {1}, False)]


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(steps=steps, is_together=st.booleans(), shipping=st.sampled_from([Shipping.KIT, Shipping.LABEL]))
# Two scans of the same second, the later one told first: it was handed over, and then it was lost.
@example(steps=LOST_BEFORE_HANDED_OVER, is_together=False, shipping=Shipping.KIT)
@example(steps=LOST_BEFORE_HANDED_OVER, is_together=True, shipping=Shipping.LABEL)
# A warehouse opens the parcel before and after its carrier tells: empty, and without the charger.
@example(steps=[*OPENED_EMPTY, *OPENED_EMPTY[:1]], is_together=True, shipping=Shipping.KIT)
@example(steps=OPENED_EMPTY[::-1], is_together=False, shipping=Shipping.LABEL)
@example(steps=WITHOUT_CHARGER, is_together=True, shipping=Shipping.KIT)
@example(steps=WITHOUT_CHARGER[::-1], is_together=False, shipping=Shipping.KIT)
async def test_everything_agrees_after_any_sequence(desk, depot, steps, is_together, shipping):
    story = Story(desk, depot)
    await story.begin(is_together=is_together, shipping=shipping)
    for step in steps:
        await story.take(step)
    await story.agrees()
    event(f"parcels arrived: {len(story.arrived)}, opened: {len(story.opened)}")
