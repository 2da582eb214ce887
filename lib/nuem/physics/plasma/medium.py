"""A plasma: electrons, the plasmons they carry, and what these lose to pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import zeta

from nuem.errors import NuemError
from nuem.physics import checks
from nuem.physics.arrays import Array, Function
from nuem.physics.plasma.electrons import chemical_potential, fermi_momentum, occupations
from nuem.physics.plasma.loop import Electrons
from nuem.physics.plasma.losses import Loss, thermal
from nuem.physics.plasma.plasmons import Mode, Plasmons

_HOTTEST = 1e5  # electron masses; above all that an electron plasma has been, a temperature in kelvins is not
_NODES = 120  # of an integral over plasmons
_CLOSED_FORM_REACH = 0.1  # a closed form is refused where its small parameter is larger


@dataclass(frozen=True, kw_only=True)
class Plasma(Plasmons, Electrons):
    """A plasma as plasmons see it.

    Make one with `electrons` (exact), or with a closed form: `degenerate`, `classical`, `relativistic`.
    At temperature zero there are no plasmons, but they have a dispersion.
    """

    def __post_init__(self) -> None:
        Plasmons.__post_init__(self)
        Electrons.__post_init__(self)

    @classmethod
    def electrons(cls, density: float, temperature: float, electron_mass: float, alpha: float) -> Plasma:
        """Electrons and positrons in equilibrium; `density` is that of electrons minus positrons.

        Exact integrals over the Fermi–Dirac distributions f, Braaten & Segel (1993), eqs. (6) and (7):
        ω_P² = 4α/π ∫dp p²/E (1 − v²/3) f, ω_1² = 4α/π ∫dp p²/E (5v²/3 − v⁴) f, v_* = ω_1/ω_P.

        Raises:
            NuemError: negative density or temperature, a mass or a coupling that isn't positive, or no particles at
                all.

        >>> cold = Plasma.electrons(1.0, 0.0, 0.5, 1 / 137)
        >>> closed = Plasma.degenerate(1.0, 0.0, 0.5, 1 / 137)
        >>> round(cold.plasma_frequency / closed.plasma_frequency, 9), round(cold.velocity / closed.velocity, 9)
        (1.0, 1.0)
        """
        _check_medium(density, temperature, electron_mass, alpha)
        if temperature == 0:
            return cls.degenerate(density, temperature, electron_mass, alpha)
        potential = chemical_potential(density, temperature, electron_mass)
        p, weight, fermions, antifermions = occupations(potential, temperature, electron_mass)
        energy = np.hypot(p, electron_mass)
        v2 = (p / energy) ** 2
        measure = 4 * alpha / math.pi * weight * p**2 / energy * (fermions + antifermions)
        square = float(np.sum(measure * (1 - v2 / 3)))
        first = float(np.sum(measure * (5 * v2 / 3 - v2**2)))
        if square == 0:
            raise NuemError("plasma: there are no electrons; density and temperature leave none")
        return cls(
            plasma_frequency=math.sqrt(square),
            velocity=min(math.sqrt(first / square), 1.0),
            temperature=temperature,
            chemical_potential=potential,
            electron_mass=electron_mass,
            alpha=alpha,
        )

    @classmethod
    def degenerate(cls, density: float, temperature: float, electron_mass: float, alpha: float) -> Plasma:
        """Cold electrons: ω_P² = 4πα n/E_F, v_* = v_F.

        Raises:
            NuemError: bad input, or a temperature above a tenth of the kinetic Fermi energy.
        """
        _check_medium(density, temperature, electron_mass, alpha)
        if density == 0:
            raise NuemError("plasma: density = 0 is not allowed; a degenerate plasma has electrons")
        momentum = fermi_momentum(density)
        energy = math.hypot(momentum, electron_mass)
        kinetic = momentum**2 / (energy + electron_mass)
        if temperature > _CLOSED_FORM_REACH * kinetic:
            raise NuemError(
                f"plasma: the degenerate form fails at temperature = {temperature:g}; it holds up to "
                f"{_CLOSED_FORM_REACH * kinetic:.3g}, a tenth of the Fermi energy; use Plasma.electrons"
            )
        square = 4 * math.pi * alpha * density / energy
        return cls(
            plasma_frequency=math.sqrt(square),
            velocity=momentum / energy,
            temperature=temperature,
            chemical_potential=energy,
            electron_mass=electron_mass,
            alpha=alpha,
        )

    @classmethod
    def classical(cls, density: float, temperature: float, electron_mass: float, alpha: float) -> Plasma:
        """Thin and slow electrons, to first order in T/m: ω_P² = 4πα n/m (1 − 5T/2m), v_*² = 5T/m.

        Raises:
            NuemError: bad input, a temperature above a tenth of the mass, or a degenerate plasma (one state in phase
                space filled to more than a tenth).
        """
        _check_medium(density, temperature, electron_mass, alpha)
        if temperature > _CLOSED_FORM_REACH * electron_mass:
            raise NuemError(
                f"plasma: the classical form fails at temperature = {temperature:g}; it holds up to "
                f"{_CLOSED_FORM_REACH * electron_mass:.3g}, a tenth of the electron mass; use Plasma.electrons"
            )
        states = 2 * (electron_mass * temperature / (2 * math.pi)) ** 1.5
        if not 0 < density <= _CLOSED_FORM_REACH * states:
            raise NuemError(
                f"plasma: the classical form fails at density = {density:g}; it holds above zero and up to "
                f"{_CLOSED_FORM_REACH * states:.3g} at this temperature; use Plasma.electrons"
            )
        slow = temperature / electron_mass
        square = 4 * math.pi * alpha * density / electron_mass * (1 - 2.5 * slow)
        potential = electron_mass + temperature * math.log(density / states)
        if potential < 0:
            raise NuemError(f"plasma: the classical form fails at density = {density:g}; there are positrons, too")
        return cls(
            plasma_frequency=math.sqrt(square),
            velocity=math.sqrt(5 * slow),
            temperature=temperature,
            chemical_potential=potential,
            electron_mass=electron_mass,
            alpha=alpha,
        )

    @classmethod
    def relativistic(
        cls, chemical_potential: float, temperature: float, alpha: float, electron_mass: float = 0.0
    ) -> Plasma:
        """Fast electrons and positrons: ω_P² = 4α/3π (μ² + π²T²/3), v_* = 1.

        Raises:
            NuemError: bad input, or an electron mass above a tenth of both μ and T.
        """
        checks.not_negative(
            "plasma", chemical_potential=chemical_potential, temperature=temperature, electron_mass=electron_mass
        )
        checks.within("plasma", 0, 1, alpha=alpha)
        scale = max(chemical_potential, temperature)
        if not scale > 0:
            raise NuemError("plasma: chemical_potential and temperature are both zero; one of them must be positive")
        if electron_mass > _CLOSED_FORM_REACH * scale:
            raise NuemError(
                f"plasma: the relativistic form fails at electron_mass = {electron_mass:g}; it holds up to "
                f"{_CLOSED_FORM_REACH * scale:.3g}, a tenth of chemical potential or temperature; use Plasma.electrons"
            )
        square = 4 * alpha / (3 * math.pi) * (chemical_potential**2 + math.pi**2 * temperature**2 / 3)
        return cls(
            plasma_frequency=math.sqrt(square),
            velocity=1.0,
            temperature=temperature,
            chemical_potential=chemical_potential,
            electron_mass=electron_mass,
            alpha=alpha,
        )

    def solve_loop(self, k: float, kind: str = "transverse", *, full: bool = True) -> float:
        """ω of the plasmon with momentum k, from `polarisation` instead of Braaten & Segel's closed form.

        Raises:
            NuemError: unknown kind, or no undamped plasmon at this k.
        """
        checks.one_of("plasma", ("transverse", "longitudinal"), kind=kind)

        def off_shell(omega: float) -> float:
            transverse, longitudinal = self.polarisation(omega, k, full=full)
            return omega**2 - k**2 - transverse if kind == "transverse" else k**2 - longitudinal

        if kind == "longitudinal" and k == 0:
            raise NuemError("plasma: k = 0 is not allowed for a longitudinal wave in the loop; take a small one")
        low, high = k * (1 + 1e-12), math.hypot(k, 2 * self.plasma_frequency)
        if kind == "transverse":
            low = math.hypot(k, 0.7 * self.plasma_frequency)
        if not off_shell(low) * off_shell(high) < 0:
            raise NuemError(f"plasma: there is no undamped {kind} plasmon at k = {k:g}")
        return float(brentq(off_shell, low, high, rtol=1e-13))

    def energy_loss(self, strength: Function, *, mass: float = 0.0, nodes: int = _NODES) -> Loss:
        """Energy per volume and time, in units of energy to the fifth power, that pairs carry away.

        Q = Σ_pol ∫ d³k/(2π)³ ω Γ/(e^{ω/T} − 1), over plasmons with s > 4 mass².

        Args:
            strength: R as a function of s alone, such as `lambda s: charge(s, eps, alpha)`; see `charge`, `dipole` and
                `weak`.
            mass: of each particle of the pair; the same as in `strength`.
            nodes: of the quadrature.

        Raises:
            NuemError: bad input, or a temperature so low against ω_P that no plasmon is left in double precision.
        """
        checks.not_negative("plasma", mass=mass)
        _check_strength(strength)
        pairs = thermal(self, self.temperature, lambda mode: strength(mode.s), mass, nodes)
        return Loss(pairs.transverse * 2 / (3 * math.pi), pairs.longitudinal * 2 / (3 * math.pi))

    def loss_factor(self, power: int) -> Loss:
        """The factor Q_n in Q = 8ζ(3)T³/3π · C (ω_P²/4π)^n Q_n, for massless pairs and the strength R = C (s/4π)^n.

        Q_n = 1/(4ζ(3)T³) Σ_pol ∫dk k² Z (s/ω_P²)^n/(e^{ω/T} − 1), for longitudinal plasmons with Z_L ω²/s
        (Raffelt 1996, eq. 6.97). n = 1 for a charge, 2 for a dipole moment, 3 for the weak current.

        Raises:
            NuemError: as `energy_loss`.
        """
        checks.not_negative("plasma", power=power)

        def weight(mode: Mode) -> Array:
            return (mode.s / self.plasma_frequency**2) ** power

        pairs = thermal(self, self.temperature, weight, 0.0, _NODES)
        scale = 4 * zeta(3) * self.temperature**3
        return Loss(pairs.transverse / scale, pairs.longitudinal / scale)


def _check_strength(strength: Function) -> None:
    try:
        strength(np.ones(1))
    except TypeError as error:
        name = getattr(strength, "__name__", type(strength).__name__)
        raise NuemError(
            f"plasma: strength = {name} is not a function of s alone ({error}); write for instance "
            "energy_loss(lambda s: plasma.charge(s, eps, alpha))"
        ) from error


def _check_medium(density: float, temperature: float, electron_mass: float, alpha: float) -> None:
    checks.not_negative("plasma", density=density, temperature=temperature, electron_mass=electron_mass)
    if electron_mass == 0:
        raise NuemError("plasma: electron_mass = 0 is not allowed here; use Plasma.relativistic")
    if temperature > _HOTTEST * electron_mass:
        raise NuemError(
            f"plasma: temperature = {temperature:g} is {temperature / electron_mass:.1e} electron masses; give it in "
            "the unit of electron_mass: kelvins become MeV by nuem.physics.units, `1.5e7 * Units(now).kelvin`"
        )
    checks.within("plasma", 0, 1, alpha=alpha)
