"""Coherent elastic scattering of neutrinos on nuclei of spin 0, with every electromagnetic property of the neutrino.

A neutrino of energy E gives a nucleus of mass M at rest the kinetic energy T. In natural Heaviside–Lorentz units

    dσ/dT = F² { G²M/π · [C + Zκ (q/(MT) − ⟨r²⟩/3)]² (1 − T/E − MT/2E²) + πα²Z²/m² (1/T − 1/E + T/4E²) μ² },

with κ = √2 πα/G, the electron's mass m, the charge q in units of e > 0, ⟨r²⟩ = 6 df/dq² and μ in Bohr magnetons.
C = Z g_V^p + N g_V^n is the nucleus' weak charge, negative for all but hydrogen, and F its form factor, taken equal for
protons and neutrons. Charge and radius interfere with the weak exchange; a moment flips the helicity and doesn't. For
antineutrinos the same holds, with q and ⟨r²⟩ of the neutrino. The chapter on coherent scattering derives all of it.

Conventions are those of `recoil`: energies in MeV, areas in cm². `weak_charge` contains the radiative corrections, and
with them the charge radius of the Standard Model, so a `radius` on top of it is what is *new*.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy.special import spherical_jn

from nuem.errors import NuemError
from nuem.physics import checks
from nuem.physics.kinematics import momentum_transfer_squared
from nuem.physics.recoil import Terms, flavour_shift
from nuem.physics.units import Units


class Nucleus(NamedTuple):
    """A nucleus by its protons, its neutrons (a mean over isotopes where it isn't whole), and its mass in MeV."""

    protons: int
    neutrons: float
    mass: float


_ISOTOPES = {  # protons, neutrons, name of the input with the mass of the atom
    "Ge-74": (32, 42, "atomic_mass_ge74"),
    "Ar-40": (18, 22, "atomic_mass_ar40"),
    "Xe-132": (54, 78, "atomic_mass_xe132"),
    "Cs-133": (55, 78, "atomic_mass_cs133"),
    "I-127": (53, 74, "atomic_mass_i127"),
}
ISOTOPES = tuple(_ISOTOPES)


def nucleus(name: str, inputs: Any) -> Nucleus:
    """One of `ISOTOPES`; the mass of the atom without its electrons, whose binding is left out.

    Raises:
        NuemError: the name is unknown.
    """
    checks.one_of("coherent", _ISOTOPES, nucleus=name)
    protons, neutrons, atom = _ISOTOPES[name]
    mass = getattr(inputs, atom) * inputs.atomic_mass_unit - protons * inputs.electron_mass
    return Nucleus(protons, neutrons, mass)


def weak_charge(target: Nucleus, inputs: Any, flavour: str = "e", transfer_squared: Any = 0.0) -> Any:
    """C = Z g_V^p + N g_V^n with the radiative corrections of the Standard Model.

    The proton's coupling to ν_μ is an input, and the other flavours differ by the loop of their own lepton,
    `recoil.flavour_shift`, which fades with the momentum transfer.

    Args:
        transfer_squared: Q² = 2MT in MeV², a number or an array.

    Raises:
        NuemError: there is no such flavour, or Q² is negative.
    """
    proton = inputs.proton_coupling_numu - flavour_shift(inputs, flavour, transfer_squared)
    return target.protons * proton + target.neutrons * inputs.neutron_coupling


def nuclear_radius(nucleons: float, inputs: Any) -> float:
    """R in 1/MeV, from R² = (c₁A^⅓ − c₀)² + 7π²a²/3 − 5s² (Lewin & Smith, Astropart. Phys. 6 (1996) 87, section 4).

    Raises:
        NuemError: there is no nucleon.
    """
    if not nucleons >= 1:
        raise NuemError(f"coherent: nucleons = {nucleons} is not allowed; give a number ≥ 1")
    ball = inputs.helm_radius_slope * nucleons ** (1 / 3) - inputs.helm_radius_offset
    soft = 7 / 3 * (math.pi * inputs.helm_diffuseness) ** 2 - 5 * inputs.helm_skin**2
    return math.sqrt(ball**2 + soft) * Units(inputs).fermi


def form_factor(momentum: Any, nucleons: float, inputs: Any) -> Any:
    """Helm's F = 3 j₁(QR)/QR · exp(−Q²s²/2): a ball of radius R with a soft skin s; Q in MeV.

    Raises:
        NuemError: a momentum isn't a finite number ≥ 0, or there is no nucleon.
    """
    checks.not_negative("coherent", momentum=momentum)
    momentum = np.asarray(momentum, dtype=float)
    x = np.maximum(momentum * nuclear_radius(nucleons, inputs), 1e-9)
    skin = momentum * inputs.helm_skin * Units(inputs).fermi
    return 3 * spherical_jn(1, x) / x * np.exp(-(skin**2) / 2)


def terms(recoil: Any, moments: Any, target: Nucleus, inputs: Any, flavour: str = "e") -> Terms:
    """dσ/dT in cm²/MeV, term by term, as the mean over all neutrinos of a beam.

    Args:
        recoil: kinetic energies T of the nucleus in MeV.
        moments: means of E⁰, E⁻¹ and E⁻² over the neutrinos that can give this recoil, the others counting as zero,
            with E in MeV; as `recoil.Flux.moments` gives them for `kinematics.minimum_energy`.

    Raises:
        NuemError: a recoil isn't positive, or there is no such flavour.
    """
    checks.positive("coherent", recoil=recoil)
    recoil = np.asarray(recoil, dtype=float)
    ones, inverse, squared = moments
    transfer_squared = momentum_transfer_squared(recoil, target.mass)
    units, alpha = Units(inputs), inputs.fine_structure_constant
    soft = form_factor(np.sqrt(transfer_squared), target.protons + target.neutrons, inputs) ** 2 / units.cm**2
    weak = weak_charge(target, inputs, flavour, transfer_squared)
    line = ones - recoil * (inverse + target.mass / 2 * squared)
    scale = units.fermi_constant**2 * target.mass / math.pi * soft * line
    kappa = target.protons * math.sqrt(2) * math.pi * alpha / units.fermi_constant
    per_charge, per_area = kappa / (target.mass * recoil), -kappa / 3 * units.cm**2
    flip = math.pi * (alpha * target.protons / inputs.electron_mass) ** 2 * soft
    return Terms(
        scale * weak**2,
        flip * (ones / recoil - inverse + recoil / 4 * squared),
        2 * scale * weak * per_charge,
        scale * per_charge**2,
        2 * scale * weak * per_area,
        scale * per_area**2,
        2 * scale * per_charge * per_area,
    )
