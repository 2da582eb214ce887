"""Limits on a coupling from counts in bins, with backgrounds of unknown size: Poisson's likelihood, and toys.

A bin expects

    λ = k + Σⱼ bⱼ Fⱼ + uα + u²β

counts: k is known, Fⱼ are backgrounds of known shape and unknown size bⱼ, u is the coupling, α the interference of the
new amplitude with the known one, β its square. The likelihood is Poisson's; compared with a model that fits every bin,

    D(u) = min over b of  2 Σ [λ − n + n ln(n/λ)] + Σⱼ ((bⱼ − 1)/sⱼ)²,

where sⱼ is how well the size of a background is known beforehand, infinite if it floats. For a given coupling this is
convex in b, and Newton's method finds the minimum.

What a limit on u is depends on the construction, and `CONSTRUCTIONS` names those that the book uses:

* "two-sided": D(u) exceeds its minimum by z², z being the two-sided quantile of the normal distribution, 2.71 for z² at
  90 %. Over both signs of u this gives an interval; recasts of published data mostly take it.
* "one-sided": D(u) exceeds its minimum over the given sign by the square of the one-sided quantile, 1.64 at 90 %. As
  in `statistics`, the threshold stays where it is below the boundary u = 0.
* "CL_s": the probability of data that are as far below the expectation with the coupling, divided by the same without
  it, is one minus the level; from the asymptotic distribution of the one-sided likelihood ratio (Cowan, Cranmer, Gross
  and Vitells, Eur. Phys. J. C 71 (2011) 1554, eqs. 65 and 66; the ratio: Read, J. Phys. G 28 (2002) 2693). Its data
  without the coupling have the backgrounds at the sizes that fit the counts best without it, as if measured there.

Toys run through `joblib`, each with a seed of its own, like those of `statistics`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr

from nuem.errors import NuemError, allowed
from nuem.physics import checks
from nuem.physics.arrays import Array
from nuem.physics.statistics import CL_S, MOST_TOYS, standard_deviations

CONSTRUCTIONS = ("two-sided", "one-sided", CL_S)
_STEPS = 60  # of Newton's method; five do for counts near their expectation
_PRECISE = 1e-13  # of the deviance, where Newton's method ends
_NO_SIZE = "counting: the fit does not converge; counts is too far from what floating and known expect"
_GRID = 48  # couplings of the coarse scan, for each sign
_FAR = 25.0  # the deviance of five standard deviations, where the scan ends


class Model:
    """What the bins expect, and what follows from counts.

    Args:
        floating: backgrounds of unknown size, one per row, in counts per bin at the size one.
        square: counts per squared coupling in each bin.
        linear: counts per coupling; zero if nothing interferes.
        known: counts that don't float.
        spreads: relative uncertainty of the size of each background, known beforehand; infinite without.

    Raises:
        NuemError: a table has the wrong length, isn't finite or expects less than no counts in a bin; a spread isn't
            positive; the coupling changes nothing.

    >>> Model([[3.0, -1.0]], [1.0, 1.0])
    Traceback (most recent call last):
    nuem.errors.NuemError: counting: floating expects -1 counts in bin 1 of 0 to 1; give counts ≥ 0
    """

    def __init__(
        self,
        floating: Sequence[Sequence[float]],
        square: ArrayLike,
        linear: ArrayLike = 0.0,
        *,
        known: ArrayLike = 0.0,
        spreads: Sequence[float] | None = None,
    ):
        self.floating = np.asarray(floating, dtype=float)
        if self.floating.ndim != 2 or not self.floating.size:
            raise NuemError("counting: floating is one table per background, with one bin or more")
        bins = self.floating.shape[1:]
        try:
            self.square, self.linear, self.known = (
                np.broadcast_to(np.asarray(table, dtype=float), bins) for table in (square, linear, known)
            )
        except ValueError as error:
            raise NuemError(f"counting: a table doesn't fit the backgrounds, which have {bins[0]} bins") from error
        for name, table in (("floating", self.floating), ("known", self.known)):
            _check_counts(name, table)
        _check_counts("the sum of all backgrounds", self.known + self.floating.sum(axis=0), empty=False)
        if not (np.all(np.isfinite(self.square)) and np.all(np.isfinite(self.linear))):
            raise NuemError("counting: square and linear are not allowed; give finite numbers")
        if not np.any(self.square > 0):
            raise NuemError("counting: the square of the coupling changes no bin; it has no limit")
        self.spreads = np.full(len(self.floating), np.inf) if spreads is None else np.asarray(spreads, dtype=float)
        if self.spreads.shape != self.floating.shape[:1] or not np.all(self.spreads > 0):
            raise NuemError("counting: spreads is not allowed; give one number > 0 for each background, or an infinity")

        if not self._seen():
            raise NuemError(
                "counting: the coupling changes nothing that a floating background couldn't; it has no limit"
            )

    def _seen(self) -> bool:
        """Whether the coupling does something that the backgrounds whose size floats freely couldn't."""
        weight = 1 / np.sqrt(self.known + self.floating.sum(axis=0))
        free = (self.floating[np.isinf(self.spreads)] * weight).T
        for table in (self.square * weight, self.linear * weight):
            left = table - free @ np.linalg.lstsq(free, table)[0] if free.size else table
            if np.linalg.norm(left) > 1e-9 * np.linalg.norm(table):
                return True
        return False

    @property
    def bins(self) -> int:
        """How many bins there are."""
        return self.floating.shape[1]

    def expected(self, coupling: ArrayLike = 0.0, sizes: ArrayLike = 1.0) -> Array:
        """λ: counts expected in each bin, for couplings of shape (…) an array of shape (…, bins).

        Args:
            sizes: bⱼ, one for each background, or one number for all.

        Raises:
            NuemError: a bin expects less than no counts.
        """
        coupling = np.asarray(coupling, dtype=float)[..., None]
        sizes = np.broadcast_to(np.asarray(sizes, dtype=float), self.spreads.shape)
        counts = self.known + sizes @ self.floating + coupling * (self.linear + coupling * self.square)
        _check_counts("the coupling", counts)
        return counts

    def deviance(self, counts: ArrayLike, coupling: ArrayLike) -> Array:
        """D(u) for data of shape (…, bins) and couplings of shape (…), which are broadcast.

        Raises:
            NuemError: the data have another number of bins or aren't counts; a bin expects less than no counts; the
                fit of the backgrounds doesn't converge.

        >>> one_bin = Model([[9.0]], [1.0], spreads=[1e-9])  # a size that is known
        >>> bool(np.isclose(one_bin.deviance([9.0], 0.0), 0.0))
        True
        >>> one_bin.deviance([-2.0], 0.0)
        Traceback (most recent call last):
        nuem.errors.NuemError: counting: counts expects -2 counts in bin 0 of 0 to 0; give counts ≥ 0
        """
        return self._deviance(self._data(counts), np.asarray(coupling, dtype=float))

    def sizes(self, counts: ArrayLike, coupling: ArrayLike = 0.0) -> Array:
        """The sizes bⱼ at the minimum of `deviance`, an array of shape (…, backgrounds)."""
        return self._fit(self._data(counts), self._signal(np.asarray(coupling, dtype=float)))[1]

    def best(self, counts: ArrayLike, signs: Sequence[int] = (1, -1)) -> tuple[Array, Array]:
        """The coupling that fits best among those with the given signs, zero included, and its deviance."""
        counts = self._data(counts)
        found = [self._lowest(counts, sign, self._scan(counts, sign)) for sign in _signs(signs)]
        coupling, deviance = found[0]
        for other, smaller in found[1:]:
            coupling = np.where(smaller < deviance, other, coupling)
            deviance = np.minimum(smaller, deviance)
        return coupling, deviance

    def limits(
        self,
        counts: ArrayLike,
        level: float = 0.9,
        construction: str = "two-sided",
        *,
        sign: int = 1,
        signs: Any = None,
    ) -> Array:
        """Limits on the size of a coupling of the given sign, for data of shape (…, bins) an array of shape (…).

        Args:
            construction: one of `CONSTRUCTIONS`.
            sign: of the coupling, +1 or −1.
            signs: over which the minimum of D is taken; both for an interval, by default the given one.

        Raises:
            NuemError: the level isn't inside (0, 1), the construction is unknown, or the fit doesn't converge.

        >>> model = Model([[50.0]], [2.0], spreads=[1e-9])  # λ = 50 + 2u², and 50 are counted
        >>> u = model.limits([50.0], 0.9, "one-sided")
        >>> bool(np.isclose(4 * u**2 - 100 * np.log1p(u**2 / 25), standard_deviations(0.9, sided=1) ** 2))
        True
        """
        if construction not in CONSTRUCTIONS:
            raise NuemError(f"counting: unknown construction {construction!r}; {allowed(CONSTRUCTIONS, construction)}")
        counts = self._data(counts)
        (sign,) = _signs([sign])
        wanted = {sign, *_signs([sign] if signs is None else signs)}
        scans = {one: self._scan(counts, one) for one in wanted}
        lowest = np.min([self._lowest(counts, one, scan)[1] for one, scan in scans.items()], axis=0)
        return self._limit(counts, level, construction, sign, scans[sign], lowest)

    def interval(self, counts: ArrayLike, level: float = 0.9) -> tuple[Array, Array]:
        """Both ends of the two-sided interval over both signs; it may have a gap inside."""
        counts = self._data(counts)
        scans = {sign: self._scan(counts, sign) for sign in (-1, 1)}
        lowest = np.min([self._lowest(counts, sign, scan)[1] for sign, scan in scans.items()], axis=0)
        lower, upper = (self._limit(counts, level, "two-sided", sign, scan, lowest) for sign, scan in scans.items())
        return -lower, upper

    # -- how it is found ------------------------------------------------------------------------------------------

    def _data(self, counts: ArrayLike) -> Array:
        counts = np.asarray(counts, dtype=float)
        if counts.shape[-1:] != (self.bins,):
            raise NuemError(f"counting: the data need {self.bins} bins, like the backgrounds")
        _check_counts("counts", counts)
        if np.any(np.isinf(self.spreads)) and not np.all(counts.sum(axis=-1) > 0):
            raise NuemError("counting: the fit does not converge, because counts is zero in every bin")
        return counts

    def _deviance(self, counts: Array, coupling: Array, center: Any = 1.0) -> Array:
        """D(u), with what is known beforehand of the sizes of the backgrounds centred on `center`."""
        return self._fit(counts, self._signal(coupling), center)[0]

    def _signal(self, coupling: Array) -> Array:
        coupling = np.asarray(coupling)[..., None]
        return self.known + coupling * (self.linear + coupling * self.square)

    def _objective(self, counts: Array, expected: Array, sizes: Array, center: Any) -> Array:
        beside = expected - counts
        seen = np.where(counts > 0, counts, 1.0)
        # n[x − ln(1 + x)] with x = (λ − n)/n, precise also for many counts
        terms = np.where(counts > 0, beside - counts * np.log1p(np.where(counts > 0, beside, 0.0) / seen), expected)
        return 2 * np.sum(terms, axis=-1) + np.sum(((sizes - center) / self.spreads) ** 2, axis=-1)

    def _fit(self, counts: Array, fixed: Array, center: Any = 1.0) -> tuple[Array, Array]:
        """Minimum over the sizes of the backgrounds, and these sizes, by Newton's method."""
        sizes = np.ones((*np.broadcast_shapes(counts.shape, fixed.shape)[:-1], len(self.floating)))
        expected = fixed + self.floating.sum(axis=0)
        if not np.min(expected) > 0:
            _check_counts("the coupling", expected, empty=False)
        descend = self._descend_one if len(self.floating) == 1 else self._descend
        expected, sizes = descend(counts, np.broadcast_to(expected, (*sizes.shape[:-1], self.bins)), sizes, center)
        return self._objective(counts, expected, sizes, center), sizes

    def _descend_one(self, counts: Array, expected: Array, sizes: Array, center: Any) -> tuple[Array, Array]:
        """One background: the derivative is a concave function of its size.

        After its first step Newton's method comes from below and needs no other care than positive expectations.
        """
        (shape,), precision = self.floating, self.spreads[0] ** -2.0
        square, total = shape**2, shape.sum()
        center = np.asarray(center)[..., 0] if np.ndim(center) else center
        for _ in range(_STEPS):
            ratio = counts / expected
            gradient = total - ratio @ shape + (sizes[..., 0] - center) * precision
            step = gradient / ((ratio / expected) @ square + precision)
            if np.max(np.abs(step * gradient)) < _PRECISE:
                return expected, sizes
            trial = expected - step[..., None] * shape
            while not np.min(trial) > 0:
                step = np.where(np.min(trial, axis=-1) > 0, step, step / 2)
                trial = expected - step[..., None] * shape
            expected, sizes = trial, sizes - step[..., None]
        raise NuemError(_NO_SIZE)

    def _descend(self, counts: Array, expected: Array, sizes: Array, center: Any) -> tuple[Array, Array]:
        """Several backgrounds: steps that don't lower the objective, or leave the region of counts, are halved."""
        value, precision = self._objective(counts, expected, sizes, center), self.spreads**-2.0
        for _ in range(_STEPS):
            ratio = counts / expected
            gradient = (1 - ratio) @ self.floating.T + (sizes - center) * precision
            weight = ratio / expected
            curvature = np.einsum("...b,jb,kb->...jk", weight, self.floating, self.floating) + np.diag(precision)
            step = np.linalg.solve(curvature, gradient[..., None])[..., 0]
            if np.max(np.abs(step * gradient)) < _PRECISE:
                return expected, sizes
            for _ in range(_STEPS):
                tried, trial = sizes - step, expected - step @ self.floating
                over = np.min(trial, axis=-1) <= 0
                over |= self._objective(counts, np.maximum(trial, 1e-300), tried, center) > value + 1e-9
                if not np.any(over):
                    break
                step = np.where(over[..., None], step / 2, step)
            sizes, expected = tried, trial
            value = self._objective(counts, expected, sizes, center)
        raise NuemError(_NO_SIZE)

    def _reach_of(self, sign: int) -> float:
        """A size that data equal to their expectation without the coupling exclude by five standard deviations."""
        without = self._data(self.expected())
        size = float(np.sum(self.square**2 / without)) ** -0.25  # one standard deviation of its square
        for _ in range(60):
            if self._deviance(without, sign * size) > _FAR:
                return size
            size *= 2
        raise NuemError("counting: the fit does not converge; no coupling is excluded")

    def _scan(self, counts: Array, sign: int) -> tuple[Array, Array]:
        """Sizes from zero up to one that is excluded by far, on the first axis, and their deviances."""
        unit = np.linspace(0, 1, _GRID).reshape(-1, *[1] * (counts.ndim - 1))
        top = np.full(counts.shape[:-1], self._reach_of(sign))
        for _ in range(60):
            values = self._deviance(counts, sign * unit * top)
            reached = values[-1] - np.min(values, axis=0) > _FAR
            if np.all(reached):
                return unit * top, values
            top = np.where(reached, top, 1.5 * top)
        raise NuemError("counting: the fit does not converge; no coupling is excluded")

    def _lowest(self, counts: Array, sign: int, scan: tuple[Array, Array]) -> tuple[Array, Array]:
        """The coupling that fits best, and its deviance."""
        grid, values = scan
        best, lowest = _smallest(grid, values)
        half = grid[1]
        around = np.linspace(-1, 1, 7).reshape(-1, *[1] * best.ndim)
        for _ in range(5):  # seven points around the best one, three times as close each time
            grid = np.maximum(best + around * half, 0.0)
            best, lowest = _smallest(grid, self._deviance(counts, sign * grid))
            half = half / 3
        return sign * best, lowest

    def _limit(
        self,
        counts: Array,
        level: float,
        construction: str,
        sign: int,
        scan: tuple[Array, Array],
        lowest: Array,
    ) -> Array:
        threshold = standard_deviations(level, sided=2 if construction == "two-sided" else 1) ** 2
        if construction != CL_S:
            return self._crossing(counts, lambda _, deviance: deviance - lowest - threshold, sign, scan)
        # data without the coupling, with the backgrounds that fit these counts best
        fitted = self.sizes(counts)
        without = self.known + fitted @ self.floating

        def excess(size: Array, deviance: Array) -> Array:
            return _cls_excess(deviance - lowest, self._deviance(without, sign * size, fitted), level)

        return self._crossing(counts, excess, sign, scan)

    def _crossing(
        self,
        counts: Array,
        excess: Callable[[Array, Array], Array],
        sign: int,
        scan: tuple[Array, Array],
    ) -> Array:
        """The largest size at which `excess`, a function of size and deviance, changes from negative to positive."""
        grid, values = scan
        excesses = excess(grid, values)
        inside = excesses <= 0
        inside[0] = True
        place = (_GRID - 1 - np.argmax(inside[::-1], axis=0))[None]
        lower, low = (np.take_along_axis(table, place, axis=0)[0] for table in (grid, excesses))
        upper, high = (np.take_along_axis(table, place + 1, axis=0)[0] for table in (grid, excesses))
        before = np.zeros(())  # which end moved last
        for _ in range(100):  # the Illinois rule: an end of the secant that stands still twice counts half
            middle = (lower * high - upper * low) / (high - low)
            value = excess(middle, self._deviance(counts, sign * middle))
            if np.all((np.abs(value) < 1e-9) | (upper - lower < 1e-12 * upper)):
                return middle
            below = value <= 0
            moved = np.where(below, -1, 1)
            still = np.where(moved == before, 0.5, 1.0)
            low, high = np.where(below, value, low * still), np.where(below, high * still, value)
            lower, upper = np.where(below, middle, lower), np.where(below, upper, middle)
            before = moved
        raise NuemError("counting: the fit does not converge; the limit was not found")


def _smallest(grid: Array, values: Array) -> tuple[Array, Array]:
    """Where the values along the first axis are smallest, and how small."""
    place = np.argmin(values, axis=0)[None]
    return np.take_along_axis(grid, place, axis=0)[0], np.take_along_axis(values, place, axis=0)[0]


def _signs(signs: Sequence[int]) -> list[int]:
    for sign in signs:
        if sign not in (1, -1):
            raise NuemError(f"counting: sign = {sign} is not allowed; give +1 or -1")
    return list(signs)


def _check_counts(name: str, table: Array, *, empty: bool = True) -> None:
    good = np.isfinite(table) & ((table >= 0) if empty else (table > 0))
    if not np.all(good):
        place = np.unravel_index(np.argmin(good), good.shape)
        raise NuemError(
            f"counting: {name} expects {table[place]:g} counts in bin {place[-1]} of 0 to {table.shape[-1] - 1}; "
            f"give counts {'≥' if empty else '>'} 0"
        )


def _cls_excess(statistic: Array, without: Array, level: float) -> Array:
    """One minus the level minus CL_s, for the likelihood ratio and its value for data without the coupling."""
    root, reach = np.sqrt(np.maximum(statistic, 0.0)), np.sqrt(np.maximum(without, 1e-12))
    far = root > reach
    both = np.where(far, (statistic + reach**2) / (2 * reach), root)
    alone = np.where(far, (statistic - reach**2) / (2 * reach), root - reach)
    # CL_s from logarithms: both tails may be smaller than any float
    return (1 - level) - np.exp(log_ndtr(-both) - log_ndtr(-alone))


def toys(
    model: Model,
    evaluate: Callable[[Array], Array],
    count: int,
    seed: int,
    *,
    coupling: float = 0.0,
    chunk: int = 250,
) -> Array:
    """What `evaluate` makes of `count` made-up experiments in which the coupling is true; the first axis counts them.

    Every toy has its own seed, spawned from `seed`: the numbers depend neither on `chunk`, the toys per task, nor on
    who evaluates them. Tasks run one after the other, unless the call stands in a `joblib.parallel_config`.

    Args:
        evaluate: function of counts of shape (toys, bins); returns an array whose first axis has the length toys.

    Raises:
        NuemError: count, seed or chunk make no sense.

    >>> model = Model([[9.0, 5.0, 4.0]], [3.0, 0.5, 0.1])
    >>> one, other = (toys(model, model.limits, 4, seed=7, chunk=chunk) for chunk in (4, 3))
    >>> one.shape, bool(np.allclose(one, other, rtol=1e-9))
    ((4,), True)
    """
    count = checks.whole("counting", "count", count, 1, MOST_TOYS)
    seed = checks.whole("counting", "seed", seed, 0, 2**128 - 1)
    chunk = checks.whole("counting", "chunk", chunk, 1, MOST_TOYS)
    expected = model.expected(coupling)
    seeds = np.random.SeedSequence(seed).spawn(count)
    from joblib import Parallel, delayed

    tasks = (delayed(_chunk)(evaluate, expected, seeds[first : first + chunk]) for first in range(0, count, chunk))
    return np.concatenate(Parallel()(tasks))


def _chunk(evaluate: Callable[[Array], Array], expected: Array, seeds: Sequence[Any]) -> Array:
    counts = np.array([np.random.default_rng(seed).poisson(expected) for seed in seeds])
    return np.asarray(evaluate(counts))
