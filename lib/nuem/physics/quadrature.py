"""Gauss–Legendre quadrature: nodes and weights on the intervals that integrals of this book have.

Every function returns two arrays of shape (number,): an integral is `weights @ f(nodes)`. With n nodes a polynomial of
degree 2n − 1 comes out exactly. The arrays are shared and can't be written to.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

Rule = tuple[NDArray[np.float64], NDArray[np.float64]]  # nodes and weights


@functools.cache
def legendre(number: int) -> Rule:
    """On −1 to 1.

    >>> cosine, weight = legendre(2)
    >>> round(float(weight @ cosine**2), 12) == round(2 / 3, 12)
    True
    """
    nodes, weights = np.polynomial.legendre.leggauss(number)
    nodes.setflags(write=False)
    weights.setflags(write=False)
    return nodes, weights


def between(low: float, high: float, number: int) -> Rule:
    """On `low` to `high`; the weights have the sign of high − low.

    >>> x, weight = between(1.0, 3.0, 4)
    >>> round(float(weight @ x**3), 9)
    20.0
    """
    nodes, weights = legendre(number)
    half = (high - low) / 2
    return low + half * (nodes + 1), half * weights


def dense_at(start: float, end: float, number: int) -> Rule:
    """On `start` to `end`, dense at `start`, whose distance is a square: a square root there is integrated exactly.

    >>> x, weight = dense_at(0.0, 4.0, 3)
    >>> round(float(weight @ x**0.5), 9) == round(16 / 3, 9)
    True
    """
    t, weight = between(0.0, 1.0, number)
    return start + (end - start) * t**2, (end - start) * 2 * t * weight
