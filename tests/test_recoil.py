"""Recoils of electrons: against explicit spinor traces, quadrature, and what is known of reactors."""

import re
import time

import numpy as np
import pytest
import yaml
from conftest import ROOT
from nuem import Chapter, NuemError, kinematics, recoil
from nuem.dirac import GAMMA, LEFT, ONE, RIGHT, contract, slash, trace
from scipy.integrate import quad

NATURE = recoil.Constants.of(Chapter().today)
MASS, FERMI, ALPHA, AREA = NATURE
G_V, G_A = recoil.couplings(0.23, antineutrino=True)


def near(expected, rel):
    # Cross sections are tiny: the absolute tolerance that pytest adds would let everything pass.
    return pytest.approx(expected, rel=rel, abs=0)


def momenta(energy, recoil_energy):
    """k, p, k', p' with the electron at rest before."""
    along = recoil_energy * (energy + MASS) / energy
    across = np.sqrt(recoil_energy**2 + 2 * MASS * recoil_energy - along**2)
    k, p = np.array([energy, 0, 0, energy]), np.array([MASS, 0, 0, 0])
    p_out = np.array([MASS + recoil_energy, across, 0, along])
    return k, p, k + p - p_out, p_out


def by_traces(energy, recoil_energy, left, right, dipole, antineutrino):
    """dσ/dT in MeV⁻³ from 4×4 matrices; `left` and `right` multiply the electron's chiral currents."""
    k, p, k_out, p_out = momenta(energy, recoil_energy)
    first, last = (k_out, k) if antineutrino else (k, k_out)
    vertex = GAMMA @ (left * LEFT + right * RIGHT)
    electron = trace(slash(p_out) + MASS * ONE, vertex, slash(p) + MASS * ONE, vertex)
    weak = contract(trace(slash(last), GAMMA @ LEFT, slash(first), GAMMA @ LEFT), electron)

    q = k - k_out
    sigma_q = 1j / 2 * np.array([gamma @ slash(q) - slash(q) @ gamma for gamma in GAMMA])
    flip = trace(slash(last), sigma_q @ LEFT, slash(first), RIGHT @ sigma_q)
    plain = trace(slash(p_out) + MASS * ONE, GAMMA, slash(p) + MASS * ONE, GAMMA)
    photon = (dipole / (2 * MASS * recoil_energy)) ** 2 * contract(flip, plain)
    return (weak + photon).real / 2 / (32 * np.pi * MASS * energy**2)


@pytest.mark.parametrize("antineutrino", [False, True])
def test_the_terms_are_those_of_explicit_traces(antineutrino):
    random = np.random.default_rng(1930)
    for _ in range(30):
        energy = random.uniform(0.3, 8)
        t = random.uniform(0.01, 0.99) * kinematics.maximum_recoil(energy, MASS)
        mixing, charge, moment = random.uniform(0.1, 0.4), random.normal() * 1e-12, random.uniform(0, 1e-10)
        radius = random.normal() * 1e-32
        # The photon's part for the electron's charge −1 and the form factor q + q²⟨r²⟩/6 at q² = −2mT.
        form_factor = charge - 2 * MASS * t * radius / AREA / 6
        photon = -4 * np.pi * ALPHA * form_factor / (2 * MASS * t)
        left = photon + 2 * np.sqrt(2) * FERMI * (mixing + 0.5)
        right = photon + 2 * np.sqrt(2) * FERMI * mixing
        dipole = 4 * np.pi * ALPHA / (2 * MASS) * moment  # e times μ_B = e/2m
        expected = by_traces(energy, t, left, right, dipole, antineutrino) * AREA
        couplings = recoil.couplings(mixing, antineutrino=antineutrino)
        found = recoil.terms(t, energy, NATURE, *couplings).total(moment=moment, charge=charge, radius=radius)
        assert found == near(expected, 1e-9)


def test_at_the_end_point_of_a_neutrino_only_what_conserves_spin_is_left():
    # Backwards, ν of left-handed helicity can't turn a spin-up electron: (1 − T/E) is small against one for E ≫ m.
    energy = 1e4
    end = kinematics.maximum_recoil(energy, MASS) * (1 - 1e-9)
    for couplings, expected in ((recoil.couplings(0.23), 0.73), (recoil.couplings(0.23, antineutrino=True), 0.23)):
        weak = recoil.terms(end, energy, NATURE, *couplings).weak
        assert weak == near(2 * FERMI**2 * MASS / np.pi * expected**2 * AREA, 1e-3)


def test_a_charge_and_a_radius_are_shifts_of_the_vector_coupling():
    t, energy, charge, radius = 0.01, 2.0, 2e-12, -3e-32
    shift = np.sqrt(2) * np.pi * ALPHA / FERMI * (-charge / (MASS * t) + radius / AREA / 3)
    shifted = recoil.terms(t, energy, NATURE, G_V + shift, G_A).weak
    assert recoil.terms(t, energy, NATURE, G_V, G_A).total(charge=charge, radius=radius) == near(shifted, 1e-9)


@pytest.mark.parametrize("index", range(7))
@pytest.mark.parametrize("t", [0.001, 0.05, 0.6, 2.0])
def test_the_mean_over_a_flux_is_the_integral(t, index):
    flux = recoil.Flux([0.2, 1.0, 3.0], [1.0, 2.0, 0.5])
    lowest = kinematics.minimum_energy(t, MASS)
    scale = recoil.terms(t, 3.0, NATURE, G_V, G_A)[index]

    def integrand(energy):
        density = np.interp(energy, flux.energies, flux.density)
        return density * recoil.terms(t, energy, NATURE, G_V, G_A)[index] / scale

    panels = [(max(lowest, low), high) for low, high in ((0.2, 1.0), (1.0, 3.0)) if high > lowest]
    numeric = sum(quad(integrand, *panel)[0] for panel in panels) * scale / flux.total
    assert recoil.terms(t, flux, NATURE, G_V, G_A)[index] == near(numeric, 1e-7)


def test_recoils_that_no_neutrino_of_the_flux_can_give_have_no_cross_section():
    flux = recoil.Flux([0.2, 1.0], [1.0, 1.0])
    assert recoil.terms(5.0, flux, NATURE, G_V, G_A).weak == 0


def test_bins_are_integrals_and_add_up():
    edges = [0.003, 0.01, 0.05]
    bins = recoil.binned(edges, recoil.reactor(), NATURE, G_V, G_A)
    whole = recoil.binned(edges[::2], recoil.reactor(), NATURE, G_V, G_A)
    scale = bins.moment_squared[0]
    numeric, _ = quad(
        lambda t: recoil.terms(t, recoil.reactor(), NATURE, G_V, G_A).moment_squared / scale, edges[0], edges[1]
    )
    assert numeric == near(1, 1e-6)
    for part, total in zip(bins, whole, strict=True):
        assert part.sum() == near(total[0], 1e-5)
    half = recoil.binned(edges, 2.0, NATURE, G_V, G_A, weight=lambda t: np.full_like(t, 0.5))
    assert 2 * half.weak == near(recoil.binned(edges, 2.0, NATURE, G_V, G_A).weak, 1e-9)


def test_the_reactor_spectrum_is_that_of_its_sources():
    # Huber's own table gives 1.32 for uranium-235 at 2 MeV.
    uranium = recoil.reactor({"U235": 1.0})
    assert np.interp(2.025, uranium.energies, uranium.density) == near(1.32, 0.04)
    # About six antineutrinos from the products of a fission, and two for each of some 0.6 captures in uranium
    # (Hayes & Vogel 2016); a quarter of all exceeds the threshold of inverse β decay.
    flux = recoil.reactor()
    assert flux.total == near(7.2, 0.1)
    assert flux.moments(1.806)[0] == pytest.approx(0.25, abs=0.05)
    # The two tables meet at 2 MeV within the uncertainty of either.
    before, after = np.interp([2.0, 2.025], flux.energies, flux.density)
    assert after / before == pytest.approx(1, abs=0.07)


def test_the_sources_of_the_reactor_spectrum_are_in_the_bibliography():
    data = yaml.safe_load(recoil.REACTOR_FILE.read_text("utf-8"))
    entries = [data["below_two_mev"], data["fission_fractions"], *data["above_two_mev"].values()]
    keys = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text("utf-8"), re.M))
    assert {entry["source"] for entry in entries} <= keys


def test_a_million_evaluations_take_a_moment():
    random = np.random.default_rng(1)
    t, energy = random.uniform(0.001, 0.1, 10**6), random.uniform(1, 8, 10**6)
    recoil.terms(t, energy, NATURE, G_V, G_A)
    started = time.perf_counter()
    recoil.terms(t, energy, NATURE, G_V, G_A)
    assert time.perf_counter() - started < 2, "ten times what a free machine needs; `make bench` measures"


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: recoil.Constants(-0.5, FERMI, ALPHA, AREA).check(), ("mass", "> 0")),
        (lambda: recoil.terms(0.1, 1.0, NATURE._replace(mass=-0.5), G_V, G_A), ("mass", "> 0")),
        (lambda: recoil.terms(0.1, 1.0, NATURE._replace(fermi=0), G_V, G_A), ("fermi", "> 0")),
        (lambda: recoil.terms(0.9, 1.0, NATURE, G_V, G_A), ("recoil", "0 to 0.79")),
        (lambda: recoil.terms([0.1, 0.9], [2.0, 1.0], NATURE, G_V, G_A), ("recoil", "end point")),
        (lambda: recoil.terms(0.0, 1.0, NATURE, G_V, G_A), ("recoil", "> 0")),
        (lambda: recoil.terms(float("nan"), recoil.reactor(), NATURE, G_V, G_A), ("recoil", "finite")),
        (lambda: recoil.terms(0.1, -1.0, NATURE, G_V, G_A), ("energy", "≥ 0")),
        (lambda: recoil.couplings(1.2), ("mixing", "0 to 1")),
        (lambda: recoil.couplings(0.2, flavour="nu_e"), ("flavour", "e, mu, tau")),
        (lambda: recoil.binned([0.9, 1.2], 1.0, NATURE, G_V, G_A), ("threshold", "end point, 0.79")),
        (lambda: recoil.binned([9.0, 9.5], recoil.reactor(), NATURE, G_V, G_A), ("threshold", "end point, 7.75")),
        (lambda: recoil.binned([0.1, 0.1], 1.0, NATURE, G_V, G_A), ("bin", "increase")),
        (lambda: recoil.binned([0.1], 1.0, NATURE, G_V, G_A), ("bin", "increase")),
        (lambda: recoil.binned([0.0, 0.1], 1.0, NATURE, G_V, G_A), ("threshold", "above 0")),
        (lambda: recoil.Flux([1, 2], [1, 2, 3]), ("flux", "equal length")),
        (lambda: recoil.Flux([2, 1], [1, 1]), ("energies", "increase")),
        (lambda: recoil.Flux([1, 2], [1, -1]), ("density", "≥ 0")),
        (lambda: recoil.reactor({"U235": 0.5}), ("fractions", "add up to 1")),
        (lambda: recoil.reactor({"Th232": 1.0}), ("isotope", "U235")),
    ],
)
def test_impossible_input_is_refused_by_name(call, words):
    with pytest.raises(NuemError) as caught:
        call()
    assert all(word in str(caught.value) for word in words), str(caught.value)
