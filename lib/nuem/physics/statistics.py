"""Limits on a coupling from a spectrum that is counted with a source on and off, and toys of such an experiment.

With the source on, a bin expects n counts without anything new, and n + uα + u²β with the coupling u: α is the
interference of the new amplitude with the known one, β its square. With the source off, for a time that is r times
shorter, it expects m counts. The known rate of the source is n − rm. What is left of the observed counts N and M,

    d = N − rM − (n − rm),   variance V = n + r²m,

is compared with the coupling by

    χ²(u) = (d − uα − u²β)ᵀ W (d − uα − u²β),   W = V⁻¹ − V⁻¹Tᵀ (T V⁻¹ Tᵀ)⁻¹ T V⁻¹,

where the rows of T are spectra whose size is unknown and fitted along. χ² is a polynomial of fourth degree in u, so
its minimum and the limit are roots of polynomials: nothing is scanned.

The limit is one-sided and knows the physical region: u has a given sign, and the limit is where χ² exceeds its minimum
*over that sign* by z², z being the quantile of the normal distribution at the confidence level. For α = 0 it is
√(x + zσ) if the best fit x of u² is positive, and √(x + √(x² + z²σ²)) if not. The latter keeps the threshold z² below
the boundary: simpler than the exact distribution of this test, which would give √(x + zσ) there too (Cowan, Cranmer,
Gross and Vitells, Eur. Phys. J. C 71 (2011) 1554 [arXiv:1007.1727]), never empty, and conservative for small couplings.
For α ≠ 0 the threshold z² may cover slightly less than the confidence level where the two terms cancel (Bernlochner,
Fry, Menary and Persson, SciPost Phys. Core 6 (2023) 013 [arXiv:2207.01350]). It assumes many counts in each bin, for a
normal distribution.

Toys are independent evaluations, each with a seed of its own, and run through `joblib`: whoever has a cluster selects
its backend around the call and gets the same numbers.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy.special import ndtri

from nuem.errors import NuemError

MOST_TOYS = 10_000_000


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
    def variance(self) -> np.ndarray:
        """Variance of the difference d, in each bin."""
        return self.on + self.ratio**2 * self.off

    def draw(self, seed: np.random.SeedSequence, excess: Any = 0.0) -> np.ndarray:
        """The difference d of one made-up experiment, with `excess` counts more expected with the source on."""
        random = np.random.default_rng(seed)
        counted_on, counted_off = random.poisson(self.on + excess), random.poisson(self.off)
        return counted_on - self.on - self.ratio * (counted_off - self.off)


class Search:
    """What a coupling adds to a spectrum, and the limits that follow from data.

    Args:
        spectrum: without the coupling.
        square: counts per squared coupling, source on, in each bin.
        linear: counts per coupling, source on; zero if nothing interferes.
        sign: of the coupling, +1 or −1; limits are on its size.
        free: spectra of unknown size to fit along, one per row.

    Raises:
        NuemError: a table has the wrong length or isn't finite, the sign is none, or the coupling does nothing that
            the free spectra couldn't do.

    >>> Search(Spectrum([4.0, 4.0], [4.0, 4.0], 1.0), [1.0, 1.0], free=[[2.0, 2.0]])
    Traceback (most recent call last):
    nuem.errors.NuemError: statistics: the coupling changes nothing that a free spectrum couldn't; it has no limit
    """

    def __init__(
        self, spectrum: Spectrum, square: Any, linear: Any = 0.0, *, sign: int = 1, free: Sequence[Sequence[float]] = ()
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
        weighted_rows = rows / spectrum.variance
        fitted = np.linalg.pinv(weighted_rows @ rows.T) if len(rows) else np.zeros((0, 0))

        def weigh(table: np.ndarray) -> np.ndarray:  # W applied to a spectrum
            return table / spectrum.variance - weighted_rows.T @ (fitted @ (weighted_rows @ table))

        self._weighted = weigh(linear), weigh(square)
        self._linear_linear = float(linear @ self._weighted[0])
        self._linear_square = float(linear @ self._weighted[1])
        self._square_square = float(square @ self._weighted[1])
        if not self._square_square > 1e-12 * float(square @ (square / spectrum.variance)):
            raise NuemError(
                "statistics: the coupling changes nothing that a free spectrum couldn't; it has no limit"
                if len(rows)
                else "statistics: the square of the coupling changes no bin; it has no limit"
            )

    def excess(self, coupling: float) -> np.ndarray:
        """Counts that a coupling of this size, and of the sign of the search, adds with the source on."""
        return coupling * (self.linear + coupling * self.square)

    def limits(self, difference: Any, level: float = 0.9) -> np.ndarray:
        """Upper limits on the size of the coupling, for data d of shape (…, bins); the result has shape (…).

        Raises:
            NuemError: the level isn't inside (0, 1), the data have another number of bins, or the fit doesn't converge.

        >>> one_bin = Search(Spectrum([50.0], [50.0], 1.0), [2.0])  # σ of the squared coupling is 5
        >>> bool(np.isclose(one_bin.limits([0.0]) ** 2, 5 * 1.2815515655446004))
        True
        """
        z = standard_deviations(level, sided=1)
        difference = np.asarray(difference, dtype=float)
        if difference.shape[-1:] != self.spectrum.on.shape:
            raise NuemError(f"statistics: the data need {self.spectrum.on.size} bins, like the spectrum")
        if not np.all(np.isfinite(difference)):
            raise NuemError("statistics: the fit does not converge, because the data are not finite numbers")
        # In units in which the fourth power has the coefficient one.
        scale = self._square_square**-0.25
        first = -2 * scale * (difference @ self._weighted[0])
        second = scale**2 * (self._linear_linear - 2 * (difference @ self._weighted[1]))
        third = np.full_like(second, 2 * scale**3 * self._linear_square)
        zero = np.zeros_like(first)
        stationary = _roots(0.75 * third, 0.5 * second, 0.25 * first)
        candidates = np.maximum(stationary.real, 0.0)
        parts = third[..., None], second[..., None], first[..., None]
        lowest = np.minimum(np.min(_quartic(candidates, *parts, 0.0), axis=-1), 0.0)
        last = -lowest - z**2
        roots = _roots(third, second, first, last + zero)
        real = np.abs(roots.imag) <= 1e-6 * (1 + np.abs(roots))
        limit = np.max(np.where(real, roots.real, -np.inf), axis=-1)
        limit = np.where(np.isfinite(limit), limit, 0.0)
        for _ in range(3):  # Newton's method, from the eigenvalue to full precision
            slope = ((4 * limit + 3 * third) * limit + 2 * second) * limit + first
            limit = limit - _quartic(limit, third, second, first, last) / np.where(slope > 0, slope, np.inf)
        size = limit**4 + np.abs(third * limit**3) + np.abs(second * limit**2) + np.abs(first * limit) + np.abs(last)
        missed = np.abs(_quartic(limit, third, second, first, last))
        if not np.all((limit > 0) & (missed <= 1e-9 * size)):
            raise NuemError("statistics: the fit does not converge; the spectra are too different in size")
        return scale * limit

    def expected(self, level: float = 0.9) -> float:
        """The limit from data that equal their expectation without the coupling; the median, for α = 0."""
        return float(self.limits(np.zeros_like(self.spectrum.on), level))


def _quartic(x: Any, third: Any, second: Any, first: Any, last: Any) -> Any:
    return (((x + third) * x + second) * x + first) * x + last


def _roots(*coefficients: np.ndarray) -> np.ndarray:
    """Roots of polynomials with leading coefficient one, as eigenvalues of their companion matrices."""
    degree = len(coefficients)
    companion = np.zeros((*coefficients[0].shape, degree, degree))
    companion[..., 0, :] = -np.stack(coefficients, axis=-1)
    companion[..., np.arange(1, degree), np.arange(degree - 1)] = 1.0
    return np.linalg.eigvals(companion)


def _chunk(searches: Sequence[Search], seeds: Sequence[np.random.SeedSequence], excess: Any, level: float) -> Any:
    differences = np.array([searches[0].spectrum.draw(seed, excess) for seed in seeds])
    return np.stack([search.limits(differences, level) for search in searches], axis=-1)


def toys(
    searches: Sequence[Search], count: int, seed: int, *, excess: Any = 0.0, level: float = 0.9, chunk: int = 250
) -> np.ndarray:
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
    count = _whole("count", count, 1, MOST_TOYS)
    seed = _whole("seed", seed, 0, 2**128 - 1)
    chunk = _whole("chunk", chunk, 1, MOST_TOYS)
    spectrum = searches[0].spectrum
    excess = np.asarray(excess, dtype=float)
    if excess.shape not in ((), spectrum.on.shape) or not np.all(spectrum.on + excess >= 0):
        raise NuemError(f"statistics: excess is not allowed; give {spectrum.on.size} numbers that leave counts ≥ 0")
    standard_deviations(level, sided=1)  # refuses a bad level before any work
    seeds = np.random.SeedSequence(seed).spawn(count)
    tasks = (delayed(_chunk)(searches, seeds[first : first + chunk], excess, level) for first in range(0, count, chunk))
    return np.concatenate(Parallel()(tasks))


def _whole(name: str, value: Any, lowest: int, highest: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        number = -1
    if isinstance(value, bool) or not lowest <= number <= highest:
        raise NuemError(
            f"statistics: {name} = {value!r} is not allowed; give a whole number from {lowest} to {highest}"
        )
    return number


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
