"""The thermal plasma of the early universe: gases of fermions, entropy, and the heat that neutrinos take."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from nuem.errors import NuemError
from nuem.physics import checks
from nuem.physics.arrays import Array
from nuem.physics.quadrature import dense_at

STATES = 4  # of a Dirac particle: two spins, particle and antiparticle
START, END = 20.0, 0.02  # temperatures in units of m_e: well before neutrinos decouple, well after e⁺e⁻ are gone
PHOTONS = math.pi**2 / 15  # energy density at temperature one
NEUTRINOS = 3 * 7 / 8 * PHOTONS  # all three, at temperature one
ONE_NEUTRINO = NEUTRINOS / 3
# What the statistics of Fermi leave of the heat that massless fermions exchange by annihilation and by scattering, with
# Boltzmann's as one and temperatures that hardly differ: 0.8841 and 0.8287 from the integrals, which the tests do, and
# rounded as in Escudero's public code (`nuDec_SM.py` of NUDEC_BSM, commit 54cb3fb).
_FERMI_ANNIHILATION, _FERMI_SCATTERING = 0.884, 0.829
_XI, _XI_WEIGHT = dense_at(0.0, 45.0, 80)  # p/T, dense at small momenta


@dataclass(frozen=True)
class Gas:
    """A gas of fermions: energy density, pressure, number density, and what they gain with T and with η = μ/T."""

    energy: float
    pressure: float
    number: float
    energy_by_t: float
    energy_by_eta: float
    number_by_t: float
    number_by_eta: float


def fermions(temperature: float, mass: float, states: int, eta: float = 0.0) -> Gas:
    """Fermions f = 1/(e^{E/T − η} + 1) with `states` degrees of freedom.

    Raises:
        NuemError: a temperature that isn't positive, or a negative mass.

    >>> round(fermions(1.0, 0.0, 2).energy / (7 * math.pi**2 / 120), 9)
    1.0
    """
    checks.positive("cosmology", temperature=temperature)
    checks.not_negative("cosmology", mass=mass)
    x = mass / temperature
    energy = np.hypot(_XI, x)
    occupied = expit(eta - energy)
    measure = states / (2 * math.pi**2) * _XI_WEIGHT * _XI**2
    slope = measure * occupied * (1 - occupied)
    t3 = temperature**3
    return Gas(
        energy=t3 * temperature * float(measure @ (occupied * energy)),
        pressure=t3 * temperature * float(measure @ (occupied * _XI**2 / energy)) / 3,
        number=t3 * float(measure @ occupied),
        energy_by_t=t3 * float(slope @ energy**2),
        energy_by_eta=t3 * temperature * float(slope @ energy),
        number_by_t=temperature**2 * float(slope @ energy),
        number_by_eta=t3 * float(slope.sum()),
    )


def degeneracy(temperature: float, mass: float, number: float) -> float:
    """η = μ/T of charged particles with a given number density, by Newton's method in its logarithm.

    Raises:
        NuemError: no number above zero, or more particles than the momenta of this module hold.

    >>> round(degeneracy(2.0, 0.5, fermions(2.0, 0.5, STATES, -1.5).number), 12)
    -1.5
    """
    checks.positive("cosmology", number=number)
    full = fermions(temperature, mass, STATES).number
    eta = math.log(number / full) if number < 0.1 * full else 0.0
    for _ in range(40):
        gas = fermions(temperature, mass, STATES, eta)
        if not gas.number_by_eta > 0:  # every momentum is full
            break
        step = (math.log(gas.number) - math.log(number)) * gas.number / gas.number_by_eta
        eta -= step
        if abs(step) < 1e-12 * max(1.0, abs(eta)):
            return eta
    raise NuemError(
        f"cosmology: no η = μ/T found for number = {number:g} at temperature = {temperature:g}; lower number"
    )


def entropy(temperature: float) -> float:
    """Entropy density of photons, electrons and positrons, (ρ + P)/T."""
    electrons = fermions(temperature, 1.0, 4)
    return 4 / 3 * PHOTONS * temperature**3 + (electrons.energy + electrons.pressure) / temperature


def standard_scale(temperature: ArrayLike) -> Array:
    """aT if photons and electrons keep their entropy, one at `START`: it grows by about (11/4)^{1/3}."""
    values = [(entropy(START) / START**3 / (entropy(t) / t**3)) ** (1 / 3) for t in np.atleast_1d(temperature)]
    return np.array(values)


def neutrino_heating(plasma: float, neutrinos: float, weak: float, weak_mixing: float) -> float:
    """Energy that three neutrinos at one temperature gain from electrons per volume and time, times M/m_e⁶.

    As in Escudero (2020): dρ/dt = G_F²/π⁵ Σ_α [4(g_L² + g_R²)]_α F, F = 32 a (T⁹ − T_ν⁹) + 56 b T⁴T_ν⁴ (T − T_ν)
    with a and b from Fermi statistics; the electron mass is neglected in it. Times M = G^(−1/2).
    It gives N_eff = 3.039; published values without thermal QED are 3.034 to 3.035.
    """
    couplings = 3 + 24 * weak_mixing**2 - 4 * weak_mixing  # (1 + 4s + 8s²) + 2 (1 − 4s + 8s²)
    annihilation = 32 * _FERMI_ANNIHILATION * (plasma**9 - neutrinos**9)
    scattering = 56 * _FERMI_SCATTERING * (plasma * neutrinos) ** 4 * (plasma - neutrinos)
    return weak / math.pi**5 * couplings * (annihilation + scattering)
