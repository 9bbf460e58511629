import pytest

from backhaul.domain.billing import prices
from backhaul.domain.billing.errors import PriceListInvalid
from backhaul.domain.billing.model import Quote, QuoteLine
from backhaul.domain.billing.prices import PACKAGED_LIST, PricedItem, Share
from backhaul.domain.billing.prices import PriceCode as Code
from backhaul.domain.identity.model import Plan
from backhaul.kernel.money import Money


@pytest.fixture
def packaged():
    return prices.load()


def test_the_reference_transfer_costs_85_dollars(packaged):
    quote = packaged.quote(Plan.ENTERPRISE, [PricedItem(Code.TRANSFER_FLAT)])
    flat = QuoteLine("transfer.flat", "Device transfer, flat rate", 8500)
    assert quote == Quote((flat,), Money(8500, "USD"))


def test_options_are_added_per_leg_and_the_waived_box_is_taken_off(packaged):
    quote = packaged.quote(
        Plan.ENTERPRISE,
        [
            PricedItem(Code.TRANSFER_FLAT),
            PricedItem(Code.CARRIER_REQUIRED, quantity=2),
            PricedItem(Code.RUSH),
            PricedItem(Code.INSURANCE, amount_minor=120_000),
            PricedItem(Code.PICKUP),
            PricedItem(Code.BOX_WAIVED),
        ],
    )
    assert [line.amount_minor for line in quote.lines] == [8500, 3000, 2500, 1800, 1000, -2500]
    assert quote.lines[1].text == "Carrier of your choice × 2"
    assert quote.total == Money(14300, "USD")


def test_options_not_taken_leave_no_line(packaged):
    items = [PricedItem(Code.RUSH, quantity=0), PricedItem(Code.INSURANCE, amount_minor=0)]
    assert packaged.quote(Plan.CUSTOM, items) == Quote((), Money(0, "USD"))


@pytest.mark.parametrize(
    ("amount", "expected"), [(1, 500), (33_366, 500), (33_367, 501), (100_033, 1500), (100_034, 1501)]
)
def test_insurance_is_a_share_rounded_half_up_with_a_minimum(amount, expected):
    assert Share(basis_points=150, minimum_minor=500).of(amount) == expected


def test_a_total_is_never_negative_and_its_lines_still_add_up(packaged):
    quote = packaged.quote(Plan.FREE, [PricedItem(Code.BOX_WAIVED, quantity=3)])
    assert quote.total == Money(0, "USD")
    assert sum(line.amount_minor for line in quote.lines) == 0


def test_negative_quantities_are_a_defect(packaged):
    with pytest.raises(ValueError, match="never negative"):
        packaged.quote(Plan.FREE, [PricedItem(Code.RUSH, quantity=-1)])


def changed(tmp_path, old, new):
    text = PACKAGED_LIST.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "prices.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"transfer.flat" = 8500\n', "", "plans.enterprise: transfer.flat is missing"),
        ('"option.rush" = 2500', '"option.rush" = -1', "plans.enterprise: option.rush must not be negative"),
        ('waived" = -2000', 'waived" = 2000', "plans.free: discount.box_waived is a discount"),
        ('"option.rush" = 2500', '"option.rush" = 25.0', "plans"),
        ('"option.rush" = 2500', '"option.rushed" = 2500', "option.rushed"),
        (
            "{ basis_points = 150, minimum_minor = 500 }",
            "500",
            "plans.enterprise: option.insurance is a share",
        ),
        ("{ basis_points = 150, minimum_minor = 500 }", "{ percent = 1 }", "percent"),
        ('"option.pickup" = 800', '"option.pickup" = { basis_points = 1 }', "plain amount, not a share"),
        ('"option.rush" = "Rush shipping"\n', "", "texts has no option.rush"),
        ('currency = "USD"', 'currency = "dollars"', "not an ISO 4217 code"),
        ("[plans.custom]", "[plans.customs]", "customs"),
        ("[plans.custom]", "[plans.custom", "line"),
    ],
)
def test_a_wrong_price_list_is_refused_and_says_where(tmp_path, old, new, said):
    path = changed(tmp_path, old, new)
    with pytest.raises(PriceListInvalid) as refusal:
        prices.load(path)
    assert said in refusal.value.text
    assert str(path) in refusal.value.text


def test_a_missing_price_list_is_refused(tmp_path):
    with pytest.raises(PriceListInvalid, match="No such file"):
        prices.load(tmp_path / "none.toml")
