"""What plasmons lose to the pairs that they decay into: integrals over all of them in thermal equilibrium."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from nuem.errors import NuemError
from nuem.physics import quadrature
from nuem.physics.arrays import Array
from nuem.physics.plasma.electrons import THERMAL_REACH
from nuem.physics.plasma.plasmons import Mode, Plasmons, longitudinal_shape_at, rapidity_slope, transverse_shape
from nuem.physics.units import Units

_EXPONENT_REACH = 700.0  # e^700 is about the largest double
Weight = Callable[[Mode], Array]


@dataclass(frozen=True)
class Loss:
    """An energy loss, or its dimensionless factor, by polarisation; both transverse ones together.

    >>> Loss(2.0, 0.5)
    Loss(transverse=2, longitudinal=0.5, total=2.5)
    """

    transverse: float
    longitudinal: float

    @property
    def total(self) -> float:
        """Of all three polarisations."""
        return self.transverse + self.longitudinal

    def __repr__(self) -> str:
        parts = f"transverse={self.transverse:.4g}, longitudinal={self.longitudinal:.4g}"
        return f"Loss({parts}, total={self.total:.4g})"


def erg_per_volume_and_time(loss: float | Loss, units: Units) -> float:
    """An energy loss in erg cm⁻³ s⁻¹, from MeV⁵; of a `Loss` its total."""
    return (loss.total if isinstance(loss, Loss) else loss) / units.erg * units.cm**3 * units.second


def thermal(waves: Plasmons, temperature: float, weight: Weight, mass: float, nodes: int) -> Loss:
    """∫dk k² Z weight/(e^{ω/T} − 1) over plasmons with s > 4 mass²: transverse ones twice, longitudinal with ω²/s.

    Args:
        weight: a function of plasmons, whose arrays have the shape (nodes,).

    Raises:
        NuemError: a temperature so low against ω_P that no plasmon is left in double precision.
    """
    coldest = waves.plasma_frequency / 600
    if not temperature > coldest:
        raise NuemError(
            f"plasma: temperature = {temperature:g} is too low for plasmons of ω_P = "
            f"{waves.plasma_frequency:g}; the smallest is {coldest:.3g}"
        )
    return Loss(
        2 * _transverse(waves, temperature, weight, 4 * mass**2, nodes),
        _longitudinal(waves, temperature, weight, 4 * mass**2, nodes),
    )


def _transverse(waves: Plasmons, temperature: float, weight: Weight, threshold: float, nodes: int) -> float:
    square = waves.plasma_frequency**2
    end = math.sqrt((waves.plasma_frequency + THERMAL_REACH * temperature) ** 2 - square)
    if float(waves.transverse(end).s) <= threshold:
        return 0.0
    start = 0.0
    if square < threshold:  # s grows with k; it is the shape F that has to reach the threshold
        ratio = threshold / square
        x = brentq(lambda x: float(transverse_shape(x)) - ratio, 0.0, waves.velocity, rtol=1e-14)
        start = x * math.sqrt(threshold / (waves.velocity**2 - x**2))
    k, measure = quadrature.dense_at(start, end, nodes)
    mode = waves.transverse(k)
    value = k**2 * mode.residue * weight(_above(mode, threshold)) / np.expm1(mode.omega / temperature)
    return float(np.sum(measure * value))


def _longitudinal(waves: Plasmons, temperature: float, weight: Weight, threshold: float, nodes: int) -> float:
    square = waves.plasma_frequency**2
    if square <= threshold:
        return 0.0
    # The residue falls as e^−2y, and k > ω_P y^½: beyond 40 nothing is left.
    end = min(math.atanh(waves.velocity), 40.0) if waves.velocity < 1 else 40.0
    if threshold and float(waves.longitudinal_at(end).s) < threshold:  # s falls with k
        ratio = threshold / square

        def excess(y: float) -> float:
            return float(longitudinal_shape_at(y)) * (1 - (math.tanh(y) / waves.velocity) ** 2) - ratio

        end = brentq(excess, 0.0, end, rtol=1e-14)
    y, measure = quadrature.dense_at(end, 0.0, nodes)
    mode = _above(waves.longitudinal_at(y), threshold)
    slope = 1.5 * (waves.plasma_frequency / waves.velocity) ** 2 * rapidity_slope(y) / mode.k  # dk/dy
    value = mode.k**2 * slope * mode.residue * mode.omega**2 * weight(mode) / mode.s
    return float(-np.sum(measure * value / np.expm1(np.minimum(mode.omega / temperature, _EXPONENT_REACH))))


def _above(mode: Mode, threshold: float) -> Mode:
    """The same modes with s not below the threshold: rounding must not close a decay, nor divide by zero."""
    return Mode(mode.k, mode.omega, np.maximum(mode.s, max(threshold, 1e-300)), mode.residue)
