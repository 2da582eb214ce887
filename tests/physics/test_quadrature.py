"""Rules of quadrature against integrals that are known."""

import math

import numpy as np
import pytest
from nuem.physics import quadrature


@pytest.mark.parametrize("number", [1, 2, 5, 40])
def test_polynomials_up_to_twice_the_number_come_out_exactly_and_the_next_one_does_not(number):
    x, weight = quadrature.between(0.0, 1.0, number)
    for power in (0, 1, 2 * number - 1):
        assert weight @ x**power == pytest.approx(1 / (power + 1), rel=1e-13)
    if number < 5:
        assert weight @ x ** (2 * number) != pytest.approx(1 / (2 * number + 1), rel=1e-7)


def test_the_way_back_has_the_other_sign():
    for rule in (quadrature.between, quadrature.dense_at):
        x, weight = rule(3.0, 1.0, 12)
        assert weight @ np.exp(x) == pytest.approx(math.e - math.e**3, rel=1e-12)


def test_a_square_root_at_the_dense_end_is_integrated_exactly():
    x, weight = quadrature.dense_at(2.0, 5.0, 6)
    assert weight @ np.sqrt(x - 2) == pytest.approx(2 / 3 * 3**1.5, rel=1e-13)
    y, other = quadrature.between(2.0, 5.0, 6)
    assert other @ np.sqrt(y - 2) != pytest.approx(2 / 3 * 3**1.5, rel=1e-6)


def test_a_shared_rule_cannot_be_spoilt():
    nodes, weights = quadrature.legendre(7)
    for table in (nodes, weights):
        with pytest.raises(ValueError, match="read-only"):
            table[0] = 0.0
