"""Electrons and positrons in equilibrium: how many there are, and which momenta they fill."""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from nuem.errors import NuemError
from nuem.physics import checks, quadrature
from nuem.physics.arrays import Array
from nuem.physics.units import Units

THERMAL_REACH = 45.0  # e^−45 ends every thermal integral
_NODES = 120  # between two kinks of an occupation


def electron_density(mass_density: float, units: Units, electrons_per_nucleon: float = 0.5) -> float:
    """Electrons per volume in MeV³, from g/cm³: n = ρ Y_e/m_u, with ħc and m_u of the inputs behind `units`.

    Raises:
        NuemError: a negative density, or not between 0 and 1 electrons per nucleon.
    """
    checks.not_negative("plasma", mass_density=mass_density)
    if not 0 <= electrons_per_nucleon <= 1:
        raise NuemError(f"plasma: electrons_per_nucleon = {electrons_per_nucleon:g} is not allowed; give 0 to 1")
    return mass_density * units.gram / units.cm**3 * electrons_per_nucleon / units.atomic_mass


def fermi_momentum(density: float) -> float:
    """p_F = (3π²n)^{1/3} of electrons, two states per momentum.

    >>> round(fermi_momentum(1 / (3 * np.pi**2)), 12)
    1.0
    """
    checks.not_negative("plasma", density=density)
    return math.pow(3 * math.pi**2 * density, 1 / 3)


def chemical_potential(density: float, temperature: float, electron_mass: float) -> float:
    """μ (rest mass included) of electrons whose number, less that of the positrons, has the given density.

    >>> round(chemical_potential(0.0, 1.0, 0.5), 12)
    0.0
    """
    checks.not_negative("plasma", density=density, temperature=temperature, electron_mass=electron_mass)
    top = math.hypot(fermi_momentum(density), electron_mass)  # reached at temperature zero
    if density == 0:
        return 0.0
    if temperature == 0:
        return top

    def excess(potential: float) -> float:
        return net_density(potential, temperature, electron_mass) / density - 1

    top *= 1 + 1e-9
    if excess(top) <= 0:  # colder than double precision can tell from zero
        return top
    return float(brentq(excess, 0.0, top, xtol=1e-15 * top, rtol=1e-14, maxiter=300))


def net_density(potential: float, temperature: float, electron_mass: float) -> float:
    """Electrons less positrons per volume, ∫dp p²/π² (f − f̄)."""
    p, weight, fermions, antifermions = occupations(potential, temperature, electron_mass)
    return float(np.sum(weight * p**2 * (fermions - antifermions))) / math.pi**2


def occupations(
    potential: float, temperature: float, mass: float, edge: Array | None = None
) -> tuple[Array, Array, Array, Array]:
    """Momenta p, weights of ∫dp, and the occupations of electrons and positrons; each of shape (n,).

    The nodes are dense where the Fermi surface is. With momenta at which the integrand has an edge, they are dense
    there, too, and have the shape of `edge` and one axis more.
    """
    if temperature == 0:
        ends = [0.0, math.sqrt(max(potential**2 - mass**2, 0.0))]
    else:
        scale = max(potential, mass)
        energies = [potential - 40 * temperature, potential - 8 * temperature, potential, potential + 8 * temperature]
        energies += [scale + 4 * temperature, scale + THERMAL_REACH * temperature]
        ends = sorted({0.0, *(math.sqrt(e**2 - mass**2) for e in energies if e > mass)})
    if edge is None:
        pieces = [quadrature.between(low, high, _NODES) for low, high in itertools.pairwise(ends)]
        p = np.concatenate([nodes for nodes, _ in pieces])
        weight = np.concatenate([weights for _, weights in pieces])
    else:
        p, weight = _between_edges(ends, edge)
    if temperature == 0:
        return p, weight, np.ones_like(p), np.zeros_like(p)
    energy = np.hypot(p, mass)
    return p, weight, expit((potential - energy) / temperature), expit(-(potential + energy) / temperature)


def _between_edges(ends: list[float], edge: Array) -> quadrature.Rule:
    """Nodes and weights between these ends, where each element of `edge` is one more; dense on both sides of each."""
    edge = np.clip(edge, 1e-12 * ends[-1], ends[-1])[..., None]
    all_ends = np.sort(np.concatenate([np.broadcast_to(ends, (*edge.shape[:-1], len(ends))), edge], axis=-1), axis=-1)
    t, weight = quadrature.between(0.0, 1.0, 60)
    low, width = all_ends[..., :-1, None], np.diff(all_ends)[..., None]
    p, weights = low + width * t**2 * (3 - 2 * t), width * 6 * t * (1 - t) * weight
    return p.reshape(*edge.shape[:-1], -1), weights.reshape(*edge.shape[:-1], -1)
