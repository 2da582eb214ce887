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
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.integrate import cumulative_simpson, solve_ivp
from scipy.interpolate import CubicSpline
from scipy.special import expit

from nuem.errors import NuemError, allowed

STATES = 4  # of a Dirac particle: two spins, particle and antiparticle
START, END = 20.0, 0.02  # temperatures in units of m_e: well before neutrinos decouple, well after e⁺e⁻ are gone
LARGEST_STRENGTH = 1e6  # in equilibrium until e⁺e⁻ are nearly gone; beyond it the equations only get stiffer
HEAVIEST = 5.0  # in units of m_e; beyond it other species than e⁺e⁻ and the start at 10 MeV matter
_PHOTONS = math.pi**2 / 15
_NEUTRINOS = 3 * 7 / 8 * _PHOTONS  # all three at temperature one
ONE_NEUTRINO = _NEUTRINOS / 3
# What the statistics of Fermi leave of the heat that massless fermions exchange by annihilation and by scattering, with
# Boltzmann's as one and temperatures that hardly differ: 0.8841 and 0.8287 from the integrals, which the tests do, and
# rounded as in Escudero's public code (`nuDec_SM.py` of NUDEC_BSM, commit 54cb3fb).
_FERMI_ANNIHILATION, _FERMI_SCATTERING = 0.884, 0.829
_LATE = 7 / 8 * (4 / 11) ** (4 / 3)  # energy of one standard neutrino over that of photons, after e⁺e⁻


# -- the thermal plasma ------------------------------------------------------------------------------------------------

_legendre = functools.cache(np.polynomial.legendre.leggauss)


def _nodes(low: float, high: float, number: int) -> tuple[Any, Any]:
    t, weight = _legendre(number)
    return low + (high - low) * (t + 1) / 2, (high - low) * weight / 2


_T, _TW = _nodes(0.0, 1.0, 80)
_XI, _XIW = 45 * _T**2, 90 * _T * _TW  # p/T from 0 to 45, dense at small momenta


@dataclass(frozen=True)
class Gas:
    """A gas of fermions: energy density, pressure, number density, and what they gain with T and with η = μ/T."""

    energy: float
    pressure: float
    number: float
    energy_by_t: float
    energy_by_eta: float
    number_by_t: float
    number_by_eta: float


def fermions(temperature: float, mass: float, states: int, eta: float = 0.0) -> Gas:
    """Fermions f = 1/(e^{E/T − η} + 1) with `states` degrees of freedom.

    Raises:
        NuemError: a temperature that isn't positive, or a negative mass.

    >>> round(fermions(1.0, 0.0, 2).energy / (7 * math.pi**2 / 120), 9)
    1.0
    """
    _positive(temperature=temperature)
    _not_negative(mass=mass)
    x = mass / temperature
    energy = np.hypot(_XI, x)
    occupied = expit(eta - energy)
    measure = states / (2 * math.pi**2) * _XIW * _XI**2
    slope = measure * occupied * (1 - occupied)
    t3 = temperature**3
    return Gas(
        energy=t3 * temperature * float(measure @ (occupied * energy)),
        pressure=t3 * temperature * float(measure @ (occupied * _XI**2 / energy)) / 3,
        number=t3 * float(measure @ occupied),
        energy_by_t=t3 * float(slope @ energy**2),
        energy_by_eta=t3 * temperature * float(slope @ energy),
        number_by_t=temperature**2 * float(slope @ energy),
        number_by_eta=t3 * float(slope.sum()),
    )


def degeneracy(temperature: float, mass: float, number: float) -> float:
    """η = μ/T of charged particles with a given number density, by Newton's method in its logarithm.

    Raises:
        NuemError: no number above zero, or more particles than the momenta of this module hold.

    >>> round(degeneracy(2.0, 0.5, fermions(2.0, 0.5, STATES, -1.5).number), 12)
    -1.5
    """
    _positive(number=number)
    full = fermions(temperature, mass, STATES).number
    eta = math.log(number / full) if number < 0.1 * full else 0.0
    for _ in range(40):
        gas = fermions(temperature, mass, STATES, eta)
        if not gas.number_by_eta > 0:  # every momentum is full
            break
        step = (math.log(gas.number) - math.log(number)) * gas.number / gas.number_by_eta
        eta -= step
        if abs(step) < 1e-12 * max(1.0, abs(eta)):
            return eta
    raise NuemError(
        f"cosmology: no η = μ/T found for number = {number:g} at temperature = {temperature:g}; lower number"
    )


def entropy(temperature: float) -> float:
    """Entropy density of photons, electrons and positrons, (ρ + P)/T."""
    electrons = fermions(temperature, 1.0, 4)
    return 4 / 3 * _PHOTONS * temperature**3 + (electrons.energy + electrons.pressure) / temperature


def standard_scale(temperature: Any) -> Any:
    """aT if photons and electrons keep their entropy, one at `START`: it grows by about (11/4)^{1/3}."""
    values = [(entropy(START) / START**3 / (entropy(t) / t**3)) ** (1 / 3) for t in np.atleast_1d(temperature)]
    return np.array(values)


def neutrino_heating(plasma: float, neutrinos: float, weak: float, weak_mixing: float) -> float:
    """Energy that three neutrinos at one temperature gain from electrons per volume and time, times M/m_e⁶.

    As in Escudero (2020): dρ/dt = G_F²/π⁵ Σ_α [4(g_L² + g_R²)]_α F, F = 32 a (T⁹ − T_ν⁹) + 56 b T⁴T_ν⁴ (T − T_ν)
    with a and b from Fermi statistics; the electron mass is neglected in it. Times M = G^(−1/2).
    It gives N_eff = 3.039; published values without thermal QED are 3.034 to 3.035.
    """
    couplings = 3 + 24 * weak_mixing**2 - 4 * weak_mixing  # (1 + 4s + 8s²) + 2 (1 − 4s + 8s²)
    annihilation = 32 * _FERMI_ANNIHILATION * (plasma**9 - neutrinos**9)
    scattering = 56 * _FERMI_SCATTERING * (plasma * neutrinos) ** 4 * (plasma - neutrinos)
    return weak / math.pi**5 * couplings * (annihilation + scattering)


# -- rates -------------------------------------------------------------------------------------------------------------


def pair_production(temperature: float, mass: float = 0.0, *, statistics: str = "fermi") -> tuple[float, float]:
    """Pairs f f̄ and energy that e⁺e⁻ annihilation gives per volume and time, both over ε²α².

    Four spin states of e⁺e⁻, no blocking by f: ∫dn₊ dn₋ σv and ∫dn₊ dn₋ (E₊ + E₋) σv, where
    σv E₊E₋ = s β_e σ/2 and σ = 4πε²α²/(3s) (β/β_e)(1 + 2m_e²/s)(1 + 2m²/s). Three integrations: both energies, s.

    With E± = cosh(Y ± y) the pair has the energy 2 cosh Y cosh y, and s goes from 4 cosh² y to 4 cosh² Y. So the
    threshold s > 4m² is the line cosh Y = m, where the nodes begin, and for heavy particles the line cosh y = m, where
    the lower end of s leaves it.

    Raises:
        NuemError: a temperature that isn't positive, a negative mass, or unknown statistics.

    >>> pairs, energy = pair_production(1e3)
    >>> round(pairs / 1e12 * 216 / math.pi, 6)
    1.0
    """
    _positive(temperature=temperature)
    _not_negative(mass=mass)
    if statistics not in ("fermi", "boltzmann"):
        raise NuemError(f"cosmology: statistics = {statistics!r}; {allowed(('fermi', 'boltzmann'), statistics)}")
    threshold = max(mass, 1.0)
    t, weight = _nodes(0.0, 1.0, 60)
    half = threshold + 30 * temperature * t**2  # cosh Y
    half_weight = 60 * temperature * t * weight
    reach = np.arccosh(1 + 30 * temperature / half)  # cosh y, where e^{−E/T} has ended the integrand
    total = np.zeros(2)
    for start, end in ((0.0, math.acosh(threshold)), (math.acosh(threshold), math.inf)):
        low, high = (np.minimum(np.minimum(edge, reach), np.arccosh(half)) for edge in (start, end))
        y = low[:, None] + (high - low)[:, None] * t
        difference_weight = (high - low)[:, None] * weight
        total += _pairs(half[:, None], half_weight[:, None], y, difference_weight, temperature, mass, statistics)
    return float(total[0]), float(total[1])


def _pairs(half: Any, half_weight: Any, y: Any, weight: Any, temperature: float, mass: float, statistics: str) -> Any:
    """Pairs and energy of `pair_production` from one range of y > 0, doubled for its mirror image."""
    sinh = np.sqrt((half - 1) * (half + 1))
    along, across = half * np.cosh(y), sinh * np.sinh(y)  # half the sum and half the difference of the energies
    product = np.maximum(sinh**2 - np.sinh(y) ** 2, 0)  # p₊p₋ = sinh(Y + y) sinh(Y − y)
    if statistics == "boltzmann":
        occupied = np.exp(-2 * along / temperature)
    else:
        occupied = expit(-(along + across) / temperature) * expit(-(along - across) / temperature)
    lowest = 4 * np.maximum(np.cosh(y), max(mass, 1.0)) ** 2
    open_ = np.maximum(4 * half**2 - lowest, 0)
    u, uw = _nodes(0.0, 1.0, 16)
    s = lowest[..., None] + open_[..., None] * u**2
    beta = np.sqrt(np.maximum(1 - 4 * mass**2 / s, 0))
    inner = ((1 + 2 / s) * (1 + 2 * mass**2 / s) * beta) @ (2 * u * uw) * open_
    # d³p₊ d³p₋/(2π)⁶ = p₊²p₋² dp₊ dp₋ dc/(8π⁴), ds = −2p₊p₋ dc, s β_e σ/2 = (2π/3) ε²α² (…);
    # dp₊dp₋/(E₊E₋) = 2 dY dy = 2 dcosh Y dy/sinh Y, and twice that for both signs of y
    measure = 4 * half_weight * weight / sinh * product * occupied
    density = 4 / (8 * math.pi**4) * (2 * math.pi / 3) / 2 * inner * measure
    return np.array([density.sum(), (density * 2 * along).sum()])


class _Grid:
    """Comoving momenta y = pa, with a·START = 1 at the start."""

    def __init__(self, number: int):
        t, weight = _nodes(0.0, 1.0, number)
        self.y, self.weight = 30 * t**2, 60 * t * weight


_SHRINK = np.array([0.80, 0.92, 1.02])  # temperature over the standard one at the same a, nodes of the table


@functools.lru_cache(maxsize=16)
def _table(number: int, mass: float, times: int = 34) -> tuple[Any, Any, Any]:
    """Splines in ln a of κ/(p₁p₂) at `_SHRINK` temperatures and of the standard ln T; the last ln a with production."""
    standard = np.geomspace(START, END, 60)
    log_a = np.log(standard_scale(standard) / standard)
    temperature_of = CubicSpline(log_a, np.log(standard))
    last = float(np.interp(-math.log(0.05), -np.log(standard), log_a))  # e^(−2m_e/T) ends all production
    nodes = np.linspace(log_a[0], last, times)
    values = np.empty((times, len(_SHRINK), number, number))
    y = _Grid(number).y
    for i, position in enumerate(nodes):
        hot = math.exp(float(temperature_of(position)))
        values[i] = backward_kernel(y * math.exp(-position), _SHRINK * hot, mass)
    return CubicSpline(nodes, values), temperature_of, last


def backward_kernel(momentum: Any, temperatures: Any, mass: float, *, order: tuple[int, int] = (12, 8)) -> Any:
    """κ(p₁, p₂)/(p₁p₂) for each temperature; see the head of the module.

    Args:
        momentum: shape (n,).
        temperatures: shape (m,).
        order: numbers of nodes in s and in E₃.

    Returns:
        Array of shape (m, n, n), symmetric in the momenta; zero where e⁺e⁻ can't be produced.
    """
    rows, columns = np.triu_indices(len(momentum))
    p1, p2 = momentum[rows][:, None, None], momentum[columns][:, None, None]
    e1, e2 = np.hypot(p1, mass), np.hypot(p2, mass)
    energy = e1 + e2
    high = 2 * mass**2 + 2 * (e1 * e2 + p1 * p2)
    # s_min without the difference of large numbers
    low = 2 * mass**2 + 2 * (mass**2 * (p1**2 + p2**2 + mass**2) / (e1 * e2 + p1 * p2)) if mass else 0 * high
    low = np.maximum(low, 4.0)
    open_ = np.maximum(high - low, 0)
    u, uw = _nodes(0.0, 1.0, order[0])
    s = low + open_ * (u**2)[:, None]
    measure = open_ * (2 * u * uw)[:, None] / s**2
    k = np.sqrt(np.maximum(energy**2 - s, 1e-12 * energy**2))
    beta = np.sqrt(np.maximum(1 - 4 / s, 0))
    v, vw = _legendre(order[1])
    e3 = (energy + k * beta * v) / 2
    e4 = energy - e3
    along1 = (p1**2 - p2**2 + k**2) / (2 * k)  # components along p₁ + p₂
    along3 = (e3**2 - e4**2 + k**2) / (2 * k)
    a = e1 * e3 - along1 * along3
    b2 = np.maximum(p1**2 - along1**2, 0) * np.maximum(e3**2 - 1 - along3**2, 0)
    shape = a**2 + (s / 2 - a) ** 2 + b2 + (1 + mass**2) * s / 2
    shape = shape * measure * beta / 2 * vw  # dE₃/k = β/2 dv
    result = np.zeros((len(temperatures), len(momentum), len(momentum)))
    flat = (momentum[rows] * momentum[columns]) ** -1
    for i, hot in enumerate(temperatures):
        free = expit(e3 / hot) * expit(e4 / hot)
        value = np.einsum("nsv,nsv->n", shape, free) * flat
        result[i, rows, columns] = result[i, columns, rows] = value
    return result


# -- the Boltzmann equation --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class History:
    """What happened to the charged particles, at increasing scale factors.

    Attributes:
        scale_factor: a, with aT = 1 at the start.
        temperature: of photons and electrons.
        neutrino_energy, charged_energy: energy densities; all three neutrinos, all four states.
        charged_pressure, charged_number: pressure and number density of the charged particles.
        momentum: comoving momenta of the grid, or None for integrated equations.
        occupation: f on the grid at the end, or None.
        conservation: largest relative violation of d(ρa³) = −P d(a³), found from the solution afterwards.
    """

    scale_factor: Any
    temperature: Any
    neutrino_energy: Any
    charged_energy: Any
    charged_pressure: Any
    charged_number: Any
    momentum: Any
    occupation: Any
    conservation: float

    @property
    def over_neutrino(self) -> Any:
        """Energy of the charged particles in units of that of one neutrino, at each time."""
        return self.charged_energy / (self.neutrino_energy / 3)

    @property
    def effective_number(self) -> float:
        """N_eff at the end, all dark radiation over that of one standard neutrino at this temperature."""
        dark = self.neutrino_energy[-1] + self.charged_energy[-1]
        return float(dark / (_LATE * _PHOTONS * self.temperature[-1] ** 4))

    @property
    def temperature_ratio(self) -> float:
        """T_ν/T at the end."""
        return float((self.neutrino_energy[-1] / _NEUTRINOS) ** 0.25 / self.temperature[-1])


ELASTIC = ("none", "equilibrium")


def evolve(
    strength: float,
    *,
    mass: float = 0.0,
    elastic: str = "none",
    weak: float = 0.0,
    weak_mixing: float | None = None,
    grid: int = 28,
    tolerance: float = 1e-8,
    points: int = 241,
) -> History:
    """Solve the Boltzmann equation of the charged particles, momentum by momentum, with the whole background.

    Args:
        strength: ε²α² M/m_e.
        mass: of the charged particles, in units of m_e.
        elastic: "none", or "equilibrium" with the plasma's temperature at all times.
        weak: G_F² m_e³ M; with zero the neutrinos are free from the start on.
        weak_mixing: sin²θ_W, needed where `weak` isn't zero.
        grid: number of momenta.
        tolerance: relative, of the differential equations.

    At the start the particles hold what a plasma without masses has produced until then, from an empty beginning.

    Raises:
        NuemError: strength not in 0 to `LARGEST_STRENGTH`, mass not in 0 to `HEAVIEST`, a grid below 12 momenta, a
            tolerance outside 1e-12 to 1e-3, weak without sin²θ_W, or a solver that gives up.
    """
    _check_run(strength, mass, weak, weak_mixing, tolerance)
    if elastic not in ELASTIC:
        raise NuemError(f"cosmology: elastic = {elastic!r}; {allowed(ELASTIC, elastic)}")
    if grid < 12:
        raise NuemError(f"cosmology: grid = {grid} is too coarse; take 12 momenta or more")
    kernel, standard, last = _table(grid, float(mass))
    momenta = _Grid(grid)
    y, weight = momenta.y, momenta.weight
    first = -math.log(START)

    def collision(log_a: float, temperature: float, f: Any) -> Any:
        """C[f] × M/m_e."""
        if log_a > last:
            return np.zeros_like(f)
        a = math.exp(log_a)
        p = y / a
        energy = np.hypot(p, mass)
        shrink = temperature / math.exp(float(standard(log_a)))
        kappa = np.tensordot(_lagrange(_SHRINK, shrink), kernel(log_a), axes=1)
        thermal = np.exp(-energy / temperature)
        measure = weight / a * p**2 / energy
        gain = thermal * (1 - f) * (kappa @ (measure * thermal * (1 - f)))
        return strength / math.pi / energy * (gain - f * (kappa @ (measure * f)))

    density = STATES / (2 * math.pi**2) * weight * y**2  # of f, comoving

    def seed() -> Any:
        rate = collision(first, START, np.zeros_like(y)) / _hubble_massless(START)
        full = expit(-np.hypot(y * START, mass) / START)
        return full * -np.expm1(-rate / full)

    if elastic == "none":

        def charged(log_a: float, temperature: float, state: Any) -> tuple[float, float, float]:
            energy = np.hypot(y * math.exp(-log_a), mass)
            a3 = math.exp(-3 * log_a)
            p2 = (y * math.exp(-log_a)) ** 2
            return (
                a3 * float(density @ (energy * state)),
                a3 * float(density @ (p2 / energy * state)) / 3,
                a3 * float(density @ state),
            )

        def slopes(log_a: float, temperature: float, plasma: tuple[float, float], hubble: float, state: Any) -> Any:
            gain = collision(log_a, temperature, state)
            energy = np.hypot(y * math.exp(-log_a), mass)
            taken = math.exp(-3 * log_a) * float(density @ (energy * gain)) / hubble
            return -(plasma[0] + taken) / plasma[1], gain / hubble

        initial = seed()
    else:

        def charged(log_a: float, temperature: float, state: Any) -> tuple[float, float, float]:
            gas = fermions(temperature, mass, STATES, float(state[0]))
            return gas.energy, gas.pressure, gas.number

        def slopes(log_a: float, temperature: float, plasma: tuple[float, float], hubble: float, state: Any) -> Any:
            eta = float(state[0])
            gas = fermions(temperature, mass, STATES, eta)
            f = expit(eta - np.hypot(y * math.exp(-log_a), mass) / temperature)
            made = math.exp(-3 * log_a) * float(density @ collision(log_a, temperature, f)) / hubble
            # n_T T' + n_η η' = made − 3n;  (plasma + f): energy is kept
            matrix = [[gas.number_by_t, gas.number_by_eta], [plasma[1] + gas.energy_by_t, gas.energy_by_eta]]
            right = [made - 3 * gas.number, -plasma[0] - 3 * (gas.energy + gas.pressure)]
            (a11, a12), (a21, a22) = matrix
            below = a11 * a22 - a12 * a21
            hot = (right[0] * a22 - a12 * right[1]) / below
            return hot, np.array([(a11 * right[1] - right[0] * a21) / below])

        initial = np.array([degeneracy(START, mass, START**3 * float(density @ seed()))])

    history = _integrate(charged, slopes, initial, weak, weak_mixing, tolerance, points)
    occupation = history.occupation if elastic == "none" else None
    return History(**{**vars(history), "momentum": y if elastic == "none" else None, "occupation": occupation})


def evolve_energy(
    strength: float,
    production: Callable[[float], float] | None = None,
    *,
    weak: float = 0.0,
    weak_mixing: float | None = None,
    tolerance: float = 1e-8,
    points: int = 241,
) -> History:
    """The momentum-integrated equation for massless particles without elastic scattering.

    dρ/dt + 4Hρ = ε²α² Q(T) [1 − (ρ/ρ_eq)²]: exact while the particles are rare, and in equilibrium; in between the
    square stands for the shape of the spectrum.

    Args:
        production: Q(T) over ε²α²; by default that of `pair_production`.

    Raises:
        NuemError: as `evolve`.
    """
    _check_run(strength, 0.0, weak, weak_mixing, tolerance)
    table = _energy_table() if production is None else None
    q = production or (lambda t: math.exp(float(table(math.log(t)))))  # type: ignore[misc]

    def charged(log_a: float, temperature: float, state: Any) -> tuple[float, float, float]:
        energy = float(state[0]) * math.exp(-4 * log_a)
        return energy, energy / 3, math.nan

    def slopes(log_a: float, temperature: float, plasma: tuple[float, float], hubble: float, state: Any) -> Any:
        full = 2 * ONE_NEUTRINO * temperature**4
        rho = float(state[0]) * math.exp(-4 * log_a)
        taken = strength * q(temperature) * (1 - (rho / full) ** 2) / hubble
        return -(plasma[0] + taken) / plasma[1], np.array([taken * math.exp(4 * log_a)])

    produced = strength * q(START) / _hubble_massless(START) / START**4
    initial = np.array([2 * ONE_NEUTRINO * math.tanh(produced / (2 * ONE_NEUTRINO))])
    return _integrate(charged, slopes, initial, weak, weak_mixing, tolerance, points)


@functools.cache
def _energy_table() -> CubicSpline:
    temperatures = np.geomspace(START * 1.01, END * 0.9, 60)[::-1]
    return CubicSpline(np.log(temperatures), [math.log(pair_production(t)[1]) for t in temperatures])


def _hubble_massless(temperature: float) -> float:
    """H × M/m_e² of photons, electrons and neutrinos without masses."""
    return math.sqrt(8 * math.pi / 3 * (_PHOTONS + 2 * ONE_NEUTRINO + _NEUTRINOS)) * temperature**2


def _integrate(
    charged: Callable[..., tuple[float, float, float]],
    slopes: Callable[..., Any],
    initial: Any,
    weak: float,
    weak_mixing: float | None,
    tolerance: float,
    points: int,
) -> History:
    def background(log_a: float, state: Any) -> tuple[float, float, float, float, Gas]:
        temperature = math.exp(state[0] - log_a)
        neutrinos = _NEUTRINOS * math.exp(4 * (state[1] - log_a))
        electrons = fermions(temperature, 1.0, 4)
        photons = _PHOTONS * temperature**4
        return temperature, neutrinos, photons + electrons.energy, photons, electrons

    def derivative(log_a: float, state: Any) -> Any:
        temperature, neutrinos, energy, photons, electrons = background(log_a, state)
        rho = charged(log_a, temperature, state[2:])[0]
        hubble = math.sqrt(8 * math.pi / 3 * (energy + neutrinos + rho))
        heating = 0.0
        if weak:
            cold = (neutrinos / _NEUTRINOS) ** 0.25
            heating = neutrino_heating(temperature, cold, weak, weak_mixing) / hubble
        loss = 4 * photons + 3 * (electrons.energy + electrons.pressure) + heating
        capacity = 4 * photons / temperature + electrons.energy_by_t
        hot, rest = slopes(log_a, temperature, (loss, capacity), hubble, state[2:])
        return np.concatenate([[1 + hot / temperature, heating / (4 * neutrinos)], rest])

    first = -math.log(START)
    # (11/4)^{1/3} is the largest factor by which photons can outrun the expansion
    final = -math.log(END) + math.log(1.41)
    start = np.concatenate([[0.0, 0.0], initial])
    solution = solve_ivp(
        derivative,
        (first, final),
        start,
        method="LSODA",
        rtol=tolerance,
        atol=tolerance * np.concatenate([[1.0, 1.0], 1e-3 * np.abs(initial) + 1e-12]),
        t_eval=np.linspace(first, final, points),
    )
    if not solution.success or not np.all(np.isfinite(solution.y)):
        raise NuemError(f"cosmology: the solver gave up ({solution.message}); raise tolerance or lower strength")
    log_a, states = solution.t, solution.y.T
    rows = []
    for position, state in zip(log_a, states, strict=True):
        temperature, neutrinos, energy, photons, electrons = background(position, state)
        rho, pressure, number = charged(position, temperature, state[2:])
        total = energy + neutrinos + rho
        pushed = (photons + neutrinos) / 3 + electrons.pressure + pressure
        rows.append((temperature, neutrinos, rho, pressure, number, total, pushed))
    temperature, neutrinos, rho, pressure, number, total, pushed = np.array(rows).T
    # ρa³ falls by the work ∫P d(a³); weighted with a, so that early and late times count alike
    a = np.exp(log_a)
    kept = total * a**4 - cumulative_simpson((total - 3 * pushed) * a**4, x=log_a, initial=0)
    conservation = float(np.max(np.abs(kept / kept[0] - 1)))
    return History(a, temperature, neutrinos, rho, pressure, number, None, states[-1, 2:], conservation)


def _lagrange(nodes: Any, x: float) -> Any:
    """Weights of the parabola through three nodes; outside them the ends are kept."""
    x = min(max(x, nodes[0]), nodes[-1])
    a, b, c = nodes
    return np.array(
        [
            (x - b) * (x - c) / ((a - b) * (a - c)),
            (x - a) * (x - c) / ((b - a) * (b - c)),
            (x - a) * (x - b) / ((c - a) * (c - b)),
        ]
    )


# -- checks of input ---------------------------------------------------------------------------------------------------


def _check_run(strength: float, mass: float, weak: float, weak_mixing: float | None, tolerance: float) -> None:
    if not 0 < strength <= LARGEST_STRENGTH:
        raise NuemError(
            f"cosmology: strength = {strength:g} is not allowed; above 0 and up to {LARGEST_STRENGTH:g}; beyond "
            "it the solver turns stiff, and the particles are in full equilibrium: use entropy instead"
        )
    if not 0 <= mass <= HEAVIEST:
        raise NuemError(f"cosmology: mass = {mass:g} electron masses is outside this approximation; 0 to {HEAVIEST:g}")
    _not_negative(weak=weak)
    if weak and (weak_mixing is None or not 0 < weak_mixing < 1):
        raise NuemError(f"cosmology: weak_mixing = {weak_mixing} is not allowed; with weak, give sin²θ_W inside 0 to 1")
    if not 1e-12 <= tolerance <= 1e-3:
        raise NuemError(f"cosmology: tolerance = {tolerance:g} is not allowed; give 1e-12 to 1e-3")


def _positive(**parameters: float) -> None:
    for name, value in parameters.items():
        if not 0 < value < math.inf:
            raise NuemError(f"cosmology: {name} = {value} is not allowed; give a finite number above zero")


def _not_negative(**parameters: float) -> None:
    for name, value in parameters.items():
        if not 0 <= value < math.inf:
            raise NuemError(f"cosmology: {name} = {value} is not allowed; give a finite number, zero or more")
