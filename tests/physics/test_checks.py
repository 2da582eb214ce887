"""What is refused, at the edges of what is allowed and for everything that is no number."""

import math

import numpy as np
import pytest
from nuem import NuemError
from nuem.physics import checks


@pytest.mark.parametrize("value", [5e-324, 1.0, [1.0, 2.0], np.array([[3.0]])])
def test_positive_numbers_pass(value):
    checks.positive("here", x=value)
    checks.not_negative("here", x=value)


@pytest.mark.parametrize("value", [-1.0, math.inf, math.nan, [1.0, math.nan], np.array([1.0, -0.1])])
def test_what_is_negative_or_not_finite_is_refused(value):
    for check in (checks.positive, checks.not_negative):
        with pytest.raises(NuemError, match=r"^here: x = "):
            check("here", fine=1.0, x=value)


def test_zero_is_not_positive():
    checks.not_negative("here", x=0)
    with pytest.raises(NuemError, match="x = 0 is not allowed; give a finite number > 0"):
        checks.positive("here", x=0)


@pytest.mark.parametrize("value", [0.0, 1.0, math.nan, -1.0])
def test_the_ends_lie_outside(value):
    checks.within("here", 0, 1, x=0.5)
    with pytest.raises(NuemError, match="between 0 and 1, ends excluded"):
        checks.within("here", 0, 1, x=value)


def test_an_unknown_word_is_told_the_known_ones():
    checks.one_of("here", {"fermi": 1}, statistics="fermi")
    with pytest.raises(NuemError, match=r"here: statistics = 'bose' is not allowed; Allowed are: fermi"):
        checks.one_of("here", {"fermi": 1}, statistics="bose")
