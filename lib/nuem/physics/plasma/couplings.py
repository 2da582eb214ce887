"""How strongly plasmons couple to pairs of faintly charged particles: the strength R(s) of each kind of coupling."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nuem.errors import NuemError
from nuem.physics import checks
from nuem.physics.arrays import Array

# Both helicities of particle and antiparticle, or one of each as for a massless neutrino: half as many pairs.
STATES = {"dirac": 1.0, "weyl": 0.5}


def charge(s: ArrayLike, eps: float, alpha: float, *, mass: float = 0.0, states: str = "dirac") -> Array:
    """Strength R(s) for particles of charge ε: ε²α (s/4π) √(1 − 4m²/s) (1 + 2m²/s), half of it for Weyl particles.

    A scalar of the same charge has a quarter of the massless Dirac value, which is not offered here.

    Raises:
        NuemError: negative mass, unknown states, or massive Weyl particles (a charge forbids a Majorana mass).

    >>> float(charge(4 * np.pi, 1.0, 0.5)), float(charge(4 * np.pi, 1.0, 0.5, states="weyl"))
    (0.5, 0.25)
    """
    checks.not_negative("plasma", mass=mass)
    checks.within("plasma", 0, 1, alpha=alpha)
    checks.one_of("plasma", STATES, states=states)
    if states == "weyl" and mass:
        raise NuemError("plasma: charged Weyl particles have no mass; take states='dirac' for mass above zero")
    return STATES[states] * eps**2 * alpha * np.asarray(s) / (4 * np.pi) * charge_threshold(s, mass)


def dipole(s: ArrayLike, mu: float, *, mass: float = 0.0) -> Array:
    """Strength R(s) for a magnetic moment: (μ²/2) (s/4π)² √(1 − 4m²/s) (1 + 8m²/s).

    μ belongs to the interaction (μ/2) ψ̄ σ_{αβ} ψ F^{αβ} of a Dirac particle, in units of inverse energy; with
    several flavours μ² is the sum of all squared moments, over ordered pairs of flavours.

    >>> round(float(dipole(4 * np.pi, 2.0)), 12)
    2.0
    """
    checks.not_negative("plasma", mass=mass)
    return mu**2 / 2 * (np.asarray(s) / (4 * np.pi)) ** 2 * dipole_threshold(s, mass)


def weak(s: ArrayLike, vector_coupling_squared: float, fermi_constant: float, alpha: float) -> Array:
    """Strength R(s) for massless left-handed neutrinos of the Standard Model: C_V² G_F²/α (s/4π)³.

    C_V² is the sum over flavours of the squared vector couplings to electrons. The axial current adds less than a
    per cent (Braaten & Segel 1993) and is left out.
    """
    checks.within("plasma", 0, 1, alpha=alpha)
    return vector_coupling_squared * fermi_constant**2 / alpha * (np.asarray(s) / (4 * np.pi)) ** 3


def vector_couplings_squared(weak_mixing: float) -> float:
    """C_V² of `weak` for three flavours, from sin²θ_W: (½ + 2 sin²θ_W)² for ν_e, (−½ + 2 sin²θ_W)² for the others.

    >>> vector_couplings_squared(0.25)
    1.0
    """
    checks.within("plasma", 0, 1, weak_mixing=weak_mixing)
    return (0.5 + 2 * weak_mixing) ** 2 + 2 * (-0.5 + 2 * weak_mixing) ** 2


def charge_threshold(s: ArrayLike, mass: float) -> Array:
    """√(1 − 4m²/s) (1 + 2m²/s), zero below threshold; the phase space of a charged Dirac pair over a massless one."""
    return _threshold(s, mass, 2)


def dipole_threshold(s: ArrayLike, mass: float) -> Array:
    """√(1 − 4m²/s) (1 + 8m²/s), zero below threshold; the same for a pair with a magnetic moment."""
    return _threshold(s, mass, 8)


def _threshold(s: ArrayLike, mass: float, slope: int) -> Array:
    s = np.asarray(s, dtype=float)
    ratio = mass**2 / np.where(s > 0, s, 1.0)
    open_ = (s > 0) & (4 * ratio < 1) if mass else np.ones_like(s, dtype=bool)
    return np.where(open_, np.sqrt(np.maximum(1 - 4 * ratio, 0)) * (1 + slope * ratio), 0.0)
