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
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, zeta

from nuem.errors import NuemError, allowed
from nuem.physics.units import Units

_POWERS = 2 * np.arange(20)  # of the two series in x; 0.4^40 ends them
_TRANSVERSE, _LONGITUDINAL = 3 / ((_POWERS + 1) * (_POWERS + 3)), 3 / (_POWERS + 3)
_STRONG_SCREENING = [(-1) ** n / ((n + 1) * (n + 2)) for n in range(7)]  # of (1 + 1/w) ln(1 + w) − 1, over w
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(120)
_THERMAL_REACH = 45.0  # e^−45 ends every thermal integral
_EXPONENT_REACH = 700.0  # e^700 is about the largest double
_CLOSED_FORM_REACH = 0.1  # a closed form is refused where its small parameter is larger

Strength = Callable[[Any], Any]  # of s, in units of energy squared, as s itself


# -- the plasma --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plasma:
    """A plasma as plasmons see it.

    Make one with `electrons` (exact), or with a closed form: `degenerate`, `classical`, `relativistic`.

    Attributes:
        plasma_frequency: ω_P, the frequency of a uniform oscillation.
        velocity: Braaten and Segel's v_*, between 0 and 1.
        temperature: 0 is allowed; there are no plasmons then, but they have a dispersion.
        chemical_potential: of the electrons, rest mass included; the positrons have the opposite one.
        electron_mass, alpha: what the medium is made of.
    """

    plasma_frequency: float
    velocity: float
    temperature: float
    chemical_potential: float
    electron_mass: float
    alpha: float

    def __post_init__(self) -> None:
        _check(plasma_frequency=self.plasma_frequency, temperature=self.temperature, alpha=self.alpha)
        _check(electron_mass=self.electron_mass, chemical_potential=self.chemical_potential)
        if not 0 < self.velocity <= 1:
            raise NuemError(f"plasma: velocity = {self.velocity:g} is not allowed; it lies above 0 and up to 1")
        if self.plasma_frequency == 0:
            raise NuemError("plasma: plasma_frequency = 0 is not allowed; a plasma has charges")

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
        p, weight, fermions, antifermions = _momenta(potential, temperature, electron_mass)
        energy = np.hypot(p, electron_mass)
        v2 = (p / energy) ** 2
        measure = 4 * alpha / math.pi * weight * p**2 / energy * (fermions + antifermions)
        square = float(np.sum(measure * (1 - v2 / 3)))
        first = float(np.sum(measure * (5 * v2 / 3 - v2**2)))
        if square == 0:
            raise NuemError("plasma: there are no electrons; density and temperature leave none")
        return cls(math.sqrt(square), min(math.sqrt(first / square), 1.0), temperature, potential, electron_mass, alpha)

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
        return cls(math.sqrt(square), momentum / energy, temperature, energy, electron_mass, alpha)

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
        return cls(math.sqrt(square), math.sqrt(5 * slow), temperature, potential, electron_mass, alpha)

    @classmethod
    def relativistic(
        cls, chemical_potential: float, temperature: float, alpha: float, electron_mass: float = 0.0
    ) -> Plasma:
        """Fast electrons and positrons: ω_P² = 4α/3π (μ² + π²T²/3), v_* = 1.

        Raises:
            NuemError: bad input, or an electron mass above a tenth of both μ and T.
        """
        _check(chemical_potential=chemical_potential, temperature=temperature, electron_mass=electron_mass)
        _check_alpha(alpha)
        scale = max(chemical_potential, temperature)
        if not scale > 0:
            raise NuemError("plasma: chemical_potential and temperature are both zero; one of them must be positive")
        if electron_mass > _CLOSED_FORM_REACH * scale:
            raise NuemError(
                f"plasma: the relativistic form fails at electron_mass = {electron_mass:g}; it holds up to "
                f"{_CLOSED_FORM_REACH * scale:.3g}, a tenth of chemical potential or temperature; use Plasma.electrons"
            )
        square = 4 * alpha / (3 * math.pi) * (chemical_potential**2 + math.pi**2 * temperature**2 / 3)
        return cls(math.sqrt(square), 1.0, temperature, chemical_potential, electron_mass, alpha)

    # -- plasmons ------------------------------------------------------------------------------------------------------

    def transverse(self, k: Any) -> Mode:
        """Transverse plasmons of momentum k, from Braaten & Segel's dispersion relation.

        The residue is Z_T = 1/(1 − ∂Π_T/∂ω²).

        >>> plasma = Plasma(1.0, 0.5, 1.0, 1.0, 1.0, 1 / 137)
        >>> mode = plasma.transverse(0.0)
        >>> float(mode.omega), float(mode.residue)
        (1.0, 1.0)
        """
        k = _momentum(k)
        s = np.full_like(k, self.plasma_frequency**2)
        for _ in range(60):
            last, s = s, self.plasma_frequency**2 * transverse_shape(self.velocity * k / np.sqrt(k**2 + s))
            if np.all(np.abs(s - last) <= 1e-15 * s):
                break
        omega2 = k**2 + s
        gap = s + (1 - self.velocity**2) * k**2  # ω² − v_*²k², without a difference of large numbers
        below = 3 * self.plasma_frequency**2 * omega2 + (omega2 + k**2) * gap - 2 * omega2 * s
        return Mode(k, np.sqrt(omega2), s, 2 * omega2 * gap / below)

    def longitudinal(self, k: Any) -> Mode:
        """Longitudinal plasmons of momentum k, up to `longitudinal_end`, where they reach the light cone.

        The residue is defined by 1/(k² − Π_L) → (ω²/k²) Z_L/(ω² − ω_L²).

        Raises:
            NuemError: k is negative or above the end; such a wave can't decay, electrons absorb it.

        >>> plasma = Plasma(1.0, 0.5, 1.0, 1.0, 1.0, 1 / 137)
        >>> mode = plasma.longitudinal(0.0)
        >>> float(mode.omega), float(mode.residue)
        (1.0, 1.0)
        """
        k = _momentum(k)
        end = self.longitudinal_end
        if np.any(k > end * (1 + 1e-12)):
            raise NuemError(
                f"plasma: k = {k.max():g} is too large for a longitudinal plasmon; allowed are 0 to {end:g}"
            )
        # k = 0 … k in y = artanh(v_*k/ω); (v_*k)² = 3 ω_P² (y/tanh y − 1) > 3 ω_P² (y − 1) gives the upper end
        low, high = np.zeros_like(k), 1 + (self.velocity * k / self.plasma_frequency) ** 2 / 3
        for _ in range(70):
            middle = (low + high) / 2
            above = self._longitudinal_momentum(middle) > k
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return self._longitudinal_at((low + high) / 2)

    def _longitudinal_at(self, y: Any) -> Mode:
        """The longitudinal plasmon with y = artanh(v_*k/ω)."""
        k = self._longitudinal_momentum(y)
        omega2 = self.plasma_frequency**2 * _longitudinal_shape_at(y)
        s = np.maximum(omega2 - k**2, np.finfo(float).eps * omega2)  # the end itself is on the light cone
        gap = omega2 / np.cosh(np.minimum(y, 300.0)) ** 2  # ω² − v_*²k²
        return Mode(k, np.sqrt(omega2), s, 2 * gap / (3 * self.plasma_frequency**2 - gap))

    @cached_property
    def longitudinal_end(self) -> float:
        """The momentum at which a longitudinal plasmon reaches the light cone; infinite for v_* = 1."""
        if self.velocity == 1:
            return math.inf
        return float(self._longitudinal_momentum(np.arctanh(self.velocity)))

    def _longitudinal_momentum(self, y: Any) -> Any:
        """k as a function of y = artanh(v_*k/ω)."""
        return np.tanh(y) / self.velocity * self.plasma_frequency * np.sqrt(_longitudinal_shape_at(y))

    # -- the loop itself -----------------------------------------------------------------------------------------------

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
        _check(omega=omega, k=k)
        invariant = omega**2 - k**2
        if not invariant > 0:
            raise NuemError(f"plasma: omega = {omega:g} is not above k = {k:g}; only timelike waves are undamped")
        if full and invariant >= 4 * self.electron_mass**2:
            raise NuemError(
                f"plasma: K² = {invariant:g} is not below 4 m_e² = {4 * self.electron_mass**2:g}, where the full loop "
                "would create pairs of bare electrons; use full=False"
            )
        p, weight, fermions, antifermions = _momenta(self.chemical_potential, self.temperature, self.electron_mass)
        energy = np.hypot(p, self.electron_mass)
        recoil = invariant / 2 if full else 0.0
        measure = 4 * self.alpha / math.pi * weight * p**2 / energy * (fermions + antifermions)
        transverse, longitudinal = _angles(energy, p, omega, k, recoil)
        return float(-np.sum(measure * transverse)), float(-np.sum(measure * longitudinal))

    def solve_loop(self, k: float, kind: str = "transverse", *, full: bool = True) -> float:
        """ω of the plasmon with momentum k, from `polarisation` instead of Braaten & Segel's closed form.

        Raises:
            NuemError: unknown kind, or no undamped plasmon at this k.
        """
        if kind not in ("transverse", "longitudinal"):
            raise NuemError(f"plasma: no plasmons are called {kind!r}; {allowed(['transverse', 'longitudinal'], kind)}")

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

    @property
    def screening(self) -> float:
        """Wave number k_e below which the electrons screen a static charge, k_e² = 4α/π ∫dp p² (−∂f/∂E).

        Debye's for thin electrons, that of Thomas and Fermi for degenerate ones, 4αp_F E_F/π.

        >>> cold = Plasma.electrons(1 / (3 * np.pi**2), 1e-3, 1e-3, np.pi / 4)  # p_F = E_F = 1
        >>> round(cold.screening, 5)
        1.0
        """
        return math.sqrt(self.landau(0.0)[0].real)

    def landau(self, u: Any) -> tuple[Any, Any]:
        """P_L and Π_T, the kinetic response at the phase velocity u = ω/k, below that of light; complex.

        The longitudinal dielectric function is ε_L = 1 + P_L/k², the transverse propagator 1/(ω² − k² − Π_T). With
        r = u/v and the weight 4α/π ∫dp p² (−∂f/∂E), over electrons and positrons,

            P_L = ⟨1 + r ℓ⟩,   Π_T = ⟨v² [r² − (1 − r²) r ℓ]⟩/2,   ℓ = ½ ln|(1 − r)/(1 + r)| + iπ/2 (r² < 1);

        electrons with v cos ϑ = u ride the wave and absorb it (Landau damping). Holds for k well below the momenta of
        the electrons. In `polarisation`, Π_L is −P_L.

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
        p, weight, fermions, antifermions = _momenta(
            self.chemical_potential, self.temperature, self.electron_mass, riding
        )
        slope = (fermions * (1 - fermions) + antifermions * (1 - antifermions)) / self.temperature
        measure = 4 * self.alpha / math.pi * weight * p**2 * slope
        v = p / np.hypot(p, self.electron_mass)
        r = u[..., None] / v
        log = np.log(np.abs((1 - r) / (1 + r))) / 2 + 0.5j * math.pi * (np.abs(r) < 1)
        longitudinal, transverse = 1 + r * log, (r**2 - (1 - r**2) * r * log) / 2
        return np.sum(longitudinal * measure, axis=-1), np.sum(transverse * v**2 * measure, axis=-1)

    # -- energy loss ---------------------------------------------------------------------------------------------------

    def energy_loss(self, strength: Strength, *, mass: float = 0.0, nodes: int = 120) -> Loss:
        """Energy per volume and time, in units of energy to the fifth power, that pairs carry away.

        Q = Σ_pol ∫ d³k/(2π)³ ω Γ/(e^{ω/T} − 1), over plasmons with s > 4 mass².

        Args:
            strength: R(s); see `charge`, `dipole` and `weak`.
            mass: of each particle of the pair; the same as in `strength`.
            nodes: of the quadrature.

        Raises:
            NuemError: bad input, or a temperature so low against ω_P that no plasmon is left in double precision.
        """
        _check(mass=mass)
        weight = lambda mode: strength(mode.s)  # noqa: E731
        return Loss(
            2 * self._transverse_integral(weight, mass, nodes) * 2 / (3 * math.pi),
            self._longitudinal_integral(weight, mass, nodes) * 2 / (3 * math.pi),
        )

    def loss_factor(self, power: int, shape: Strength | None = None, *, mass: float = 0.0, nodes: int = 120) -> Loss:
        """The factor Q_n in Q = 8ζ(3)T³/3π · C (ω_P²/4π)^n Q_n, for the strength R = C (s/4π)^n times `shape`.

        Q_n = 1/(4ζ(3)T³) Σ_pol ∫dk k² Z (s/ω_P²)^n/(e^{ω/T} − 1), for longitudinal plasmons with Z_L ω²/s
        (Raffelt 1996, eq. 6.97). n = 1 for a charge, 2 for a dipole moment, 3 for the weak current.

        Raises:
            NuemError: as `energy_loss`.
        """
        _check(mass=mass, power=power)
        shape = shape or np.ones_like
        weight = lambda mode: (mode.s / self.plasma_frequency**2) ** power * shape(mode.s)  # noqa: E731
        scale = 4 * zeta(3) * self.temperature**3 if self.temperature else 1.0
        return Loss(
            2 * self._transverse_integral(weight, mass, nodes) / scale,
            self._longitudinal_integral(weight, mass, nodes) / scale,
        )

    def _check_thermal(self) -> None:
        if not self.temperature > self.plasma_frequency / 600:
            raise NuemError(
                f"plasma: temperature = {self.temperature:g} is too low for plasmons of ω_P = "
                f"{self.plasma_frequency:g}; the smallest is {self.plasma_frequency / 600:.3g}"
            )

    def _transverse_integral(self, weight: Callable[[Mode], Any], mass: float, nodes: int) -> float:
        """∫dk k² Z weight/(e^{ω/T} − 1) over transverse plasmons above the threshold."""
        self._check_thermal()
        top = self.plasma_frequency + _THERMAL_REACH * self.temperature
        end = math.sqrt(top**2 - self.plasma_frequency**2)
        threshold = 4 * mass**2
        if float(self.transverse(end).s) <= threshold:
            return 0.0
        start = 0.0
        if self.plasma_frequency**2 < threshold:  # s grows with k; it is the shape F that has to reach the threshold
            ratio = threshold / self.plasma_frequency**2
            x = brentq(lambda x: float(transverse_shape(x)) - ratio, 0.0, self.velocity, rtol=1e-14)
            start = x * math.sqrt(threshold / (self.velocity**2 - x**2))
        k, measure = _from(start, end, nodes)
        mode = self.transverse(k)
        value = k**2 * mode.residue * weight(_above(mode, threshold)) / np.expm1(mode.omega / self.temperature)
        return float(np.sum(measure * value))

    def _longitudinal_integral(self, weight: Callable[[Mode], Any], mass: float, nodes: int) -> float:
        """∫dk k² Z (ω²/s) weight/(e^{ω/T} − 1) over longitudinal plasmons inside the light cone."""
        self._check_thermal()
        threshold = 4 * mass**2
        if self.plasma_frequency**2 <= threshold:
            return 0.0
        # The residue falls as e^−2y, and k > ω_P y^½: beyond 40 nothing is left.
        end = min(math.atanh(self.velocity), 40.0) if self.velocity < 1 else 40.0
        if threshold and float(self._longitudinal_at(end).s) < threshold:  # s falls with k
            ratio = threshold / self.plasma_frequency**2

            def excess(y: float) -> float:
                return float(_longitudinal_shape_at(y)) * (1 - (math.tanh(y) / self.velocity) ** 2) - ratio

            end = brentq(excess, 0.0, end, rtol=1e-14)
        y, measure = _from(end, 0.0, nodes)
        mode = _above(self._longitudinal_at(y), threshold)
        slope = 1.5 * (self.plasma_frequency / self.velocity) ** 2 * _rapidity_slope(y) / mode.k  # dk/dy
        value = mode.k**2 * slope * mode.residue * mode.omega**2 * weight(mode) / mode.s
        return float(-np.sum(measure * value / np.expm1(np.minimum(mode.omega / self.temperature, 700.0))))


@dataclass(frozen=True)
class Mode:
    """Plasmons of given momenta: arrays of k, ω, s = ω² − k² and residue Z."""

    k: Any
    omega: Any
    s: Any
    residue: Any

    def width_transverse(self, strength: Strength) -> Any:
        """Γ_T = 4π/(3ω) Z_T R(s), in units of energy, for each of the two polarisations."""
        return 4 * np.pi / (3 * self.omega) * self.residue * strength(self.s)

    def width_longitudinal(self, strength: Strength) -> Any:
        """Γ_L = 4π/(3ω) Z_L (ω²/s) R(s), in units of energy."""
        return 4 * np.pi / 3 * self.omega * self.residue * strength(self.s) / self.s


@dataclass(frozen=True)
class Loss:
    """An energy loss, or its dimensionless factor, by polarisation; both transverse ones together."""

    transverse: float
    longitudinal: float

    @property
    def total(self) -> float:
        return self.transverse + self.longitudinal


def transverse_shape(x: Any) -> Any:
    """F(x) = Π_T/ω_P² = 3/(2x²) [1 − (1 − x²) artanh(x)/x], from 1 at x = 0 to 3/2 at x = 1.

    >>> [round(float(transverse_shape(x)), 6) for x in (0.0, 0.5, 1.0)]
    [1.0, 1.056245, 1.5]
    """
    x = np.asarray(x, dtype=float)
    series = np.polynomial.polynomial.polyval(np.minimum(x, 0.4) ** 2, _TRANSVERSE)
    large = np.clip(x, 0.4, np.nextafter(1.0, 0.0))
    closed = 1.5 / large**2 * (1 - (1 - large**2) * np.arctanh(large) / large)
    return np.where(x < 0.4, series, closed)


def longitudinal_shape(x: Any) -> Any:
    """G(x) = ω_L²/ω_P² = 3/x² [artanh(x)/x − 1], from 1 at x = 0 to infinity at x = 1.

    >>> [round(float(longitudinal_shape(x)), 6) for x in (0.0, 0.5)]
    [1.0, 1.183347]
    """
    x = np.asarray(x, dtype=float)
    with np.errstate(divide="ignore"):
        return _longitudinal_shape_at(np.arctanh(x))


def _longitudinal_shape_at(y: Any) -> Any:
    """The same as a function of y = artanh(x), which keeps its digits for x next to 1."""
    x = np.tanh(y)
    series = np.polynomial.polynomial.polyval(np.minimum(x, 0.4) ** 2, _LONGITUDINAL)
    large = np.maximum(x, 0.4)
    return np.where(x < 0.4, series, 3 / large**2 * (np.maximum(y, 0.4) / large - 1))


def _rapidity_slope(y: Any) -> Any:
    """d(y/tanh y)/dy = coth y − y/sinh² y."""
    large = np.clip(y, 0.1, 300.0)
    series = 2 * y / 3 - 4 * y**3 / 45 + 4 * y**5 / 315
    return np.where(y < 0.1, series, 1 / np.tanh(large) - large / np.sinh(large) ** 2)


# -- couplings ---------------------------------------------------------------------------------------------------------

# Both helicities of particle and antiparticle, or one of each as for a massless neutrino: half as many pairs.
STATES = {"dirac": 1.0, "weyl": 0.5}


def charge(s: Any, eps: float, alpha: float, *, mass: float = 0.0, states: str = "dirac") -> Any:
    """Strength R(s) for particles of charge ε: ε²α (s/4π) √(1 − 4m²/s) (1 + 2m²/s), half of it for Weyl particles.

    A scalar of the same charge has a quarter of the massless Dirac value, which is not offered here.

    Raises:
        NuemError: negative mass, unknown states, or massive Weyl particles (a charge forbids a Majorana mass).

    >>> float(charge(4 * np.pi, 1.0, 0.5)), float(charge(4 * np.pi, 1.0, 0.5, states="weyl"))
    (0.5, 0.25)
    """
    _check(mass=mass)
    _check_alpha(alpha)
    if states not in STATES:
        raise NuemError(f"plasma: unknown states {states!r}; {allowed(STATES, states)}")
    if states == "weyl" and mass:
        raise NuemError("plasma: charged Weyl particles have no mass; take states='dirac' for mass above zero")
    return STATES[states] * eps**2 * alpha * np.asarray(s) / (4 * np.pi) * charge_threshold(s, mass)


def dipole(s: Any, mu: float, *, mass: float = 0.0) -> Any:
    """Strength R(s) for a magnetic moment: (μ²/2) (s/4π)² √(1 − 4m²/s) (1 + 8m²/s).

    μ belongs to the interaction (μ/2) ψ̄ σ_{αβ} ψ F^{αβ} of a Dirac particle, in units of inverse energy; with
    several flavours μ² is the sum of all squared moments, over ordered pairs of flavours.

    >>> round(float(dipole(4 * np.pi, 2.0)), 12)
    2.0
    """
    _check(mass=mass)
    return mu**2 / 2 * (np.asarray(s) / (4 * np.pi)) ** 2 * dipole_threshold(s, mass)


def weak(s: Any, vector_coupling_squared: float, fermi_constant: float, alpha: float) -> Any:
    """Strength R(s) for massless left-handed neutrinos of the Standard Model: C_V² G_F²/α (s/4π)³.

    C_V² is the sum over flavours of the squared vector couplings to electrons. The axial current adds less than a
    per cent (Braaten & Segel 1993) and is left out.
    """
    _check_alpha(alpha)
    return vector_coupling_squared * fermi_constant**2 / alpha * (np.asarray(s) / (4 * np.pi)) ** 3


def charge_threshold(s: Any, mass: float) -> Any:
    """√(1 − 4m²/s) (1 + 2m²/s), zero below threshold; the phase space of a charged Dirac pair over a massless one."""
    return _threshold(s, mass, 2)


def dipole_threshold(s: Any, mass: float) -> Any:
    """√(1 − 4m²/s) (1 + 8m²/s), zero below threshold; the same for a pair with a magnetic moment."""
    return _threshold(s, mass, 8)


def _threshold(s: Any, mass: float, slope: int) -> Any:
    s = np.asarray(s, dtype=float)
    ratio = mass**2 / np.where(s > 0, s, 1.0)
    open_ = (s > 0) & (4 * ratio < 1) if mass else np.ones_like(s, dtype=bool)
    return np.where(open_, np.sqrt(np.maximum(1 - 4 * ratio, 0)) * (1 + slope * ratio), 0.0)


# -- scattering --------------------------------------------------------------------------------------------------------


def transport_cross_section(energy: Any, screening: Any, charges: float, alpha: float, electrons: Any = 0.0) -> Any:
    """σ_T/ε² of a fast particle of charge ε on heavy ions of charge Z that are screened, in 1/energy².

    σ_T = ∫dΩ (1 − cos θ) dσ/dΩ · q⁴/[(q² + k_e²)(q² + k_e² + k_S²)] = 2πε²Z²α²/E² [bH(b) − aH(a)]/(b − a),
    H(z) = (2 + z)/2 ln((2 + z)/z) − 1, a = k_e²/2E², b = a + k_S²/2E².

    dσ/dΩ is the Mott cross section of a massless Dirac particle on a fixed charge, in first Born approximation. Each
    ion's charge is screened by the electrons, and the ions keep away from each other. Without the electrons this is
    H(k_S²/2E²) (Davidson, Hannestad & Raffelt 2000, section on SN 1987A, where Z = 1; its chapter derives it).

    Args:
        energy: E of the particle, well above its mass and well below that of an ion.
        screening: the ions' wave number k_S, for classical ions √(4παZ²n/T).
        charges: Z of an ion.
        electrons: the electrons' wave number k_e, if they screen; `Plasma.screening`.

    Raises:
        NuemError: an argument isn't a finite positive number (`electrons` may be zero), or alpha isn't below 1.

    >>> narrow = transport_cross_section(1.0, 10.0, 1.0, 0.01)  # strong screening: 2πα²/(E²b)
    >>> round(float(narrow / (2 * np.pi * 0.01**2 / 50)), 2)
    0.99
    """
    _check_alpha(alpha)
    _check(electrons=electrons)
    _check_positive(energy=energy, screening=screening, charges=charges)
    energy = np.asarray(energy, dtype=float)
    a = (np.asarray(electrons) / energy) ** 2 / 2
    width = (np.asarray(screening) / energy) ** 2 / 2
    bracket = (_lost_direction(a + width) - _lost_direction(a)) / width
    return 2 * np.pi * (charges * alpha / energy) ** 2 * bracket


def _lost_direction(z: Any) -> Any:
    """zH(z) of `transport_cross_section`; it rises from zero to one."""
    z = np.asarray(z, dtype=float)
    w = 2 / np.maximum(z, 1e-300)
    series = np.polynomial.polynomial.polyval(np.minimum(w, 0.01), 2 * np.array(_STRONG_SCREENING))
    closed = z * ((1 + z / 2) * np.log1p(w) - 1)
    return np.where(w < 0.01, series, closed)


@dataclass(frozen=True)
class Scattering:
    """Inverse mean free paths over ε² of a particle that loses its direction in a plasma, in units of energy.

    Attributes:
        ions: on the charges of the ions, which electrons and ions screen.
        charges: on the charge of the electrons, single ones and their longitudinal plasmons.
        currents: on the electrons' currents, through transverse photons.
    """

    ions: float
    charges: float
    currents: float

    @property
    def total(self) -> float:
        return self.ions + self.charges + self.currents


def scattering(plasma: Plasma, energy: float, ions: float, charges: float) -> Scattering:
    """How a fast particle of charge ε loses its direction on ions and electrons, 1/λ = ∫dΓ (1 − cos θ), over ε².

    In Coulomb gauge a particle that hands over momentum q and energy ω meets two kinds of fluctuations, of charge and
    of current. What they are follows from how the plasma responds (fluctuation and dissipation):

        1/λ = (2ε²α/π) ∫dω ∫dq q (E′/E) (1 − c) [1 + n(ω)] {(1 + c)/2q² Im(−1/ε_L) + M/2 Im 1/(q² − ω² + Π_T)},
        E′ = E − ω,  q² − ω² = 2EE′(1 − c),  M = 3 − c − (1 + c) ω²/q²,

    for a Dirac particle without mass, in first Born approximation. `Plasma.landau` gives ε_L = 1 + P_L/q² and Π_T. The
    Bose factor n holds the Pauli blocking of the electrons. Ions are heavy: they follow slow changes only and take no
    energy, and their part is `transport_cross_section` with k_e = `Plasma.screening`. If electrons, too, were slow, the
    two parts of the charges would add up to what one species with k² = k_e² + k_S² does: what the electrons take from
    the ions by screening they return by scattering.

    Args:
        plasma: the electrons, and the temperature of the ions.
        energy: E of the particle, well above its mass and well below that of an ion.
        ions: number density of the ions.
        charges: Z of an ion.

    Raises:
        NuemError: temperature zero, or an energy, a density or a charge that isn't a finite positive number.
    """
    temperature, alpha = plasma.temperature, plasma.alpha
    if temperature == 0:
        raise NuemError("plasma: temperature = 0 is not allowed here; nothing fluctuates")
    _check_positive(energy=energy, ions=ions, charges=charges)
    repelled = math.sqrt(4 * math.pi * alpha * charges**2 * ions / temperature)
    section = transport_cross_section(energy, repelled, charges, alpha, plasma.screening)
    u, weight = _phase_velocities(plasma.velocity)
    longitudinal, transverse = plasma.landau(u)
    # only sizes enter, so that a loss and a gain of energy, u and −u, share the response
    u, weight, longitudinal, transverse = (
        np.concatenate(both) for both in ((-u, u), [weight] * 2, [longitudinal] * 2, [transverse] * 2)
    )

    def lost_direction(inverse: Any, current: bool) -> float:
        # ∫du ∫dy over y = q², where 1/|y + inverse|² may be a narrow resonance, a plasmon: y + Re = |Im| tan(angle)
        real, width = inverse.real[:, None], np.maximum(np.abs(inverse.imag), 1e-12 * np.abs(inverse))[:, None]
        top = (2 * energy / (1 + u[:, None])) ** 2
        angle, measure = _legendre(80)
        start, end = np.arctan(real / width), np.arctan((top + real) / width)
        y = np.clip(width * np.tan(start + (end - start) * (angle + 1) / 2) - real, 1e-12 * top, (1 - 1e-12) * top)
        omega = u[:, None] * np.sqrt(y)
        after = energy - omega
        lost = (y - omega**2) / (2 * energy * after)
        vertex = (2 + lost - (2 - lost) * u[:, None] ** 2) / (2 - 2 * u[:, None] ** 2) if current else 1 - lost / 2
        emitted = np.sign(u)[:, None] / -np.expm1(-np.maximum(omega / temperature, -_EXPONENT_REACH))
        integrand = np.sqrt(y) / 2 * after / energy * lost * vertex * emitted
        return float(2 * alpha / math.pi * (weight @ ((end - start) / 2 * integrand) @ measure))

    return Scattering(
        ions=float(ions * section),
        charges=lost_direction(longitudinal, current=False),
        currents=lost_direction(transverse / (1 - u**2), current=True),
    )


def _phase_velocities(velocity: float) -> tuple[Any, Any]:
    """Nodes u = ω/q in (0, 1) and weights, dense where electrons of the given typical velocity absorb."""
    ends = [x * velocity for x in (0, 0.1, 0.4, 0.7, 0.9, 1)] + [velocity + x * (1 - velocity) for x in (0.1, 0.4, 1)]
    ends = np.unique(ends)
    x, weights = _legendre(40)
    halves = np.diff(ends)[:, None] / 2
    return (ends[:-1, None] + halves * (x + 1)).ravel(), (halves * weights).ravel()


# -- electrons ---------------------------------------------------------------------------------------------------------


def fermi_momentum(density: float) -> float:
    """p_F = (3π²n)^{1/3} of electrons, two states per momentum.

    >>> round(fermi_momentum(1 / (3 * np.pi**2)), 12)
    1.0
    """
    _check(density=density)
    return (3 * math.pi**2 * density) ** (1 / 3)


def chemical_potential(density: float, temperature: float, electron_mass: float) -> float:
    """μ (rest mass included) of electrons whose number, less that of the positrons, has the given density.

    >>> round(chemical_potential(0.0, 1.0, 0.5), 12)
    0.0
    """
    _check(density=density, temperature=temperature, electron_mass=electron_mass)
    top = math.hypot(fermi_momentum(density), electron_mass)  # reached at temperature zero
    if density == 0:
        return 0.0
    if temperature == 0:
        return top
    excess = lambda mu: net_density(mu, temperature, electron_mass) / density - 1  # noqa: E731
    top *= 1 + 1e-9
    if excess(top) <= 0:  # colder than double precision can tell from zero
        return top
    return float(brentq(excess, 0.0, top, xtol=1e-15 * top, rtol=1e-14, maxiter=300))


def net_density(potential: float, temperature: float, electron_mass: float) -> float:
    """Electrons less positrons per volume, ∫dp p²/π² (f − f̄)."""
    p, weight, fermions, antifermions = _momenta(potential, temperature, electron_mass)
    return float(np.sum(weight * p**2 * (fermions - antifermions))) / math.pi**2


def _momenta(potential: float, temperature: float, mass: float, edge: Any = None) -> tuple[Any, Any, Any, Any]:
    """Nodes p, weights, and the occupations of electrons and positrons, dense where the Fermi surface is.

    With momenta at which the integrand has an edge, the nodes are dense there, too, and have the shape of `edge` and
    one axis more.
    """
    if temperature == 0:
        ends = [0.0, math.sqrt(max(potential**2 - mass**2, 0.0))]
    else:
        scale = max(potential, mass)
        energies = [potential - 40 * temperature, potential - 8 * temperature, potential, potential + 8 * temperature]
        energies += [scale + 4 * temperature, scale + _THERMAL_REACH * temperature]
        ends = sorted({0.0, *(math.sqrt(e**2 - mass**2) for e in energies if e > mass)})
    if edge is None:
        pieces = [_between(low, high) for low, high in itertools.pairwise(ends)]
        p = np.concatenate([nodes for nodes, _ in pieces])
        weight = np.concatenate([weights for _, weights in pieces])
    else:
        p, weight = _between_edges(ends, edge)
    if temperature == 0:
        return p, weight, np.ones_like(p), np.zeros_like(p)
    energy = np.hypot(p, mass)
    return p, weight, expit((potential - energy) / temperature), expit(-(potential + energy) / temperature)


def _between_edges(ends: list[float], edge: Any) -> tuple[Any, Any]:
    """Nodes and weights between these ends, where each element of `edge` is one more; dense on both sides of each."""
    edge = np.clip(edge, 1e-12 * ends[-1], ends[-1])[..., None]
    all_ends = np.sort(np.concatenate([np.broadcast_to(ends, (*edge.shape[:-1], len(ends))), edge], axis=-1), axis=-1)
    t, weight = _legendre(60)
    t, weight = (t + 1) / 2, weight / 2
    low, width = all_ends[..., :-1, None], np.diff(all_ends)[..., None]
    p, weights = low + width * t**2 * (3 - 2 * t), width * 6 * t * (1 - t) * weight
    return p.reshape(*edge.shape[:-1], -1), weights.reshape(*edge.shape[:-1], -1)


def _angles(energy: Any, p: Any, omega: float, k: float, recoil: float) -> tuple[Any, Any]:
    """½∫dc of N^{xx} and N^{00} over [(P·K)² − recoil²], for each momentum; c is the cosine between p and k."""
    invariant = omega**2 - k**2
    # Far from the poles in c a quadrature is exact; close to them the closed integral is, and it needs no small k.
    c, weight = _legendre(40)
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

    def integral(square: Any, first: Any, constant: Any) -> Any:
        total = square * (high - low) + first * linear + (constant + square * recoil**2) * inverse
        return total / (2 * p * k)

    across_near = integral(
        -1 - invariant / (2 * k**2),
        invariant * energy * omega / k**2,
        invariant / 2 * (p**2 - (energy * omega / k) ** 2),
    )
    along_near = integral(1.0, -2 * omega * energy, invariant * energy**2)
    smooth[0][near], smooth[1][near] = across_near, along_near
    return smooth


# -- edges -------------------------------------------------------------------------------------------------------------


def electron_density(mass_density: float, units: Units, electrons_per_nucleon: float = 0.5) -> float:
    """Electrons per volume in MeV³, from g/cm³: n = ρ Y_e/m_u, with ħc and m_u of the inputs behind `units`.

    Raises:
        NuemError: a negative density, or not between 0 and 1 electrons per nucleon.
    """
    _check(mass_density=mass_density)
    if not 0 <= electrons_per_nucleon <= 1:
        raise NuemError(f"plasma: electrons_per_nucleon = {electrons_per_nucleon:g} is not allowed; give 0 to 1")
    return mass_density * units.gram / units.cm**3 * electrons_per_nucleon / units.atomic_mass


def erg_per_volume_and_time(loss: Any, units: Units) -> Any:
    """An energy loss in erg cm⁻³ s⁻¹, from MeV⁵."""
    return loss / units.erg * units.cm**3 * units.second


# -- helpers -----------------------------------------------------------------------------------------------------------


_legendre = functools.cache(np.polynomial.legendre.leggauss)


def _between(low: float, high: float) -> tuple[Any, Any]:
    half = (high - low) / 2
    return low + half * (_NODES + 1), half * _WEIGHTS


def _from(start: float, end: float, nodes: int) -> tuple[Any, Any]:
    """Nodes dense at `start`, which takes a square root there; the measure has the sign of end − start."""
    t, weight = _legendre(nodes)
    t, weight = (t + 1) / 2, weight / 2
    return start + (end - start) * t**2, (end - start) * 2 * t * weight


def _above(mode: Mode, threshold: float) -> Mode:
    """The same modes with s not below the threshold: rounding must not close a decay, nor divide by zero."""
    return Mode(mode.k, mode.omega, np.maximum(mode.s, max(threshold, 1e-300)), mode.residue)


def _momentum(k: Any) -> Any:
    k = np.asarray(k, dtype=float)
    _check(k=k)
    return k


def _check_medium(density: float, temperature: float, electron_mass: float, alpha: float) -> None:
    _check(density=density, temperature=temperature, electron_mass=electron_mass)
    if electron_mass == 0:
        raise NuemError("plasma: electron_mass = 0 is not allowed here; use Plasma.relativistic")
    _check_alpha(alpha)


def _check_alpha(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise NuemError(f"plasma: alpha = {alpha:g} is not allowed; give a coupling between 0 and 1, ends excluded")


def _check(**parameters: Any) -> None:
    for name, value in parameters.items():
        values = np.asarray(value, dtype=float)
        if not np.all(np.isfinite(values)) or np.any(values < 0):
            raise NuemError(f"plasma: {name} = {value} is not allowed; give a finite number ≥ 0")


def _check_positive(**parameters: Any) -> None:
    _check(**parameters)
    for name, value in parameters.items():
        if not np.all(np.asarray(value) > 0):
            raise NuemError(f"plasma: {name} = {value} is not allowed; give a finite number above zero")
