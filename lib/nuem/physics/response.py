"""What a detector makes of a deposited energy: a resolution, an efficiency, and bins of the energy it reconstructs.

A deposit T is reconstructed as E with the probability density N(E; T, σ), a Gaussian of width σ(T), and counted with
the probability ε(E). So the share of the deposits T that is counted in a bin is

    R(T) = ∫ ε(E) N(E; T, σ) dE,   over the bin.

The efficiency is a table, linear between its points: ε = a + cE. In each piece the integral is elementary,

    ∫ (a + cE) N dE = (a + cT) [Φ] − cσ² [N],

with Φ the distribution function of N and [.] the difference between the ends of the piece. Energies have any common
unit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from nuem.errors import NuemError
from nuem.physics.arrays import Array


class Efficiency:
    """The probability that a reconstructed energy is counted, linear between the points of a table.

    Raises:
        NuemError: the energies don't increase, or an efficiency lies outside 0 to 1.

    >>> Efficiency([1.0, 2.0], [0.5, 1.2])
    Traceback (most recent call last):
    nuem.errors.NuemError: response: efficiency = 1.2 at the energy 2 is not allowed; give numbers from 0 to 1
    """

    def __init__(self, energies: Sequence[float], efficiency: Sequence[float]):
        self.energies, self.efficiency = np.asarray(energies, dtype=float), np.asarray(efficiency, dtype=float)
        if self.energies.ndim != 1 or self.energies.shape != self.efficiency.shape or self.energies.size < 2:
            raise NuemError("response: energies and efficiency are two tables of equal length, with two points or more")
        if not (np.all(np.isfinite(self.energies)) and np.all(np.diff(self.energies) > 0)):
            raise NuemError("response: energies is not allowed; give finite numbers that increase")
        inside = (self.efficiency >= 0) & (self.efficiency <= 1)  # false for nan
        if not np.all(inside):
            worst = np.argmin(inside)
            raise NuemError(
                f"response: efficiency = {self.efficiency[worst]:g} at the energy {self.energies[worst]:g} "
                "is not allowed; give numbers from 0 to 1"
            )

    def counted(self, edges: ArrayLike, deposits: ArrayLike, spread: ArrayLike) -> Array:
        """R(T): the share of each deposit that is counted in each bin, an array of shape (bins, deposits).

        Args:
            edges: of the bins of reconstructed energy, increasing, inside the table.
            deposits: deposited energies T, an array.
            spread: standard deviations σ(T) of the reconstructed energy, one for each deposit.

        Raises:
            NuemError: a bin is empty or lies outside the table, or a spread isn't positive.

        >>> eye = Efficiency([0.0, 10.0], [1.0, 1.0])
        >>> np.round(eye.counted([2.0, 4.0, 6.0], [4.0], [1.0]), 4)
        array([[0.4772],
               [0.4772]])
        """
        edges, deposits, spread = np.asarray(edges, float), np.asarray(deposits, float), np.asarray(spread, float)
        self._check(edges, deposits, spread)
        inner = self.energies[(self.energies > edges[0]) & (self.energies < edges[-1])]
        points = np.union1d(edges, inner)
        # one row for each piece between two points, one column for each deposit
        standardised = (points[:, None] - deposits) / spread
        below = ndtr(standardised)
        density = np.exp(-(standardised**2) / 2) / (np.sqrt(2 * np.pi) * spread)
        value = np.interp(points, self.energies, self.efficiency)
        slope = (np.diff(value) / np.diff(points))[:, None]
        offset = value[:-1, None] - slope * points[:-1, None]
        pieces = (offset + slope * deposits) * np.diff(below, axis=0) - slope * spread**2 * np.diff(density, axis=0)
        return np.add.reduceat(pieces, np.searchsorted(points, edges[:-1]), axis=0)

    def _check(self, edges: Array, deposits: Array, spread: Array) -> None:
        if edges.ndim != 1 or edges.size < 2 or not np.all(np.diff(edges) > 0):
            raise NuemError("response: edges is not allowed; give numbers that increase, two or more")
        if edges[0] < self.energies[0]:
            raise NuemError(
                f"response: the bin from {edges[0]:g} to {edges[1]:g} begins below the threshold; "
                f"the efficiency is known from {self.energies[0]:g}"
            )
        if edges[-1] > self.energies[-1]:
            raise NuemError(
                f"response: the bin from {edges[-2]:g} to {edges[-1]:g} ends beyond the table; "
                f"the efficiency is known up to {self.energies[-1]:g}"
            )
        if deposits.ndim != 1 or deposits.shape != spread.shape:
            raise NuemError("response: deposits and spread are two tables of equal length")
        if not (np.all(np.isfinite(deposits)) and np.all(spread > 0) and np.all(np.isfinite(spread))):
            raise NuemError("response: deposits or spread is not allowed; give finite numbers, and spreads > 0")
