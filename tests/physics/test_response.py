"""What a detector makes of deposits: against quadrature, and what is refused."""

import re

import numpy as np
import pytest
from nuem import NuemError
from nuem.physics.response import Efficiency
from scipy.integrate import quad
from scipy.stats import norm

TABLE = Efficiency([0.5, 1.0, 1.7, 4.0, 40.0], [0.0, 0.1, 0.7, 0.8, 0.75])
EDGES = np.array([1.0, 1.5, 3.0, 4.5])
DEPOSITS = np.array([0.3, 1.2, 2.9, 8.0])
SPREAD = 0.31 * np.sqrt(DEPOSITS)


def test_shares_are_those_of_a_quadrature():
    shares = TABLE.counted(EDGES, DEPOSITS, SPREAD)
    assert shares.shape == (3, 4)
    for row, low, high in zip(shares, EDGES[:-1], EDGES[1:], strict=True):
        for share, deposit, spread in zip(row, DEPOSITS, SPREAD, strict=True):

            def seen(energy, deposit=deposit, spread=spread):
                return np.interp(energy, TABLE.energies, TABLE.efficiency) * norm.pdf(energy, deposit, spread)

            plain, _ = quad(seen, low, high, points=[1.7, 4.0], epsabs=1e-15)
            assert share == pytest.approx(plain, rel=1e-9, abs=1e-14)


def test_a_perfect_detector_counts_every_deposit_once():
    perfect = Efficiency([0.0, 100.0], [1.0, 1.0])
    shares = perfect.counted(np.linspace(0, 100, 41), np.array([20.0, 55.5]), np.array([1.5, 0.01]))
    assert shares.sum(axis=0) == pytest.approx([1, 1], rel=1e-12)


def test_bins_add_up():
    fine = TABLE.counted([1.0, 1.1, 1.5, 2.0, 3.0, 4.5], DEPOSITS, SPREAD)
    assert fine.sum(axis=0) == pytest.approx(TABLE.counted(EDGES, DEPOSITS, SPREAD).sum(axis=0), rel=1e-12)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: Efficiency([1.0, 2.0], [0.5, -0.1]), "efficiency = -0.1 at the energy 2 is not allowed; give numbers"),
        (lambda: Efficiency([1.0, 2.0], [0.5, np.nan]), "efficiency = nan at the energy 2"),
        (lambda: Efficiency([1.0, 1.0], [0.5, 0.6]), "energies is not allowed; give finite numbers that increase"),
        (lambda: Efficiency([1.0, 2.0], [0.5]), "two tables of equal length"),
        (lambda: TABLE.counted([0.4, 1.0], DEPOSITS, SPREAD), "the bin from 0.4 to 1 begins below the threshold"),
        (lambda: TABLE.counted([1.0, 41.0], DEPOSITS, SPREAD), "the bin from 1 to 41 ends beyond the table"),
        (lambda: TABLE.counted([2.0, 1.0], DEPOSITS, SPREAD), "edges is not allowed"),
        (lambda: TABLE.counted(EDGES, DEPOSITS, 0 * SPREAD), "deposits or spread is not allowed"),
        (lambda: TABLE.counted(EDGES, DEPOSITS, SPREAD[:1]), "two tables of equal length"),
    ],
)
def test_what_can_not_be_meant_is_named(attempt, message):
    with pytest.raises(NuemError, match=re.escape(message)):
        attempt()
