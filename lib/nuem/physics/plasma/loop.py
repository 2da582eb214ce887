"""How electrons answer a wave: the integrals over all of them, without the approximation of one velocity."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nuem.errors import NuemError
from nuem.physics import checks, quadrature
from nuem.physics.arrays import Array, Complex
from nuem.physics.plasma.electrons import occupations


@dataclass(frozen=True, kw_only=True)
class Electrons:
    """Electrons and positrons in equilibrium, and their response to a wave.

    Attributes:
        temperature: zero is allowed.
        chemical_potential: of the electrons, rest mass included; the positrons have the opposite one.
        electron_mass, alpha: mass and squared charge, α = e²/4π.
    """

    temperature: float
    chemical_potential: float
    electron_mass: float
    alpha: float

    def __post_init__(self) -> None:
        checks.not_negative("plasma", temperature=self.temperature, chemical_potential=self.chemical_potential)
        checks.not_negative("plasma", electron_mass=self.electron_mass, alpha=self.alpha)

    def polarisation(self, omega: float, k: float, *, full: bool = True) -> tuple[float, float]:
        """Π_T and Π_L by integration over all electrons and positrons, without the approximation of one velocity.

        The forward amplitude on an electron of momentum P, Braaten & Segel (1993), eq. (2): with K = (ω, k),

            Π^{μν} = 16πα ∫ d³p/(2π)³2E f N^{μν}/[(P·K)² − (K²)²/4],
            N^{μν} = (P·K)² g^{μν} + K² P^μ P^ν − P·K (P^μ K^ν + K^μ P^ν),

        and Π_T = −Π^{xx}, Π_L = −Π^{00}.

        Args:
            full: keep (K²)²/4 in the denominator, the recoil of the electron; without it the result is that of
                kinetic theory, which is all there is to leading order in α.

        Raises:
            NuemError: the wave isn't timelike, or K² ≥ 4m_e² with `full`: bare electrons could then be created in
                pairs, which their masses in the medium forbid, so that only the leading order makes sense.
        """
        checks.not_negative("plasma", omega=omega, k=k)
        invariant = omega**2 - k**2
        if not invariant > 0:
            raise NuemError(f"plasma: omega = {omega:g} is not above k = {k:g}; only timelike waves are undamped")
        if full and invariant >= 4 * self.electron_mass**2:
            raise NuemError(
                f"plasma: K² = {invariant:g} is not below 4 m_e² = {4 * self.electron_mass**2:g}, where the full loop "
                "would create pairs of bare electrons; use full=False"
            )
        p, weight, fermions, antifermions = occupations(self.chemical_potential, self.temperature, self.electron_mass)
        energy = np.hypot(p, self.electron_mass)
        recoil = invariant / 2 if full else 0.0
        measure = 4 * self.alpha / math.pi * weight * p**2 / energy * (fermions + antifermions)
        transverse, longitudinal = _angles(energy, p, omega, k, recoil)
        return float(-np.sum(measure * transverse)), float(-np.sum(measure * longitudinal))

    def landau(self, u: ArrayLike) -> tuple[Complex, Complex]:
        """P_L and Π_T, the kinetic response at the phase velocity u = ω/k, below that of light; complex.

        The longitudinal dielectric function is ε_L = 1 + P_L/k², the transverse propagator 1/(ω² − k² − Π_T). With
        r = u/v and the weight 4α/π ∫dp p² (−∂f/∂E), over electrons and positrons,

            P_L = ⟨1 + r ℓ⟩,   Π_T = ⟨v² [r² − (1 − r²) r ℓ]⟩/2,   ℓ = ½ ln|(1 − r)/(1 + r)| + iπ/2 (r² < 1);

        electrons with v cos ϑ = u ride the wave and absorb it (Landau damping). Holds for k well below the momenta of
        the electrons. In `polarisation`, Π_L is −P_L.

        Args:
            u: of any shape, which P_L and Π_T take over.

        Raises:
            NuemError: the size of u is 1 or more, or temperature zero, where ∂f/∂E has no width.
        """
        u = np.asarray(u, dtype=float)
        if not np.all(np.abs(u) < 1):
            raise NuemError("plasma: a phase velocity is not allowed here unless it is below that of light")
        if self.temperature == 0:
            raise NuemError("plasma: temperature = 0 is not allowed here; give the electrons a small one")
        # Electrons that ride the wave make a step and a logarithm: there a piece of the integral ends.
        riding = self.electron_mass * np.abs(u) / np.sqrt(1 - u**2)
        p, weight, fermions, antifermions = occupations(
            self.chemical_potential, self.temperature, self.electron_mass, riding
        )
        slope = (fermions * (1 - fermions) + antifermions * (1 - antifermions)) / self.temperature
        measure = 4 * self.alpha / math.pi * weight * p**2 * slope
        v = p / np.hypot(p, self.electron_mass)
        r = u[..., None] / v
        log: Complex = np.log(np.abs((1 - r) / (1 + r))) / 2 + 0.5j * math.pi * (np.abs(r) < 1)
        longitudinal, transverse = 1 + r * log, (r**2 - (1 - r**2) * r * log) / 2
        return np.sum(longitudinal * measure, axis=-1), np.sum(transverse * v**2 * measure, axis=-1)

    @property
    def screening(self) -> float:
        """Wave number k_e below which the electrons screen a static charge, k_e² = 4α/π ∫dp p² (−∂f/∂E).

        Debye's for thin electrons, that of Thomas and Fermi for degenerate ones, 4αp_F E_F/π.

        >>> cold = Electrons(temperature=1e-3, chemical_potential=1.0, electron_mass=1e-3, alpha=np.pi / 4)  # p_F = 1
        >>> round(cold.screening, 5)
        1.0
        """
        return math.sqrt(self.landau(0.0)[0].real)


def _angles(energy: Array, p: Array, omega: float, k: float, recoil: float) -> tuple[Array, Array]:
    """½∫dc of N^{xx} and N^{00} over [(P·K)² − recoil²], for each momentum; c is the cosine between p and k."""
    invariant = omega**2 - k**2
    # Far from the poles in c a quadrature is exact; close to them the closed integral is, and it needs no small k.
    c, weight = quadrature.legendre(40)
    u = energy[:, None] * omega - p[:, None] * k * c
    below = u**2 - recoil**2
    across = (-(u**2) + invariant * p[:, None] ** 2 * (1 - c**2) / 2) / below
    along = (p[:, None] ** 2 * k**2 * c**2 - k**2 * energy[:, None] ** 2) / below
    smooth = across @ weight / 2, along @ weight / 2
    near = p * k > 0.3 * energy * omega
    if not np.any(near):
        return smooth
    energy, p = energy[near], p[near]
    low, high = energy * omega - p * k, energy * omega + p * k
    inverse = 1 / low - 1 / high  # ∫du/(u² − recoil²)
    if recoil:
        inverse = (np.arctanh(recoil / low) - np.arctanh(recoil / high)) / recoil
    linear = 0.5 * np.log((high**2 - recoil**2) / (low**2 - recoil**2))  # ∫u du/(u² − a²)

    def integral(square: float, first: Array, constant: Array) -> Array:
        total: Array = square * (high - low) + first * linear + (constant + square * recoil**2) * inverse
        return total / (2 * p * k)

    across_near = integral(
        -1 - invariant / (2 * k**2),
        invariant * energy * omega / k**2,
        invariant / 2 * (p**2 - (energy * omega / k) ** 2),
    )
    along_near = integral(1.0, -2 * omega * energy, invariant * energy**2)
    smooth[0][near], smooth[1][near] = across_near, along_near
    return smooth
