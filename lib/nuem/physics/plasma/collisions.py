"""How a fast, faintly charged particle loses its direction in a plasma: the way out of a star."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nuem.errors import NuemError
from nuem.physics import checks, quadrature
from nuem.physics.arrays import Array, Complex
from nuem.physics.plasma.medium import Plasma

_STRONG_SCREENING = [(-1) ** n / ((n + 1) * (n + 2)) for n in range(7)]  # of (1 + 1/w) ln(1 + w) − 1, over w
_EXPONENT_REACH = 700.0  # e^700 is about the largest double


def transport_cross_section(
    energy: ArrayLike, screening: ArrayLike, charges: float, alpha: float, electrons: ArrayLike = 0.0
) -> Array:
    """σ_T/ε² of a fast particle of charge ε on heavy ions of charge Z that are screened, in 1/energy².

    σ_T = ∫dΩ (1 − cos θ) dσ/dΩ · q⁴/[(q² + k_e²)(q² + k_e² + k_S²)] = 2πε²Z²α²/E² [bH(b) − aH(a)]/(b − a),
    H(z) = (2 + z)/2 ln((2 + z)/z) − 1, a = k_e²/2E², b = a + k_S²/2E².

    dσ/dΩ is the Mott cross section of a massless Dirac particle on a fixed charge, in first Born approximation. Each
    ion's charge is screened by the electrons, and the ions keep away from each other. Without the electrons this is
    H(k_S²/2E²) (Davidson, Hannestad & Raffelt 2000, section on SN 1987A, where Z = 1; its chapter derives it).

    Args:
        energy: E of the particle, well above its mass and well below that of an ion.
        screening: the ions' wave number k_S, for classical ions √(4παZ²n/T).
        charges: Z of an ion.
        electrons: the electrons' wave number k_e, if they screen; `Plasma.screening`.

    Raises:
        NuemError: an argument isn't a finite positive number (`electrons` may be zero), or alpha isn't below 1.

    >>> narrow = transport_cross_section(1.0, 10.0, 1.0, 0.01)  # strong screening: 2πα²/(E²b)
    >>> round(float(narrow / (2 * np.pi * 0.01**2 / 50)), 2)
    0.99
    """
    checks.within("plasma", 0, 1, alpha=alpha)
    checks.not_negative("plasma", electrons=electrons)
    checks.positive("plasma", energy=energy, screening=screening, charges=charges)
    energy = np.asarray(energy, dtype=float)
    a = (np.asarray(electrons) / energy) ** 2 / 2
    width = (np.asarray(screening) / energy) ** 2 / 2
    bracket: Array = (_lost_direction(a + width) - _lost_direction(a)) / width
    return 2 * np.pi * (charges * alpha / energy) ** 2 * bracket


def _lost_direction(z: Array) -> Array:
    """zH(z) of `transport_cross_section`; it rises from zero to one."""
    z = np.asarray(z, dtype=float)
    w = 2 / np.maximum(z, 1e-300)
    series = np.polynomial.polynomial.polyval(np.minimum(w, 0.01), 2 * np.array(_STRONG_SCREENING))
    closed = z * ((1 + z / 2) * np.log1p(w) - 1)
    return np.where(w < 0.01, series, closed)


@dataclass(frozen=True)
class Scattering:
    """Inverse mean free paths over ε² of a particle that loses its direction in a plasma, in units of energy.

    Attributes:
        ions: on the charges of the ions, which electrons and ions screen.
        charges: on the charge of the electrons, single ones and their longitudinal plasmons.
        currents: on the electrons' currents, through transverse photons.
    """

    ions: float
    charges: float
    currents: float

    @property
    def total(self) -> float:
        """On ions and electrons together, in units of energy."""
        return self.ions + self.charges + self.currents


def scattering(plasma: Plasma, energy: float, ions: float, charges: float) -> Scattering:
    """How a fast particle of charge ε loses its direction on ions and electrons, 1/λ = ∫dΓ (1 − cos θ), over ε².

    In Coulomb gauge a particle that hands over momentum q and energy ω meets two kinds of fluctuations, of charge and
    of current. What they are follows from how the plasma responds (fluctuation and dissipation):

        1/λ = (2ε²α/π) ∫dω ∫dq q (E′/E) (1 − c) [1 + n(ω)] {(1 + c)/2q² Im(−1/ε_L) + M/2 Im 1/(q² − ω² + Π_T)},
        E′ = E − ω,  q² − ω² = 2EE′(1 − c),  M = 3 − c − (1 + c) ω²/q²,

    for a Dirac particle without mass, in first Born approximation. `Plasma.landau` gives ε_L = 1 + P_L/q² and Π_T. The
    Bose factor n holds the Pauli blocking of the electrons. Ions are heavy: they follow slow changes only and take no
    energy, and their part is `transport_cross_section` with k_e = `Plasma.screening`. If electrons, too, were slow, the
    two parts of the charges would add up to what one species with k² = k_e² + k_S² does: what the electrons take from
    the ions by screening they return by scattering.

    Args:
        plasma: the electrons, and the temperature of the ions.
        energy: E of the particle, well above its mass and well below that of an ion.
        ions: number density of the ions.
        charges: Z of an ion.

    Raises:
        NuemError: temperature zero, or an energy, a density or a charge that isn't a finite positive number.
    """
    temperature, alpha = plasma.temperature, plasma.alpha
    if temperature == 0:
        raise NuemError("plasma: temperature = 0 is not allowed here; nothing fluctuates")
    checks.positive("plasma", energy=energy, ions=ions, charges=charges)
    repelled = math.sqrt(4 * math.pi * alpha * charges**2 * ions / temperature)
    section = transport_cross_section(energy, repelled, charges, alpha, plasma.screening)
    u, weight = _phase_velocities(plasma.velocity)
    longitudinal, transverse = plasma.landau(u)
    # only sizes enter, so that a loss and a gain of energy, u and −u, share the response
    u, weight = np.concatenate([-u, u]), np.concatenate([weight] * 2)
    longitudinal, transverse = np.concatenate([longitudinal] * 2), np.concatenate([transverse] * 2)

    def lost_direction(inverse: Complex, current: bool) -> float:
        # ∫du ∫dy over y = q², where 1/|y + inverse|² may be a narrow resonance, a plasmon: y + Re = |Im| tan(angle)
        real, width = inverse.real[:, None], np.maximum(np.abs(inverse.imag), 1e-12 * np.abs(inverse))[:, None]
        top = (2 * energy / (1 + u[:, None])) ** 2
        angle, measure = quadrature.legendre(80)
        start, end = np.arctan(real / width), np.arctan((top + real) / width)
        y = np.clip(width * np.tan(start + (end - start) * (angle + 1) / 2) - real, 1e-12 * top, (1 - 1e-12) * top)
        omega = u[:, None] * np.sqrt(y)
        after = energy - omega
        lost = (y - omega**2) / (2 * energy * after)
        vertex = (2 + lost - (2 - lost) * u[:, None] ** 2) / (2 - 2 * u[:, None] ** 2) if current else 1 - lost / 2
        emitted = np.sign(u)[:, None] / -np.expm1(-np.maximum(omega / temperature, -_EXPONENT_REACH))
        integrand = np.sqrt(y) / 2 * after / energy * lost * vertex * emitted
        return float(2 * alpha / math.pi * (weight @ ((end - start) / 2 * integrand) @ measure))

    return Scattering(
        ions=float(ions * section),
        charges=lost_direction(longitudinal, current=False),
        currents=lost_direction(transverse / (1 - u**2), current=True),
    )


def _phase_velocities(velocity: float) -> quadrature.Rule:
    """Nodes u = ω/q in (0, 1) and weights, dense where electrons of the given typical velocity absorb."""
    below = [x * velocity for x in (0, 0.1, 0.4, 0.7, 0.9, 1)]
    ends = np.unique(below + [velocity + x * (1 - velocity) for x in (0.1, 0.4, 1)])
    x, weights = quadrature.legendre(40)
    halves = np.diff(ends)[:, None] / 2
    return (ends[:-1, None] + halves * (x + 1)).ravel(), (halves * weights).ravel()
