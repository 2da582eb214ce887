"""The Boltzmann equation of the charged particles, solved together with photons, electrons and neutrinos."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.integrate import cumulative_simpson, solve_ivp

from nuem.errors import NuemError
from nuem.physics import checks
from nuem.physics.arrays import Array
from nuem.physics.cosmology.charged import Averaged, Charged, Collisions, Resolved, Surroundings, Thermal
from nuem.physics.cosmology.gas import END, NEUTRINOS, PHOTONS, START, Gas, fermions, neutrino_heating

LARGEST_STRENGTH = 1e6  # in equilibrium until e⁺e⁻ are nearly gone; beyond it the equations only get stiffer
HEAVIEST = 5.0  # in units of m_e; beyond it other species than e⁺e⁻ and the start at 10 MeV matter
TOLERANCE = 1e-8  # relative, of the differential equations
POINTS = 241  # scale factors at which a history is told
ELASTIC: dict[str, Callable[[Collisions], Charged]] = {"none": Resolved, "equilibrium": Thermal}
_LATE = 7 / 8 * (4 / 11) ** (4 / 3)  # energy of one standard neutrino over that of photons, after e⁺e⁻


@dataclass(frozen=True)
class History:
    """What happened to the charged particles, at n increasing scale factors; arrays of shape (n,).

    Attributes:
        scale_factor: a, with aT = 1 at the start.
        temperature: of photons and electrons.
        neutrino_energy, charged_energy: energy densities; all three neutrinos, all four states.
        charged_pressure, charged_number: pressure and number density of the charged particles.
        momentum: comoving momenta of the grid, or None for integrated equations.
        occupation: f on the grid at the end, or None.
        conservation: largest relative violation of d(ρa³) = −P d(a³), found from the solution afterwards.
    """

    scale_factor: Array
    temperature: Array
    neutrino_energy: Array
    charged_energy: Array
    charged_pressure: Array
    charged_number: Array
    momentum: Array | None
    occupation: Array | None
    conservation: float

    @property
    def over_neutrino(self) -> Array:
        """Energy of the charged particles in units of that of one neutrino, at each time."""
        return self.charged_energy / (self.neutrino_energy / 3)

    @property
    def effective_number(self) -> float:
        """N_eff at the end, all dark radiation over that of one standard neutrino at this temperature."""
        dark = self.neutrino_energy[-1] + self.charged_energy[-1]
        return float(dark / (_LATE * PHOTONS * self.temperature[-1] ** 4))

    @property
    def temperature_ratio(self) -> float:
        """T_ν/T at the end."""
        return float((self.neutrino_energy[-1] / NEUTRINOS) ** 0.25 / self.temperature[-1])


def evolve(
    strength: float,
    *,
    mass: float = 0.0,
    elastic: str = "none",
    weak: float = 0.0,
    weak_mixing: float | None = None,
    grid: int = 28,
    tolerance: float = TOLERANCE,
    points: int = POINTS,
) -> History:
    """Solve the Boltzmann equation of the charged particles, momentum by momentum, with the whole background.

    Args:
        strength: ε²α² M/m_e.
        mass: of the charged particles, in units of m_e.
        elastic: "none", or "equilibrium" with the plasma's temperature at all times.
        weak: G_F² m_e³ M; with zero the neutrinos are free from the start on.
        weak_mixing: sin²θ_W, needed where `weak` isn't zero.
        grid: number of momenta.
        tolerance: relative, of the differential equations.
        points: at how many scale factors the history is told.

    At the start the particles hold what a plasma without masses has produced until then, from an empty beginning.

    Raises:
        NuemError: strength not in 0 to `LARGEST_STRENGTH`, mass not in 0 to `HEAVIEST`, a grid below 12 momenta, a
            tolerance outside 1e-12 to 1e-3, weak without sin²θ_W, or a solver that gives up.
    """
    _check_run(strength, mass, weak, weak_mixing, tolerance)
    checks.one_of("cosmology", ELASTIC, elastic=elastic)
    if grid < 12:
        raise NuemError(f"cosmology: grid = {grid} is too coarse; take 12 momenta or more")
    charged = ELASTIC[elastic](Collisions(strength, float(mass), grid))
    return _solve(charged, weak, weak_mixing, tolerance, points)


def evolve_energy(
    strength: float,
    production: Callable[[float], float] | None = None,
    *,
    weak: float = 0.0,
    weak_mixing: float | None = None,
) -> History:
    """The momentum-integrated equation for massless particles without elastic scattering.

    dρ/dt + 4Hρ = ε²α² Q(T) [1 − (ρ/ρ_eq)²]: exact while the particles are rare, and in equilibrium; in between the
    square stands for the shape of the spectrum.

    Args:
        production: Q(T) over ε²α²; by default that of `pair_production`.

    Raises:
        NuemError: as `evolve`.
    """
    _check_run(strength, 0.0, weak, weak_mixing, TOLERANCE)
    return _solve(Averaged(strength, production), weak, weak_mixing, TOLERANCE, POINTS)


class _Background(NamedTuple):
    """Photons, electrons and neutrinos at one time; a state is ln(aT), ln(aT_ν) and what the charged particles add."""

    temperature: float
    neutrinos: float
    photons: float
    electrons: Gas

    @classmethod
    def at(cls, log_a: float, state: Array) -> _Background:
        temperature = math.exp(state[0] - log_a)
        neutrinos = NEUTRINOS * math.exp(4 * (state[1] - log_a))
        return cls(temperature, neutrinos, PHOTONS * temperature**4, fermions(temperature, 1.0, 4))

    @property
    def energy(self) -> float:
        return self.photons + self.electrons.energy + self.neutrinos

    def heating(self, weak: float, weak_mixing: float | None) -> float:
        """Energy that neutrinos take per volume and time, × M/m_e⁶; none without the weak interaction."""
        if not weak or weak_mixing is None:
            return 0.0
        return neutrino_heating(self.temperature, (self.neutrinos / NEUTRINOS) ** 0.25, weak, weak_mixing)

    def around(self, charged_energy: float, weak: float, weak_mixing: float | None) -> tuple[Surroundings, float]:
        """What the charged particles feel, and the heating of neutrinos per ln a."""
        hubble = math.sqrt(8 * math.pi / 3 * (self.energy + charged_energy))
        heating = self.heating(weak, weak_mixing) / hubble
        loss = 4 * self.photons + 3 * (self.electrons.energy + self.electrons.pressure) + heating
        capacity = 4 * self.photons / self.temperature + self.electrons.energy_by_t
        return Surroundings(self.temperature, loss, capacity, hubble), heating


def _solve(charged: Charged, weak: float, weak_mixing: float | None, tolerance: float, points: int) -> History:
    """The whole background and the charged particles, from temperature `START` to `END`."""

    def derivative(log_a: float, state: Array) -> Array:
        now = _Background.at(log_a, state)
        energy = charged.fluid(log_a, now.temperature, state[2:]).energy
        around, heating = now.around(energy, weak, weak_mixing)
        hot, rest = charged.slopes(log_a, around, state[2:])
        return np.concatenate([[1 + hot / now.temperature, heating / (4 * now.neutrinos)], rest])

    first = -math.log(START)
    # (11/4)^{1/3} is the largest factor by which photons can outrun the expansion
    final = -math.log(END) + math.log(1.41)
    solution = solve_ivp(
        derivative,
        (first, final),
        np.concatenate([[0.0, 0.0], charged.initial]),
        method="LSODA",
        rtol=tolerance,
        atol=tolerance * np.concatenate([[1.0, 1.0], 1e-3 * np.abs(charged.initial) + 1e-12]),
        t_eval=np.linspace(first, final, points),
    )
    if not solution.success or not np.all(np.isfinite(solution.y)):
        raise NuemError(f"cosmology: the solver gave up ({solution.message}); raise tolerance or lower strength")
    return _history(charged, solution.t, solution.y.T)


def _history(charged: Charged, log_a: Array, states: Array) -> History:
    """The history from a solution: n times ln a and states of shape (n, m)."""
    rows = []
    for position, state in zip(log_a, states, strict=True):
        now = _Background.at(position, state)
        fluid = charged.fluid(position, now.temperature, state[2:])
        total = now.energy + fluid.energy
        pushed = (now.photons + now.neutrinos) / 3 + now.electrons.pressure + fluid.pressure
        rows.append((now.temperature, now.neutrinos, *fluid, total, pushed))
    temperature, neutrinos, rho, pressure, number, total, pushed = np.array(rows).T
    # ρa³ falls by the work ∫P d(a³); weighted with a, so that early and late times count alike
    a = np.exp(log_a)
    kept = total * a**4 - cumulative_simpson((total - 3 * pushed) * a**4, x=log_a, initial=0)
    conservation = float(np.max(np.abs(kept / kept[0] - 1)))
    occupation = None if charged.momentum is None else states[-1, 2:]
    return History(a, temperature, neutrinos, rho, pressure, number, charged.momentum, occupation, conservation)


def _check_run(strength: float, mass: float, weak: float, weak_mixing: float | None, tolerance: float) -> None:
    if not 0 < strength <= LARGEST_STRENGTH:
        raise NuemError(
            f"cosmology: strength = {strength:g} is not allowed; above 0 and up to {LARGEST_STRENGTH:g}; beyond "
            "it the solver turns stiff, and the particles are in full equilibrium: use entropy instead"
        )
    if not 0 <= mass <= HEAVIEST:
        raise NuemError(f"cosmology: mass = {mass:g} electron masses is outside this approximation; 0 to {HEAVIEST:g}")
    checks.not_negative("cosmology", weak=weak)
    if weak and (weak_mixing is None or not 0 < weak_mixing < 1):
        raise NuemError(f"cosmology: weak_mixing = {weak_mixing} is not allowed; with weak, give sin²θ_W inside 0 to 1")
    if not 1e-12 <= tolerance <= 1e-3:
        raise NuemError(f"cosmology: tolerance = {tolerance:g} is not allowed; give 1e-12 to 1e-3")
