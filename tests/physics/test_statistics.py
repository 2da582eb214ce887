"""Limits from spectra with a source on and off: against closed forms, scans, Poisson's distribution and coverage."""

import re

import numpy as np
import pytest
from nuem import NuemError
from nuem.physics import statistics
from nuem.physics.statistics import Search, Spectrum
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtri

ON = np.array([900.0, 650.0, 500.0, 450.0, 430.0])
OFF = np.array([300.0, 210.0, 160.0, 148.0, 140.0])
RATIO = 3.0
SQUARE = np.array([60.0, 20.0, 9.0, 4.0, 2.0])
LINEAR = np.array([-40.0, -25.0, -18.0, -12.0, -8.0])
FREE = np.array([[1.0, 1.0, 1.0, 1.0, 1.0], [5.0, 4.0, 3.0, 2.0, 1.0]])
SPECTRUM = Spectrum(ON, OFF, RATIO)
VARIANCE = ON + RATIO**2 * OFF
Z = ndtri(0.9)


def scanned(difference, square, linear, sign, free=(), level=0.9):
    """The limit by brute force: χ² minimised over the free spectra by least squares, on a grid and with brentq."""
    weight = 1 / np.sqrt(VARIANCE)

    def chi_square(size):
        left = (difference - sign * size * linear - size**2 * square) * weight
        if len(free):
            rows = (np.asarray(free) * weight).T
            left = left - rows @ np.linalg.lstsq(rows, left, rcond=None)[0]
        return float(left @ left)

    grid = np.linspace(0, 40, 2001)
    values = np.array([chi_square(size) for size in grid])
    best = grid[np.argmin(values)]
    fine = minimize_scalar(chi_square, bounds=(max(best - 0.04, 0), best + 0.04), method="bounded")
    lowest = min(values.min(), fine.fun)
    crossing = np.flatnonzero(values < lowest + ndtri(level) ** 2)[-1]
    return brentq(lambda size: chi_square(size) - lowest - ndtri(level) ** 2, grid[crossing], grid[crossing + 1])


@pytest.mark.parametrize("free", [(), FREE[:1], FREE])
@pytest.mark.parametrize(("linear", "sign"), [(0 * LINEAR, 1), (LINEAR, 1), (LINEAR, -1)])
def test_limits_are_those_of_a_scan(linear, sign, free):
    random = np.random.default_rng(4)
    search = Search(SPECTRUM, SQUARE, linear, sign=sign, free=free)
    data = random.normal(size=(12, 5)) * np.sqrt(VARIANCE)
    data[0] = 0
    limits = search.limits(data)
    assert limits.shape == (12,)
    for difference, limit in zip(data, limits, strict=True):
        assert limit == pytest.approx(scanned(difference, SQUARE, linear, sign, free), rel=1e-6)


def test_the_square_alone_has_the_closed_form():
    search = Search(SPECTRUM, SQUARE)
    sigma = 1 / np.sqrt(np.sum(SQUARE**2 / VARIANCE))
    assert search.expected() == pytest.approx(np.sqrt(Z * sigma), rel=1e-12)
    for best in (-40 * sigma, -sigma, 0.0, 0.3 * sigma, 50 * sigma):
        limit = best + Z * sigma if best >= 0 else best + np.hypot(best, Z * sigma)
        assert search.limits(best * SQUARE) == pytest.approx(np.sqrt(limit), rel=1e-7)


def test_the_level_and_the_sign_act():
    search = Search(SPECTRUM, SQUARE)
    assert search.expected(0.95) / search.expected(0.9) == pytest.approx(np.sqrt(ndtri(0.95) / Z))
    plus, minus = (Search(SPECTRUM, SQUARE, LINEAR, sign=sign).expected() for sign in (1, -1))
    assert minus < search.expected() < plus
    assert Search(SPECTRUM, SQUARE, -LINEAR, sign=-1).expected() == pytest.approx(plus, rel=1e-12)


def test_units_of_the_coupling_drop_out():
    random = np.random.default_rng(5)
    data = random.normal(size=(50, 5)) * np.sqrt(VARIANCE)
    tiny = 1e-12
    plain = Search(SPECTRUM, SQUARE, LINEAR).limits(data)
    scaled = Search(SPECTRUM, SQUARE / tiny**2, LINEAR / tiny).limits(data)
    assert np.allclose(scaled, tiny * plain, rtol=1e-10)


def test_the_excess_is_what_the_search_looks_for():
    for sign in (1, -1):
        search = Search(SPECTRUM, SQUARE, LINEAR, sign=sign)
        assert np.allclose(search.excess(2.0), 2 * sign * LINEAR + 4 * SQUARE)
        # data that hold exactly this coupling don't exclude it
        assert search.limits(search.excess(2.0)) > 2.0


def test_toys_have_mean_zero_and_the_stated_variance():
    seeds = np.random.SeedSequence(6).spawn(4000)
    drawn = np.array([SPECTRUM.draw(seed) for seed in seeds])
    spread = np.sqrt(VARIANCE / 4000)
    assert np.all(np.abs(drawn.mean(axis=0)) < 5 * spread)
    assert np.allclose(drawn.var(axis=0), VARIANCE, rtol=0.15)
    extra = np.array([SPECTRUM.draw(seed, 100.0) for seed in seeds])
    assert np.all(np.abs(extra.mean(axis=0) - 100) < 6 * spread)


def test_the_median_toy_is_the_expected_limit():
    search = Search(SPECTRUM, SQUARE)
    limits = statistics.toys([search], 3000, seed=8)
    assert np.mean(limits < search.expected()) == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize("multiple", [0.0, 0.7, 1.5, 3.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_limits_cover(sign, multiple):
    search = Search(SPECTRUM, SQUARE, LINEAR, sign=sign)
    truth = multiple * search.expected()
    limits = statistics.toys([search], 1500, seed=9, excess=search.excess(truth))
    assert np.mean(limits >= truth) > 0.9 - 4 * np.sqrt(0.09 / 1500)


def test_toys_are_the_same_in_any_chunks_and_any_number():
    searches = [Search(SPECTRUM, SQUARE), Search(SPECTRUM, SQUARE, LINEAR)]
    whole = statistics.toys(searches, 60, seed=3)
    assert whole.shape == (60, 2)
    assert np.array_equal(whole, statistics.toys(searches, 60, seed=3, chunk=7))
    assert np.array_equal(whole[:10], statistics.toys(searches, 10, seed=3))
    assert not np.any(whole == statistics.toys(searches, 60, seed=4))


SEARCH = Search(SPECTRUM, SQUARE)
BAD = {
    "no bins": (lambda: Spectrum([], [], 1.0), "one bin or more"),
    "an empty bin": (lambda: Spectrum([3.0, 0.0], [1.0, 1.0], 1.0), "bin 1 of 0 to 1 is empty"),
    "an empty bin, off": (lambda: Spectrum([3.0, 3.0], [0.0, 1.0], 1.0), "bin 0 of 0 to 1 is empty"),
    "tables of unequal length": (lambda: Spectrum([3.0], [1.0, 1.0], 1.0), "equal length"),
    "a ratio": (lambda: Spectrum([3.0], [1.0], 0.0), "ratio = 0 is not allowed"),
    "a sign": (lambda: Search(SPECTRUM, SQUARE, sign=2), "sign = 2"),
    "another length": (lambda: Search(SPECTRUM, SQUARE[:3]), "5 bins"),
    "another length, free": (lambda: Search(SPECTRUM, SQUARE, free=[[1.0, 2.0]]), "5 bins"),
    "not finite": (lambda: Search(SPECTRUM, SQUARE * np.inf), "finite"),
    "no effect": (lambda: Search(SPECTRUM, 0 * SQUARE), "no limit"),
    "a free twin": (lambda: Search(SPECTRUM, SQUARE, free=[SQUARE]), "no limit"),
    "a level": (lambda: SEARCH.limits(0 * ON, level=1.2), "1.2"),
    "data of another length": (lambda: SEARCH.limits([1.0, 2.0]), "5 bins"),
    "data that aren't numbers": (lambda: SEARCH.limits(np.nan * ON), "does not converge"),
    "no searches": (lambda: statistics.toys([], 3, 1), "one or more"),
    "two spectra": (lambda: statistics.toys([SEARCH, Search(Spectrum(ON, OFF, 2), SQUARE)], 3, 1), "share one"),
    "no toys": (lambda: statistics.toys([SEARCH], 0, 1), "count = 0 is not allowed; give a whole number from 1"),
    "half a toy": (lambda: statistics.toys([SEARCH], 2.5, 1), "count = 2.5"),
    "too many toys": (lambda: statistics.toys([SEARCH], 10**9, 1), "count = 1000000000"),
    "a negative seed": (lambda: statistics.toys([SEARCH], 3, -1), "seed = -1 is not allowed"),
    "no seed": (lambda: statistics.toys([SEARCH], 3, None), "seed = None"),
    "a seed that says yes": (lambda: statistics.toys([SEARCH], 3, True), "seed = True"),
    "a chunk": (lambda: statistics.toys([SEARCH], 3, 1, chunk=0), "chunk = 0"),
    "an excess": (lambda: statistics.toys([SEARCH], 3, 1, excess=-1e4), "excess is not allowed"),
    "a level for toys": (lambda: statistics.toys([SEARCH], 3, 1, level=0.3), "0.3"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_clear_sentence(case):
    action, words = BAD[case]
    with pytest.raises(NuemError, match=re.escape(words)) as error:
        action()
    assert "\n" not in str(error.value)
