"""Three ways to describe the charged particles while they are made: what is known about them, and how it changes.

Each is a `Charged`: it holds the state at the start and tells energy, pressure and number, and how the state and the
temperature of the plasma change.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import expit

from nuem.physics.arrays import Array
from nuem.physics.cosmology.gas import (
    END,
    NEUTRINOS,
    ONE_NEUTRINO,
    PHOTONS,
    START,
    STATES,
    Gas,
    degeneracy,
    fermions,
)
from nuem.physics.cosmology.rates import SHRINK, between_temperatures, kernel_table, pair_production
from nuem.physics.quadrature import dense_at


class Fluid(NamedTuple):
    """Energy density, pressure and number density."""

    energy: float
    pressure: float
    number: float


class Surroundings(NamedTuple):
    """What the charged particles feel.

    `loss` is the energy that photons and electrons lose per ln a by expansion and to neutrinos, `capacity` what they
    gain with T, `hubble` is H × M/m_e².
    """

    temperature: float
    loss: float
    capacity: float
    hubble: float


class Charged(Protocol):
    """A description of the charged particles.

    Attributes:
        initial: the state at temperature `START`, shape (n,).
    """

    initial: Array

    @property
    def momentum(self) -> Array | None:
        """Comoving momenta, shape (n,), if the state is the occupation of each."""

    def fluid(self, log_a: float, temperature: float, state: Array) -> Fluid:
        """Energy, pressure and number, for a state of shape (n,)."""

    def slopes(self, log_a: float, around: Surroundings, state: Array) -> tuple[float, Array]:
        """dT/d ln a of the plasma, and that of the state, shape (n,)."""


class Collisions:
    """The collision integral on a grid of comoving momenta y = pa, with a·START = 1 at the start."""

    def __init__(self, strength: float, mass: float, grid: int):
        self.strength, self.mass = strength, mass
        self.y, self.weight = dense_at(0.0, 30.0, grid)
        self.density = STATES / (2 * math.pi**2) * self.weight * self.y**2  # of f, comoving
        self._kernel, self._standard, self._last = kernel_table(grid, mass)

    def energies(self, log_a: float) -> Array:
        """E of each momentum."""
        return np.hypot(self.y * math.exp(-log_a), self.mass)

    def gain(self, log_a: float, temperature: float, f: Array) -> Array:
        """C[f] × M/m_e, for occupations f of shape (grid,)."""
        if log_a > self._last:
            return np.zeros_like(f)
        a = math.exp(log_a)
        p = self.y / a
        energy = np.hypot(p, self.mass)
        shrink = temperature / math.exp(float(self._standard(log_a)))
        kappa = np.tensordot(between_temperatures(SHRINK, shrink), self._kernel(log_a), axes=1)
        thermal = np.exp(-energy / temperature)
        measure = self.weight / a * p**2 / energy
        made = thermal * (1 - f) * (kappa @ (measure * thermal * (1 - f)))
        return self.strength / math.pi / energy * (made - f * (kappa @ (measure * f)))

    def seed(self) -> Array:
        """f at the start: what a plasma without masses has produced until then, from an empty beginning."""
        rate = self.gain(-math.log(START), START, np.zeros_like(self.y)) / hubble_massless(START)
        full: Array = expit(-np.hypot(self.y * START, self.mass) / START)
        return full * -np.expm1(-rate / full)


class Resolved:
    """Without elastic scattering: the state is the occupation of each momentum."""

    def __init__(self, collisions: Collisions):
        self._collisions = collisions
        self.initial, self.momentum = collisions.seed(), collisions.y

    def fluid(self, log_a: float, temperature: float, state: Array) -> Fluid:
        density, energy = self._collisions.density, self._collisions.energies(log_a)
        a3 = math.exp(-3 * log_a)
        p2 = (self.momentum * math.exp(-log_a)) ** 2
        return Fluid(
            a3 * float(density @ (energy * state)),
            a3 * float(density @ (p2 / energy * state)) / 3,
            a3 * float(density @ state),
        )

    def slopes(self, log_a: float, around: Surroundings, state: Array) -> tuple[float, Array]:
        gain = self._collisions.gain(log_a, around.temperature, state)
        energy = self._collisions.energies(log_a)
        taken = math.exp(-3 * log_a) * float(self._collisions.density @ (energy * gain)) / around.hubble
        return -(around.loss + taken) / around.capacity, gain / around.hubble


class Thermal:
    """In kinetic equilibrium with the plasma at all times: the state is η = μ/T, shape (1,)."""

    momentum = None

    def __init__(self, collisions: Collisions):
        self._collisions = collisions
        number = START**3 * float(collisions.density @ collisions.seed())
        self.initial = np.array([degeneracy(START, collisions.mass, number)])

    def _gas(self, temperature: float, state: Array) -> Gas:
        return fermions(temperature, self._collisions.mass, STATES, float(state[0]))

    def fluid(self, log_a: float, temperature: float, state: Array) -> Fluid:
        gas = self._gas(temperature, state)
        return Fluid(gas.energy, gas.pressure, gas.number)

    def slopes(self, log_a: float, around: Surroundings, state: Array) -> tuple[float, Array]:
        gas = self._gas(around.temperature, state)
        f = expit(float(state[0]) - self._collisions.energies(log_a) / around.temperature)
        gain = self._collisions.gain(log_a, around.temperature, f)
        made = math.exp(-3 * log_a) * float(self._collisions.density @ gain) / around.hubble
        # n_T T' + n_η η' = made − 3n;  (plasma + f): energy is kept
        (a11, a12), (a21, a22) = (
            (gas.number_by_t, gas.number_by_eta),
            (around.capacity + gas.energy_by_t, gas.energy_by_eta),
        )
        right = made - 3 * gas.number, -around.loss - 3 * (gas.energy + gas.pressure)
        below = a11 * a22 - a12 * a21
        hot = (right[0] * a22 - a12 * right[1]) / below
        return hot, np.array([(a11 * right[1] - right[0] * a21) / below])


class Averaged:
    """Massless, the equation integrated over momenta: the state is the comoving energy ρa⁴, shape (1,).

    Args:
        production: Q(T) over ε²α²; by default that of `pair_production`.
    """

    momentum = None

    def __init__(self, strength: float, production: Callable[[float], float] | None = None):
        self._strength, self._production = strength, production or _energy_production
        produced = strength * self._production(START) / hubble_massless(START) / START**4
        self.initial = np.array([2 * ONE_NEUTRINO * math.tanh(produced / (2 * ONE_NEUTRINO))])

    def fluid(self, log_a: float, temperature: float, state: Array) -> Fluid:
        energy = float(state[0]) * math.exp(-4 * log_a)
        return Fluid(energy, energy / 3, math.nan)

    def slopes(self, log_a: float, around: Surroundings, state: Array) -> tuple[float, Array]:
        full = 2 * ONE_NEUTRINO * around.temperature**4
        rho = float(state[0]) * math.exp(-4 * log_a)
        taken = self._strength * self._production(around.temperature) * (1 - (rho / full) ** 2) / around.hubble
        return -(around.loss + taken) / around.capacity, np.array([taken * math.exp(4 * log_a)])


def hubble_massless(temperature: float) -> float:
    """H × M/m_e² of photons, electrons and neutrinos without masses."""
    return math.sqrt(8 * math.pi / 3 * (PHOTONS + 2 * ONE_NEUTRINO + NEUTRINOS)) * temperature**2


def _energy_production(temperature: float) -> float:
    return math.exp(float(_energy_table()(math.log(temperature))))


@functools.cache
def _energy_table() -> CubicSpline:
    temperatures = np.geomspace(START * 1.01, END * 0.9, 60)[::-1]
    return CubicSpline(np.log(temperatures), [math.log(pair_production(t)[1]) for t in temperatures])
