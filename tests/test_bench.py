"""What `make bench` measures is there: it takes its spectra out of a chapter, whose names may change."""

import numpy as np
import pytest
from bench_counting import limits_of_pyhf, ours, spectrum
from nuem import counting


@pytest.fixture(scope="module")
def xenon():
    return spectrum()


def test_the_spectra_are_those_of_three_couplings(xenon):
    noise, squares = xenon
    assert all(square.shape == noise.shape and square.max() == 1 for square in squares)
    moment, charge, radius = (np.sum(square[:3]) / np.sum(square) for square in squares)
    assert charge > moment > radius  # 1/T², 1/T and flat


def test_limits_equal_those_of_pyhf_within_its_grid(xenon):
    noise, squares = xenon
    counts = np.round(noise)
    found = ours([counting.Model([noise], square) for square in squares], counts)
    assert found[0] == pytest.approx(limits_of_pyhf(counts, noise, squares[0]), abs=0.1 * 12 / 40)
