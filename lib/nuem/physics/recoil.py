"""Recoil spectra of free electrons hit by neutrinos, with every electromagnetic property.

A neutrino of energy E gives an electron at rest the kinetic energy T. In natural Heaviside–Lorentz units

    dσ/dT = G²m/2π · [(g_V + g_A)² + (g_V − g_A)² (1 − T/E)² + (g_A² − g_V²) mT/E²] + πα²/m² (1/T − 1/E) μ²,

with μ in Bohr magnetons. A charge and a charge radius scatter without a flip of the helicity, so they interfere with
the weak exchange and with each other: they shift g_V by

    g_V → g_V − (√2 πα/G) [q/(mT) − ⟨r²⟩/3],    q in units of e > 0.

A dipole flips the helicity; for massless neutrinos it interferes with nothing. Source: Vogel & Engel, Phys. Rev. D 39
(1989) 3378, and Giunti & Studenikin, Rev. Mod. Phys. 87 (2015) 531; derived with explicit
traces in the chapter on the reactor limits of the magnetic moment.

Conventions: `charge` and `radius` are those of the *neutrino*, f_Q(q²) = q + q²⟨r²⟩/6 with q² < 0 in scattering, so
that the Standard Model's ⟨r²⟩ of ν_e is negative. For the antineutrino, whose charge is the opposite, only g_A changes
sign. Energies are in MeV, areas in cm².

The weak part is as good as its g_V and g_A. `couplings` gives the tree level, as the reviewed papers have it: as a
prediction of the Standard Model it is 4 to 8 % too high for ν_e and ν̄_e and up to 6 % too low for ν_μ and ν_τ.
`corrected_couplings` contains the radiative corrections, all but those by real and virtual photons of the electron,
which lower the total rate by another 0.5 to 1 % at a few MeV. The largest correction *is* the charge radius that the
Standard Model gives the neutrino. So a `radius` on top of tree-level couplings is the whole one; on top of corrected
couplings it is what is *new*, beside the Standard Model's, and must not be compared with −8e-33 cm².

Everything here takes arrays. The functions return `Terms`: what multiplies 1, μ², q, q², ⟨r²⟩, ⟨r²⟩² and q⟨r²⟩.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nuem.errors import NuemError, allowed
from nuem.physics import checks, kinematics, quadrature
from nuem.physics.arrays import Array
from nuem.physics.units import Units


class Constants(NamedTuple):
    """Constants of nature: m in MeV, G in MeV⁻², α, and one MeV⁻² in cm²."""

    mass: float
    fermi: float
    alpha: float
    area: float

    @classmethod
    def of(cls, inputs: Any) -> Constants:
        """From a chapter's inputs of one vintage, such as `chapter.today`.

        Raises:
            NuemError: one of them isn't a positive number.
        """
        units = Units(inputs)
        constants = cls(inputs.electron_mass, units.fermi_constant, inputs.fine_structure_constant, units.cm**-2)
        constants.check()
        return constants

    def check(self) -> None:
        """
        >>> Constants(-0.5, 1e-11, 1 / 137, 4e-22).check()
        Traceback (most recent call last):
        nuem.errors.NuemError: recoil: mass = -0.5 is not allowed; give a finite number > 0
        """
        checks.positive("recoil", **self._asdict())


class Terms(NamedTuple):
    """The terms of a cross section: what multiplies 1, μ², q, q², ⟨r²⟩, ⟨r²⟩² and q⟨r²⟩ (μ_B, e and cm²)."""

    weak: Array
    moment_squared: Array
    charge: Array
    charge_squared: Array
    radius: Array
    radius_squared: Array
    charge_times_radius: Array

    def total(self, *, moment: float = 0, charge: float = 0, radius: float = 0) -> Array:
        """The cross section for a magnetic moment in μ_B, a charge in e and a squared charge radius in cm².

        >>> Terms(1, 10, 2, 3, 0, 0, 0).total(moment=1, charge=-1)
        12
        """
        return (
            self.weak
            + self.moment_squared * moment**2
            + (self.charge + self.charge_squared * charge) * charge
            + (self.radius + self.radius_squared * radius + self.charge_times_radius * charge) * radius
        )


def couplings(mixing: float, *, flavour: str = "e", antineutrino: bool = False) -> tuple[float, float]:
    """g_V and g_A of a neutrino on electrons at tree level, from sin²θ_W; electron neutrinos also exchange a W.

    As a prediction of the Standard Model this is wrong by several per cent; see `corrected_couplings`.

    Raises:
        NuemError: sin²θ_W isn't inside (0, 1), or there is no such flavour.

    >>> couplings(0.25), couplings(0.25, antineutrino=True), couplings(0.25, flavour="mu")
    ((1.0, 0.5), (1.0, -0.5), (0.0, -0.5))
    """
    if not 0 < mixing < 1:
        raise NuemError(f"recoil: mixing = {mixing:g} is not allowed; sin²θ_W lies inside 0 to 1")
    _check_flavour(flavour)
    half = 0.5 if flavour == "e" else -0.5
    return 2 * mixing + half, -half if antineutrino else half


_LEPTONS = {"e": "electron_mass", "mu": "muon_mass", "tau": "tau_mass"}


def _check_flavour(flavour: str) -> None:
    if flavour not in _LEPTONS:
        raise NuemError(f"recoil: unknown flavour {flavour!r}; {allowed(_LEPTONS, flavour)}")


def corrected_couplings(
    inputs: Any, *, flavour: str = "e", antineutrino: bool = False, transfer_squared: ArrayLike = 0.0
) -> tuple[Any, float]:
    """g_V and g_A of a neutrino on electrons with the radiative corrections of the Standard Model.

    The numbers for ν_μ are inputs (Erler & Su, Prog. Part. Nucl. Phys. 71 (2013) 119, as evaluated by Atzori Corona and
    others, Phys. Rev. D 107 (2023) 053001). The other flavours differ by the loop of their own charged lepton,
    `flavour_shift`; and ν_e exchanges a W, normalised by the Fermi constant, so that one is added to both couplings.
    They don't depend on the input of sin²θ_W: it is inside the numbers for ν_μ.

    Args:
        inputs: today's inputs of a chapter; the reviewed papers use the tree level.
        transfer_squared: Q² = 2mT in MeV². Its effect is small: at T = 5 MeV g_V of ν_e is larger by 0.0012 than at
            zero, at the tens of keV that germanium sees beside a reactor by less than a ten-thousandth.

    Raises:
        NuemError: there is no such flavour, or Q² is negative.
    """
    vector = inputs.electron_vector_coupling_numu + flavour_shift(inputs, flavour, transfer_squared)
    axial = inputs.electron_axial_coupling_numu
    if flavour == "e":
        vector, axial = vector + 1, axial + 1
    return vector, -axial if antineutrino else axial


def flavour_shift(inputs: Any, flavour: str, transfer_squared: ArrayLike = 0.0) -> Any:
    """How the vector coupling to a charge −1 differs from that of ν_μ at Q² = 0: the loop of the neutrino's own lepton.

    δ = α/3π · [6∫₀¹ x(1−x) ln(m_ℓ² + x(1−x)Q²) dx − ln m_μ²], for a target of another charge times minus that charge.
    At Q² = 0 it is the difference of two charge radii, which the chapter about them derives; it fades as Q² exceeds the
    mass squared of the lepton. Source: Bahcall, Kamionkowski & Sirlin, Phys. Rev. D 51 (1995) 6146, appendix A, whose
    I(T) is a sixth of the integral's growth from zero to Q² = 2mT.

    Args:
        transfer_squared: Q² in MeV², a number or an array.

    Raises:
        NuemError: there is no such flavour, or Q² is negative.
    """
    _check_flavour(flavour)
    transfer = np.asarray(transfer_squared, dtype=float)
    if not (np.all(transfer >= 0) and np.all(np.isfinite(transfer))):
        raise NuemError("recoil: transfer_squared is not allowed; give finite numbers ≥ 0")
    mass = getattr(inputs, _LEPTONS[flavour])
    share = (1 + _FINE_NODES) / 2
    product = share * (1 - share)
    growth = np.log1p(product * transfer[..., None] / mass**2) @ (3 * product * _FINE_WEIGHTS)
    shift = inputs.fine_structure_constant / (3 * math.pi) * (2 * math.log(mass / inputs.muon_mass) + growth)
    return shift if transfer.ndim else float(shift)


_FINE_NODES, _FINE_WEIGHTS = quadrature.legendre(32)


class Flux:
    """A spectrum of neutrino energies, linear between the points of a table and zero outside.

    Args:
        energies: in MeV, increasing.
        density: neutrinos per MeV at these energies, in any unit.

    Raises:
        NuemError: an energy isn't positive, they don't increase, or the density is negative or zero everywhere.
    """

    def __init__(self, energies: ArrayLike, density: ArrayLike):
        self.energies = np.asarray(energies, dtype=float)
        self.density = np.asarray(density, dtype=float)
        if self.energies.ndim != 1 or self.energies.shape != self.density.shape or self.energies.size < 2:
            raise NuemError("flux: energies and density are two tables of equal length, with two points or more")
        if not (
            np.all(self.energies > 0) and np.all(np.diff(self.energies) > 0) and np.all(np.isfinite(self.energies))
        ):
            raise NuemError("flux: energies is not allowed; give positive numbers that increase")
        if not (np.all(self.density >= 0) and np.all(np.isfinite(self.density)) and np.any(self.density > 0)):
            raise NuemError("flux: density is not allowed; give finite numbers ≥ 0, some of them larger")
        self._slope = np.append(np.diff(self.density) / np.diff(self.energies), 0.0)
        self._offset = self.density - self._slope * self.energies
        panels = np.array(
            [self._primitive(self.energies[1:], n) - self._primitive(self.energies[:-1], n) for n in range(3)]
        )
        # integrals from each point of the table to its end
        self._above = np.concatenate([np.cumsum(panels[:, ::-1], axis=1)[:, ::-1], np.zeros((3, 1))], axis=1)
        self.total = float(self._above[0, 0])

    @property
    def end(self) -> float:
        """The largest energy, in MeV."""
        return float(self.energies[-1])

    def _primitive(self, energy: Array, power: int, panel: Any = slice(0, -1)) -> Array:
        """A primitive of (offset + slope E) E^−power on the given panels."""
        offset, slope = self._offset[panel], self._slope[panel]
        if power == 0:
            return offset * energy + slope * energy**2 / 2
        if power == 1:
            return offset * np.log(energy) + slope * energy
        return -offset / energy + slope * np.log(energy)

    def moments(self, lowest: ArrayLike) -> tuple[Array, Array, Array]:
        """Integrals of E⁰, E⁻¹ and E⁻² over the energies above `lowest`, divided by the integral of all.

        >>> flat = Flux([1, 2], [1, 1])
        >>> [round(float(moment), 6) for moment in flat.moments(1.5)] == [0.5, round(math.log(4 / 3), 6), 0.166667]
        True
        """
        energy = np.clip(np.asarray(lowest, dtype=float), self.energies[0], self.energies[-1])
        panel = np.clip(np.searchsorted(self.energies, energy, side="right") - 1, 0, self.energies.size - 2)
        upper = self.energies[panel + 1]
        zeroth, first, second = (
            (self._above[n, panel + 1] + self._primitive(upper, n, panel) - self._primitive(energy, n, panel))
            / self.total
            for n in range(3)
        )
        return zeroth, first, second


def terms(recoil: ArrayLike, beam: ArrayLike | Flux, constants: Constants, g_V: float, g_A: float) -> Terms:
    """dσ/dT of a free electron in cm²/MeV, term by term.

    Args:
        recoil: kinetic energy T of the electron in MeV.
        beam: energy of the neutrino in MeV, or a `Flux`, which gives the mean over all its neutrinos; those that
            can't give the recoil count as zero.

    Raises:
        NuemError: a recoil isn't positive or, for a given energy, lies above its end point.

    >>> nature = Constants(0.511, 1.166e-11, 1 / 137, 3.894e-22)
    >>> weak = terms(0.01, 1.0, nature, 1.0, -0.5)
    >>> bool(weak.moment_squared > 0 > weak.charge)
    True
    """
    constants.check()
    recoil = np.asarray(recoil, dtype=float)
    if not (np.all(recoil > 0) and np.all(np.isfinite(recoil))):
        raise NuemError("recoil: a recoil is not allowed; give finite numbers > 0")
    mass, fermi, alpha, area = constants
    if isinstance(beam, Flux):
        ones, inverse, squared = beam.moments(kinematics.minimum_energy(recoil, mass))
    else:
        energy = np.asarray(beam, dtype=float)
        _check_end_point(recoil, energy, mass)
        ones, inverse = np.ones_like(energy), 1 / energy
        squared = inverse**2
    # Averages of 1, (1 − T/E)² and mT/E².
    right = ones - recoil * (2 * inverse - recoil * squared)
    mixed = mass * recoil * squared
    scale = fermi**2 * mass / (2 * math.pi) * area
    weak = scale * ((g_V + g_A) ** 2 * ones + (g_V - g_A) ** 2 * right + (g_A**2 - g_V**2) * mixed)
    linear = 2 * scale * ((g_V + g_A) * ones + (g_V - g_A) * right - g_V * mixed)  # per shift of g_V
    quadratic = scale * (ones + right - mixed)
    coulomb = -math.sqrt(2) * math.pi * alpha / fermi / mass  # shift of g_V by one charge, times T
    per_area = math.sqrt(2) * math.pi * alpha / fermi / 3 / area  # shift of g_V by one cm²
    per_charge = coulomb / recoil
    return Terms(
        weak,
        math.pi * (alpha / mass) ** 2 * area * (ones / recoil - inverse),
        per_charge * linear,
        per_charge**2 * quadratic,
        per_area * linear,
        per_area**2 * quadratic,
        2 * per_charge * per_area * quadratic,
    )


def _check_end_point(recoil: Array, energy: Array, mass: float) -> None:
    end = kinematics.maximum_recoil(energy, mass)
    if not np.all(recoil <= end):
        recoil, end = np.broadcast_arrays(recoil, end)
        worst = np.unravel_index(np.argmax(recoil - end), recoil.shape)
        raise NuemError(
            f"recoil: recoil = {recoil[worst]:g} MeV lies above the end point; allowed are 0 to {end[worst]:g}"
        )


_NODES, _WEIGHTS = quadrature.legendre(8)


def binned(
    edges: ArrayLike,
    beam: float | Flux,
    constants: Constants,
    g_V: float,
    g_A: float,
    weight: Callable[[Array], Array] | None = None,
) -> Terms:
    """The terms integrated over bins of the recoil, in cm²; for n + 1 edges in MeV, arrays of length n.

    Args:
        weight: function of the recoil that multiplies dσ/dT, such as an efficiency; put edges where it jumps.

    Raises:
        NuemError: the first edge isn't positive, a bin is empty, or an edge lies above the end point.

    >>> nature = Constants(0.511, 1.166e-11, 1 / 137, 3.894e-22)
    >>> binned([0.01, 0.01], 1.0, nature, 1.0, -0.5)
    Traceback (most recent call last):
    nuem.errors.NuemError: recoil: a bin is empty; the edges must increase
    """
    constants.check()
    edges = np.asarray(edges, dtype=float)
    energy = beam.end if isinstance(beam, Flux) else float(beam)
    if edges.ndim != 1 or edges.size < 2 or not np.all(np.diff(edges) > 0):
        raise NuemError("recoil: a bin is empty; the edges must increase")
    end = kinematics.maximum_recoil(energy, constants.mass)
    if not (edges[0] > 0 and edges[-1] <= end):
        raise NuemError(
            f"recoil: threshold = {edges[0]:g} MeV or upper edge = {edges[-1]:g} MeV is not allowed; "
            f"the recoils lie above 0 and up to the end point, {end:g} MeV"
        )
    # The terms are powers of T, so quadrature in ln T is exact to many digits also for wide bins.
    middle, half = np.log(edges[1:] * edges[:-1]) / 2, np.log(edges[1:] / edges[:-1]) / 2
    recoil = np.exp(middle[:, None] + half[:, None] * _NODES)
    factor = half[:, None] * _WEIGHTS * recoil
    if weight is not None:
        factor = factor * weight(recoil)
    return Terms(*(np.sum(term * factor, axis=1) for term in terms(recoil, beam, constants, g_V, g_A)))
