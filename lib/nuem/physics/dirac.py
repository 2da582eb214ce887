"""Dirac matrices, spin sums, traces and spinors, with numbers or exactly with symbols.

Conventions: metric (+,−,−,−); chiral representation, γ5 = diag(−1, −1, 1, 1), so that the upper two components are
left-handed; spinors normalised to ū u = 2m. Peskin & Schroeder (1995), chapter 3, has the same.

A four-vector is a sequence of its four upper components. Matrices are arrays of shape (4, 4); numbers give complex
entries, sympy expressions give entries of type object. An array of shape (4, 4, 4) is a matrix with an upper Lorentz
index in front, such as GAMMA.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from nuem.errors import NuemError

Matrix = NDArray[Any]  # complex numbers, or sympy expressions as objects

METRIC = np.diag([1, -1, -1, -1])
ONE = np.eye(4, dtype=complex)
# σ^μ = (1, σ): the unit matrix and the three of Pauli, shape (4, 2, 2)
PAULI = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
# γ^μ has σ^μ = (1, σ) above the diagonal and (1, −σ) below it.
GAMMA = np.array([np.kron([[0, 1], [0, 0]], s) + np.kron([[0, 0], [METRIC[n, n], 0]], s) for n, s in enumerate(PAULI)])
GAMMA5 = np.diag([-1, -1, 1, 1]).astype(complex)
LEFT, RIGHT = (ONE - GAMMA5) / 2, (ONE + GAMMA5) / 2


def dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    """Scalar product a·b of two four-vectors.

    >>> dot([5, 0, 0, 3], [5, 0, 4, 3])
    16
    """
    _check_vector(a, b)
    return a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]


def slash(vector: Sequence[Any]) -> Matrix:
    """The matrix γ·a, of shape (4, 4).

    >>> momentum = [5.0, 0.0, 4.0, 0.0]
    >>> bool(np.allclose(slash(momentum) @ slash(momentum), 9 * ONE))
    True
    """
    _check_vector(vector)
    return sum(METRIC[n, n] * vector[n] * GAMMA[n] for n in range(4))


def trace(*factors: Matrix) -> Any:
    """Trace of a product of matrices; each factor of shape (4, 4, 4) leaves an upper Lorentz index in the result.

    Returns:
        A number or an expanded sympy expression; with n open indices an array of shape (4,) * n, in their order.

    Raises:
        NuemError: a factor has another shape, or a symbolic entry is not a polynomial.

    >>> trace(GAMMA, GAMMA).real.astype(int).tolist() == (4 * METRIC).tolist()
    True
    >>> E, m = sp.symbols("E m")
    >>> trace(slash([E, 0, 0, E]) + m * ONE, slash([m, 0, 0, 0]) + m * ONE)
    4*E*m + 4*m**2
    """
    factors = tuple(np.asarray(factor) for factor in factors)
    for factor in factors:
        if factor.shape not in ((4, 4), (4, 4, 4)):
            raise NuemError(f"trace: a factor has the shape {factor.shape}; allowed are (4, 4) and (4, 4, 4)")
    factors, back = _exact(*factors)
    product = factors[0]
    for factor in factors[1:]:
        product = product[..., None, :, :] @ factor if factor.ndim == 3 else product @ factor
    return back(np.trace(product, axis1=-2, axis2=-1))


def contract(a: Matrix, b: Matrix) -> Any:
    """All indices of two tensors of equal shape contracted with the metric, first with first: a^{μν…} b_{μν…}.

    >>> complex(contract(METRIC, METRIC)).real
    4.0
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or set(a.shape) - {4}:
        raise NuemError(f"contract: shapes {a.shape} and {b.shape}; allowed are equal ones of the form (4, 4, …)")
    sign = np.ones((), dtype=int)
    for _ in range(a.ndim):
        sign = np.multiply.outer(sign, np.diag(METRIC))
    (a, b), back = _exact(a, b)
    return back(np.sum(a * b * sign))


def _exact(*arrays: Matrix) -> tuple[tuple[Matrix, ...], Callable[[Any], Any]]:
    """The arrays as they are if they hold numbers; else over one polynomial ring, and the way back to sympy.

    A ring keeps products expanded, which is what makes symbolic traces fast.
    """
    if not any(array.dtype == object for array in arrays):
        return arrays, lambda result: result
    entries = {entry: _rational(sp.sympify(entry)) for array in arrays for entry in array.ravel().tolist()}
    symbols = sorted(set().union(*(entry.free_symbols for entry in entries.values())), key=str)
    domain = sp.QQ_I[tuple(symbols)] if symbols else sp.QQ_I
    elements = {}
    for entry, expression in entries.items():
        try:
            elements[entry] = domain.from_sympy(expression)
        except (ValueError, sp.CoercionFailed) as error:
            raise NuemError(f"trace: {expression} is not a polynomial; use a symbol and put it in later") from error

    def back(result: Any) -> Any:
        if isinstance(result, np.ndarray):
            return _map(back, result)
        return domain.to_sympy(domain.convert(result))

    return tuple(_map(elements.__getitem__, array) for array in arrays), back


def _rational(expression: sp.Expr) -> sp.Expr:
    """The expression with its floats as fractions: the entries 0, ±1, ±i, ½ of the matrices are exact."""
    return expression.xreplace({f: sp.Rational(float(f)) for f in expression.atoms(sp.Float)})


def _map(function: Callable[[Any], Any], array: Matrix) -> Matrix:
    result = np.empty(array.shape, dtype=object)
    for index in np.ndindex(array.shape):
        result[index] = function(array[index])
    return result


def spinor(momentum: Sequence[float], mass: float, helicity: int) -> Matrix:
    """Spinor u(p) of a particle with the given helicity (+1 or −1, in units of ½), of shape (4,).

    The energy component of `momentum` must lie on the mass shell. At rest the spin is measured along the third axis.

    Raises:
        NuemError: negative mass, another helicity, or a momentum off the mass shell.

    >>> left = spinor([2.0, 0.0, 0.0, 2.0], 0.0, -1)
    >>> bool(np.allclose(LEFT @ left, left))
    True
    """
    _check_vector(momentum)
    if not mass >= 0:
        raise NuemError(f"spinor: mass = {mass:g} is negative; give a mass ≥ 0")
    if helicity not in (1, -1):
        raise NuemError(f"spinor: helicity = {helicity!r}; allowed are +1 and −1")
    p = np.asarray(momentum, dtype=float)
    size = float(np.linalg.norm(p[1:]))
    if not p[0] > 0 or abs(p[0] - np.hypot(size, mass)) > 1e-8 * p[0]:
        raise NuemError(f"spinor: a momentum of energy {p[0]:g} is off the mass shell of the mass {mass:g}")
    x, y, z = p[1:] / size if size else (0.0, 0.0, 1.0)
    theta, phi = np.arctan2(np.hypot(x, y), z), np.arctan2(y, x)
    up = np.array([np.cos(theta / 2), np.exp(1j * phi) * np.sin(theta / 2)])
    down = np.array([-np.exp(-1j * phi) * np.sin(theta / 2), np.cos(theta / 2)])
    large = np.sqrt(p[0] + size)
    small = mass / large  # the square root of E − |p| without the loss of digits
    if helicity == 1:
        return np.concatenate([small * up, large * up])
    return np.concatenate([large * down, small * down])


def bar(u: Matrix) -> Matrix:
    """The conjugate ū = u† γ⁰ of a spinor.

    >>> u = spinor([5.0, 0.0, 4.0, 0.0], 3.0, 1)
    >>> round(complex(bar(u) @ u).real, 9)
    6.0
    """
    return u.conj() @ GAMMA[0]


def _check_vector(*vectors: Sequence[Any]) -> None:
    for vector in vectors:
        if len(vector) != 4:
            raise NuemError(f"a four-vector has 4 components, not {len(vector)}")
