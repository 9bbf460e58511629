import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.kernel.money import Money

AMOUNTS = st.builds(Money, st.integers(-(10**15), 10**15), st.sampled_from(["USD", "EUR"]))


def test_money_is_dollars_unless_said_otherwise():
    assert Money(8500) == Money(8500, "USD")
    assert Money(8500) != Money(8500, "EUR")


@given(AMOUNTS, AMOUNTS)
def test_amounts_of_one_currency_add_up_and_of_two_do_not(one, other):
    if one.currency == other.currency:
        assert one + other == other + one == Money(one.amount_minor + other.amount_minor, one.currency)
    else:
        with pytest.raises(ValueError, match=f"cannot add {other.currency} to {one.currency}"):
            _ = one + other


@given(AMOUNTS)
def test_an_amount_and_its_opposite_are_nothing(amount):
    assert amount + -amount == Money(0, amount.currency)


def test_money_cannot_be_changed_or_be_a_fraction():
    with pytest.raises(AttributeError):
        Money(1).amount_minor = 2
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"amount_minor": 1.5}, Money)
