"""Limits from counts with floating backgrounds: against minimisers, closed forms, mirror images and coverage."""

import re

import joblib
import numpy as np
import pytest
from nuem import NuemError, counting
from nuem.physics.counting import CONSTRUCTIONS, Model
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import ndtri
from scipy.stats import norm, poisson

BACKGROUND = np.array([7.0, 12.5, 13.0, 13.5, 14.0, 15.0])
OTHER = np.array([3.0, 2.0, 1.0, 0.5, 0.5, 0.5])
SQUARE = np.array([3.0, 3.6, 2.7, 2.1, 1.9, 1.6]) / 4
LINEAR = np.array([-1.7, -2.0, -1.5, -1.2, -1.0, -0.9])
COUNTS = np.array([[4, 11, 14, 12, 11, 13], [12, 17, 13, 16, 14, 12], [0, 20, 9, 14, 15, 15]])


def minus_two_log(counts, expected):
    """Poisson's likelihood by scipy, over that of a model that fits every bin."""
    return -2 * np.sum(poisson.logpmf(counts, expected) - poisson.logpmf(counts, counts))


def profiled(counts, coupling, floating, linear, square, spreads):
    """The deviance by a general minimiser."""

    def objective(sizes):
        expected = sizes @ floating + coupling * (linear + coupling * square)
        if np.any(expected <= 0):
            return 1e9
        return minus_two_log(counts, expected) + np.sum(((sizes - 1) / spreads) ** 2)

    options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000, "maxfev": 5000}
    return minimize(objective, np.ones(len(floating)), method="Nelder-Mead", options=options).fun


@pytest.mark.parametrize("spreads", [np.array([np.inf]), np.array([0.05]), np.array([np.inf, 0.3])])
@pytest.mark.parametrize("counts", COUNTS)
def test_the_deviance_is_that_of_a_minimiser(counts, spreads):
    floating = np.array([BACKGROUND, OTHER])[: len(spreads)]
    model = Model(floating, SQUARE, LINEAR, spreads=spreads)
    for coupling in (-2.0, 0.0, 1.5):
        expected = profiled(counts, coupling, floating, LINEAR, SQUARE, spreads)
        assert model.deviance(counts, coupling) == pytest.approx(expected, abs=1e-7)


def test_what_is_known_does_not_float():
    model = Model([BACKGROUND], SQUARE, known=OTHER)
    sizes = model.sizes(2 * BACKGROUND + OTHER)
    assert sizes == pytest.approx(2, rel=1e-9)


def scanned(counts, linear, signs, sign, sides):
    """The limit by brute force: the size from the root of the derivative, the coupling on a grid and with brentq."""

    def deviance(coupling):
        signal = coupling * (linear + coupling * SQUARE)
        smallest = np.max(-signal / BACKGROUND) + 1e-9  # so that every bin expects counts
        size = brentq(lambda b: np.sum(BACKGROUND * (1 - counts / (b * BACKGROUND + signal))), smallest, 6)
        return minus_two_log(counts, size * BACKGROUND + signal)

    grid = np.linspace(0, 6, 301)
    lowest = []
    for one in signs:
        values = [deviance(one * size) for size in grid]
        best = grid[np.argmin(values)]
        fine = minimize_scalar(
            lambda size, one=one: deviance(one * size), bounds=(max(best - 0.02, 0), best + 0.02), method="bounded"
        )
        lowest.append(min(*values, fine.fun))
    threshold = min(lowest) + ndtri(1 - 0.1 / sides) ** 2
    last = np.flatnonzero([deviance(sign * size) < threshold for size in grid])[-1]
    return brentq(lambda size: deviance(sign * size) - threshold, grid[last], grid[last + 1])


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("linear", [0 * LINEAR, LINEAR])
def test_limits_are_those_of_a_scan(linear, sign):
    model = Model([BACKGROUND], SQUARE, linear)
    limits = model.limits(COUNTS, 0.9, "one-sided", sign=sign)
    assert limits == pytest.approx([scanned(counts, linear, [sign], sign, 1) for counts in COUNTS], rel=1e-6)
    limits = model.limits(COUNTS, 0.9, "two-sided", sign=sign, signs=(1, -1))
    assert limits == pytest.approx([scanned(counts, linear, [1, -1], sign, 2) for counts in COUNTS], rel=1e-6)


def test_a_limit_takes_a_dozen_fits(monkeypatch):
    """Seven for the best coupling; a secant that converges needs a few more, halving the bracket would need thirty."""
    fits, fit = [], Model._fit
    monkeypatch.setattr(Model, "_fit", lambda *arguments: fits.append(1) or fit(*arguments))
    MODEL.limits(COUNTS[0], 0.9, "one-sided")
    assert len(fits) <= 20


def test_an_interval_is_mirrored_with_the_interference():
    lower, upper = Model([BACKGROUND], SQUARE, LINEAR).interval(COUNTS)
    mirrored = Model([BACKGROUND], SQUARE, -LINEAR).interval(COUNTS)
    assert lower == pytest.approx(-mirrored[1], rel=1e-9) and upper == pytest.approx(-mirrored[0], rel=1e-9)
    assert np.all(lower < 0) and np.all(upper > 0)


def test_cls_of_one_bin_of_known_background_is_the_formula():
    """q̃ and q_A written out, and the two probabilities of Cowan et al., eqs. (65) and (66)."""
    model = Model([[30.0]], [1.0], spreads=[1e-9])

    def ratio(signal, count):
        def statistic(number):
            best = max(number, 30.0)
            return minus_two_log(number, 30 + signal) - minus_two_log(number, best)

        root, reach = np.sqrt(statistic(count)), np.sqrt(statistic(30.0))
        if root <= reach:
            return norm.sf(root) / norm.sf(root - reach)
        square, far = root**2, reach**2
        return norm.sf((square + far) / (2 * reach)) / norm.sf((square - far) / (2 * reach))

    for count in (22.0, 30.0, 39.0):
        signal = float(model.limits([count], 0.9, "CL_s")) ** 2
        assert ratio(signal, count) == pytest.approx(0.1, rel=1e-6)


def test_many_counts_give_the_gaussian_limit():
    many = 1e8
    model = Model([many * BACKGROUND], many * SQUARE)
    information = many * (np.sum(SQUARE**2 / BACKGROUND) - np.sum(SQUARE) ** 2 / np.sum(BACKGROUND))
    for construction, quantile in (("one-sided", ndtri(0.9)), ("two-sided", ndtri(0.95)), ("CL_s", ndtri(0.95))):
        limit = model.limits(many * BACKGROUND, 0.9, construction)
        assert limit**2 == pytest.approx(quantile / np.sqrt(information), rel=1e-3)


def test_constructions_are_ordered():
    limits = {name: Model([BACKGROUND], SQUARE).limits(COUNTS, 0.9, name) for name in CONSTRUCTIONS}
    assert np.all(limits["one-sided"] < limits["two-sided"]) and np.all(limits["one-sided"] < limits["CL_s"])


def test_the_one_sided_limit_covers_its_level():
    truth = 2.0
    model = Model([10 * BACKGROUND], 10 * SQUARE)
    limits = counting.toys(model, lambda counts: model.limits(counts, 0.9, "one-sided"), 2000, seed=3, coupling=truth)
    assert np.mean(limits >= truth) == pytest.approx(0.9, abs=0.02)  # three standard deviations of the mean


def test_toys_depend_on_the_seed_alone():
    model = Model([BACKGROUND], SQUARE, LINEAR)
    alone = counting.toys(model, model.limits, 9, seed=1)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        shared = counting.toys(model, model.limits, 9, seed=1, chunk=2)
    assert shared == pytest.approx(alone, rel=1e-9)
    assert not np.allclose(counting.toys(model, model.limits, 9, seed=2), alone)


def test_toys_are_drawn_where_the_coupling_is():
    model = Model([BACKGROUND], SQUARE, LINEAR)
    mean = counting.toys(model, lambda counts: counts, 4000, seed=8, coupling=-2.0).mean(axis=0)
    expected = BACKGROUND - 2 * LINEAR + 4 * SQUARE
    assert mean == pytest.approx(expected, abs=4 * np.sqrt(expected.max() / 4000))


MODEL = Model([BACKGROUND], SQUARE)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda: Model([[1.0, np.nan]], [1.0, 1.0]), "floating expects nan counts in bin 1 of 0 to 1"),
        (lambda: Model([[1.0, 0.0]], [1.0, 1.0]), "the sum of all backgrounds expects 0 counts in bin 1"),
        (lambda: Model([BACKGROUND], SQUARE[:2]), "a table doesn't fit the backgrounds, which have 6 bins"),
        (lambda: Model([BACKGROUND], 0 * SQUARE), "the square of the coupling changes no bin"),
        (lambda: Model([BACKGROUND], SQUARE, np.inf), "square and linear are not allowed"),
        (lambda: Model([BACKGROUND], SQUARE, spreads=[0.0]), "spreads is not allowed"),
        (lambda: Model([], SQUARE), "floating is one table per background"),
        (lambda: Model([BACKGROUND], SQUARE, -9 * SQUARE).expected(3.0), "the coupling expects -6.5 counts in bin 0"),
        (lambda: MODEL.limits(COUNTS, 1.5), "the confidence level 1.5 is not a fraction between 0 and 1"),
        (lambda: MODEL.limits(COUNTS, 0.9, "cls"), "unknown construction 'cls'"),
        (lambda: MODEL.limits(COUNTS, sign=2), "sign = 2 is not allowed; give +1 or -1"),
        (lambda: MODEL.limits(COUNTS[:, 1:]), "the data need 6 bins"),
        (lambda: MODEL.limits(-COUNTS), "counts expects -4 counts in bin 0 of 0 to 5"),
        (lambda: MODEL.limits(0 * COUNTS), "the fit does not converge, because counts is zero in every bin"),
        (lambda: MODEL.limits(1e20 * COUNTS), "the fit does not converge; counts is too far from what floating"),
        (lambda: Model([BACKGROUND], BACKGROUND).limits(COUNTS), "changes nothing that a floating background couldn't"),
        (lambda: counting.toys(MODEL, MODEL.limits, 0, 1), "count = 0 is not allowed"),
        (lambda: counting.toys(MODEL, MODEL.limits, 2, -1), "seed = -1 is not allowed"),
    ],
)
def test_what_can_not_be_meant_is_named(attempt, message):
    with pytest.raises(NuemError, match=re.escape(message)):
        attempt()
