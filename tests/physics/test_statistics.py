"""Limits from spectra with a source on and off: against fits, closed forms, simulated counts and coverage."""

import re

import numpy as np
import pytest
from hypothesis import given, strategies
from nuem import NuemError
from nuem.physics import statistics
from nuem.physics.statistics import Search, Spectrum
from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats import norm

ON = np.array([900.0, 650.0, 500.0, 450.0, 430.0])
OFF = np.array([300.0, 210.0, 160.0, 148.0, 140.0])
RATIO = 3.0
SQUARE = np.array([60.0, 20.0, 9.0, 4.0, 2.0])
LINEAR = np.array([-40.0, -25.0, -18.0, -12.0, -8.0])
FREE = np.array([[1.0, 1.0, 1.0, 1.0, 1.0], [5.0, 4.0, 3.0, 2.0, 1.0]])
SPECTRUM = Spectrum(ON, OFF, RATIO)
VARIANCE = ON + RATIO**2 * OFF
Z = ndtri(0.9)
ENERGIES = np.arange(1.0, 11.0)  # of the spectra with few and with many counts
TOYS = 20_000
CHANCE = np.sqrt(0.9 * 0.1 / TOYS)


def counts(expected, number, seed):
    return np.random.default_rng(seed).poisson(expected, size=(number, len(expected)))


def drawn(search, coupling, number=TOYS, seed=11):
    spectrum = search.spectrum
    return counts(spectrum.on + search.excess(coupling), number, seed), counts(spectrum.off, number, seed + 1)


def coverage(search, coupling, level=0.9):
    return np.mean(search.limits(*drawn(search, coupling), level) >= coupling)


def deviation(search):
    """Uncertainty of the squared coupling without interference."""
    return 1 / np.sqrt(np.sum(search.square**2 / search.spectrum.variance))


def by_fits(on, off, linear, sign, free=(), level=0.9):
    """The limit by brute force: for each coupling a least-squares fit of its size, moments of the fit, and brentq."""
    difference = on - ON - RATIO * (off - OFF)
    z = ndtri(level)

    def excluded(coupling):
        signal = sign * coupling * linear + coupling**2 * SQUARE
        weight = 1 / np.sqrt(VARIANCE + signal)
        columns = (np.vstack([signal, *free]) * weight).T
        fit = np.linalg.pinv(columns)[0] * weight  # size of the signal per unit of the difference
        size = fit @ difference
        moments = [np.sum(fit**k * (ON + signal) + (-RATIO * fit) ** k * OFF) for k in (2, 3)]
        spread = np.sqrt(moments[0])
        quantile = z - moments[1] / spread**3 * (z**2 - 1) / 6
        reach = np.hypot(quantile, min(size, 0) / spread)
        return (1 - size) / spread - reach

    grid = np.geomspace(0.05, 60, 801)
    last = np.flatnonzero([excluded(coupling) < 0 for coupling in grid])[-1]
    return brentq(excluded, grid[last], grid[last + 1], xtol=1e-13)


@pytest.mark.parametrize("free", [(), FREE[:1], FREE, [*FREE, FREE[0] + FREE[1]]])
@pytest.mark.parametrize(("linear", "sign"), [(0 * LINEAR, 1), (LINEAR, 1), (LINEAR, -1)])
def test_limits_are_those_of_fits(linear, sign, free):
    search = Search(SPECTRUM, SQUARE, linear, sign=sign, free=free)
    on, off = counts(ON, 8, 4), counts(OFF, 8, 5)
    limits = search.limits(on, off)
    assert limits.shape == (8,)
    for *data, limit in zip(on, off, limits, strict=True):
        assert limit == pytest.approx(by_fits(*data, linear, sign, free), rel=1e-8)


def test_the_square_alone_has_the_closed_form_for_many_counts():
    many = 1e12
    search = Search(Spectrum(many * ON, many * OFF, RATIO), SQUARE)
    sigma = np.sqrt(many) / np.sqrt(np.sum(SQUARE**2 / VARIANCE))
    assert search.expected() == pytest.approx(np.sqrt(Z * sigma), rel=1e-5)
    for best in (-40 * sigma, -sigma, 0.0, 0.3 * sigma, 50 * sigma):
        limit = best + Z * sigma if best >= 0 else best + np.hypot(best, Z * sigma)
        found = search.limits(many * ON + best * SQUARE, many * OFF)
        assert found == pytest.approx(np.sqrt(limit), rel=1e-4)


def test_one_bin_with_a_known_background_is_the_score_of_poissons_distribution():
    """N counted, b expected: N = b + s − c √(b + s) with the quantile for a distribution of the skewness 1/√(b + s)."""
    background, counted = 20.0, 25.0
    search = Search(Spectrum([background], [1e9], background / 1e9), [1.0])

    def excluded(signal):
        quantile = Z - (Z**2 - 1) / 6 / np.sqrt(background + signal)
        return background + signal - counted - quantile * np.sqrt(background + signal)

    assert search.limits([counted], [1e9]) ** 2 == pytest.approx(brentq(excluded, 0, 100), rel=1e-6)


def test_the_level_and_the_sign_act():
    search = Search(SPECTRUM, SQUARE)
    assert search.expected(0.95) / search.expected(0.9) == pytest.approx(np.sqrt(ndtri(0.95) / Z), rel=0.02)
    plus, minus = (Search(SPECTRUM, SQUARE, LINEAR, sign=sign).expected() for sign in (1, -1))
    assert minus < search.expected() < plus
    assert Search(SPECTRUM, SQUARE, -LINEAR, sign=-1).expected() == pytest.approx(plus, rel=1e-12)


def test_units_of_the_coupling_drop_out():
    data = counts(ON, 50, 5), counts(OFF, 50, 6)
    tiny = 1e-12
    plain = Search(SPECTRUM, SQUARE, LINEAR).limits(*data)
    scaled = Search(SPECTRUM, SQUARE / tiny**2, LINEAR / tiny).limits(*data)
    assert np.allclose(scaled, tiny * plain, rtol=1e-8)


def test_a_free_spectrum_of_any_size_changes_nothing():
    search = Search(SPECTRUM, SQUARE, LINEAR, free=FREE)
    plain = search.limits(ON, OFF)
    assert search.limits(ON + 40 * FREE[0] + 7 * FREE[1], OFF) == pytest.approx(plain, rel=1e-8)
    alone = Search(SPECTRUM, SQUARE)
    assert alone.limits(ON + 40 * FREE[0], OFF) > 1.1 * alone.expected()


def test_the_excess_is_what_the_search_looks_for():
    for sign in (1, -1):
        search = Search(SPECTRUM, SQUARE, LINEAR, sign=sign)
        assert np.allclose(search.excess(2.0), 2 * sign * LINEAR + 4 * SQUARE)
        # data that hold exactly this coupling don't exclude it
        assert search.limits(ON + search.excess(2.0), OFF) > 2.0


def test_toys_are_counts_with_the_stated_mean_and_variance():
    seeds = np.random.SeedSequence(6).spawn(4000)
    on, off = np.swapaxes([SPECTRUM.draw(seed) for seed in seeds], 0, 1)
    assert np.issubdtype(on.dtype, np.integer) and np.issubdtype(off.dtype, np.integer)
    difference = SPECTRUM.difference(on, off)
    assert np.all(np.abs(difference.mean(axis=0)) < 5 * np.sqrt(VARIANCE / 4000))
    assert np.allclose(difference.var(axis=0), VARIANCE, rtol=0.15)
    extra = np.array([SPECTRUM.draw(seed, 100.0)[0] for seed in seeds])
    assert np.all(np.abs(extra.mean(axis=0) - ON - 100) < 6 * np.sqrt((ON + 100) / 4000))


def test_the_median_toy_is_the_expected_limit():
    search = Search(SPECTRUM, SQUARE)
    limits = statistics.toys([search], 3000, seed=8)
    assert np.mean(limits < search.expected()) == pytest.approx(0.5, abs=0.04)


def few_or_many(per_bin, ratio, linear=0.0, sign=1):
    flat = np.full(ENERGIES.size, float(per_bin))
    return Search(Spectrum(flat, flat / ratio, ratio), per_bin / ENERGIES, linear, sign=sign)


@pytest.mark.parametrize("ratio", [1e-3, 3.0])
@pytest.mark.parametrize("per_bin", [3, 10, 30, 1000])
def test_limits_cover_as_often_as_they_say_for_few_and_for_many_counts(per_bin, ratio):
    search = few_or_many(per_bin, ratio)
    covered = [coverage(search, np.sqrt(size * deviation(search))) for size in (1.5, 3.0, 5.0)]
    assert covered == pytest.approx([0.9] * 3, abs=0.01)


def test_limits_cover_at_another_level():
    search = few_or_many(3, 3.0)
    assert coverage(search, np.sqrt(3 * deviation(search)), 0.95) == pytest.approx(0.95, abs=0.01)


def test_the_test_of_coverage_sees_a_variance_without_the_signal():
    """Gaussian limits x + zσ with σ from the background alone, at four σ, would fail the tests above."""
    search = few_or_many(3, 1e-3)
    sigma = deviation(search)
    difference = search.spectrum.difference(*drawn(search, np.sqrt(4 * sigma)))
    best = sigma**2 * difference @ (search.square / search.spectrum.variance)
    assert np.mean(best + Z * sigma >= 4 * sigma) < 0.9 - 0.01 - 5 * CHANCE


def test_limits_cover_more_often_near_the_boundary_and_are_never_zero():
    search = few_or_many(10, 3.0)
    for size in (0.2, 0.6, 1.0):
        limits = search.limits(*drawn(search, np.sqrt(size * deviation(search))))
        assert limits.min() > 0 and np.mean(limits**2 >= size * deviation(search)) > 0.9
    nothing = search.limits(0 * ENERGIES, 3 * search.spectrum.off)  # far fewer counts than there should be
    assert 0 < nothing < search.expected() / 3


@pytest.mark.parametrize("multiple", [0.5, 1.0, 1.5, 3.0])
@pytest.mark.parametrize(("sign", "share"), [(1, 0.3), (1, 1.0), (-1, 0.3), (-1, 1.0)])
@pytest.mark.parametrize("per_bin", [3, 1000])
def test_limits_cover_whatever_the_interference(per_bin, sign, share, multiple):
    """A third of the spectrum is known; with share one, some coupling hides all of it in each bin."""
    square = per_bin / ENERGIES**2
    search = Search(few_or_many(per_bin, 1.0).spectrum, square, -2 * share * np.sqrt(square * per_bin / 3), sign=sign)
    assert coverage(search, multiple * search.expected()) > 0.9 - 4 * CHANCE


def test_limits_cover_with_a_free_spectrum():
    flat = np.full(ENERGIES.size, 3.0)
    search = Search(Spectrum(flat, flat / 2, 2.0), 1 / ENERGIES**2, free=[flat])
    assert coverage(search, 1.5 * search.expected()) == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("ratio", [1e-3, 3.0])
def test_p_values_are_shares_of_counted_experiments(ratio):
    """Three counts a bin; Z is computed from its definition."""
    search = few_or_many(3, ratio)
    coupling = np.sqrt(2.5 * deviation(search))
    signal = search.excess(coupling)
    weights = signal / (search.spectrum.variance + signal)
    data = drawn(search, coupling / np.sqrt(2), 20, seed=1)
    found = search.p_values(*data, coupling)
    seen = search.spectrum.difference(*data) @ weights
    for p_values, truth in zip(found, (coupling, 0.0), strict=True):
        many = search.spectrum.difference(*drawn(search, truth, 10 * TOYS)) @ weights
        shares = np.mean(many < seen[:, None], axis=1)
        assert p_values == pytest.approx(shares, abs=0.008)


def test_a_limit_by_cl_s_is_where_the_p_values_have_this_ratio():
    search = Search(SPECTRUM, SQUARE, LINEAR)
    data = counts(ON, 20, 5), counts(OFF, 20, 6)
    for *one, limit in zip(*data, search.limits(*data, 0.95, statistics.CL_S), strict=True):
        with_coupling, without = search.p_values(*one, limit)
        assert with_coupling / without == pytest.approx(0.05, rel=1e-6)


def test_cl_s_covers_more_often_and_excludes_little_after_a_fluctuation():
    search = few_or_many(10, 3.0)
    sigma = deviation(search)
    for size, least in ((0.5, 0.97), (1.5, 0.93), (5.0, 0.89)):
        on, off = drawn(search, np.sqrt(size * sigma))
        limits = search.limits(on, off, construction=statistics.CL_S)
        assert np.mean(limits**2 >= size * sigma) > least
        assert np.all(limits >= 0.98 * search.limits(on, off))


@pytest.mark.parametrize("pull", [-2.0, -1.0, 0.0, 1.0, 3.0])
def test_cl_s_has_the_closed_form_for_many_counts(pull):
    search = few_or_many(1e10, 1.0)
    sigma = deviation(search)
    on = search.spectrum.on + pull * sigma * search.square
    limit = search.limits(on, search.spectrum.off, construction=statistics.CL_S) ** 2 / sigma
    expected = brentq(lambda y: norm.cdf(pull - y) / norm.cdf(pull) - 0.1, 0, 9)
    assert limit == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("construction", [statistics.CONSTRUCTION, statistics.CL_S])
@pytest.mark.parametrize("per_bin", [10, 1000])
def test_the_band_holds_as_many_limits_as_it_says(per_bin, construction):
    search = few_or_many(per_bin, 3.0)
    limits = search.limits(*drawn(search, 0.0), 0.95, construction)
    band = search.band((-2, -1, 0, 1, 2), 0.95, construction)
    assert [np.mean(limits < end) for end in band] == pytest.approx(norm.cdf([-2, -1, 0, 1, 2]), abs=0.012)
    assert search.band([0], 0.95)[0] == pytest.approx(search.expected(0.95), rel=0.03)


@given(strategies.floats(0.500001, 1 - 1e-9), strategies.sampled_from([1, 2]))
def test_standard_deviations_cover_the_level_that_they_stand_for(cl, sided):
    z = statistics.standard_deviations(cl, sided)
    covered = norm.cdf(z) if sided == 1 else norm.cdf(z) - norm.cdf(-z)
    assert covered == pytest.approx(cl, abs=1e-12)


def test_a_one_sided_limit_below_one_half_says_nothing():
    with pytest.raises(NuemError, match=r"one-sided limit at the confidence level 0.5 says nothing"):
        statistics.standard_deviations(0.5, sided=1)


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
    "a negative square": (lambda: Search(SPECTRUM, SQUARE * [1, 1, -1, 1, 1]), "in bin 2 a coupling leaves less"),
    "an interference too large": (lambda: Search(SPECTRUM, SQUARE, 12 * LINEAR), "in bin 0 a coupling leaves less"),
    "a level": (lambda: SEARCH.limits(ON, OFF, level=1.2), "1.2"),
    "data of another length": (lambda: SEARCH.limits([1.0, 2.0], OFF), "5 bins"),
    "data off of another length": (lambda: SEARCH.limits(ON, [1.0, 2.0]), "5 bins"),
    "data that aren't numbers": (lambda: SEARCH.limits(np.nan * ON, OFF), "finite numbers ≥ 0"),
    "data that aren't counts": (lambda: SEARCH.limits(-ON, OFF), "finite numbers ≥ 0"),
    "data from elsewhere": (lambda: SEARCH.limits(1e15 * ON, OFF), "does not converge"),
    "a construction": (lambda: SEARCH.limits(ON, OFF, construction="CLs"), "unknown construction; did you mean CL_s"),
    "a band of nothing known": (lambda: SEARCH.band(construction="flat"), "unknown construction"),
    "no coupling": (lambda: SEARCH.p_values(ON, OFF, 0.0), "coupling = 0 is not allowed"),
    "a coupling that isn't a number": (lambda: SEARCH.p_values(ON, OFF, np.nan), "coupling = nan is not allowed"),
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
