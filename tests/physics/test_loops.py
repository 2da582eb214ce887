"""One-loop vertices: the analytic route, the route with explicit matrices, and what the literature has in limits."""

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from nuem.errors import NuemError
from nuem.physics import dirac, loops
from scipy.integrate import dblquad


def on_shell(mass, spatial):
    return np.array([np.sqrt(mass**2 + np.dot(spatial, spatial)), *spatial])


P, P_PRIME = on_shell(1.3, [0.2, -0.4, 0.7]), on_shell(0.8, [-0.5, 0.1, 0.3])
VALUES = {
    loops.m_in: 1.3,
    loops.m_out: 0.8,
    loops.q2: dirac.dot(P_PRIME - P, P_PRIME - P),
}


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_a_sandwich_is_the_product_of_matrices_between_spinors(length):
    left, right = dirac.slash(P_PRIME) + 0.8 * dirac.ONE, dirac.slash(P) + 1.3 * dirac.ONE
    projectors = {"L": dirac.LEFT, "R": dirac.RIGHT}
    vectors = {"p": P, "p'": P_PRIME}
    for letters in itertools.product(["p", "p'", "mu"], repeat=length):
        if letters.count("mu") > 1:
            continue
        for chirality, projector in projectors.items():
            for index in range(4):
                direct = dirac.ONE
                for letter in letters:
                    direct = direct @ (dirac.GAMMA[index] if letter == "mu" else dirac.slash(vectors[letter]))
                reduced = np.zeros((4, 4), dtype=complex)
                for (structure, projected), value in loops.sandwich(letters, chirality).items():
                    basis = {"gamma": dirac.GAMMA[index], "1": dirac.ONE}
                    matrix = basis.get(structure, dirac.ONE) @ projectors[projected]
                    size = vectors[structure][index] if structure in vectors else 1
                    reduced += complex(sp.sympify(value).subs(VALUES)) * size * matrix
                assert np.allclose(left @ direct @ projector @ right, left @ reduced @ right), (letters, chirality)


def test_schwinger():
    (diagram,) = loops.qed_diagrams()
    integrand = diagram.magnetic().subs({loops.m_lepton: loops.m_in, loops.m_boson: 0})
    # 2 · e²/16π² = α/2π
    assert sp.integrate(sp.simplify(integrand), (loops.z, 0, 1)) == 2


def test_a_neutral_scalar_contributes_as_in_the_textbook():
    # Higgs-like scalar, coupling h: F2 = h²/8π² ∫dz (1−z)²(1+z)/((1−z)² + z r), r = M²/m² (Leveille 1978)
    diagram = loops._lepton_with_scalar("scalar", 1, {"L": 1, "R": 1}, {"L": 1, "R": 1})
    ours = diagram.magnetic().subs({loops.m_lepton: 1, loops.m_in: 1, loops.m_boson: 2})
    textbook = 2 * (1 - loops.z) ** 2 * (1 + loops.z) / ((1 - loops.z) ** 2 + 4 * loops.z)
    assert sp.simplify(ours - textbook) == 0


def test_the_neutrino_stays_neutral():
    diagrams = loops.neutrino_diagrams()
    assert sp.expand(sum(diagram.divergence() for diagram in diagrams)) == 0
    for lepton, neutrino in ((0.5, 0.0), (0.02, 0.3), (1.7, 0.9)):
        values = {
            loops.q2: 0,
            loops.m_boson: 1,
            loops.m_lepton: math.sqrt(lepton),
            loops.m_in: math.sqrt(neutrino),
        }
        total = sum(diagram.charge() for diagram in diagrams).subs(values)
        parts = [diagram.charge().subs(values) for diagram in diagrams]
        size = max(abs(_integrate(part)) for part in parts)
        assert abs(_integrate(total)) < 1e-9 * size


def _integrate(expression):
    function = sp.lambdify((loops.y, loops.z), expression, "math")
    return dblquad(function, 0, 1, 0, lambda z: 1 - z, epsabs=1e-11)[0]


@pytest.mark.parametrize("a", [1e-9, 1e-3, 0.4, 3.0])
def test_light_neutrinos_have_the_moment_of_the_literature(a):
    # Dvornikov and Studenikin, Phys. Rev. D 69 (2004) 073001, abstract and section on light neutrinos
    known = (2 - 7 * a + 6 * a**2 - 2 * a**2 * math.log(a) - a**3) / (2 * (1 - a) ** 3)
    assert loops.mass_function(a).real == pytest.approx(known, rel=1e-6)


def test_heavier_neutrinos():
    step = 1e-4
    slope = (loops.mass_function(0.0, step).real - 1) / step
    assert slope == pytest.approx(5 / 18, rel=1e-3)
    assert loops.mass_function(1e-6, 1e9).real == pytest.approx(1 / 3, rel=1e-3)
    assert loops.mass_function(0.0, 0.99).imag == 0
    assert loops.mass_function(0.0, 1.01).imag > 0
    # at the threshold of a massive lepton f has the square-root singularity of an S wave, real below, imaginary above
    threshold = (1 + math.sqrt(0.3)) ** 2
    below, above = (loops.mass_function(0.3, threshold + shift) for shift in (-1e-3, 1e-3))
    assert below.imag == 0 and below.real == pytest.approx(above.imag, rel=0.1)


def test_the_imaginary_part_is_that_of_the_cut():
    # 1/(Δ − i0) has the imaginary part πδ(Δ), and Δ > 0 at both ends of the range of z
    a, b = 0.2, 4.0
    expected = 0.0
    for integrand in loops.moment_integrands():
        top, bottom = sp.fraction(sp.together(integrand.subs({loops.a: sp.Rational(1, 5), loops.b: 4})))
        sign = sp.sign(bottom.subs(loops.z, 0))
        for zero in sp.Poly(bottom, loops.z).nroots():
            assert 0 < zero < 1
            expected += math.pi * float(
                sign * top.subs(loops.z, zero) / abs(sp.diff(bottom, loops.z).subs(loops.z, zero))
            )
    assert loops.mass_function(a, b).imag == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(("gauge", "xi"), [("background", 1.0), ("background", 0.4), ("linear", 1.0), ("linear", 5.0)])
@pytest.mark.parametrize("a", [0.2, 1.5])
def test_the_moment_is_the_same_in_every_gauge(gauge, xi, a):
    p, p_prime = on_shell(1.0, [0.1, 0.3, 0.5]), on_shell(1.0, [-0.2, 0.4, -0.3])
    vertex = loops.vertex_in_gauge(p, p_prime, (1.0, math.sqrt(a), 1.0), xi, gauge)
    _, moment = loops.form_factors(vertex, p, p_prime, 1.0)
    assert moment.real == pytest.approx(3 * loops.mass_function(a).real, rel=1e-4)
    assert abs(moment.imag) < 1e-9


def test_the_charge_radius_depends_on_the_gauge_and_agrees_in_ours():
    p, p_prime = np.array([0.5, 0, 0, 0.5]), np.array([0.5, 0, 0, -0.5])  # q² = −1
    light = {loops.m_in: 0, loops.m_boson: 1, loops.m_lepton: math.sqrt(0.3)}
    slope = sum(sp.diff(d.charge().subs(light), loops.q2) for d in loops.neutrino_diagrams()).subs(loops.q2, 0)
    in_gauge = {
        (gauge, xi): loops.form_factors(
            loops.vertex_in_gauge(p, p_prime, (0.0, math.sqrt(0.3), 1.0), xi, gauge), p, p_prime, 0.0
        )[0].real
        for gauge, xi in (("background", 1.0), ("background", 3.0), ("linear", 1.0))
    }
    assert in_gauge["background", 1.0] == pytest.approx(-_integrate(slope), rel=1e-4)
    assert len({round(value, 3) for value in in_gauge.values()}) == 3


def test_a_transition_flips_chirality_with_the_mass_on_its_side():
    light = {loops.m_boson: 1, loops.m_lepton: math.sqrt(0.3)}
    right = sum(d.dipole("R") for d in loops.neutrino_diagrams()).subs(light)
    left = sum(d.dipole("L") for d in loops.neutrino_diagrams()).subs(light)
    sizes = {}
    for name, expression, mass, other in (("R", right, loops.m_in, loops.m_out), ("L", left, loops.m_out, loops.m_in)):
        total = sp.integrate(sp.apart(sp.nsimplify(expression.subs(other, 0) / mass), loops.z), (loops.z, 0, 1))
        sizes[name] = float(total)
        assert sp.simplify(expression.subs(mass, 0)) == 0
    # iσq(m_i P_R + m_j P_L) f with F2 = 2m (coefficient) for equal masses, and F2 = 3 f m²
    assert sizes["R"] == pytest.approx(sizes["L"]) == pytest.approx(1.5 * loops.mass_function(0.3).real)


def test_flavour_sums():
    angle = 0.6
    mixing = np.array([[np.cos(angle), np.sin(angle) * 1j, 0], [1j * np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    assert abs(loops.flavour_sum(mixing, [1, 1, 1], 1, 2)) < 1e-15  # GIM
    forth, back = loops.flavour_sum(mixing, [1, 2, 3], 1, 2), loops.flavour_sum(mixing, [1, 2, 3], 2, 1)
    assert forth == pytest.approx(back.conjugate()) and abs(forth) > 0.1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: loops.sandwich(["q"], "L"), "unknown letter"),
        (lambda: loops.sandwich(["p"], "X"), "unknown chirality"),
        (lambda: loops.mass_function(-0.1), "m_l/M_W"),
        (lambda: loops.mass_function(0.1, -0.1), "m_nu/M_W"),
        (lambda: loops.mass_function(math.nan), "finite number"),
        (lambda: loops.check_mixing(np.eye(2)), "shape"),
        (lambda: loops.check_mixing(np.diag([1, 1, 0.99])), "UU†"),
        (lambda: loops.check_mixing(np.full((3, 3), np.nan)), "UU†"),
        (lambda: loops.flavour_sum(np.eye(3), [1, 1, 1], 0, 1), "1, 2 and 3"),
        (lambda: loops.flavour_sum(np.eye(3), [1, 1, 1], 1, 4), "1, 2 and 3"),
        (lambda: loops.flavour_sum(np.eye(3), [1, 1], 1, 2), "three leptons"),
        (lambda: loops.vertex_in_gauge(P, P, (1, -1, 1)), "must be > 0"),
        (lambda: loops.vertex_in_gauge(P, P, (1, 1, 1), xi=0), "must be > 0"),
        (lambda: loops.vertex_in_gauge(P, P, (1, 1, 1), gauge="axial"), "unknown gauge"),
        (lambda: loops.form_factors(dirac.GAMMA[:, ::-1], P, on_shell(1.3, [0, 0, 1]), 1.3), "Lorentz"),
    ],
)
def test_bad_input(call, words):
    with pytest.raises(NuemError, match=words):
        call()
