"""Elastic scattering of a massless particle on a target at rest: what recoils are possible.

All quantities are in one unit of energy, which the caller chooses. Numbers give numbers, arrays give arrays of their
shape.
With four-momenta k + p = k' + p' and p = (M, 0), the kinetic energy T of the recoiling target gives q² = (k − k')².
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from nuem.errors import NuemError
from nuem.physics import checks
from nuem.physics.arrays import Real


def maximum_recoil(energy: Real, mass: float) -> Real:
    """Largest kinetic energy of the target, 2E²/(M + 2E), reached when the projectile bounces back.

    Raises:
        NuemError: the energy is negative, or the mass isn't positive.

    >>> maximum_recoil(1.0, 2.0)
    0.5
    """
    checks.not_negative("kinematics", energy=energy)
    checks.positive("kinematics", mass=mass)
    return 2 * energy**2 / (mass + 2 * energy)


def minimum_energy(recoil: Real, mass: float) -> Real:
    """Smallest energy of the projectile that can give the recoil, the inverse of `maximum_recoil`.

    >>> float(minimum_energy(0.5, 2.0))
    1.0
    """
    checks.not_negative("kinematics", recoil=recoil)
    checks.positive("kinematics", mass=mass)
    return (recoil + np.sqrt(recoil * (recoil + 2 * mass))) / 2


def momentum_transfer_squared(recoil: Real, mass: float) -> Real:
    """Q² = −q² = 2MT, positive for scattering.

    >>> momentum_transfer_squared(0.5, 2.0)
    2.0
    """
    checks.not_negative("kinematics", recoil=recoil)
    checks.positive("kinematics", mass=mass)
    return 2 * mass * recoil


def recoil_window(energy: float, mass: float, threshold: float = 0.0) -> tuple[float, float]:
    """The recoils that a detector with the given threshold sees: from the threshold to the end point.

    Raises:
        NuemError: as `maximum_recoil`, or the threshold isn't inside the allowed range.

    >>> recoil_window(1.0, 2.0, 0.1)
    (0.1, 0.5)
    """
    checks.not_negative("kinematics", threshold=threshold)
    end = maximum_recoil(energy, mass)
    if threshold > end:
        raise NuemError(f"kinematics: threshold = {threshold:g} lies above the end point; allowed are 0 to {end:g}")
    return threshold, end


def check_recoil(recoil: ArrayLike, energy: ArrayLike, mass: float) -> None:
    """
    Raises:
        NuemError: a recoil is negative or above the end point of its energy.

    >>> check_recoil([0.0, 0.5], 1.0, 2.0)
    """
    ends = maximum_recoil(np.asarray(energy, dtype=float), mass)
    values, ends = np.broadcast_arrays(np.asarray(recoil, dtype=float), ends)
    # Comparisons with a nan are false: a recoil that is no number is refused, too.
    refused = ~((values >= 0) & (values <= ends))
    if np.any(refused):
        value, end = values[refused][0], ends[refused][0]
        raise NuemError(f"kinematics: recoil = {value:g} is outside its allowed range, 0 to {end:g}")
