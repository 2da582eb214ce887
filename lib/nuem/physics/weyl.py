"""Neutrino–electron scattering by amplitudes of single spins, in two components and in the frame of the centre of mass.

It is the second route to what `nuem.physics.recoil` has and chapters derive by traces: no matrix of four components, no
trace, no spin sum by projectors. It shares no code with them, nor should it; the matrices of Pauli are its own.
Natural units, one unit of energy; metric (+,−,−,−).
"""

from __future__ import annotations

import numpy as np

from nuem.physics.arrays import Array, Complex

_SIGMA = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])  # σ^μ
_SIGNS = np.array([1, -1, -1, -1])
_SIGMA_BAR = _SIGMA * _SIGNS[:, None, None]


def recoil_spectrum(
    energy: float,
    recoil: float,
    mass: float,
    left: complex,
    right: complex,
    dipole: complex = 0.0,
    *,
    antineutrino: bool = False,
) -> float:
    """dσ/dT of a free electron at rest, in one over the energy cubed.

    Args:
        energy, recoil, mass: of the massless neutrino, of the electron after, and of the electron at rest.
        left, right: what multiplies the product of the currents for the two chiralities of the electron.
        dipole: the same for σ^{μν}Q_ν of the neutrino and the electron's vector current; it flips the helicity.

    >>> from nuem.physics.recoil import Constants, terms
    >>> ours = recoil_spectrum(2.0, 0.3, 0.5, 0.7, -0.2)  # 2√2 G z with G = 1/√8
    >>> theirs = terms(0.3, 2.0, Constants(0.5, 8**-0.5, 0.1, 1.0), 0.5, 0.9)  # g_V = z_L + z_R, g_A = z_L − z_R
    >>> round(ours / float(theirs.weak), 12)
    1.0
    """
    s = mass**2 + 2 * mass * energy
    size = mass * energy / np.sqrt(s)  # of every momentum
    end = 2 * energy**2 / (mass + 2 * energy)
    theta = np.arccos(1 - 2 * recoil / end)
    at_rest = np.sqrt(size**2 + mass**2)
    before = np.array([at_rest, 0, 0, -size])
    after = np.array([at_rest, -size * np.sin(theta), 0, -size * np.cos(theta)])
    keeps, flips = _neutrino_currents(size, after - before, *((theta, 0) if antineutrino else (0, theta)))
    squares = 0.0
    for spin_in in np.eye(2):
        for spin_out in np.eye(2):
            j_left, j_right = (
                np.einsum(
                    "i,mij,j->m",
                    (_root(after, mass, matrices) @ spin_out).conj(),
                    others,
                    _root(before, mass, matrices) @ spin_in,
                )
                for matrices, others in ((_SIGMA, _SIGMA_BAR), (_SIGMA_BAR, _SIGMA))
            )
            squares += abs(np.sum(_SIGNS * keeps * (left * j_left + right * j_right))) ** 2
            squares += abs(dipole * np.sum(_SIGNS * flips * (j_left + j_right))) ** 2
    return float(squares / 2 / (64 * np.pi**2 * s) * 4 * np.pi / end)


def _neutrino_currents(size: float, change: Array, angle_in: float, angle_out: float) -> tuple[Complex, Complex]:
    """Currents, shape (4,), that keep and that flip the helicity of a left-handed neutrino turned in the x–z plane."""
    tensor = 0.5j * (
        np.einsum("mij,njk,n->mik", _SIGMA, _SIGMA_BAR, _SIGNS * change)
        - np.einsum("nij,mjk,n->mik", _SIGMA, _SIGMA_BAR, _SIGNS * change)
    )
    incoming, against, along = _spin(angle_in, -1), _spin(angle_out, -1), _spin(angle_out, +1)
    keeps = 2 * size * np.einsum("i,mij,j->m", against, _SIGMA_BAR, incoming)
    return keeps, 2 * size * np.einsum("i,mij,j->m", along, tensor, incoming)


def _spin(theta: float, sign: int) -> Array:
    """Spin along (+) or against (−) a direction in the x–z plane."""
    half = theta / 2
    return np.array([np.cos(half), np.sin(half)] if sign > 0 else [-np.sin(half), np.cos(half)])


def _root(momentum: Array, mass: float, matrices: Complex) -> Complex:
    """Square root of p·σ or p·σ̄, shape (2, 2)."""
    product = np.einsum("m,m,mij->ij", _SIGNS, momentum, matrices)
    root: Complex = (product + mass * np.eye(2)) / np.sqrt(2 * (momentum[0] + mass))
    return root
