"""Plasmons: the dispersion relation of Braaten and Segel, and the residues that go with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from nuem.errors import NuemError
from nuem.physics import checks
from nuem.physics.arrays import Array, Function

_POWERS = 2 * np.arange(20)  # of the two series in x; 0.4^40 ends them
_TRANSVERSE, _LONGITUDINAL = 3 / ((_POWERS + 1) * (_POWERS + 3)), 3 / (_POWERS + 3)


@dataclass(frozen=True)
class Mode:
    """Plasmons of given momenta: k, ω, s = ω² − k² and the residue Z, arrays of one shape."""

    k: Array
    omega: Array
    s: Array
    residue: Array

    def width_transverse(self, strength: Function) -> Array:
        """Γ_T = 4π/(3ω) Z_T R(s), in units of energy, for each of the two polarisations."""
        return 4 * np.pi / (3 * self.omega) * self.residue * strength(self.s)

    def width_longitudinal(self, strength: Function) -> Array:
        """Γ_L = 4π/(3ω) Z_L (ω²/s) R(s), in units of energy."""
        return 4 * np.pi / 3 * self.omega * self.residue * strength(self.s) / self.s


@dataclass(frozen=True, kw_only=True)
class Plasmons:
    """The waves that a plasma carries, as two numbers tell them.

    Attributes:
        plasma_frequency: ω_P, the frequency of a uniform oscillation.
        velocity: Braaten and Segel's v_*, between 0 and 1.
    """

    plasma_frequency: float
    velocity: float

    def __post_init__(self) -> None:
        checks.positive("plasma", plasma_frequency=self.plasma_frequency)
        if not 0 < self.velocity <= 1:
            raise NuemError(f"plasma: velocity = {self.velocity:g} is not allowed; it lies above 0 and up to 1")

    def transverse(self, k: ArrayLike) -> Mode:
        """Transverse plasmons of momentum k, from Braaten & Segel's dispersion relation.

        The residue is Z_T = 1/(1 − ∂Π_T/∂ω²).

        >>> waves = Plasmons(plasma_frequency=1.0, velocity=0.5)
        >>> mode = waves.transverse(0.0)
        >>> float(mode.omega), float(mode.residue)
        (1.0, 1.0)
        """
        k = np.asarray(k, dtype=float)
        checks.not_negative("plasma", k=k)
        s = np.full_like(k, self.plasma_frequency**2)
        for _ in range(60):
            last, s = s, self.plasma_frequency**2 * transverse_shape(self.velocity * k / np.sqrt(k**2 + s))
            if np.all(np.abs(s - last) <= 1e-15 * s):
                break
        omega2 = k**2 + s
        gap = s + (1 - self.velocity**2) * k**2  # ω² − v_*²k², without a difference of large numbers
        below = 3 * self.plasma_frequency**2 * omega2 + (omega2 + k**2) * gap - 2 * omega2 * s
        return Mode(k, np.sqrt(omega2), s, 2 * omega2 * gap / below)

    def longitudinal(self, k: ArrayLike) -> Mode:
        """Longitudinal plasmons of momentum k, up to `longitudinal_end`, where they reach the light cone.

        The residue is defined by 1/(k² − Π_L) → (ω²/k²) Z_L/(ω² − ω_L²).

        Raises:
            NuemError: k is negative or above the end; such a wave can't decay, electrons absorb it.

        >>> waves = Plasmons(plasma_frequency=1.0, velocity=0.5)
        >>> mode = waves.longitudinal(0.0)
        >>> float(mode.omega), float(mode.residue)
        (1.0, 1.0)
        """
        k = np.asarray(k, dtype=float)
        checks.not_negative("plasma", k=k)
        end = self.longitudinal_end
        if np.any(k > end * (1 + 1e-12)):
            raise NuemError(
                f"plasma: k = {k.max():g} is too large for a longitudinal plasmon; allowed are 0 to {end:g}"
            )
        # k = 0 … k in y = artanh(v_*k/ω); (v_*k)² = 3 ω_P² (y/tanh y − 1) > 3 ω_P² (y − 1) gives the upper end
        low, high = np.zeros_like(k), 1 + (self.velocity * k / self.plasma_frequency) ** 2 / 3
        for _ in range(70):
            middle = (low + high) / 2
            above = self._longitudinal_momentum(middle) > k
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return self.longitudinal_at((low + high) / 2)

    def longitudinal_at(self, y: ArrayLike) -> Mode:
        """The longitudinal plasmon with y = artanh(v_*k/ω)."""
        k = self._longitudinal_momentum(y)
        omega2 = self.plasma_frequency**2 * longitudinal_shape_at(y)
        s = np.maximum(omega2 - k**2, np.finfo(float).eps * omega2)  # the end itself is on the light cone
        gap = omega2 / np.cosh(np.minimum(y, 300.0)) ** 2  # ω² − v_*²k²
        return Mode(k, np.sqrt(omega2), s, 2 * gap / (3 * self.plasma_frequency**2 - gap))

    @cached_property
    def longitudinal_end(self) -> float:
        """The momentum at which a longitudinal plasmon reaches the light cone; infinite for v_* = 1."""
        if self.velocity == 1:
            return math.inf
        return float(self._longitudinal_momentum(np.arctanh(self.velocity)))

    def _longitudinal_momentum(self, y: ArrayLike) -> Array:
        """k as a function of y = artanh(v_*k/ω)."""
        return np.tanh(y) / self.velocity * self.plasma_frequency * np.sqrt(longitudinal_shape_at(y))


def transverse_shape(x: ArrayLike) -> Array:
    """F(x) = Π_T/ω_P² = 3/(2x²) [1 − (1 − x²) artanh(x)/x], from 1 at x = 0 to 3/2 at x = 1.

    >>> [round(float(transverse_shape(x)), 6) for x in (0.0, 0.5, 1.0)]
    [1.0, 1.056245, 1.5]
    """
    x = np.asarray(x, dtype=float)
    series = np.polynomial.polynomial.polyval(np.minimum(x, 0.4) ** 2, _TRANSVERSE)
    large = np.clip(x, 0.4, np.nextafter(1.0, 0.0))
    closed: Array = 1.5 / large**2 * (1 - (1 - large**2) * np.arctanh(large) / large)
    return np.where(x < 0.4, series, closed)


def longitudinal_shape_at(y: ArrayLike) -> Array:
    """G(x) = ω_L²/ω_P² = 3/x² [artanh(x)/x − 1], from 1 at x = 0 to infinity at x = 1, where x = v_*k/ω.

    It is a function of y = artanh(x), which keeps its digits for x next to 1.

    >>> [round(float(longitudinal_shape_at(np.arctanh(x))), 6) for x in (0.0, 0.5)]
    [1.0, 1.183347]
    """
    x = np.tanh(y)
    series = np.polynomial.polynomial.polyval(np.minimum(x, 0.4) ** 2, _LONGITUDINAL)
    large = np.maximum(x, 0.4)
    return np.where(x < 0.4, series, 3 / large**2 * (np.maximum(y, 0.4) / large - 1))


def rapidity_slope(y: Array) -> Array:
    """d(y/tanh y)/dy = coth y − y/sinh² y."""
    large = np.clip(y, 0.1, 300.0)
    series = 2 * y / 3 - 4 * y**3 / 45 + 4 * y**5 / 315
    return np.where(y < 0.1, series, 1 / np.tanh(large) - large / np.sinh(large) ** 2)
