import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.adapters.carriers.simulated import numbers
from backhaul.adapters.carriers.tracking_pages import carrier_page, own_page
from backhaul.domain.shipping.model import CarrierCode

# Numbers that the carriers and their integrators have published as examples.
PUBLISHED_USPS = [
    "9400111201080805483016",
    "9361289878700317633795",
    "9505511069605048600624",
    "9405803699300124287899",
]
PUBLISHED_UPS = ["1Z999AA10123456784", "1Z12345E6605272234", "1Z5R89390357567127", "1Z410E7W0392751591"]
PUBLISHED_FEDEX = ["986578788855", "477179081230", "799531274483", "790535312317"]
PUBLISHED_DHL = ["3318810025", "8487135506", "1099255990", "3821724944"]


@pytest.mark.parametrize("number", PUBLISHED_USPS)
def test_the_usps_check_digit_is_the_published_one(number):
    assert number == number[:-1] + str(numbers.gs1_check_digit(number[:-1]))


@pytest.mark.parametrize("number", PUBLISHED_UPS)
def test_the_ups_check_digit_is_the_published_one(number):
    assert number == number[:-1] + str(numbers.ups_check_digit(number[2:-1]))


@pytest.mark.parametrize("number", PUBLISHED_FEDEX)
def test_the_fedex_check_digit_is_the_published_one(number):
    assert number == number[:-1] + str(numbers.fedex_check_digit(number[:-1]))


@pytest.mark.parametrize("number", PUBLISHED_DHL)
def test_the_dhl_check_digit_is_the_published_one(number):
    assert number == number[:-1] + str(numbers.dhl_check_digit(number[:-1]))


@given(st.text())
def test_every_key_gives_a_number_of_the_carriers_form(key):
    usps, ups, fedex, dhl, sendle = (numbers.number_for(code, key) for code in CarrierCode)
    assert (len(usps), usps[:7]) == (22, "9400100")
    assert int(usps[-1]) == numbers.gs1_check_digit(usps[:-1])
    assert (len(ups), ups[:5]) == (18, "1ZSIM")
    assert int(ups[-1]) == numbers.ups_check_digit(ups[2:-1])
    assert (len(fedex), fedex[0]) == (12, "0")
    assert int(fedex[-1]) == numbers.fedex_check_digit(fedex[:-1])
    assert len(dhl) == 10
    assert int(dhl[-1]) == int(dhl[:-1]) % 7
    assert (len(sendle), sendle[0], sendle.isalnum()) == (10, "S", True)


@given(st.sampled_from(CarrierCode), st.text())
def test_grouping_only_adds_spaces(code, key):
    number = numbers.number_for(code, key)
    assert numbers.grouped(code, number).replace(" ", "") == number


def test_ten_thousand_keys_give_ten_thousand_usps_numbers():
    assert len({numbers.number_for(CarrierCode.USPS, str(key)) for key in range(10_000)}) == 10_000


def test_tracking_pages_are_the_documented_ones():
    assert (
        carrier_page(CarrierCode.USPS, "9400100")
        == "https://tools.usps.com/go/TrackConfirmAction.action?tLabels=9400100"
    )
    assert carrier_page(CarrierCode.FEDEX, "0123") == (
        "https://www.fedex.com/apps/fedextrack/?action=track&trackingnumber=0123&cntry_code=us"
    )
    assert carrier_page(CarrierCode.UPS, " a&b#c ") == "https://www.ups.com/track?tracknum=a%26b%23c"
    assert own_page("http://127.0.0.1:8000/track/", "a/b") == "http://127.0.0.1:8000/track/a%2Fb"
