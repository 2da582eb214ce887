"""Stars: closed forms of polytropes, units, and the helpers against the plasma that they set up."""

import math

import numpy as np
import pytest
from nuem import Chapter, NuemError
from nuem.physics import plasma, stars
from nuem.physics.units import Units
from scipy.integrate import quad

INPUTS = Chapter().today
UNITS = Units(INPUTS)
STAR = stars.medium(INPUTS, 2e5, 1e8)


@pytest.mark.parametrize(
    ("index", "surface", "mass", "theta"),
    [
        (0, math.sqrt(6), 2 * math.sqrt(6), lambda x: 1 - x**2 / 6),
        (1, math.pi, math.pi, lambda x: np.sin(x) / x),
    ],
)
def test_polytropes_that_have_a_closed_form(index, surface, mass, theta):
    star = stars.Polytrope(index)
    assert star.surface == pytest.approx(surface, rel=1e-8)
    assert star.mass == pytest.approx(mass, rel=1e-8)
    xi = np.linspace(0.1, 0.99, 7) * surface
    assert star.theta(xi) == pytest.approx(theta(xi), rel=1e-7)


def test_the_mass_is_the_integral_of_the_density():
    star = stars.Polytrope(1.5)
    whole = quad(lambda x: x**2 * max(float(star.theta(x)), 0) ** 1.5, 0, star.surface, epsabs=1e-10)[0]
    assert star.mass == pytest.approx(whole, rel=1e-7)


def test_an_even_star_has_the_radius_of_a_ball():
    ball = stars.Polytrope(0)
    assert 4 / 3 * math.pi * ball.radius(5.0, 2.0) ** 3 * 2.0 == pytest.approx(5.0, rel=1e-7)


def test_a_medium_is_in_mev():
    assert STAR.temperature == pytest.approx(1e8 * 8.617e-11, rel=1e-3)
    density = plasma.net_density(STAR.chemical_potential, STAR.temperature, INPUTS.electron_mass)
    assert density * UNITS.atomic_mass / UNITS.gram * UNITS.cm**3 == pytest.approx(1e5, rel=1e-6)


def test_the_magneton_is_that_of_the_tables():
    # 5.788 × 10⁻¹¹ MeV/T, with one tesla = 195.35 eV² in natural Heaviside–Lorentz units
    assert stars.magneton(INPUTS) * 195.35e-12 == pytest.approx(5.788e-11, rel=1e-3)


def test_losses_are_those_of_the_plasma():
    alpha, mass = INPUTS.fine_structure_constant, 0.3 * STAR.plasma_frequency
    direct = STAR.energy_loss(lambda s: plasma.charge(s, 1.0, alpha, mass=mass), mass=mass, nodes=40).total
    assert stars.emission(INPUTS, STAR, "charge", mass) == direct
    assert stars.loss(INPUTS, STAR, "charge", mass) == plasma.erg_per_volume_and_time(direct, UNITS)
    dipole = STAR.energy_loss(lambda s: plasma.dipole(s, stars.magneton(INPUTS)), nodes=40).total
    assert stars.emission(INPUTS, STAR, "dipole") == dipole
    assert stars.emission(INPUTS, STAR, "dipole", 0.6 * STAR.plasma_frequency) == 0


def test_electron_neutrinos_feel_the_weak_force_most():
    couplings = plasma.vector_couplings_squared(0.23)
    assert couplings == pytest.approx(0.96**2 + 2 * 0.04**2)
    weaker = stars.weak_emission(INPUTS, STAR, INPUTS.shifted("weak_mixing_low_energy", 0.2))
    assert weaker < stars.weak_emission(INPUTS, STAR, INPUTS)


def test_a_charge_just_escapes_if_its_path_is_as_long_as_the_star():
    inverse_path = 1e-3  # MeV
    charge = stars.escaping_charge(inverse_path, 1e9, UNITS)
    assert 1 / (charge**2 * inverse_path) / UNITS.cm == pytest.approx(1e9)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: stars.Polytrope(5), ("index = 5", "0 to 5")),
        (lambda: stars.Polytrope(-0.5), ("index = -0.5", "0 to 5")),
        (lambda: stars.Polytrope(1).radius(0.0, 1.0), ("mass = 0.0", "> 0")),
        (lambda: stars.emission(INPUTS, STAR, "dipol"), ("coupling = 'dipol'", "did you mean dipole")),
        (lambda: stars.medium(INPUTS, -1.0, 1e7), ("mass_density = -1.0", "≥ 0")),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(NuemError) as caught:
        call()
    assert all(word in str(caught.value) for word in words)
