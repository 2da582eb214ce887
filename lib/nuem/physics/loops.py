"""The photon vertex at one loop: of an electron in QED, and of a neutrino that is a W and a lepton for an instant.

Conventions: metric (+,−,−,−), P_L = (1 − γ5)/2, q = p' − p, and the vertex −ie Λ^μ with e > 0, so that a particle of
charge Q has Λ^μ = Q γ^μ at tree level. On the mass shell of equal masses m,

    Λ^μ = F1 γ^μ + F2 iσ^{μν}q_ν/2m + terms with γ5,    magnetic moment μ = e F2(0)/2m.

Two routes that share no code:

* `qed_diagrams` and `neutrino_diagrams` give the loops analytically, with Feynman parameters. Dirac matrices are moved
  through with the Dirac equation on both sides (`sandwich`). The gauge is the background-field gauge with ξ = 1: photon
  background, vertex of photon and W without the terms that the pinch technique moves elsewhere, no vertex of photon, W
  and Goldstone boson. (Denner, Dittmaier and Weiglein 1995.)
* `vertex_in_gauge` integrates over the loop momentum itself, with explicit matrices, in any gauge.

Both are in units of coupling²/16π²: e² for the electron, g²/2 = 2√2 G_F M_W² for the neutrino, without mixing matrix.
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nuem.errors import NuemError, allowed
from nuem.physics import dirac, quadrature, verified

x, y, z = sp.symbols("x y z", positive=True)  # Feynman parameters, x + y + z = 1
m_in, m_out = sp.symbols("m_i m_j", nonnegative=True)  # the external fermion before and after
m_lepton, m_boson = sp.symbols("m_l M", positive=True)  # in the loop
q2 = sp.Symbol("q^2", real=True)
dimension = sp.Symbol("d", positive=True)
epsilon = sp.Symbol("epsilon")
a, b = sp.symbols("a b", nonnegative=True)  # squared masses of lepton and neutrino over that of the W

LEFT, RIGHT = "L", "R"
_LETTERS = ("p", "p'", "mu")
_OTHER = {LEFT: RIGHT, RIGHT: LEFT}
Combination = dict[tuple[str, str], Any]  # (structure, chirality) → coefficient


# -- moving Dirac matrices -------------------------------------------------------------------------------------------


def sandwich(letters: Sequence[str], chirality: str) -> Combination:
    """The product of matrices between on-shell spinors, ū(p') … P u(p), with every p̸ and p̸' moved out.

    Args:
        letters: "p" and "p'" stand for slashed momenta, "mu" for γ^μ.
        chirality: of the projector P at the right end, "L" or "R".

    Returns:
        Coefficients of γ^μ P ("gamma"), p^μ P ("p"), p'^μ P ("p'") and, without index, of P ("1").

    Raises:
        NuemError: an unknown letter or chirality.

    >>> sandwich(["p'", "mu", "p"], "L")
    {('gamma', 'R'): m_i*m_j}
    >>> sandwich(["mu", "p'"], "L")
    {("p'", 'L'): 2, ('gamma', 'L'): -m_j}
    """
    if chirality not in _OTHER:
        raise NuemError(f"loops: unknown chirality; {allowed(_OTHER, chirality)}")
    for letter in letters:
        if letter not in _LETTERS:
            raise NuemError(f"loops: unknown letter; {allowed(_LETTERS, letter)}")
    return {key: value for key, value in _sandwich(tuple(letters), chirality).items() if value != 0}


def _sandwich(word: tuple[str, ...], chirality: str) -> Combination:
    if not word:
        return {("1", chirality): sp.Integer(1)}
    if word == ("mu",):
        return {("gamma", chirality): sp.Integer(1)}
    if word[0] == "p'":  # ū(p') p̸' = m_j ū(p')
        return _add(_sandwich(word[1:], chirality), m_out)
    if word[-1] == "p":  # p̸ P_L u(p) on the right of P: p̸ P_L = P_R p̸, and p̸ u = m_i u
        return _add(_sandwich(word[:-1], _OTHER[chirality]), m_in)
    if "p'" in word:
        right = word.index("p'")
        return _swap(word, right - 1, chirality)
    left = len(word) - 1 - word[::-1].index("p")
    return _swap(word, left, chirality)


def _swap(word: tuple[str, ...], n: int, chirality: str) -> Combination:
    # a̸ b̸ = 2 a·b − b̸ a̸, and the same with γ^μ in place of one of them
    first, second = word[n], word[n + 1]
    rest = _sandwich(word[:n] + word[n + 2 :], chirality)
    if "mu" in (first, second):
        vector = second if first == "mu" else first
        contracted = {(vector, key[1]): 2 * value for key, value in rest.items()}
    else:
        contracted = _add(rest, 2 * _product(first, second))
    return _add(_sandwich((*word[:n], second, first, *word[n + 2 :]), chirality), -1, contracted)


def _product(first: str, second: str) -> sp.Expr:
    squares = {"p": m_in**2, "p'": m_out**2}
    return squares[first] if first == second else (m_in**2 + m_out**2 - q2) / 2


def _add(new: Combination, factor: Any, start: Combination | None = None) -> Combination:
    total = dict(start or {})
    for key, value in new.items():
        total[key] = sp.expand(total.get(key, 0) + factor * value)
    return total


def _vector(along_p: Any, along_p_prime: Any) -> dict[str, Any]:
    return {"p": along_p, "p'": along_p_prime}


def _chain(*factors: Any, chirality: str) -> Combination:
    """The sandwich of a product of slashed combinations of p and p', with "mu" where γ^μ stands."""
    words: list[tuple[tuple[str, ...], Any]] = [((), sp.Integer(1))]
    for factor in factors:
        letters = {"mu": sp.Integer(1)} if isinstance(factor, str) else factor
        words = [((*word, letter), c * value) for word, c in words for letter, value in letters.items()]
    total: Combination = {}
    for word, coefficient in words:
        total = _add(_sandwich(word, chirality), coefficient, total)
    return total


def _times(scalar: Combination, vector: Mapping[str, Any]) -> Combination:
    """A chain without index times the combination of p^μ and p'^μ."""
    total: Combination = defaultdict(int)
    for (_, chirality), value in scalar.items():
        for name, coefficient in vector.items():
            total[name, chirality] += value * coefficient
    return dict(total)


# -- diagrams --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Diagram:
    """One triangle: Λ^μ = weight · (numerator/Δ + …) integrated over Feynman parameters, in units of coupling²/16π².

    Attributes:
        name: what runs in the loop and who meets the photon.
        emitter: who meets the photon, "lepton" or "boson".
        weight: charges and couplings in front.
        numerator: with the loop momentum after the shift left out; both loop lines at the photon have x and y, the
            third has z.
        logarithm: coefficient of l² γ^μ P in the numerator by chirality, in d dimensions, loop momentum l averaged.
    """

    name: str
    emitter: str
    weight: sp.Expr
    numerator: Combination
    logarithm: Mapping[str, sp.Expr]

    @property
    def delta(self) -> sp.Expr:
        """Δ of the combined denominator (l² − Δ)³, for m_j = m_i.

        >>> neutrino_diagrams()[0].delta.subs({q2: 0, m_in: 0})
        M**2*z + m_l**2*(1 - z)
        """
        twice, once = (m_lepton, m_boson) if self.emitter == "lepton" else (m_boson, m_lepton)
        return (1 - z) * twice**2 + z * once**2 - z * (1 - z) * m_in**2 - x * y * q2

    def along_sum(self, chirality: str) -> sp.Expr:
        """Coefficient of (p + p')^μ P; the part along q^μ vanishes or doesn't matter for a conserved current."""
        return (self.numerator.get(("p", chirality), 0) + self.numerator.get(("p'", chirality), 0)) / 2

    def dipole(self, chirality: str) -> sp.Expr:
        """Integrand over z at q² = 0 of the coefficient of iσ^{μν}q_ν P, to first order in the external masses.

        Gordon's identity turns (p + p')^μ into −iσ^{μν}q_ν and multiples of γ^μ.
        """
        first_order = _first_order(self.along_sum(chirality))
        return _over_y(-self.weight * first_order / self.delta.subs({m_in: 0, q2: 0}))

    def magnetic(self) -> sp.Expr:
        """Integrand over z of F2(0) for equal masses m_i = m_j, exact in all masses."""
        vector = (self.along_sum(LEFT) + self.along_sum(RIGHT)) / 2
        numerator = (-2 * m_in * vector).subs({m_out: m_in, q2: 0})
        return _over_y(self.weight * numerator / self.delta.subs(q2, 0))

    def charge(self) -> sp.Expr:
        """Integrand over y and z of F1(q²) for equal masses, without the divergence; see `divergence`."""
        gamma = (self.numerator.get(("gamma", LEFT), 0) + self.numerator.get(("gamma", RIGHT), 0)) / 2
        sum_ = (self.along_sum(LEFT) + self.along_sum(RIGHT)) / 2
        numerator = (gamma + 2 * m_in * sum_).subs(m_out, m_in)
        pole, constant = self._expansion()
        # l² in the numerator: −2Δ·(1/ε − ln Δ)·d/4 relative to 1/Δ
        finite = numerator / self.delta + 2 * pole * sp.log(self.delta) - 2 * constant
        return (self.weight * finite).subs(x, 1 - y - z)

    def divergence(self) -> sp.Expr:
        """Coefficient of 1/ε in F1, in d = 4 − 2ε dimensions, integrated; it doesn't depend on q²."""
        pole, _ = self._expansion()
        return sp.expand(-2 * self.weight * pole / 2)

    def _expansion(self) -> tuple[sp.Expr, sp.Expr]:
        both = sum(self.logarithm.values()).subs(m_out, m_in) / 2
        around_four = (both * dimension / 4).subs(dimension, 4 - 2 * epsilon)
        return around_four.subs(epsilon, 0), sp.diff(around_four, epsilon).subs(epsilon, 0)


def _first_order(expression: sp.Expr) -> sp.Expr:
    # linear in m_i and m_j together
    scale = sp.Dummy()
    scaled = sp.expand(expression.subs({m_in: scale * m_in, m_out: scale * m_out, q2: 0}, simultaneous=True))
    return scaled.coeff(scale, 1)


def _over_y(integrand: sp.Expr) -> sp.Expr:
    # at q² = 0 the denominator has no y
    return sp.factor(verified.integrate(sp.expand(integrand.subs(x, 1 - y - z)), (y, 0, 1 - z)))


# The lepton carries k = l + z p − y q into the photon vertex and k' = k + q out of it.
_LEPTON_IN, _LEPTON_OUT = _vector(y + z, -y), _vector(y + z - 1, 1 - y)
# If the boson meets the photon, the lepton carries k = l + x p + y p', and the boson momenta add up to p + p' − 2k.
_SPECTATOR, _BOSON_SUM, _TRANSFER = _vector(x, y), _vector(1 - 2 * x, 1 - 2 * y), _vector(-1, 1)
_d = dimension


def qed_diagrams() -> tuple[Diagram, ...]:
    """The vertex correction of QED, Feynman gauge; Λ^μ divided by the fermion's own charge Q, in units of Q²e²/16π².

    Put m_l = m_i, m_j = m_i and M = 0 (or a small photon mass).
    """
    return (_lepton_meets_photon("photon, lepton emits", -1, 1, 1),)


def neutrino_diagrams() -> tuple[Diagram, ...]:
    """The four diagrams of ν → W⁺ℓ⁻ → ν in the background-field gauge with ξ = 1, in units of (g²/2)/16π².

    The Goldstone boson φ couples as −(g/√2M) ν̄(m_ν P_L − m_ℓ P_R)ℓ φ⁺ + h.c., which gauge invariance demands.
    """
    yukawa_in, yukawa_out = {LEFT: m_lepton, RIGHT: -m_in}, {LEFT: -m_out, RIGHT: m_lepton}
    lepton_charge, boson_charge = -1, 1
    return (
        _lepton_meets_photon("W, lepton emits", -lepton_charge, 1, 0),
        _lepton_with_scalar("φ, lepton emits", lepton_charge / m_boson**2, yukawa_in, yukawa_out),
        _w_meets_photon("lepton, W emits", -boson_charge),
        _scalar_meets_photon("lepton, φ emits", boson_charge / m_boson**2, yukawa_in, yukawa_out),
    )


def _lepton_meets_photon(name: str, weight: Any, left: Any, right: Any) -> Diagram:
    # γ_α C (k̸'+m)γ^μ(k̸+m) γ^α C with C = left·P_L + right·P_R: the contraction identities in four dimensions
    total: Combination = {}
    for chirality, square in ((LEFT, left**2), (RIGHT, right**2)):
        total = _add(_chain(_LEPTON_IN, "mu", _LEPTON_OUT, chirality=chirality), -2 * square, total)
        total = _add({("gamma", chirality): m_lepton**2}, -2 * square, total)
        both = {name: _LEPTON_IN[name] + _LEPTON_OUT[name] for name in _LEPTON_IN}
        total = _add(_times({("1", chirality): m_lepton}, both), 4 * left * right, total)
    log = {LEFT: left**2 * (2 - _d) ** 2 / _d, RIGHT: right**2 * (2 - _d) ** 2 / _d}
    return Diagram(name, "lepton", sp.sympify(weight), total, log)


def _lepton_with_scalar(name: str, weight: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Diagram:
    # (a_L P_L + a_R P_R)(k̸'+m)γ^μ(k̸+m)(b_L P_L + b_R P_R): an odd number of matrices flips the projector
    total: Combination = {}
    log = {}
    for chirality in (LEFT, RIGHT):
        odd, even = after[_OTHER[chirality]] * before[chirality], after[chirality] * before[chirality]
        total = _add(_chain(_LEPTON_OUT, "mu", _LEPTON_IN, chirality=chirality), odd, total)
        total = _add({("gamma", chirality): m_lepton**2}, odd, total)
        total = _add(_chain(_LEPTON_OUT, "mu", chirality=chirality), even * m_lepton, total)
        total = _add(_chain("mu", _LEPTON_IN, chirality=chirality), even * m_lepton, total)
        log[chirality] = odd * (2 - _d) / _d
    return Diagram(name, "lepton", sp.sympify(weight), total, log)


def _w_meets_photon(name: str, weight: Any) -> Diagram:
    # γ_β k̸ γ_α P_L [g^{αβ}(κ+κ')^μ + 2q^β g^{μα} − 2q^α g^{μβ}], W momenta κ before and κ' after the photon
    total = _times(_chain(_SPECTATOR, chirality=LEFT), {n: -2 * c for n, c in _BOSON_SUM.items()})
    total = _add(_chain(_TRANSFER, _SPECTATOR, "mu", chirality=LEFT), 2, total)
    total = _add(_chain("mu", _SPECTATOR, _TRANSFER, chirality=LEFT), -2, total)
    return Diagram(name, "boson", sp.sympify(weight), total, {LEFT: -2 * (2 - _d) / _d, RIGHT: sp.Integer(0)})


def _scalar_meets_photon(name: str, weight: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Diagram:
    total: Combination = {}
    log = {}
    for chirality in (LEFT, RIGHT):
        odd, even = after[_OTHER[chirality]] * before[chirality], after[chirality] * before[chirality]
        total = _add(_times(_chain(_SPECTATOR, chirality=chirality), _BOSON_SUM), odd, total)
        total = _add(_times({("1", chirality): m_lepton}, _BOSON_SUM), even, total)
        log[chirality] = -2 * odd / _d
    return Diagram(name, "boson", sp.sympify(weight), total, log)


def integrate_z(rational: sp.Expr) -> sp.Expr:
    """Integral over z from 0 to 1 of a rational function whose denominator is a product of linear factors.

    The factors must not vanish between 0 and 1; `a` and `b` count as numbers between 0 and 1.

    >>> integrate_z(1 / (z + 1))
    log(2)
    """
    total = sp.Integer(0)
    for term in sp.Add.make_args(sp.apart(sp.factor(rational), z)):
        numerator, denominator = sp.fraction(sp.together(term))
        if not denominator.has(z):
            total += verified.integrate(term, (z, 0, 1))
            continue
        constant, factors = sp.factor_list(denominator, z)
        ((linear, power),) = factors
        slope, intercept = sp.Poly(linear, z).all_coeffs()
        numerator = numerator / constant / slope
        if power > 1:
            ends = (slope + intercept) ** (1 - power) - intercept ** (1 - power)
            total += numerator * ends / (1 - power)
            continue
        top, bottom = sp.fraction(sp.cancel((slope + intercept) / intercept))
        if top.subs({a: sp.Rational(1, 3), b: sp.Rational(1, 3)}).is_negative:
            top, bottom = -top, -bottom
        total += numerator * (sp.log(top) - sp.log(bottom))
    verified.check_integral(rational, (z, 0, 1), total, where=[a < 1, b < 1])
    return total


# -- the moment as a function of masses ------------------------------------------------------------------------------


@functools.cache
def moment_integrands() -> tuple[sp.Expr, sp.Expr]:
    """Integrands over z of f(a, b), lepton and boson emission: a Dirac neutrino has μ = f · 3eG_F m/8√2π².

    Here a = m_ℓ²/M_W² and b = m²/M_W². Because μ = e F2/2m and F2 = (2√2 G_F M_W²/16π²) ∫dz …, f = ∫dz …/(3b).
    """
    ratios = {m_lepton: sp.sqrt(a) * m_boson, m_in: sp.sqrt(b) * m_boson}
    totals = {"lepton": sp.Integer(0), "boson": sp.Integer(0)}
    for diagram in neutrino_diagrams():
        totals[diagram.emitter] += diagram.magnetic()
    return tuple(sp.factor(sp.cancel(total.subs(ratios) / (3 * b))) for total in totals.values())


@functools.cache
def _compiled_integrands() -> tuple[Any, ...]:
    return tuple(sp.lambdify((z, a, b), integrand) for integrand in moment_integrands())


@functools.cache
def _clustered_nodes() -> tuple[NDArray[Any], NDArray[Any]]:
    # Gauss-Legendre in s with t = s²(3 − 2s): many nodes at both ends, where Δ changes fast
    s, weights = quadrature.legendre(400)
    s, weights = (s + 1) / 2, weights / 2
    return s**2 * (3 - 2 * s), weights * 6 * s * (1 - s)


def mass_function(lepton: float, neutrino: float = 0.0) -> complex:
    """f(a, b) of `moment_integrands`, for a = (m_ℓ/M_W)² and b = (m_ν/M_W)²; f(0, 0) = 1.

    Above √b = 1 + √a the neutrino decays into W and lepton; f then has an imaginary part, from masses² − i0,
    and at the threshold itself it diverges.

    Raises:
        NuemError: a ratio is negative or no finite number.

    >>> round(mass_function(1.0).real, 6)  # 5/6
    0.833333
    """
    for name, ratio in (("a = (m_l/M_W)^2", lepton), ("b = (m_nu/M_W)^2", neutrino)):
        if not 0 <= ratio < math.inf:
            raise NuemError(f"loops: {name} = {ratio} is not allowed; give a finite number ≥ 0")
    t, weights = _clustered_nodes()
    # Between its two zeros Δ is negative, and m² − i0 says on which side to pass them: bend the path of z there.
    # For boson emission lepton and boson change places, z ↔ 1 − z.
    bend = 1.0 if neutrino > (1 + math.sqrt(lepton)) ** 2 else 0.0
    lowest = (lepton + neutrino - 1) / (2 * neutrino) if bend else 0.0
    path = t - 1j * bend * t * (1 - t) * (t - lowest)
    slope = 1 - 1j * bend * ((1 - 2 * t) * (t - lowest) + t * (1 - t))
    by_lepton, by_boson = _compiled_integrands()
    integrand = by_lepton(path, lepton, neutrino) + by_boson(1 - path, lepton, neutrino)
    return complex(weights * slope @ integrand)


def check_mixing(matrix: Any) -> NDArray[Any]:
    """A mixing matrix as a complex array, one row per lepton and one column per neutrino.

    Raises:
        NuemError: it is not a unitary 3×3 matrix.
    """
    mixing = np.asarray(matrix, dtype=complex)
    if mixing.shape != (3, 3):
        raise NuemError(f"mixing matrix: the shape is {mixing.shape}; three leptons and three neutrinos need (3, 3)")
    deviation = float(np.abs(mixing @ mixing.conj().T - np.eye(3)).max())
    if not deviation < 1e-9:
        raise NuemError(
            f"mixing matrix: UU† differs from one by {deviation:.2g}; the GIM cancellation needs less than 1e-9"
        )
    return mixing


def flavour_sum(mixing: Any, values: Sequence[float], i: int, j: int) -> complex:
    """Σ_ℓ values_ℓ U_ℓi U*_ℓj, what mixing makes of a loop with the lepton ℓ for ν_i → ν_j; i and j are 1, 2 or 3.

    The neutrino fields are ν_ℓ = Σ U_ℓi ν_i, as in the PDG's review.

    Raises:
        NuemError: an index is out of range, there aren't three values, or the matrix is not unitary.

    >>> abs(flavour_sum(np.eye(3), [1.0, 2.0, 3.0], 2, 2))
    2.0
    """
    mixing = check_mixing(mixing)
    for index in (i, j):
        if index not in (1, 2, 3):
            raise NuemError(f"mixing matrix: there is no neutrino number {index!r}; allowed are 1, 2 and 3")
    if len(values) != 3:
        raise NuemError(f"mixing matrix: {len(values)} values given; allowed is one for each of three leptons")
    return complex(np.sum(np.asarray(values) * mixing[:, i - 1] * mixing[:, j - 1].conj()))


# -- the second route: the loop momentum itself, in any gauge --------------------------------------------------------

GAUGES = ("background", "linear")
_LOWER = np.einsum("ab,bij->aij", dirac.METRIC, dirac.GAMMA)
_LEFT_LOWER = _LOWER @ dirac.LEFT  # γ_α P_L


def vertex_in_gauge(
    p: Sequence[float],
    p_prime: Sequence[float],
    masses: tuple[float, float, float],
    xi: float = 1.0,
    gauge: str = "background",
) -> NDArray[Any]:
    """The neutrino's vertex Λ^μ at second order in its momenta and its mass, in any gauge, an array of shape (4, 4, 4).

    The loop momentum is integrated with explicit matrices: over the directions of Euclidean space by a product rule
    that is exact for these integrands, over its size by Gauss and Legendre. The second order is picked by Cauchy's
    formula in a common factor of momenta and mass; for a light neutrino it holds the moment and the charge radius.

    Args:
        p, p_prime: momenta of the neutrino before and after.
        masses: of neutrino, lepton and W.
        xi: parameter of the gauge; W and Goldstone bosons have propagators with ξM².
        gauge: "background" or "linear"; the second has a vertex of photon, W and Goldstone boson.

    Returns:
        Λ^μ in units of (g²/2)/16π², of which only the part between on-shell spinors is meant.

    Raises:
        NuemError: a mass or ξ isn't positive (the neutrino's may be zero), or the gauge is unknown.
    """
    neutrino, lepton, boson = masses
    if not (0 <= neutrino < math.inf and 0 < lepton < math.inf and 0 < boson < math.inf and 0 < xi < math.inf):
        raise NuemError(
            f"loops: masses = {masses}, xi = {xi} are not allowed; lepton, W and xi must be > 0, the neutrino ≥ 0"
        )
    if gauge not in GAUGES:
        raise NuemError(f"loops: unknown gauge; {allowed(GAUGES, gauge)}")
    directions, solid_angle = _directions()
    t, weights = quadrature.legendre(24)
    t, weights = (t + 1) / 2, weights / 2
    scale = math.sqrt(lepton * boson)
    sizes = scale * t / (1 - t)
    measure = np.outer(weights * scale / (1 - t) ** 2 * sizes**3, solid_angle).ravel()
    k = np.multiply.outer(sizes, directions).reshape(-1, 4).astype(complex)
    k[:, 0] *= 1j  # k⁰ = i k⁴
    total = np.zeros((4, 4, 4), dtype=complex)
    radius = 0.1 * min(lepton, boson, math.sqrt(xi) * boson)
    before, after = np.asarray(p, dtype=float), np.asarray(p_prime, dtype=float)
    for factor in (radius, radius * 1j):  # odd orders vanish in the average, the sixth is radius⁴ smaller
        integrand = loop_integrand(k, factor * before, factor * after, (factor * neutrino, lepton, boson), xi, gauge)
        total += np.einsum("n,n...->...", measure, integrand) / factor**2 / 2
    return -2 * total  # ∫d⁴k/(2π)⁴ = i/8π² ∫dk k³ ⟨…⟩, and 16π² is taken out


def _directions() -> tuple[NDArray[Any], NDArray[Any]]:
    """Directions in four dimensions, and weights that add up to one."""
    polar = np.arange(1, 6) * np.pi / 6  # Gauss-Chebyshev for sin²χ
    polar_weight = np.sin(polar) ** 2 / 3
    cosine, cosine_weight = quadrature.legendre(4)
    azimuth = 2 * np.pi * (np.arange(8) + 0.5) / 8
    chi, c, phi = np.meshgrid(polar, cosine, azimuth, indexing="ij")
    s = np.sqrt(1 - c**2)
    units = np.stack([np.cos(chi), np.sin(chi) * s * np.cos(phi), np.sin(chi) * s * np.sin(phi), np.sin(chi) * c], -1)
    weights = np.einsum("i,j,k->ijk", polar_weight, cosine_weight / 2, np.full(8, 1 / 8))
    return units.reshape(-1, 4), weights.ravel()


def _squared(v: NDArray[Any]) -> NDArray[Any]:
    return (v**2) @ np.diag(dirac.METRIC)


def _slash(v: NDArray[Any]) -> NDArray[Any]:
    return np.tensordot(v, _LOWER, 1)


def loop_integrand(
    k: NDArray[Any], p: NDArray[Any], p_prime: NDArray[Any], masses: tuple[Any, float, float], xi: float, gauge: str
) -> NDArray[Any]:
    """Sum of all diagrams for loop momenta k of shape (n, 4), the lepton's momentum (before the photon).

    Returns:
        Array of shape (n, 4, 4, 4), with the index of the photon second; the units are those of `vertex_in_gauge`,
        before the integration ∫d⁴k/iπ².
    """
    neutrino, lepton, boson = masses
    q = p_prime - p
    before, after = p - k, p_prime - k  # momenta of the boson

    def boson_propagators(v: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        scalar = 1 / (_squared(v) - xi * boson**2)
        longitudinal = (1 - xi) * scalar[:, None, None] * v[:, :, None] * v[:, None, :]
        return (dirac.METRIC - longitudinal) / (_squared(v) - boson**2)[:, None, None], scalar

    def lepton_propagator(v: NDArray[Any]) -> NDArray[Any]:
        return (_slash(v) + lepton * dirac.ONE) / (_squared(v) - lepton**2)[:, None, None]

    w_before, scalar_before = boson_propagators(before)
    w_after, scalar_after = boson_propagators(after)
    absorb = lepton * dirac.LEFT - neutrino * dirac.RIGHT  # Goldstone boson, times M
    emit = lepton * dirac.RIGHT - neutrino * dirac.LEFT

    # the lepton meets the photon: W, then Goldstone boson
    line = lepton_propagator(k + q)[:, None] @ dirac.GAMMA @ lepton_propagator(k)[:, None]  # (n, μ, 4, 4)
    right = np.tensordot(w_before, _LEFT_LOWER, 1)  # W^{βα} γ_α P_L
    total = sum(_LEFT_LOWER[n] @ line @ right[:, n, None] for n in range(4))
    total = total - emit @ line @ absorb * (scalar_before / boson**2)[:, None, None, None]

    # the boson meets the photon
    spectator = lepton_propagator(k)
    metric, lower = dirac.METRIC, dirac.METRIC
    extra = 1 / xi if gauge == "background" else 0.0
    k1, k2, k3 = before, -after, np.broadcast_to(q, before.shape)  # all incoming: W (α), W (β), photon (μ)
    triple = np.einsum("ab,nm->nmab", metric, k1 - k2)
    triple = triple + np.einsum("bm,na->nmab", metric, k2 - k3 + extra * k1)
    triple = triple + np.einsum("ma,nb->nmab", metric, k3 - k1 - extra * k2)
    legs = (w_before @ lower)[:, None] @ triple @ (lower @ w_after)[:, None]  # (n, μ, α, β)
    pairs = _LEFT_LOWER[:, None] @ spectator[:, None, None] @ _LEFT_LOWER[None, :]  # γ_β … γ_α as [n, β, α]
    count = len(k)
    flat = legs.transpose(0, 1, 3, 2).reshape(count, 4, 16) @ pairs.reshape(count, 16, 16)
    total = total - flat.reshape(count, 4, 4, 4)
    both = (before + after) * (scalar_before * scalar_after / boson**2)[:, None]
    total = total + both[:, :, None, None] * (emit @ spectator @ absorb)[:, None]
    if gauge == "linear":  # photon, W and Goldstone boson meet with eM g^{μν}
        into = np.tensordot(w_before, _LEFT_LOWER, 1) * scalar_after[:, None, None, None]
        out = np.tensordot(w_after, _LEFT_LOWER, 1) * scalar_before[:, None, None, None]
        total = total + (emit @ spectator)[:, None] @ into + out @ (spectator @ absorb)[:, None]
    return total


def form_factors(
    vertex: NDArray[Any], p: Sequence[float], p_prime: Sequence[float], mass: float
) -> tuple[complex, complex]:
    """F1 and F2 of a vertex array between on-shell spinors of equal mass; without mass F2 is 0 and F1 half of γ^μ P_L.

    Raises:
        NuemError: the vertex is no combination of the covariants that Lorentz invariance allows.
    """
    transfer = np.subtract(p_prime, p)
    sigma_q = dirac.GAMMA @ _slash(transfer) - transfer[:, None, None] * dirac.ONE  # −iσ^{μν}q_ν
    covariants = [dirac.GAMMA, dirac.GAMMA @ dirac.GAMMA5, transfer[:, None, None] * dirac.GAMMA5]
    if mass:
        covariants += [-sigma_q / (2 * mass), sigma_q @ dirac.GAMMA5]
    left, right = _slash(np.asarray(p_prime)) + mass * dirac.ONE, _slash(np.asarray(p)) + mass * dirac.ONE
    columns = np.array([(left @ covariant @ right).ravel() for covariant in covariants]).T
    wanted = (left @ vertex @ right).ravel()
    found = np.linalg.lstsq(columns, wanted, rcond=1e-10)[0]
    if np.linalg.norm(columns @ found - wanted) > 1e-6 * np.linalg.norm(wanted):
        raise NuemError(
            "loops: the vertex has a part that Lorentz invariance doesn't allow between these momenta and this mass"
        )
    return complex(found[0]), complex(found[3]) if mass else 0j
