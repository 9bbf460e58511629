from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.kernel.measures import grams_from_pounds, inches_from_mm, mm_from_inches, ounces_from_grams


@pytest.mark.parametrize(
    ("pounds", "grams"), [(1, 454), (10, 4536), (0.5, 227), (Fraction(1, 16), 28), (0, 0)]
)
def test_pounds_become_whole_grams(pounds, grams):
    assert grams_from_pounds(pounds) == grams


@pytest.mark.parametrize(("inches", "mm"), [(1, 25), (16, 406), (12, 305), (4, 102), (0.5, 13), (0, 0)])
def test_inches_become_whole_millimetres(inches, mm):
    assert mm_from_inches(inches) == mm


def test_the_way_back_is_not_rounded():
    assert inches_from_mm(254) == 10.0
    assert inches_from_mm(100) == pytest.approx(3.937007874, abs=1e-9)
    assert ounces_from_grams(454) == pytest.approx(16.0143, abs=1e-4)


@given(st.integers(0, 10**6))
def test_there_and_back_is_the_same(whole):
    assert mm_from_inches(inches_from_mm(whole)) == whole
    assert grams_from_pounds(ounces_from_grams(whole) / 16) == whole
