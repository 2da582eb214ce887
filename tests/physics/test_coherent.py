"""Coherent scattering: against two-component spinors, an integral over the nucleus, and what must vanish."""

import numpy as np
import pytest
from nuem import Chapter, NuemError, coherent, kinematics
from nuem.physics.units import Units
from scipy.integrate import quad

NOW = Chapter().today
UNITS = Units(NOW)
ARGON = coherent.nucleus("Ar-40", NOW)
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


def near(expected, rel):
    # Cross sections are tiny: the absolute tolerance that pytest adds would let everything pass.
    return pytest.approx(expected, rel=rel, abs=0)


def one_energy(energy):
    return 1.0, 1 / energy, 1 / energy**2


def by_spinors(energy, recoil, charge, radius, moment, flavour):
    """dσ/dT in cm²/MeV of argon without its form factor, from Weyl spinors of the neutrino and a target of spin 0."""
    mass, alpha = ARGON.mass, NOW.fine_structure_constant
    angle = np.arccos(1 - mass * recoil / (energy * (energy - recoil)))
    out = (energy - recoil) * np.array([1, np.sin(angle), 0, np.cos(angle)])
    transfer = np.array([energy, 0, 0, energy]) - out
    current = 2 * np.array([mass, 0, 0, 0]) + transfer

    def slash(vector, sign):
        return vector[0] * np.eye(2) + sign * np.tensordot(vector[1:], PAULI, axes=1)

    left_in, left_out = np.array([0, 1]), np.array([-np.sin(angle / 2), np.cos(angle / 2)])
    right_out = np.array([np.cos(angle / 2), np.sin(angle / 2)])
    norm = 2 * np.sqrt(energy * (energy - recoil))
    kept = norm * left_out @ slash(current, 1) @ left_in
    turned = slash(current, -1) @ slash(transfer, 1) - slash(transfer, -1) @ slash(current, 1)
    flipped = norm * right_out @ turned @ left_in / 2
    squared = 2 * mass * recoil
    weak = coherent.weak_charge(ARGON, NOW, flavour, squared)
    form = charge - squared * radius * UNITS.cm**2 / 6
    photon = -4 * np.pi * ARGON.protons * alpha / squared
    conserving = -np.sqrt(2) * UNITS.fermi_constant * weak + photon * form
    magneton = moment / (2 * NOW.electron_mass)
    total = abs(conserving * kept) ** 2 + abs(photon * magneton * flipped) ** 2
    return total / (32 * np.pi * mass * energy**2) / UNITS.cm**2


@pytest.mark.parametrize("flavour", ["e", "mu", "tau"])
def test_the_terms_are_those_of_two_component_spinors(flavour):
    random = np.random.default_rng(1974)
    for _ in range(30):
        energy = random.uniform(5, 50)
        recoil = random.uniform(0.05, 0.95) * kinematics.maximum_recoil(energy, ARGON.mass)
        # sizes at which each property is as strong as the weak force
        charge, radius, moment = random.normal() * 1e-7, random.normal() * 1e-31, random.uniform(0, 1e-9)
        terms = coherent.terms(recoil, one_energy(energy), ARGON, NOW, flavour)
        soft = coherent.form_factor(np.sqrt(2 * ARGON.mass * recoil), 40, NOW) ** 2
        expected = soft * by_spinors(energy, recoil, charge, radius, moment, flavour)
        assert terms.total(charge=charge, radius=radius, moment=moment) == near(expected, 1e-9)


def test_the_form_factor_is_the_fourier_transform_of_a_soft_ball():
    """Both factors from integrals: a ball of constant density, and a Gaussian skin."""
    radius, skin = coherent.nuclear_radius(40, NOW), NOW.helm_skin * UNITS.fermi
    for momentum in (1.0, 40.0, 100.0, 200.0):

        def wave(r, density, momentum=momentum):
            return density(r) * r**2 * np.sinc(momentum * r / np.pi)

        def gauss(r):
            return np.exp(-((r / skin) ** 2) / 2)

        ball = quad(lambda r: wave(r, lambda _: 3 / radius**3), 0, radius)[0]
        soft = quad(lambda r: wave(r, gauss), 0, 12 * skin)[0] / quad(lambda r: r**2 * gauss(r), 0, 12 * skin)[0]
        assert coherent.form_factor(momentum, 40, NOW) == near(ball * soft, 1e-8)


def test_a_radius_can_turn_the_amplitude_around():
    """The second solution: at q = 0 the radius 6C/Zκ, with opposite sign of the amplitude, leaves the rate as it is."""
    terms = coherent.terms(0.02, one_energy(40.0), ARGON, NOW, "mu")
    mirror = -terms.radius / terms.radius_squared
    assert mirror < 0, "the weak charge of argon is negative"
    assert terms.total(radius=mirror) == near(terms.weak, 1e-12)
    assert abs(terms.total(radius=mirror / 2)) < 1e-12 * terms.weak


def test_a_spinless_nucleus_takes_no_left_handed_neutrino_straight_back():
    energy = 30.0
    end = kinematics.maximum_recoil(energy, ARGON.mass)
    terms = coherent.terms(end, one_energy(energy), ARGON, NOW)
    middle = coherent.terms(end / 2, one_energy(energy), ARGON, NOW)
    assert abs(terms.weak) < 1e-12 * middle.weak
    assert terms.moment_squared > 0.1 * middle.moment_squared


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: coherent.nucleus("Ar-4", NOW), "coherent: nucleus = 'Ar-4' is not allowed; did you mean Ar-40"),
        (
            lambda: coherent.form_factor(-1.0, 40, NOW),
            "coherent: momentum = -1.0 is not allowed; give a finite number ≥ 0",
        ),
        (lambda: coherent.form_factor(1.0, 0, NOW), "coherent: nucleons = 0 is not allowed; give a number ≥ 1"),
        (
            lambda: coherent.terms(0.0, one_energy(30.0), ARGON, NOW),
            "coherent: recoil = 0.0 is not allowed; give a finite number > 0",
        ),
        (lambda: coherent.weak_charge(ARGON, NOW, "sterile"), "recoil: unknown flavour 'sterile'"),
    ],
)
def test_each_mistake_is_named(mistake, message):
    with pytest.raises(NuemError) as raised:
        mistake()
    assert str(raised.value).startswith(message)
