"""What annihilation e⁺e⁻ → f f̄ makes: pairs and energy per volume and time, and the collision kernel."""

from __future__ import annotations

import functools
import math

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import expit

from nuem.physics import checks
from nuem.physics.arrays import Array
from nuem.physics.cosmology.gas import END, START, standard_scale
from nuem.physics.quadrature import between, dense_at, legendre


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
    checks.positive("cosmology", temperature=temperature)
    checks.not_negative("cosmology", mass=mass)
    checks.one_of("cosmology", ("fermi", "boltzmann"), statistics=statistics)
    threshold = max(mass, 1.0)
    t, weight = between(0.0, 1.0, 60)
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


def _pairs(
    half: Array, half_weight: Array, y: Array, weight: Array, temperature: float, mass: float, statistics: str
) -> Array:
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
    u, uw = between(0.0, 1.0, 16)
    s = lowest[..., None] + open_[..., None] * u**2
    beta = np.sqrt(np.maximum(1 - 4 * mass**2 / s, 0))
    inner = ((1 + 2 / s) * (1 + 2 * mass**2 / s) * beta) @ (2 * u * uw) * open_
    # d³p₊ d³p₋/(2π)⁶ = p₊²p₋² dp₊ dp₋ dc/(8π⁴), ds = −2p₊p₋ dc, s β_e σ/2 = (2π/3) ε²α² (…);
    # dp₊dp₋/(E₊E₋) = 2 dY dy = 2 dcosh Y dy/sinh Y, and twice that for both signs of y
    measure = 4 * half_weight * weight / sinh * product * occupied
    density = 4 / (8 * math.pi**4) * (2 * math.pi / 3) / 2 * inner * measure
    return np.array([density.sum(), (density * 2 * along).sum()])


def backward_kernel(momentum: Array, temperatures: Array, mass: float, *, order: tuple[int, int] = (12, 8)) -> Array:
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
    u, uw = between(0.0, 1.0, order[0])
    s = low + open_ * (u**2)[:, None]
    measure = open_ * (2 * u * uw)[:, None] / s**2
    k = np.sqrt(np.maximum(energy**2 - s, 1e-12 * energy**2))
    beta = np.sqrt(np.maximum(1 - 4 / s, 0))
    v, vw = legendre(order[1])
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


SHRINK = np.array([0.80, 0.92, 1.02])  # temperature over the standard one at the same a, nodes of the table


_TIMES = 34  # of the table, nodes in ln a


@functools.lru_cache(maxsize=16)
def kernel_table(number: int, mass: float) -> tuple[CubicSpline, CubicSpline, float]:
    """Splines in ln a of κ/(p₁p₂) at `SHRINK` temperatures and of the standard ln T; the last ln a with production.

    Args:
        number: of comoving momenta.
        mass: of the charged particles.
    """
    standard = np.geomspace(START, END, 60)
    log_a = np.log(standard_scale(standard) / standard)
    temperature_of = CubicSpline(log_a, np.log(standard))
    last = float(np.interp(-math.log(0.05), -np.log(standard), log_a))  # e^(−2m_e/T) ends all production
    nodes = np.linspace(log_a[0], last, _TIMES)
    values = np.empty((_TIMES, len(SHRINK), number, number))
    y, _ = dense_at(0.0, 30.0, number)
    for i, position in enumerate(nodes):
        hot = math.exp(float(temperature_of(position)))
        values[i] = backward_kernel(y * math.exp(-position), SHRINK * hot, mass)
    return CubicSpline(nodes, values), temperature_of, last


def between_temperatures(nodes: Array, x: float) -> Array:
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
