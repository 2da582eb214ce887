"""The Boltzmann equation: energy is kept, the grid doesn't matter, and every limit known otherwise comes out."""

import math

import numpy as np
import pytest
from nuem import NuemError
from nuem.physics import cosmology
from scipy.integrate import quad
from scipy.special import kve

FULL = 3 * (5.5 / 9 * 11 / 4) ** (4 / 3) + 2 * (11 / 4) ** (4 / 3)  # entropy alone: four charged states stay coupled


@pytest.fixture(scope="module")
def weak():
    """G_F² m_e³ M."""
    fermi, electron, planck = 1.16638e-11, 0.510999, 1.22089e22  # MeV
    return fermi**2 * electron**3 * planck


# -- gases -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("temperature, mass, eta", [(1.0, 1.0, 0.0), (0.1, 1.0, 0.5), (3.0, 0.2, -4.0)])
def test_a_gas_agrees_with_quadrature(temperature, mass, eta):
    def integral(weight):
        def integrand(p):
            energy = math.hypot(p, mass)
            return p**2 * weight(p, energy) / (math.exp(energy / temperature - eta) + 1)

        return quad(integrand, 0, 60 * temperature + 5, epsrel=1e-11, limit=300)[0] / math.pi**2

    gas = cosmology.fermions(temperature, mass, 2, eta)
    assert gas.energy == pytest.approx(integral(lambda p, e: e), rel=1e-7)
    assert gas.pressure == pytest.approx(integral(lambda p, e: p * p / e / 3), rel=1e-7)
    assert gas.number == pytest.approx(integral(lambda p, e: 1.0), rel=1e-7)


def test_derivatives_of_a_gas_are_its_differences():
    step = 1e-5
    hot, cold = (cosmology.fermions(0.7 + sign * step, 1.0, 4, 0.3) for sign in (1, -1))
    more, less = (cosmology.fermions(0.7, 1.0, 4, 0.3 + sign * step) for sign in (1, -1))
    gas = cosmology.fermions(0.7, 1.0, 4, 0.3)
    assert gas.energy_by_t == pytest.approx((hot.energy - cold.energy) / (2 * step), rel=1e-6)
    assert gas.number_by_t == pytest.approx((hot.number - cold.number) / (2 * step), rel=1e-6)
    assert gas.energy_by_eta == pytest.approx((more.energy - less.energy) / (2 * step), rel=1e-6)
    assert gas.number_by_eta == pytest.approx((more.number - less.number) / (2 * step), rel=1e-6)


@pytest.mark.parametrize("eta", [-30.0, -3.0, -2.0, 0.0, 1.5, 20.0])
def test_the_degeneracy_comes_back_from_the_number(eta):
    number = cosmology.fermions(20.0, 0.3, 4, eta).number
    assert cosmology.degeneracy(20.0, 0.3, number) == pytest.approx(eta, rel=1e-10, abs=1e-10)


def test_photons_outrun_the_expansion_by_the_entropy_of_electrons():
    early, late = cosmology.standard_scale([cosmology.START, cosmology.END])
    assert early == pytest.approx(1)
    assert late == pytest.approx((11 / 4) ** (1 / 3), rel=1e-3)  # electrons aren't quite massless at the start


# -- rates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statistics, pairs, energy",
    [
        ("boltzmann", 2 / (3 * math.pi**3), 8 / (3 * math.pi**3)),
        ("fermi", math.pi / 216, 1.2020569031595942 / (6 * math.pi)),
    ],
)
def test_massless_rates_are_the_closed_forms(statistics, pairs, energy):
    found = cosmology.pair_production(1e3, statistics=statistics)
    assert found[0] / 1e12 == pytest.approx(pairs, rel=1e-5)
    assert found[1] / 1e15 == pytest.approx(energy, rel=1e-5)


@pytest.mark.parametrize("temperature, mass", [(3.0, 0.0), (0.5, 0.5), (1.0, 2.0)])
def test_the_collision_term_makes_as_many_pairs_as_the_annihilation_rate(temperature, mass):
    t, weight = np.polynomial.legendre.leggauss(60)
    t, weight = (t + 1) / 2, weight / 2
    p, weight = 35 * temperature * t**2, 70 * temperature * t * weight
    energy = np.hypot(p, mass)
    thermal = np.exp(-energy / temperature)
    kernel = cosmology.backward_kernel(p, np.array([temperature]), mass)[0]
    gain = thermal / (math.pi * energy) * (kernel @ (weight * p**2 / energy * thermal))
    pairs = float(np.sum(weight * p**2 * gain)) / math.pi**2
    born = float(np.sum(weight * p**2 * energy * gain)) * 2 / math.pi**2
    assert pairs == pytest.approx(cosmology.pair_production(temperature, mass)[0], rel=3e-3)
    assert born == pytest.approx(cosmology.pair_production(temperature, mass)[1], rel=3e-3)


@pytest.mark.parametrize(
    "temperature, mass",
    [(0.1, 4.0), (0.3, 4.0), (0.1, 2.0), (0.02, 5.0), (1.0, 2.0), (0.1, 1.0), (0.05, 0.0), (3.0, 0.5)],
)
def test_thermal_pairs_are_the_single_integral_of_gondolo_and_gelmini(temperature, mass):
    """Boltzmann's statistics: n² ⟨σv⟩ = 4 T/(32π⁴) ∫ds σ (s − 4m_e²) √s K₁(√s/T), Nucl. Phys. B 360 (1991) 145."""
    lowest = 2 * max(mass, 1.0)

    def integrand(x):  # √s = lowest + T x²; K₁ over its value's exponential at the threshold
        root = lowest + temperature * x**2
        s = root**2
        sigma = 4 * math.pi / (3 * s) * (1 + 2 / s) * (1 + 2 * mass**2 / s) * math.sqrt(max(1 - 4 * mass**2 / s, 0))
        rate = sigma * math.sqrt(1 - 4 / s) * s * root * kve(1, root / temperature) * math.exp(-(x**2))
        return rate * 2 * root * 2 * temperature * x

    integral = quad(integrand, 0, 8, epsabs=0, epsrel=1e-11, limit=400)[0]
    exact = 4 * temperature / (32 * math.pi**4) * integral * math.exp(-lowest / temperature)
    found = cosmology.pair_production(temperature, mass, statistics="boltzmann")[0]
    assert found / exact == pytest.approx(1, rel=1e-8)


@pytest.mark.parametrize("temperature, mass", [(1.0, 2.0), (2.0, 0.0), (0.5, 4.0)])
def test_pairs_with_fermi_statistics_are_the_integral_over_both_momenta(temperature, mass):
    """Momenta and the angle between them, adaptively, with the threshold as a limit of integration."""
    lowest = 4 * max(mass, 1.0) ** 2
    nodes, weights = np.polynomial.legendre.leggauss(40)
    nodes, weights = (nodes + 1) / 2, weights / 2

    def occupied(p):
        return 1 / (math.exp(math.hypot(p, 1.0) / temperature) + 1)

    def over_angle(p, q, power):
        product = math.hypot(p, 1.0) * math.hypot(q, 1.0)
        low, high = max(2 + 2 * product - 2 * p * q, lowest), 2 + 2 * product + 2 * p * q
        s = low + (high - low) * nodes**2
        # σ v E₊E₋ = σ √(s(s − 4))/2, without the β_e that cancels
        rate = 4 * math.pi / (3 * s) * np.sqrt(1 - 4 * mass**2 / s) * (1 + 2 / s) * (1 + 2 * mass**2 / s) * s / 2
        dc = (high - low) / (2 * p * q) * 2 * nodes * weights
        angle = float(rate @ dc) / product
        energy = math.hypot(p, 1.0) + math.hypot(q, 1.0)
        return angle * (p * q) ** 2 * occupied(p) * occupied(q) * energy**power * 4 / (8 * math.pi**4)

    def threshold(p):  # momentum of the partner with which a head-on pair just reaches the threshold
        eta = max(2 * math.acosh(math.sqrt(lowest) / 2) - math.asinh(p), 0)
        return math.sinh(eta)

    end = 40 * temperature + 4 * mass
    for power, found in enumerate(cosmology.pair_production(temperature, mass)):
        kink = [p for p in (threshold(0.0),) if 0 < p < end]

        def outer(p, power=power):
            return quad(lambda q: over_angle(p, q, power), threshold(p) + 1e-12, end, epsabs=0, epsrel=1e-8, limit=200)[
                0
            ]

        exact = quad(outer, 1e-9, end, epsabs=0, epsrel=1e-7, limit=200, points=kink or None)[0]
        assert found / exact == pytest.approx(1, rel=1e-6)


def test_pairs_with_fermi_statistics_become_boltzmanns_in_the_cold():
    cold = [cosmology.pair_production(0.1, 4.0, statistics=kind) for kind in ("fermi", "boltzmann")]
    assert np.divide(*cold) == pytest.approx(1, rel=1e-10)


def test_the_kernel_is_symmetric_and_has_a_threshold():
    p = np.array([0.1, 0.5, 1.5, 4.0])
    kernel = cosmology.backward_kernel(p, np.array([0.5, 2.0]), 0.0)
    assert np.array_equal(kernel, kernel.transpose(0, 2, 1))
    forbidden = p[:, None] * p < 1  # s = 4p₁p₂ at most, and 4m_e² is needed
    assert np.all(kernel[:, forbidden] == 0) and np.all(kernel[:, ~forbidden] > 0)


# -- the equation ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strength", [1e-4, 5.0, 1e3])
@pytest.mark.parametrize(
    "options", [{}, {"elastic": "equilibrium"}, {"weak": 0.03, "weak_mixing": 0.23}, {"mass": 1.0, "grid": 20}]
)
def test_energy_is_conserved(strength, options):
    # many points: the check itself integrates the work over them
    assert cosmology.evolve(strength, points=801, **options).conservation < 1e-6


@pytest.mark.parametrize("strength", [1e-4, 5.0, 50.0])
def test_energy_is_conserved_by_the_integrated_equation(strength):
    assert cosmology.evolve_energy(strength).conservation < 1e-6


@pytest.mark.parametrize("elastic", cosmology.ELASTIC)
def test_a_finer_grid_and_a_smaller_tolerance_change_nothing(elastic):
    runs = [
        cosmology.evolve(5.0, elastic=elastic, grid=grid, tolerance=tolerance).over_neutrino[-1]
        for grid, tolerance in ((28, 1e-8), (56, 1e-8), (28, 1e-10))
    ]
    assert runs[1] == pytest.approx(runs[0], rel=1e-3)
    assert runs[2] == pytest.approx(runs[0], rel=1e-5)


def test_the_nodes_inside_the_kernel_suffice():
    p = np.geomspace(0.05, 20, 25)
    rough, fine = (cosmology.backward_kernel(p, np.array([1.0]), 0.0, order=order) for order in ((12, 8), (40, 24)))
    weight = np.exp(-p[:, None] - p) * (p[:, None] * p) ** 2  # what the universe sees of it
    assert np.sum(weight * np.abs(rough - fine)) < 1e-4 * np.sum(weight * fine)


def test_integrated_and_resolved_agree_while_the_particles_are_rare():
    rare = [run.over_neutrino[-1] for run in (cosmology.evolve(1e-5), cosmology.evolve_energy(1e-5))]
    assert rare[1] == pytest.approx(rare[0], rel=2e-3)


def test_the_yield_is_proportional_to_the_strength_while_the_particles_are_rare():
    low, high = (cosmology.evolve(strength).over_neutrino[-1] / strength for strength in (1e-6, 1e-4))
    assert high == pytest.approx(low, rel=1e-4)


def test_the_rare_yield_is_the_integral_of_the_rate():
    """No solver: the rate over expansion and neutrino energy, along the standard history, free neutrinos."""

    def integrand(log_t):
        t = math.exp(log_t)
        scale = cosmology.standard_scale(t)[0]
        cold = t / scale
        electrons = cosmology.fermions(t, 1.0, 4).energy
        rho = math.pi**2 / 15 * t**4 + electrons + 3 * cosmology.ONE_NEUTRINO * cold**4
        above, below = np.log(cosmology.standard_scale([1.001 * t, t / 1.001]))
        step = 1 - (above - below) / (2 * math.log(1.001))
        rate = cosmology.pair_production(t)[1] / math.sqrt(8 * math.pi / 3 * rho)
        return rate / (cosmology.ONE_NEUTRINO * cold**4) * step  # −d ln a = (1 − d ln aT/d ln T) d ln T

    total = quad(integrand, math.log(0.04), math.log(400.0), epsrel=1e-5)[0]
    assert cosmology.evolve(1e-6).over_neutrino[-1] / 1e-6 == pytest.approx(total, rel=5e-3)


def test_without_charged_particles_there_are_three_neutrinos(weak):
    free = cosmology.evolve(1e-9)
    assert free.effective_number == pytest.approx(3, abs=2e-3)
    assert free.temperature_ratio == pytest.approx((4 / 11) ** (1 / 3), rel=3e-4)


def _nodes(low, high, number):
    t, weight = np.polynomial.legendre.leggauss(number)
    return low + (high - low) * (t + 1) / 2, (high - low) / 2 * weight


def _mean_square(e1, along1, e2, along2):
    """Of p₁·p₂ over the azimuth, without masses; `along` are the components on one axis."""
    across = (e1**2 - along1**2) * (e2**2 - along2**2) / 2
    return (e1 * e2 - along1 * along2) ** 2 + across


def _occupied(coming, going, fermi):
    """f₁f₂(1 − f₃)(1 − f₄) at temperature one."""
    if not fermi:
        return np.exp(-sum(coming))
    full = math.prod(1 / (np.exp(energy) + 1) for energy in coming)
    return full * math.prod(1 / (np.exp(-energy) + 1) for energy in going)


def heat_of_annihilation(fermi):
    """∫(E₁ + E₂)² |M|² over all momenta, |M|² ∝ (p₁·p₄)²; from one total energy and momentum to the next."""
    total = 0.0
    for root, weight in zip(*_nodes(0, 1, 40), strict=True):
        energy = 60 * root**2
        k, k_weight = _nodes(0, energy, 24)
        u, u_weight = _nodes(-1, 1, 24)
        k = k[:, None, None]
        e1, e3 = (energy + k * u[:, None]) / 2, (energy + k * u) / 2
        e2, e4 = energy - e1, energy - e3
        along1, along4 = ((e1**2 - e2**2 + k**2) / (2 * k), (e4**2 - e3**2 + k**2) / (2 * k))
        measure = k**2 / 4 * k_weight[:, None, None] * u_weight[:, None] * u_weight
        shape = _mean_square(e1, along1, e4, along4) * _occupied((e1, e2), (e3, e4), fermi)
        total += 120 * root * weight * energy**2 * np.sum(measure * shape)
    return total


def heat_of_scattering(fermi):
    """∫(E₁ − E₃)² |M|² over all momenta, |M|² ∝ (p₁·p₂)² + (p₁·p₄)²; from one momentum transfer to the next."""
    total = 0.0
    for root, weight in zip(*_nodes(0, 1, 40), strict=True):
        q = 50 * root**2
        v, v_weight = _nodes(-1, 1, 32)
        x, x_weight = _nodes(0, 1, 32)
        above, above_weight = 50 * x**2, 100 * x * x_weight
        given = q * v[:, None, None]
        e1, e2 = (q + given) / 2 + above[:, None], (q - given) / 2 + above
        e3, e4 = e1 - given, e2 + given
        along1, along2 = (e1**2 - e3**2 + q**2) / (2 * q), (e4**2 - e2**2 - q**2) / (2 * q)
        shape = _mean_square(e1, along1, e2, along2) + _mean_square(e1, along1, e4, along2 + q)
        measure = q * v_weight[:, None, None] * above_weight[:, None] * above_weight
        total += 100 * root * weight * np.sum(measure * shape * given**2 * _occupied((e1, e2), (e3, e4), fermi))
    return total


def test_the_statistical_factors_of_the_neutrino_rates_follow_from_the_collision_integrals():
    """Heat for a small difference of temperature: 9 × 32 to 56 by Boltzmann's statistics, and less by Fermi's."""
    annihilation, scattering = (heat(True) / heat(False) for heat in (heat_of_annihilation, heat_of_scattering))
    assert heat_of_annihilation(False) / heat_of_scattering(False) == pytest.approx(9 * 32 / 56, rel=1e-9)
    assert (annihilation, scattering) == (pytest.approx(0.8841, abs=1e-4), pytest.approx(0.8287, abs=1e-4))
    step = 1e-7
    heated = cosmology.neutrino_heating(1 + step, 1.0, weak=1.0, weak_mixing=0.0) / step
    assert heated == pytest.approx(3 / math.pi**5 * (9 * 32 * annihilation + 56 * scattering), rel=3e-4)


def test_the_number_of_neutrinos_is_that_of_nudec_bsm_with_the_same_physics(weak):
    """NUDEC_BSM, python version of 2020, commit 54cb3fb, run with one neutrino temperature, without thermal QED and
    with massless electrons in the rates (Escudero 2020, arXiv:2001.04466): 3.03927 at sin²θ_W = 0.23155."""
    heated = cosmology.evolve(1e-9, weak=weak, weak_mixing=0.23155)
    assert heated.effective_number == pytest.approx(3.03927, abs=2e-5)


def test_strong_coupling_approaches_full_equilibrium_from_below():
    numbers = [cosmology.evolve(s, elastic="equilibrium").effective_number for s in (1e2, 1e4, 1e6)]
    assert numbers == sorted(numbers)
    assert 0.95 * FULL < numbers[-1] < FULL


def test_elastic_scattering_adds_energy_but_few_particles():
    plain, kinetic = (cosmology.evolve(1e-5, elastic=e) for e in cosmology.ELASTIC)
    assert kinetic.charged_number[-1] * kinetic.scale_factor[-1] ** 3 == pytest.approx(
        plain.charged_number[-1] * plain.scale_factor[-1] ** 3, rel=5e-3
    )
    assert 1.3 < kinetic.over_neutrino[-1] / plain.over_neutrino[-1] < 1.5


def test_a_tiny_mass_changes_nothing_early():
    light, massless = cosmology.evolve(1.0, mass=1e-3), cosmology.evolve(1.0)
    early = massless.temperature > 0.1
    assert np.allclose(light.charged_energy[early], massless.charged_energy[early], rtol=1e-3)


def test_occupations_stay_between_zero_and_one():
    for strength in (1e-3, 1.0, 1e4):
        occupation = cosmology.evolve(strength).occupation
        assert np.all(occupation > -1e-9) and np.all(occupation < 1)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: cosmology.evolve(1e9), ("strength", "stiff")),
        (lambda: cosmology.evolve(0.0), ("strength", "above 0")),
        (lambda: cosmology.evolve(float("nan")), ("strength", "above 0")),
        (lambda: cosmology.evolve(1.0, grid=4), ("grid", "12")),
        (lambda: cosmology.evolve(1.0, mass=40.0), ("mass", "0 to 5")),
        (lambda: cosmology.evolve(1.0, mass=-1.0), ("mass", "0 to 5")),
        (lambda: cosmology.evolve(1.0, tolerance=1.0), ("tolerance", "1e-12")),
        (lambda: cosmology.evolve(1.0, weak=-1.0), ("weak", "≥ 0")),
        (lambda: cosmology.evolve(1.0, weak=1e-3), ("weak_mixing = None", "inside 0 to 1")),
        (lambda: cosmology.evolve_energy(1.0, weak=1e-3, weak_mixing=1.0), ("weak_mixing = 1.0", "inside 0 to 1")),
        (lambda: cosmology.degeneracy(1.0, 0.0, 1e9), ("number = 1e+09", "lower number")),
        (lambda: cosmology.degeneracy(1.0, 0.0, 0.0), ("number", "> 0")),
        (lambda: cosmology.evolve(1.0, elastic="some"), ("elastic", "equilibrium")),
        (lambda: cosmology.evolve_energy(1e9), ("strength", "stiff")),
        (lambda: cosmology.fermions(-1.0, 1.0, 4), ("temperature", "> 0")),
        (lambda: cosmology.fermions(1.0, -1.0, 4), ("mass", "≥ 0")),
        (lambda: cosmology.pair_production(0.0), ("temperature", "> 0")),
        (lambda: cosmology.pair_production(1.0, statistics="bose"), ("statistics", "boltzmann")),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(NuemError) as caught:
        call()
    assert all(word in str(caught.value) for word in words)


def test_only_a_run_by_momenta_has_occupations():
    runs = cosmology.evolve(1e-6, grid=12), cosmology.evolve(1e-6, elastic="equilibrium", grid=12)
    assert runs[0].momentum.shape == runs[0].occupation.shape == (12,)
    for run in (runs[1], cosmology.evolve_energy(1e-6)):
        assert run.momentum is run.occupation is None
