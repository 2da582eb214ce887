r"""Photons in a plasma: dispersion, decay into pairs of faintly charged particles, energy loss; their way out.

Natural Heaviside–Lorentz units inside (ħ = c = k = 1, α = e²/4π): every energy, momentum, mass and temperature is in
one unit of the caller's choice, a number density in its cube. Only `electron_density` and `erg_per_volume_and_time`
are tied to MeV and to cgs units.

A photon with momentum k that obeys ω² = k² + Π_T(ω, k) is a *transverse plasmon* (two polarisations); a charge wave
with k² = Π_L(ω, k) is a *longitudinal* one (Coulomb gauge). The square of their four-momentum, s = ω² − k², is what a
pair of particles can share. Braaten & Segel (1993) replace the spread of electron velocities by one typical velocity
v_*, which gives

    Π_T = ω_P² F(x),   ω_L² = ω_P² G(x),   x = v_* k/ω,
    F(x) = 3/(2x²) [1 − (1 − x²) artanh(x)/x],   G(x) = 3/x² [artanh(x)/x − 1].

Against the integral over all electrons (`Plasma.polarisation`) frequencies are right within 0.2 % for transverse
plasmons and within 2 % for longitudinal ones, at every temperature and density; the worst case is a hot gas of
electrons and positrons at T ≈ m_e/2 next to the light cone, degenerate electrons are far better.

A loss feels s, whose relative error is 2ω²/s times that of ω: in that gas up to 1.4 % for transverse plasmons, and the
loss by up to 4 % for n = 3 in R ∝ s^n (1.3 % for n = 1). In the Sun, red giants and white dwarfs losses are right
within 0.1 %.

Every decay considered here has the width

    Γ_T = 4π/(3ω) Z_T R(s),   Γ_L = 4π/(3ω) Z_L (ω²/s) R(s),

where Z is the residue of the propagator and R the *strength* of the coupling: `charge`, `dipole` or `weak`
(Raffelt 1996, section 6.5; his π_{T,L} is s here).

Ions are left out of the response (they are slower by the ratio of the masses), and so is the vacuum's own polarisation.

One module per subject: `electrons`, `loop` (the integrals over all of them), `plasmons` (the closed dispersion),
`couplings`, `losses`, `medium` (the plasma itself) and `collisions`. What callers need stands here.
"""

from nuem.physics.plasma.collisions import Scattering, scattering, transport_cross_section
from nuem.physics.plasma.couplings import (
    STATES,
    charge,
    charge_threshold,
    dipole,
    dipole_threshold,
    vector_couplings_squared,
    weak,
)
from nuem.physics.plasma.electrons import chemical_potential, electron_density, fermi_momentum, net_density, occupations
from nuem.physics.plasma.loop import Electrons
from nuem.physics.plasma.losses import Loss, erg_per_volume_and_time
from nuem.physics.plasma.medium import Plasma
from nuem.physics.plasma.plasmons import Mode, Plasmons, transverse_shape

__all__ = [
    "STATES",
    "Electrons",
    "Loss",
    "Mode",
    "Plasma",
    "Plasmons",
    "Scattering",
    "charge",
    "charge_threshold",
    "chemical_potential",
    "dipole",
    "dipole_threshold",
    "electron_density",
    "erg_per_volume_and_time",
    "fermi_momentum",
    "net_density",
    "occupations",
    "scattering",
    "transport_cross_section",
    "transverse_shape",
    "vector_couplings_squared",
    "weak",
]
