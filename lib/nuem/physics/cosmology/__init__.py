r"""Faintly charged particles in the early universe: the thermal plasma, the collision integral, the Boltzmann equation.

Natural Heaviside–Lorentz units (ħ = c = k = 1) with the electron mass as the unit of energy: temperatures, momenta
and masses are in units of m_e, an energy density in m_e⁴. The two couplings that are left are dimensionless:

* `strength` = ε²α² M/m_e with M = G^(−1/2): the rate of pair annihilation e⁺e⁻ → f f̄ over the expansion rate;
* `weak` = G_F² m_e³ M: the same for the weak interaction that couples neutrinos to electrons.

f is a Dirac fermion of charge ε: four states, each with the occupation f(p). Its collision integral for pair
annihilation, with Fermi statistics for all four particles, becomes one sum over the partner's momentum:

    C[f₁] = ε²α²/(π E₁p₁) ∫dp₂ (p₂/E₂) κ(p₁, p₂) [e^{−(E₁+E₂)/T} (1−f₁)(1−f₂) − f₁f₂],
    κ = ∫ds/s² ∫dE₃/k ⟨B⟩ (1−f₃)(1−f₄),   B = (p₁·p₃)² + (p₁·p₄)² + (m_e² + m²) s/2,

where 3 and 4 are electron and positron, k is the length of p₁ + p₂, and ⟨ ⟩ the mean over the azimuth of p₃ around it.
It follows from the spin-summed squared matrix element 32 ε²e⁴ B/s² (half of it for one spin of particle 1), from the
two-body phase space dE₃ dφ/(16π²k), and from f₃f₄ = e^{−(E₃+E₄)/T}(1−f₃)(1−f₄). The bracket vanishes in equilibrium.

Neutrinos exchange energy with electrons at the rate of Escudero (2020), see `neutrino_heating`.

One module per subject: `gas` (the thermal plasma), `rates` (what annihilation makes), `charged` (ways to describe the
particles), `history` (the solution of all equations). What callers need stands here.
"""

from nuem.physics.cosmology.charged import Charged, Fluid, Surroundings
from nuem.physics.cosmology.gas import (
    END,
    NEUTRINOS,
    ONE_NEUTRINO,
    PHOTONS,
    START,
    STATES,
    Gas,
    degeneracy,
    entropy,
    fermions,
    neutrino_heating,
    standard_scale,
)
from nuem.physics.cosmology.history import ELASTIC, HEAVIEST, LARGEST_STRENGTH, History, evolve, evolve_energy
from nuem.physics.cosmology.rates import backward_kernel, pair_production

__all__ = [
    "ELASTIC",
    "END",
    "HEAVIEST",
    "LARGEST_STRENGTH",
    "NEUTRINOS",
    "ONE_NEUTRINO",
    "PHOTONS",
    "START",
    "STATES",
    "Charged",
    "Fluid",
    "Gas",
    "History",
    "Surroundings",
    "backward_kernel",
    "degeneracy",
    "entropy",
    "evolve",
    "evolve_energy",
    "fermions",
    "neutrino_heating",
    "pair_production",
    "standard_scale",
]
