"""Limits on a coupling from a spectrum that is counted with a source on and off, and toys of such an experiment.

With the source on, a bin expects n counts without anything new, and n + s with the coupling u, where s = uα + u²β: α is
the interference of the new amplitude with the known one, β its square. With the source off, for a time that is r times
shorter, it expects m counts. The known rate of the source is n − rm. What is left of the observed counts N and M,

    d = N − rM − (n − rm),   with mean s, variance V = n + s + r²m and third central moment n + s − r³m,

tells by a weighted sum over the bins whether u is too large. The weights are those that tell u best from no coupling:

    Z(u) = wᵀ(d − s),   w = Ws/√(sᵀWs),   W = V⁻¹ − V⁻¹Tᵀ (T V⁻¹ Tᵀ)⁻¹ T V⁻¹,

where the rows of T are spectra whose size is unknown: no size of theirs changes Z. If u is true, Z has the mean zero,
the variance one and the skewness γ = Σw³(n + s − r³m), for few counts as for many and whatever the interference does.
So u is excluded if Z < −c with c = z − γ(z² − 1)/6, z being the quantile of the normal distribution at the confidence
level: the first two terms of the expansion of Cornish and Fisher (Revue de l'Institut International de Statistique 5
(1938) 307). The limit is the largest u that isn't excluded. Without interference Z is Rao's score test.

The limit is one-sided and knows the physical region: u has a given sign. Data with less than nothing new,
Z₀ = Z + √(sᵀWs) < 0, exclude u only if Z² > c² + Z₀². For α = 0 and many counts, with the best fit x of u² and its
uncertainty σ, the limit is √(x + zσ) if x ≥ 0 and √(x + √(x² + z²σ²)) if not: where χ² exceeds its minimum over the
allowed u by z². It is never zero, and covers more often than it must if the truth is below zσ. The exact distribution
of this ratio would give √(x + zσ) there too (Cowan, Cranmer, Gross and Vitells, Eur. Phys. J. C 71 (2011) 1554
[arXiv:1007.1727]); the unified construction and CL_s are weaker, as the page "What a limit means" shows.

`p_values` are the probabilities of a smaller Z than the data's, with the coupling and without. Their ratio is CL_s: the
construction "CL_s" excludes u if it falls below one minus the confidence level (Read, J. Phys. G 28 (2002) 2693), so
that data which tell u from nothing badly exclude little. It covers more often than it says.

Variances are those of the expected counts. Where all weights are equal, counts form steps and the coverage jumps by the
probability of one of them; a second bin with another weight smooths that.

Toys are independent evaluations, each with a seed of its own, and run through `joblib`: whoever has a cluster selects
its backend around the call and gets the same numbers.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr, ndtri

from nuem.errors import NuemError, allowed
from nuem.physics import checks
from nuem.physics.arrays import Array

CONSTRUCTION = "one-sided score test"  # how `limits` constructs unless told otherwise, for the label of a bound
CL_S = "CL_s"
ONE_SIGMA = math.erf(1 / math.sqrt(2))  # confidence level of one standard deviation, two-sided
MOST_TOYS = 10_000_000
Counts = NDArray[np.int64]
_PER_DECADE = 24  # couplings that are tried before the limit is refined


def standard_deviations(cl: float, sided: int = 2) -> float:
    """Number of Gaussian standard deviations of a one- or two-sided confidence level.

    >>> round(standard_deviations(0.9), 3), round(standard_deviations(0.9, sided=1), 3)
    (1.645, 1.282)
    """
    if not 0 < cl < 1:
        raise NuemError(f"the confidence level {cl} is not a fraction between 0 and 1")
    if sided == 1 and cl <= 0.5:
        raise NuemError(f"a one-sided limit at the confidence level {cl} says nothing; take one above one half")
    return float(ndtri(cl if sided == 1 else (1 + cl) / 2))


class Spectrum:
    """Counts expected in each bin without anything new.

    Args:
        on: with the source on.
        off: with the source off.
        ratio: time on over time off.

    Raises:
        NuemError: there is no bin, a bin expects no counts, or the ratio isn't positive.

    >>> Spectrum([90.0, 0.0], [30.0, 0.0], 3.0)
    Traceback (most recent call last):
    nuem.errors.NuemError: statistics: bin 1 of 0 to 1 is empty; every bin must expect counts, source on and off
    """

    def __init__(self, on: Sequence[float], off: Sequence[float], ratio: float):
        self.on, self.off = np.asarray(on, dtype=float), np.asarray(off, dtype=float)
        if self.on.ndim != 1 or self.on.shape != self.off.shape or not self.on.size:
            raise NuemError("statistics: on and off are two tables of equal length, with one bin or more")
        filled = (self.on > 0) & (self.off > 0) & np.isfinite(self.on) & np.isfinite(self.off)
        if not np.all(filled):
            raise NuemError(
                f"statistics: bin {np.argmin(filled)} of 0 to {filled.size - 1} is empty; "
                "every bin must expect counts, source on and off"
            )
        if not (ratio > 0 and math.isfinite(ratio)):
            raise NuemError(f"statistics: ratio = {ratio:g} is not allowed; give a finite number > 0")
        self.ratio = float(ratio)

    @property
    def variance(self) -> Array:
        """Variance of the difference d in each bin, without anything new."""
        return self.on + self.ratio**2 * self.off

    def difference(self, on: ArrayLike, off: ArrayLike) -> Array:
        """What is left of counts of shape (…, bins): d = N − rM − (n − rm).

        Raises:
            NuemError: the counts have another number of bins, or aren't finite numbers ≥ 0.
        """
        counts = [np.asarray(table, dtype=float) for table in (on, off)]
        if any(table.shape[-1:] != self.on.shape for table in counts):
            raise NuemError(f"statistics: the data need {self.on.size} bins, like the spectrum")
        if not all(np.all((table >= 0) & np.isfinite(table)) for table in counts):
            raise NuemError("statistics: the data are counts, on and off; give finite numbers ≥ 0")
        return counts[0] - self.on - self.ratio * (counts[1] - self.off)

    def draw(
        self, seed: np.random.SeedSequence, excess: ArrayLike = 0.0
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Counts of one made-up experiment, source on and off, with `excess` more expected with the source on."""
        random = np.random.default_rng(seed)
        return random.poisson(self.on + np.asarray(excess, dtype=float)), random.poisson(self.off)


class Search:
    """What a coupling adds to a spectrum, and the limits that follow from data.

    Args:
        spectrum: without the coupling.
        square: counts per squared coupling, source on, in each bin.
        linear: counts per coupling, source on; zero if nothing interferes.
        sign: of the coupling, +1 or −1; limits are on its size.
        free: spectra of unknown size to fit along, one per row.

    Raises:
        NuemError: a table has the wrong length or isn't finite, the sign is none, the coupling does nothing that the
            free spectra couldn't do, or leaves less than no counts in a bin.

    >>> Search(Spectrum([4.0, 4.0], [4.0, 4.0], 1.0), [1.0, 1.0], free=[[2.0, 2.0]])
    Traceback (most recent call last):
    nuem.errors.NuemError: statistics: the coupling changes nothing that a free spectrum couldn't; it has no limit
    """

    def __init__(
        self,
        spectrum: Spectrum,
        square: ArrayLike,
        linear: ArrayLike = 0.0,
        *,
        sign: int = 1,
        free: Sequence[Sequence[float]] = (),
    ):
        if sign not in (1, -1):
            raise NuemError(f"statistics: sign = {sign} is not allowed; give +1 or -1")
        shape = spectrum.on.shape
        try:
            square = np.broadcast_to(np.asarray(square, dtype=float), shape)
            linear = sign * np.broadcast_to(np.asarray(linear, dtype=float), shape)
            rows = np.asarray(free, dtype=float).reshape(-1, *shape)
        except ValueError as error:
            raise NuemError(f"statistics: a table doesn't fit the spectrum, which has {shape[0]} bins") from error
        if not (np.all(np.isfinite(square)) and np.all(np.isfinite(linear)) and np.all(np.isfinite(rows))):
            raise NuemError("statistics: square, linear and free are not allowed; give finite numbers")
        self.spectrum, self.linear, self.square = spectrum, linear, square
        self._free = _independent(rows / np.sqrt(spectrum.variance)) * np.sqrt(spectrum.variance)
        self._check_counts()
        square_square, linear_linear = (
            float(table @ self._weigh(table[None], spectrum.variance[None])[0]) for table in (square, linear)
        )
        if not square_square > 1e-12 * float(square @ (square / spectrum.variance)):
            raise NuemError(
                "statistics: the coupling changes nothing that a free spectrum couldn't; it has no limit"
                if len(rows)
                else "statistics: the square of the coupling changes no bin; it has no limit"
            )
        # the couplings that a standard deviation of the data hides, by the square and by the interference
        largest = square_square**-0.25
        self._hidden = min(largest, linear_linear**-0.5) if linear_linear > 0 else largest, largest

    def _check_counts(self) -> None:
        """What interference takes away must leave counts: n + uα + u²β has its minimum at u = −α/2β."""
        takes = np.maximum(-self.linear, 0)
        left = 4 * self.square * self.spectrum.on * (1 + 1e-9) >= takes**2
        if not np.all(left & (self.square >= 0)):
            raise NuemError(
                f"statistics: in bin {np.argmin(left & (self.square >= 0))} a coupling leaves less than no counts; "
                "its square must be ≥ 0, and the interference can't take more than the spectrum has"
            )

    def _weigh(self, tables: Array, variance: Array) -> Array:
        """W applied to spectra, one per row."""
        weighted = tables / variance
        if len(self._free):
            free = self._free / variance[:, None, :]
            fitted = np.linalg.solve(free @ self._free.T, free @ tables[..., None])
            weighted -= np.sum(free * fitted, axis=1)
        return weighted

    def _tests(self, couplings: Array) -> _Tests:
        spectrum = self.spectrum
        couplings = couplings[:, None]
        signal = couplings * (self.linear + couplings * self.square)
        weights = self._weigh(signal, spectrum.variance + signal)
        distance = np.sqrt(np.sum(weights * signal, axis=1))
        weights /= distance[:, None]
        squares = weights * weights
        cubes = squares * weights
        spread = np.sqrt(np.einsum("ij,j->i", squares, spectrum.variance))
        third = np.einsum("ij,j->i", cubes, spectrum.on - spectrum.ratio**3 * spectrum.off)
        skewness = third + np.sum(cubes * signal, axis=1)
        return _Tests(weights, distance, skewness, spread, third / spread**3)

    @functools.cached_property
    def _trials(self) -> Array:
        """Couplings to try, from far below what the data can hide to far above."""
        smallest, largest = self._hidden
        decades = 4 + math.log10(largest / smallest)
        return np.geomspace(1e-2 * smallest, 1e2 * largest, math.ceil(_PER_DECADE * decades))

    @functools.cached_property
    def _tried(self) -> _Tests:
        return self._tests(self._trials)

    def excess(self, coupling: float) -> Array:
        """Counts that a coupling of this size, and of the sign of the search, adds with the source on."""
        return coupling * (self.linear + coupling * self.square)

    def p_values(self, on: ArrayLike, off: ArrayLike, coupling: float) -> tuple[Array, Array]:
        """Probabilities of less signal than these counts hold, if the coupling is there and if it isn't.

        Raises:
            NuemError: the coupling isn't a finite number > 0, or the counts are refused as by `limits`.

        >>> one_bin = Search(Spectrum([5e7], [5e7], 1.0), [2.0])
        >>> [round(float(p), 3) for p in one_bin.p_values([5e7], [5e7], 80.0)]  # 1.28 σ
        [0.1, 0.5]
        """
        if not (coupling > 0 and math.isfinite(coupling)):
            raise NuemError(f"statistics: coupling = {coupling:g} is not allowed; give a finite number > 0")
        test = _Tests(*(part[0] for part in self._tests(np.array([coupling]))))
        pull = self.spectrum.difference(on, off) @ test.weights
        return ndtr(test.with_coupling(pull)), ndtr(test.without(pull))

    def limits(self, on: ArrayLike, off: ArrayLike, level: float = 0.9, construction: str = CONSTRUCTION) -> Array:
        """Upper limits on the size of the coupling, for counts of shape (…, bins); the result has shape (…).

        Raises:
            NuemError: the level isn't inside (0, 1), the construction is unknown, the data aren't counts, have another
                number of bins or are too far from what the search expects.

        >>> one_bin = Search(Spectrum([5e7], [5e7], 1.0), [2.0])  # σ of the squared coupling is 5000
        >>> round(float(one_bin.limits([5e7], [5e7])) ** 2 / 5000, 3)
        1.282
        >>> round(float(one_bin.limits([5e7], [5e7], construction=CL_S)) ** 2 / 5000, 3)
        1.645
        """
        difference = self.spectrum.difference(on, off)
        rows = difference.reshape(-1, difference.shape[-1])
        found = self._largest(
            rows @ self._tried.weights.T,
            lambda test, row: np.sum(test.weights * rows[row], axis=1),
            level,
            construction,
        )
        return found.reshape(difference.shape[:-1])

    def expected(self, level: float = 0.9) -> float:
        """The limit from data that equal their expectation without the coupling; about the median, for α = 0."""
        return float(self.limits(self.spectrum.on, self.spectrum.off, level))

    def band(
        self, deviations: ArrayLike = (-2, -1, 0, 1, 2), level: float = 0.9, construction: str = CONSTRUCTION
    ) -> Array:
        """Expected limits without the coupling: those from data as many standard deviations above the typical ones.

        For α = 0 these are quantiles of the limits, such as 16 % for −1. With interference couplings of different size
        look for different shapes, and toys tell the quantiles.
        """
        normal = np.asarray(deviations, dtype=float)

        def pull(test: _Tests, row: Counts) -> Array:
            return test.spread * _skewed(normal[row], test.skewness_without)

        every = np.arange(len(normal))[:, None]
        return self._largest(pull(self._tried, every), pull, level, construction)

    def _largest(self, tried: Array, pull: Callable[..., Array], level: float, construction: str) -> Array:
        """The largest coupling that isn't excluded, for pulls of shape (data, couplings to try)."""
        standard_deviations(level, sided=1)  # refuses a bad level
        if construction not in _MARGINS:
            raise NuemError(f"statistics: unknown construction; {allowed(_MARGINS, construction)}")
        margin = _MARGINS[construction]
        escapes = margin(self._tried, tried, level) >= 0
        last = escapes.shape[1] - 1 - np.argmax(escapes[:, ::-1], axis=1)
        if not np.all(escapes[:, 0] & (last < escapes.shape[1] - 1)):
            raise NuemError("statistics: the fit does not converge; the data are too far from the spectrum")

        def refined(coupling: Array, row: Array) -> Array:
            test = self._tests(coupling)
            return margin(test, pull(test, row.astype(int)), level)

        from scipy.optimize.elementwise import find_root  # brings half a second of other modules

        bracket = self._trials[last], self._trials[last + 1]
        found = find_root(refined, bracket, args=(np.arange(len(last)),), tolerances={"xrtol": 1e-10})
        if not np.all(found.success):
            raise NuemError("statistics: the fit does not converge; the spectra are too different in size")
        return found.x


class _Tests(NamedTuple):
    """Tests of couplings, one per row; a `pull` is Z₀ of data."""

    weights: Array
    distance: Array  # from no coupling, √(sᵀWs)
    skewness: Array  # of Z with the coupling
    spread: Array  # standard deviation of Z₀ without the coupling
    skewness_without: Array

    def with_coupling(self, pull: Array) -> Array:
        """The pull as a normal variable, if the coupling is there."""
        return _normal(pull - self.distance, self.skewness)

    def without(self, pull: Array) -> Array:
        """The pull as a normal variable, if the coupling isn't there."""
        return _normal(pull / self.spread, self.skewness_without)


def _skewed(normal: Array | float, skewness: Array) -> Array:
    """A normal variable turned into one with a small skewness (Cornish and Fisher)."""
    return normal + skewness * (normal**2 - 1) / 6


def _normal(skewed: Array, skewness: Array) -> Array:
    """The inverse of `_skewed`; beyond its turning point, many deviations away, the turning point."""
    shifted = skewed + skewness / 6
    return 2 * shifted / (1 + np.sqrt(np.maximum(1 + 2 / 3 * skewness * shifted, 0)))


def _score_margin(test: _Tests, pull: Array, level: float) -> Array:
    """By how much couplings escape exclusion by the score test."""
    threshold = np.maximum(-_skewed(-standard_deviations(level, sided=1), test.skewness), 0.0)
    return pull - test.distance + np.hypot(threshold, np.minimum(pull, 0.0))


def _ratio_margin(test: _Tests, pull: Array, level: float) -> Array:
    """By how much couplings escape exclusion by CL_s."""
    return log_ndtr(test.with_coupling(pull)) - log_ndtr(test.without(pull)) - math.log(1 - level)


_MARGINS = {CONSTRUCTION: _score_margin, CL_S: _ratio_margin}


def _independent(rows: Array) -> Array:
    """Orthonormal rows that span the same spectra."""
    if not len(rows):
        return rows
    _, sizes, basis = np.linalg.svd(rows, full_matrices=False)
    return basis[sizes > 1e-10 * np.max(sizes)]


def _chunk(searches: Sequence[Search], seeds: Sequence[np.random.SeedSequence], excess: ArrayLike, level: float) -> Any:
    on, off = np.swapaxes([searches[0].spectrum.draw(seed, excess) for seed in seeds], 0, 1)
    return np.stack([search.limits(on, off, level) for search in searches], axis=-1)


def toys(
    searches: Sequence[Search], count: int, seed: int, *, excess: ArrayLike = 0.0, level: float = 0.9, chunk: int = 250
) -> Array:
    """Limits of `count` made-up experiments, an array of shape (count, number of searches).

    Every toy has its own seed, spawned from `seed`: the numbers depend neither on `chunk`, the toys per task, nor on
    who evaluates them. Tasks run one after the other, unless the call stands in a `joblib.parallel_config`.

    Args:
        searches: different couplings or signs; all look at the same data, so they share one `Spectrum`.
        excess: counts per bin that are there in truth, source on; zero if nothing is new.

    Raises:
        NuemError: no searches, or of different spectra; count, seed or chunk make no sense; an excess that leaves
            less than no counts.

    >>> search = Search(Spectrum([900.0, 400.0], [300.0, 100.0], 3.0), [5.0, 1.0])
    >>> one, other = toys([search], 6, seed=7, chunk=6), toys([search], 6, seed=7, chunk=2)
    >>> one.shape, bool(np.array_equal(one, other))
    ((6, 1), True)
    """
    searches = list(searches)
    if not searches or any(search.spectrum is not searches[0].spectrum for search in searches):
        raise NuemError("statistics: searches is not allowed; give one or more that share one Spectrum")
    count = checks.whole("statistics", "count", count, 1, MOST_TOYS)
    seed = checks.whole("statistics", "seed", seed, 0, 2**128 - 1)
    chunk = checks.whole("statistics", "chunk", chunk, 1, MOST_TOYS)
    spectrum = searches[0].spectrum
    excess = np.asarray(excess, dtype=float)
    if excess.shape not in ((), spectrum.on.shape) or not np.all(spectrum.on + excess >= 0):
        raise NuemError(f"statistics: excess is not allowed; give {spectrum.on.size} numbers that leave counts ≥ 0")
    standard_deviations(level, sided=1)  # refuses a bad level before any work
    seeds = np.random.SeedSequence(seed).spawn(count)
    from joblib import Parallel, delayed

    tasks = (delayed(_chunk)(searches, seeds[first : first + chunk], excess, level) for first in range(0, count, chunk))
    return np.concatenate(Parallel()(tasks))
