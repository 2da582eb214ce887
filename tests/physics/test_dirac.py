"""Dirac matrices: what the Clifford algebra, Lorentz invariance and the Dirac equation demand."""

import functools
import itertools
import time

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from nuem import NuemError
from nuem.physics import dirac
from nuem.physics.dirac import GAMMA, GAMMA5, LEFT, METRIC, ONE, RIGHT, bar, contract, dot, slash, spinor, trace

components = st.floats(min_value=-10, max_value=10).map(lambda x: round(x, 3))
three_vectors = st.tuples(components, components, components)
four_vectors = st.tuples(components, components, components, components)
masses = st.floats(min_value=0.01, max_value=10)


def on_shell(vector, mass):
    return np.array([np.sqrt(mass**2 + np.dot(vector, vector)), *vector])


def test_the_clifford_algebra():
    for mu, nu in itertools.product(range(4), repeat=2):
        assert np.array_equal(GAMMA[mu] @ GAMMA[nu] + GAMMA[nu] @ GAMMA[mu], 2 * METRIC[mu, nu] * ONE)


def test_gamma5_is_the_product_of_the_four_and_anticommutes_with_each():
    assert np.array_equal(1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3], GAMMA5)
    assert all(np.array_equal(GAMMA5 @ g, -g @ GAMMA5) for g in GAMMA)
    assert np.array_equal(LEFT + RIGHT, ONE) and np.array_equal(LEFT @ RIGHT, 0 * ONE)


def test_the_hermitian_conjugates():
    assert all(np.array_equal(g.conj().T, GAMMA[0] @ g @ GAMMA[0]) for g in GAMMA)


def test_traces_of_odd_numbers_of_matrices_vanish():
    assert not np.any(trace(GAMMA)) and not np.any(trace(GAMMA, GAMMA, GAMMA))
    assert not np.any(trace(GAMMA5)) and not np.any(trace(GAMMA5, GAMMA, GAMMA))


def test_the_trace_of_four_matrices():
    g = METRIC
    expected = 4 * (np.einsum("ab,cd->abcd", g, g) - np.einsum("ac,bd->abcd", g, g) + np.einsum("ad,bc->abcd", g, g))
    assert np.array_equal(trace(GAMMA, GAMMA, GAMMA, GAMMA), expected)


def test_the_trace_with_gamma5_is_totally_antisymmetric():
    found = trace(GAMMA5, GAMMA, GAMMA, GAMMA, GAMMA)
    for indices in itertools.product(range(4), repeat=4):
        # γ0 γ1 γ2 γ3 = −i γ5 fixes the sign; sympy's symbol is +1 for the order 0123
        assert found[indices] == -4j * complex(sp.LeviCivita(*indices))


@given(four_vectors, four_vectors)
def test_the_product_of_two_slashed_vectors(a, b):
    assert np.allclose(slash(a) @ slash(b) + slash(b) @ slash(a), 2 * dot(a, b) * ONE)
    assert np.isclose(trace(slash(a), slash(b)), 4 * dot(a, b))


@functools.cache
def symbolic_trace():
    names = [sp.symbols(f"{name}0:4") for name in "abcd"]
    a, b, c, d = names
    expression = trace(slash(a) + 2 * ONE, GAMMA5, slash(b), slash(c), RIGHT, slash(d))
    return sp.lambdify(names, expression)


@given(four_vectors, four_vectors, four_vectors, four_vectors)
def test_symbols_and_numbers_give_the_same_trace(a, b, c, d):
    numeric = trace(slash(a) + 2 * ONE, GAMMA5, slash(b), slash(c), RIGHT, slash(d))
    assert abs(symbolic_trace()(a, b, c, d) - numeric) < 1e-8


def test_a_symbolic_trace_is_exact_and_needs_no_simplification():
    E, m, g = sp.symbols("E m g")
    assert trace(slash([E, 0, 0, E]) + m * ONE, g * GAMMA5, GAMMA5) == 4 * m * g
    assert not trace(slash([E, 0, m, 0]), LEFT, slash([m, E, 0, 0])).atoms(sp.Float)


def test_the_trace_of_neutrino_on_electron_is_quick():
    k, p, q = (sp.symbols(f"{name}0:4") for name in "kpq")
    left, right, mass = sp.symbols("g_L g_R m")
    vertex = GAMMA @ (left * LEFT + right * RIGHT)
    start = time.perf_counter()
    neutrino = trace(slash(q), GAMMA @ LEFT, slash(k), GAMMA @ LEFT)
    electron = trace(slash(p) + mass * ONE, vertex, slash(p) + mass * ONE, vertex)
    assert contract(neutrino, electron) != 0
    assert time.perf_counter() - start < 5  # a slow machine has its tenfold


def test_the_massless_left_left_contraction_is_sixteen_times_two_products():
    k, p, k2, p2 = ([sp.Symbol(f"{name}{n}") for n in range(4)] for name in "kpqr")
    one, other = (trace(slash(a), GAMMA @ LEFT, slash(b), GAMMA @ LEFT) for a, b in ((k2, k), (p2, p)))
    assert sp.expand(contract(one, other) - 16 * dot(k, p) * dot(k2, p2)) == 0


@given(three_vectors, masses, st.sampled_from([1, -1]))
def test_spinors_solve_the_dirac_equation(vector, mass, helicity):
    p = on_shell(vector, mass)
    u = spinor(p, mass, helicity)
    assert np.allclose(slash(p) @ u, mass * u, atol=1e-9 * p[0] ** 1.5)
    assert np.isclose(bar(u) @ u, 2 * mass, atol=1e-9 * p[0])
    assert abs(bar(u) @ spinor(p, mass, -helicity)) < 1e-9 * p[0]


@given(three_vectors, masses)
def test_the_spin_sum(vector, mass):
    p = on_shell(vector, mass)
    total = sum(np.outer(u, bar(u)) for u in (spinor(p, mass, h) for h in (1, -1)))
    assert np.allclose(total, slash(p) + mass * ONE, atol=1e-9 * p[0])


@given(three_vectors.filter(lambda v: np.linalg.norm(v) > 0.1), st.sampled_from([1, -1]))
def test_helicity_is_the_spin_along_the_momentum(vector, helicity):
    p = on_shell(vector, 1.0)
    spin = sum(p[i] * 1j * GAMMA[j] @ GAMMA[k] for i, j, k in ((1, 2, 3), (2, 3, 1), (3, 1, 2)))
    u = spinor(p, 1.0, helicity)
    assert np.allclose(spin @ u, helicity * np.linalg.norm(vector) * u)


@pytest.mark.parametrize(
    "call, word",
    [
        (lambda: spinor([1, 0, 0, 0], -1, 1), "negative"),
        (lambda: spinor([1, 0, 0, 0], 1, 0), "helicity"),
        (lambda: spinor([2, 0, 0, 0], 1, 1), "mass shell"),
        (lambda: slash([1, 2, 3]), "4 components"),
        (lambda: trace(np.eye(3)), "shape"),
        (lambda: trace(sp.sqrt(sp.Symbol("x")) * ONE), "not a polynomial"),
        (lambda: contract(np.eye(4), np.ones(4)), "shapes"),
    ],
)
def test_bad_input_gets_one_clear_sentence(call, word):
    with pytest.raises(NuemError, match=word):
        call()


def test_the_module_says_which_conventions_it_has():
    assert "(+,−,−,−)" in dirac.__doc__ and "chiral" in dirac.__doc__
