"""Stars as places where faintly charged particles are made: their plasma, what it loses, and polytropes.

Densities are in g/cm³ and temperatures in kelvin, as stars are described; plasmas are in MeV, as `nuem.physics.plasma`
wants them. Constants come from the inputs of a chapter.
"""

from __future__ import annotations

import functools
import math
from typing import Any

from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp

from nuem.errors import NuemError
from nuem.physics import checks, plasma
from nuem.physics.arrays import Array, Function
from nuem.physics.plasma import Plasma
from nuem.physics.units import Units


def medium(inputs: Any, density: float, temperature: float, electrons_per_nucleon: float = 0.5) -> Plasma:
    """The electrons of matter with this density in g/cm³ and temperature in kelvin.

    Raises:
        NuemError: a negative density or temperature, or not between 0 and 1 electrons per nucleon.
    """
    units = Units(inputs)
    return Plasma.electrons(
        plasma.electron_density(density, units, electrons_per_nucleon),
        temperature * units.kelvin,
        inputs.electron_mass,
        inputs.fine_structure_constant,
    )


def magneton(inputs: Any) -> float:
    """Bohr's magneton μ_B = e/2m_e in 1/MeV."""
    return math.sqrt(4 * math.pi * inputs.fine_structure_constant) / (2 * float(inputs.electron_mass))


def unit_strength(inputs: Any, coupling: str, mass: float = 0.0) -> Function:
    """R(s) of a Dirac pair with the charge ε = 1 ("charge") or a moment of one Bohr magneton ("dipole").

    Raises:
        NuemError: another coupling, or a negative mass.
    """
    strengths: dict[str, Function] = {
        "charge": lambda s: plasma.charge(s, 1.0, inputs.fine_structure_constant, mass=mass),
        "dipole": lambda s: plasma.dipole(s, magneton(inputs), mass=mass),
    }
    checks.one_of("stars", strengths, coupling=coupling)
    return strengths[coupling]


def emission(inputs: Any, star: Plasma, coupling: str, mass: float = 0.0, nodes: int = 40) -> float:
    """Energy per volume and time in MeV⁵ that pairs with `unit_strength` take from a plasma; mass in MeV."""
    return star.energy_loss(unit_strength(inputs, coupling, mass), mass=mass, nodes=nodes).total


def loss(inputs: Any, star: Plasma, coupling: str, mass: float = 0.0, nodes: int = 40) -> float:
    """The same in erg cm⁻³ s⁻¹."""
    return plasma.erg_per_volume_and_time(emission(inputs, star, coupling, mass, nodes), Units(inputs))


def weak_emission(inputs: Any, star: Plasma, today: Any) -> float:
    """Energy per volume and time in MeV⁵ that pairs of the three neutrinos take by the weak force.

    Args:
        today: inputs for the Fermi constant and the weak mixing angle, which few authors of a bound print.
    """
    couplings = plasma.vector_couplings_squared(today.weak_mixing_low_energy)
    fermi = Units(today).fermi_constant

    def strength(s: Array) -> Array:
        return plasma.weak(s, couplings, fermi, inputs.fine_structure_constant)

    return star.energy_loss(strength, nodes=40).total


def escaping_charge(inverse_path: float, radius: float, units: Units) -> float:
    """The charge ε whose transport mean free path, 1/λ = ε² `inverse_path` in MeV, is as long as `radius` in cm."""
    return 1 / math.sqrt(inverse_path * radius * units.cm)


class Polytrope:
    """A star with P ∝ ρ^(1 + 1/n): ρ = ρ_c θⁿ and r = aξ, where (ξ²θ′)′ = −ξ²θⁿ (Lane and Emden).

    Args:
        index: n, from 0 and below 5; from there on the star has no surface.
        relative, absolute: tolerances of the integration.

    Attributes:
        surface: ξ₁, where θ vanishes.
        slope: θ′(ξ₁).
        mass: −ξ₁²θ′(ξ₁) = ∫ξ²θⁿdξ, so that M = 4πa³ρ_c × mass.

    Raises:
        NuemError: another index.

    >>> round(Polytrope(1).surface / math.pi, 9)
    1.0
    """

    def __init__(self, index: float, *, relative: float = 1e-9, absolute: float = 1e-12):
        self.index = index
        self._solution, self.surface, self.slope = _lane_emden(index, relative, absolute)
        self.mass = -(self.surface**2) * self.slope

    def theta(self, xi: ArrayLike) -> Array:
        """θ(ξ), in the shape of ξ from 0 to ξ₁."""
        theta: Array = self._solution(xi)[0]
        return theta

    def radius(self, mass: float, central_density: float) -> float:
        """R = aξ₁, in the unit of length that mass and density share: in cm, for grams and g/cm³."""
        checks.positive("stars", mass=mass, central_density=central_density)
        return float(self.surface * (mass / central_density / (4 * math.pi * self.mass)) ** (1 / 3))


@functools.cache
def _lane_emden(index: float, relative: float, absolute: float) -> tuple[Any, float, float]:
    """θ and θ′ as a function of ξ, the surface, and θ′ there; from the series at the centre outwards."""
    if not 0 <= index < 5:
        raise NuemError(f"stars: index = {index:g} is not allowed; give 0 to 5, the end excluded")

    def slopes(xi: float, state: Array) -> list[float]:
        return [state[1], -(max(state[0], 0) ** index) - 2 * state[1] / xi]

    def surface(xi: float, state: Array) -> float:
        return float(state[0])

    surface.terminal = True  # type: ignore[attr-defined]
    start = 1e-4
    solution = solve_ivp(
        slopes,
        (start, 1e3),
        [1 - start**2 / 6, -start / 3],
        events=surface,
        rtol=relative,
        atol=absolute,
        dense_output=True,
    )
    return solution.sol, float(solution.t_events[0][0]), float(solution.y_events[0][0][1])
