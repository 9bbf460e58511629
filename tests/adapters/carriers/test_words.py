import pytest

from backhaul.adapters.carriers.simulated.words import Fate, Mishap, fate_of, mishap_of


@pytest.mark.parametrize(
    ("reference", "fate"),
    [
        ("BH-1a2b3c4d box TICKET-4711", Fate.DELIVERED),
        ("BH-1a2b3c4d box sim-lost", Fate.LOST),
        ("BH-1a2b3c4d device SIM:LOST", Fate.LOST),
        ("BH-1a2b3c4d box https://desk.example/t/5?x=sim-lost", Fate.LOST),
        ("BH-1a2b3c4d box sim lost", Fate.LOST),
        ("BH-1a2b3c4d box sim-bad-address", Fate.BAD_ADDRESS),
        ("BH-1a2b3c4d box sim bad address", Fate.BAD_ADDRESS),
        ("BH-1a2b3c4d box sim-box-refused", Fate.REFUSED),
        ("BH-1a2b3c4d device sim-box-refused", Fate.DELIVERED),
        ("BH-1a2b3c4d device sim-box-refused sim-device-damaged", Fate.DAMAGED),
        ("sim-box-lost without a leg", Fate.DELIVERED),
        ("BH-1a2b3c4d box sim-unavailable sim-kept", Fate.KEPT),
        ("BH-1a2b3c4d box sim-lost sim-damaged", Fate.LOST),
        ("BH-1a2b3c4d box simlost", Fate.DELIVERED),
        ("BH-1a2b3c4d box gossim-lost", Fate.DELIVERED),
        ("BH-1a2b3c4d box sim-lostness", Fate.DELIVERED),
        ("", Fate.DELIVERED),
    ],
)
def test_the_fate_is_read_from_the_reference(reference, fate):
    assert fate_of(reference) is fate


@pytest.mark.parametrize(
    ("reference", "mishap"),
    [
        ("BH-1 box T-1", None),
        ("BH-1 box sim-lost", None),
        ("BH-1 box sim-no-label", Mishap.NO_LABEL),
        ("BH-1 device sim-box-no-label", None),
        ("BH-1 device sim-lost sim-device-unavailable", Mishap.UNAVAILABLE),
    ],
)
def test_the_mishap_is_read_from_the_reference(reference, mishap):
    assert mishap_of(reference) is mishap
