"""The answers of exercises once more, from the numbers of the question and with nothing of the package but the book.

Whoever solves an exercise with a pencil, a calculator and the constants of CODATA has to be told "right".
Answers that need a chapter's own calculation, such as a fit or a stellar model, aren't here.
"""

import math

import pytest
from conftest import ROOT
from nuem.press.book import Book
from scipy import constants, optimize
from scipy.special import ndtr, ndtri, zeta

BOOK = Book(ROOT, ROOT / "_build")

PI = math.pi
ALPHA = constants.fine_structure
ELECTRON, MUON = 0.51099895, 105.6583755  # MeV
TAU, W_BOSON = 1776.9, 80.37e3  # MeV
FERMI = 1.1663788e-11  # MeV^-2
HBAR_C = 197.3269804e-13  # MeV cm
HBAR = 6.582119569e-22  # MeV s
SINE = 0.2386  # squared, of the weak mixing angle at low energies
G_V = 0.5 + 2 * SINE
YEAR = 3.15576e7  # s
PLANCK_GEV = 1.22e19  # as the exercises round it
GEV_PER_ENTROPY = 2.75e8
Z3 = float(zeta(3))
NINETY, NINETY_FIVE = float(ndtri(0.9)), float(ndtri(0.95))


def root(function, low, high):
    return float(optimize.brentq(function, low, high))


def moment_of_a_heavy_lepton(a):
    """Over that of a massless one, by the closed form."""
    return (2 - 7 * a + 6 * a**2 - a**3 - 2 * a**2 * math.log(a)) / (2 * (1 - a) ** 3)


def mean_logarithm(mass, transfer, nodes=20_000):
    """Of m² + x(1−x)Q², with the weight 6x(1−x)."""
    places = [(i + 0.5) / nodes for i in range(nodes)]
    return sum(6 * x * (1 - x) * math.log(mass**2 + x * (1 - x) * transfer**2) for x in places) / nodes


def window(rise, low=2.8, high=55.0, steps=20_000):
    """The charge of a rising background: what the window learns of a moment over what it learns of a charge."""
    width = (high - low) / steps
    recoils = [low + (i + 0.5) * width for i in range(steps)]
    seen = [1 / (1 + (rise / t) ** 2) for t in recoils]
    moment = sum(s / t**2 for s, t in zip(seen, recoils, strict=True))
    charge = sum(s / t**4 for s, t in zip(seen, recoils, strict=True))
    return 2.9e-11 * math.sqrt(1e-3 * math.sqrt(moment / charge) / (2 * ELECTRON))


def at_lep(s=172.0**2, z=91.19**2, x=0.231, charge=2 / 3, mass=84.0):
    pole = s / (s - z)
    helicities = [1 + (x - 0.5) / (1 - x) * pole, 1 + x / (1 - x) * pole]
    velocity = math.sqrt(1 - 4 * mass**2 / s)
    photon = 4 * PI * (charge / 137) ** 2 / (3 * s) * (1 + 2 * mass**2 / s) * velocity
    return 3.894e8 * photon * sum(a**2 for a in helicities) / 2


def colder_core(hot=30.0, cold=15.0, mu=180.0):
    kept = mu**3 + PI**2 * hot**2 * mu
    new = root(lambda m: m**3 + PI**2 * cold**2 * m - kept, 1, 1e3)
    return math.sqrt((mu**2 + PI**2 * hot**2 / 3) / (new**2 + PI**2 * cold**2 / 3) * (hot / cold) ** 3)


def supernova_events():
    neutrinos = 3e53 / 6 / (13 * 1.602177e-6)
    protons = 2 * 2.14e9 / 18.015 * constants.N_A
    return protons * 9.5e-44 * (13 - 1.3) ** 2 * neutrinos / (4 * PI * (51.4 * 3.086e21) ** 2)


def age_at_one_mev():
    density = PI**2 / 30 * 10.75 * (1e6 * constants.e) ** 4 / (constants.hbar * constants.c) ** 3 / constants.c**2
    return 1 / (2 * math.sqrt(8 * PI * constants.G * density / 3))


def plasma_frequency(density):
    """In MeV, of slow electrons; the density is in cm^-3."""
    return math.sqrt(4 * PI * ALPHA * density * HBAR_C**3 / ELECTRON)


def heaviest_pair(density=1e6 * 3.01e23):
    momentum = (3 * PI**2 * density) ** (1 / 3) * HBAR_C
    return 1e3 * plasma_frequency(density) * math.sqrt(ELECTRON / math.hypot(momentum, ELECTRON)) / 2


def pairs_of_sulphur_and_iron(a_1=55.845, z_1=26, a_2=146.05, z_2=70):
    return (a_1 * z_2 + a_2 * z_1) / abs(a_1 * z_2 - a_2 * z_1)


def second_solution():
    strength = {name: z / (z * (1 - 4 * SINE) - n) for name, z, n in (("Ge", 32, 42), ("Ar", 18, 22))}
    return (1 - 2 * strength["Ar"] / strength["Ge"]) ** 2


def freeze_in_charge(colours=20 / 3, degrees=86.25):
    rate = 2 * ALPHA**2 / (3 * PI**3) * colours
    density = 2 * rate / (2 * PI**2 / 45 * degrees * math.sqrt(8 * PI**3 * degrees / 90)) * PLANCK_GEV
    return math.sqrt(0.12 / (GEV_PER_ENTROPY * density))


def heaviest_relic(x_f=25, degrees=106.75):
    squared = 2 * PI * 0.12 / GEV_PER_ENTROPY / math.sqrt(6 * x_f) * math.sqrt(PI * degrees / 45) * PLANCK_GEV
    return math.sqrt(squared) / 1e3


def mestel_age():
    ions = 0.6 * 1.99e33 / 12 * constants.N_A
    return 0.4 * 1.5 * ions * 1.380649e-16 * 1e7 / (2e-3 * 3.83e33) / YEAR


def sun_without_fire():
    heat = 0.75 * 6.674e-11 * 1.99e30**2 / 6.96e8
    return 3.83e26 * 1e6 * YEAR / heat


def positive_limit(measured, sigma, level):
    """The level of what is allowed, with a flat prior above zero."""
    return measured + sigma * float(ndtri(1 - (1 - level) * ndtr(measured / sigma)))


def counts_excluded(z):
    return root(lambda s: 2 * (s - 10 * math.log1p(s / 10)) - z**2, 0.1, 30)


def reactor_disguise():
    moment, common = 2.9e-11, math.sqrt(2) * FERMI * ELECTRON * G_V
    charge = -PI * ALPHA * moment**2 / (2 * common * ELECTRON)
    return {"charge": charge, "recoil": 1e3 * PI * ALPHA * -charge / common}


def weak_electrons():
    section = FERMI**2 * ELECTRON / (2 * PI) * (1 + 4 * SINE + 8 * SINE**2) * HBAR_C**2  # cm²/MeV
    return 2.7e13 * section * 32 * constants.N_A * 1e3 / 72.63 / 1e3 * 86400


def annihilation_over_flips():
    return ALPHA / 12 * (3 * Z3 / (2 * PI**2)) * (7 * PI**2 / 120) / (0.0139 * 7 * PI**2 / 240)


NUMBERS = {
    ("charge-dequantisation-hypercharge", ""): 4,
    ("charge-dequantisation-partial", ""): 1.1e-21 * 2.09 / 2 * math.hypot(1, 3 / 2.09 - 1),
    ("charge-dequantisation-blind", ""): 1 - 26 / 55.845 * 146.05 / 70,
    ("charge-dequantisation-families", ""): 9,
    ("charge-dequantisation-two-substances", ""): pairs_of_sulphur_and_iron(),
    ("vertex-foldy", ""): 9 * FERMI / (8 * math.sqrt(2) * PI**2) * HBAR_C**2,
    ("vertex-hidden", ""): 2,
    ("vertex-charged-pairs", ""): 1.3e-12,
    ("vertex-half-wavelength", ""): 2.9e-11 * 5.79e-5 / constants.c * 100,
    ("dipole-almost-unitary", ""): 0.01 / (0.5 * (1.78 / 80.4) ** 2),
    ("dipole-relic", ""): 2 * ELECTRON * math.sqrt(2 / (ALPHA * 0.05e-6**3 * 13.8e9 * YEAR / HBAR)),
    ("dipole-heavy-lepton", ""): 80.4 * math.sqrt(root(lambda a: moment_of_a_heavy_lepton(a) - 0.75, 1.5, 10)),
    ("dipole-phase", ""): 2 * PI * 4 / 7.5e-17 * HBAR_C / 1e5,
    ("radius-lepton-w", ""): 1 - (0.5 - 1 / 18) / (2 / 3 * math.log(80.4e3 / 0.511) + 0.5),
    ("radius-mass-states", ""): FERMI / (math.sqrt(2) * PI**2) * math.log(TAU / MUON) * HBAR_C**2,
    ("radius-closer", ""): (3 + 4 * math.log(W_BOSON) - 2 * mean_logarithm(ELECTRON, 30))
    / (3 + 4 * math.log(W_BOSON / ELECTRON)),
    ("radius-gaussian", ""): math.sqrt(2) * PI * ALPHA * -1.23e-5 / (3 * 1.166e-5),
    ("neutrality-gas", ""): 76 / 146,
    ("neutrality-random", ""): math.sqrt(250),
    ("neutrality-ball", ""): 55.845 * constants.atomic_mass / (2e-21 * 26),
    ("neutrality-reversals", ""): 5,
    ("neutrality-ninety", ""): 1e-21 * root(lambda q: ndtr((q - 0.2) / 2) - ndtr((-q - 0.2) / 2) - 0.9, 1, 9),
    ("muon-g-2-mass", ""): 5 + 2 * 206.77,
    ("muon-g-2-design", ""): ALPHA / (math.sqrt(3) * PI) * 2.1e-9,
    ("muon-g-2-positrons", ""): 2 / (2 * PI * 229e3 * 64.4e-6 * 0.4 * 1e-7) ** 2,
    ("nue-backward", ""): 2 * FERMI**2 * ELECTRON * 1e3 / PI * (0.27**2 + 0.23**2 / 3) * HBAR_C**2,
    ("rmm-disguise", "charge"): reactor_disguise()["charge"],
    ("rmm-disguise", "recoil"): reactor_disguise()["recoil"],
    ("rmm-disguise", "fraction"): (G_V**2 + 0.25) / (4 * G_V**2),
    ("rmm-source", ""): (1 + 4 * SINE) / (1 + 4 * SINE + 8 * SINE**2) * 2 * 2.8e-3 / 0.75,
    ("rmm-floor", "rate"): weak_electrons(),
    ("rmm-floor", "factor"): 2.5 / weak_electrons(),
    ("rmm-better", "mass"): 16,
    ("rmm-better", "distance"): 0.5,
    ("rmm-better", "threshold"): 1 / (16 / 2.8 - 15 / 55),
    ("rmm-sun", "ratio"): math.sqrt(0.45),
    ("rmc-power", "half"): math.sqrt(5),
    ("rmc-hide", ""): math.sqrt(2) * FERMI * ELECTRON * G_V * 2.8e-3 / (PI * ALPHA),
    ("rmc-toys", "toys"): 14400,
    ("rmc-toys", "time"): 7.2,
    ("rmc-rise", "rising"): window(20),
    ("rmc-rise", "constant"): window(0),
    ("rmc-pair", "moment"): math.sqrt(2 * math.sqrt(2) * FERMI * ELECTRON**2 * G_V * 2.2e-12 / (PI * ALPHA)),
    ("rmc-planted", "share"): ndtr(1.645),
    ("rmc-planted", "quantile"): NINETY,
    ("snx-taking", ""): 1e3 * PI * ALPHA * 4e-13 / (math.sqrt(2) * FERMI * ELECTRON * (0.545 - 0.5 + 2 * SINE)),
    ("snx-resonance", "potential"): math.sqrt(2) * 1.166e-23 * 6e25 * 1.973e-5**3,
    ("snx-resonance", "energy"): 1e-6 * 7.5e-5 * 0.382 / (2 * math.sqrt(2) * 1.166e-23 * 6e25 * 1.973e-5**3 * 0.978),
    ("snx-blind", ""): math.sqrt(0.34),
    ("cevns-no-interference", ""): 1 - 4 * SINE,
    ("cevns-which-nucleus", "mass"): 2 * 36 / (931.5 * 0.3e-3) / 3,
    ("cevns-which-nucleus", "share"): 4 / 9,
    ("cevns-two-nuclei", "rate"): second_solution(),
    ("cevns-two-nuclei", "precision"): (second_solution() - 1) / 2,
    ("cevns-planted", "change"): 0.0816,
    ("cevns-planted", "factor"): 0.5,
    ("argon-mean-energies", "electron"): 0.3,
    ("argon-mean-energies", "prompt"): 1 / (1 + 14 / 15 * (105.7 * 139.6 / (139.6**2 - 105.7**2)) ** 2),
    ("argon-second-charge", "charge"): math.sqrt(2) * FERMI * 10.6 * 37.2e3 * 25e-3 / (PI * ALPHA * 18),
    ("argon-second-charge", "half"): 9,
    ("argon-how-long", ""): root(lambda u: math.expm1(u) - 2 * u, 0.5, 3),
    ("argon-light", "recoil"): (math.sqrt(0.246**2 + 4 * 7.8e-3) - 0.246) / (2 * 7.8e-4),
    ("argon-light", "energy"): math.sqrt(37.2e3 / 2 * (math.sqrt(0.246**2 + 4 * 7.8e-3) - 0.246) / (2 * 0.78)),
    ("argon-planted", "middle"): 0.5 - math.sqrt(math.e) * ndtr(-1),
    ("bound-states-scalar", "light"): 2,
    ("bound-states-scalar", "heavy"): 2 * math.sqrt(2),
    ("bound-states-radius", "charge"): math.sqrt(0.06 * 3 * PI / (2 * ALPHA)) / 5.29e4,
    ("bound-states-lep", ""): at_lep(),
    ("bound-states-threshold", "bound"): 1e3
    * ELECTRON
    * math.sqrt(root(lambda x: (1 + x / 2) * math.sqrt(1 - x) - 0.25, 0, 1)),
    ("bound-states-threshold", "rate"): 1e3
    * ELECTRON
    * math.sqrt(root(lambda x: (1 + x / 2) * math.sqrt(1 - x) - 0.5, 0, 1)),
    ("bound-states-who", "muon"): (ALPHA * 0.1 * MUON / 1e3) ** 2 / (45 * PI**2),
    ("bound-states-who", "width"): 8 * 0.01 * 0.231**2 * 167,
    ("bound-states-planted", "factor"): 4 / 3,
    ("plasmon-charge-radius", "power of s"): 3,
    ("plasmon-charge-radius", "radius"): 3 * math.sqrt(2) * FERMI * G_V / (2 * PI * ALPHA) * HBAR_C**2,
    ("plasmon-heaviest", "fast electrons"): math.sqrt(3 / 8),
    ("plasmon-planted", ""): 3e-12 * 8.6e-3 / (2 * math.sqrt(2) * ELECTRON),
    ("gc-sun", ""): math.sqrt(0.193 / 10 * 0.5 * 0.7e8**3 / (0.72 * 1.57e7**3 / 4)),
    ("gc-three", "three neutrinos"): 1.7e-14 * math.sqrt(2 / 3),
    ("gc-three", "model of 1992"): 1.7e-14,
    ("gc-fire", "relative change of the temperature"): sun_without_fire(),
    ("gc-fire", "relative change of the radius"): -sun_without_fire(),
    ("gc-fire", "time that the heat lasts"): 1e6 / sun_without_fire(),
    ("gc-planted", ""): 1e3 * plasma_frequency(1.8e27) / 2,
    ("wd-virial", "integral for index five"): 3 * math.sqrt(3) * PI / 16,
    ("wd-counts", "number in front"): 0.4,
    ("wd-counts", "age"): mestel_age(),
    ("wd-counts", "factor"): 0.6,
    ("wd-planted", ""): 4.3e5 * (5 / 3) ** 3,
    ("sn-total-cross-section", "edge"): math.sqrt((3 * math.log(3) - 2) / (2 * math.log(2e6) - 3 * math.log(3))),
    ("sn-electrons", "value"): 0.5,
    ("sn-colder", ""): colder_core(),
    ("sn-planted", ""): supernova_events(),
    ("flip-plasmons", ""): Z3 / (6 * PI**2) * 13**4 * 30**2 / (36**2 * 9.8e6 * math.log1p(4 * 150**2 / 36**2)),
    ("flip-annihilation", "energy compared with flips"): annihilation_over_flips(),
    ("flip-room", "one neutrino"): (10.75 / 106.75) ** (4 / 3),
    ("flip-room", "degrees of freedom"): 10.75 * (3 / 0.107) ** 0.75,
    ("turning-shell", "smaller"): 60,
    ("turning-cylinder", "fraction"): 2 * PI * 12e3 / (constants.c * 0.3),
    ("turning-cylinder", "charge"): 8.8e-17 * constants.c * 0.3 / (2 * PI * 12e3),
    ("thermal-right-handed", "value for ten"): 1 / math.sqrt(1 + 10 ** (-2 / 3)),
    ("thermal-dispersion", "massless neutrinos"): 4e-15 / 1.68e-4 * math.sqrt(3 / (2 * PI * ALPHA)),
    ("thermal-dispersion", "slow neutrinos"): 4e-15 * math.sqrt(PI * 0.049 / (12 * Z3 * ALPHA * 1.68e-4**3)),
    ("thermal-planted", ""): math.sqrt(4 * PI * ALPHA / 6) * 3.2e-10 * 2.35e-4,
    ("bbn-mean-energy", "at birth"): 18 * Z3 / PI**2,
    ("bbn-mean-energy", "ratio"): 7 * PI**6 / (180 * 18 * Z3**2),
    ("bbn-charged-neutrino", "ratio"): (11 / 18) ** (1 / 3),
    ("bbn-charged-neutrino", "number of neutrinos"): 2 * (121 / 72) ** (4 / 3) + 2 * (11 / 4) ** (4 / 3),
    ("bbn-envelope", ""): Z3
    / (6 * PI)
    * ALPHA**2
    * 1.22e22
    / (ELECTRON / 2)
    / (7 * PI**2 / 120 * math.sqrt(8 * PI**3 / 90 * 10.75)),
    ("bbn-late", "all taken late"): 21 / 8 * (4 / 11) ** (4 / 3),
    ("bbn-late", "all taken early"): 21 / 22,
    ("bbn-planted", ""): age_at_one_mev(),
    ("relic-unitarity", ""): heaviest_relic(),
    ("relic-freeze-in", "factor"): 27 * PI**2 / 256,
    ("relic-freeze-in", "charge"): freeze_in_charge(),
    ("relic-planted", ""): GEV_PER_ENTROPY * 44 / 0.12 * math.sqrt(45 / (PI * 85)) / PLANCK_GEV,
    ("mcp-plasmon", ""): heaviest_pair(),
    ("mcp-share", ""): 0.4,
    ("mcp-planted", ""): math.sqrt(4.7e-4),
    ("bounds-level", ""): 6.4e-12 * math.sqrt(NINETY_FIVE / NINETY),
    ("bounds-standard", ""): (6.4e-12 / 1.6e-20) ** 4,
    ("bounds-more", ""): 6.4e-12 * (1.16 / 20) ** 0.25,
    ("listings-square", "two standard deviations below"): -float(ndtri(0.05 * ndtr(-2))) - 2,
    ("listings-levels", ""): 3e-11 * math.sqrt(NINETY_FIVE / NINETY),
    ("listings-planted", ""): 1.645 * 0.017 * 3 * 1.166e-5 * 137 * 3.894e-28 / (math.sqrt(2) * PI * 4.8e-33),
    ("cmp-order", "strong"): 1100 / 3.3,
    ("cmp-order", "weak"): 275,
    ("cmp-missed", "all"): 18,
    ("cmp-missed", "missed"): 3,
    ("cmp-planted", ""): 93,
    ("prs-fit", ""): 1 - math.sqrt(0.95),
    ("prs-term", "half"): 60 / (37.22e3 + 60),
    ("prs-term", "most"): 9 * 60 / (37.22e3 + 60),
    ("prs-limit", "plain"): counts_excluded(NINETY),
    ("prs-limit", "cls"): counts_excluded(NINETY_FIVE),
    ("prs-sigma", ""): 0.015 / math.sqrt(8),
    ("prs-planted", "total"): 2.8e-38 * 48.3e-3,
    ("prs-planted", "density"): 2.8e-41,
    ("exam-recoil", "charge"): 3e-11 * math.sqrt(3 / (2 * 511)),
    ("exam-recoil", "improvement"): math.sqrt(2),
    ("exam-plasmon", ""): 1.5e-12 * 18 / 511 / (2 * math.sqrt(2)),
    ("exam-limit", ""): 1e-9 * positive_limit(-1, 2, 0.9),
    ("exam-planted", ""): PI * 137.036 * 6e-10,
}

FORMULAS = {
    ("vertex-axial-charge", ""): lambda f, m, q2: -2 * m * f / q2,
    ("dipole-right-handed", ""): lambda eta, m_l, m_nu: 8 * eta * m_l / (3 * m_nu),
    ("radius-point", ""): lambda G_F, Lambda, m_l: math.sqrt(2) * G_F * math.log(Lambda / m_l) / (6 * PI**2),
    ("neutrality-mass", ""): lambda B, D, L, c, epsilon: (
        epsilon * c * B * L * math.sqrt(L * (4 - 3 * L / D) / (12 * D))
    ),
    ("muon-g-2-heavy-photon", ""): lambda M, alpha, m: alpha * m**2 / (3 * PI * M**2),
    ("nue-other-model", ""): lambda G_F, L, alpha, epsilon, x: math.sqrt(2) * alpha * G_F * (4 * x - 1) * epsilon * L,
    ("nue-moment", ""): lambda epsilon, m_e, mu: 2 * m_e * epsilon**2 / mu**2,
    ("nue-other-beam", ""): lambda G_F, alpha, epsilon: -3 / math.sqrt(8) * alpha * G_F * epsilon,
    ("rmc-power", "formula"): lambda T_th, p: T_th * math.sqrt((3 - p) / (1 - p)),
    ("cevns-spin-half", "term"): lambda E, T: T**2 / (2 * E**2),
    ("cevns-spin-half", "end"): lambda E, M: 2 * E**2 / (M + 2 * E) ** 2,
    ("bound-states-scalar", "ratio"): lambda v: v**2 / (2 * (3 - v**2)),
    ("bound-states-radius", "formula"): lambda a, alpha, epsilon: -2 * alpha * epsilon**2 * a**2 / (3 * PI),
    ("plasmon-scalar", ""): lambda alpha, epsilon, m, s: epsilon**2 * alpha * s / (16 * PI) * (1 - 4 * m**2 / s) ** 1.5,
    ("plasmon-heaviest", "slow electrons"): lambda v: (1 + v**2 / 10) / 2,
    ("plasmon-frozen", "ratio in cold matter"): lambda v: ((1 + v**2 / 5) / (3 * v**2 / 5)) ** 1.5 / 2,
    ("wd-virial", "coefficient"): lambda n: 3 / (5 - n),
    ("sn-total-cross-section", "ratio"): lambda delta: (2 * math.log(2 / delta) - math.log(27)) / (math.log(27) - 2),
    ("sn-electrons", "ratio"): lambda eta: 3 / eta,
    ("flip-annihilation", "cross section"): lambda alpha, mu: alpha * mu**2 / 12,
    ("flip-room", "formula"): lambda g, n: n * (10.75 / g) ** (4 / 3),
    ("flip-planted", ""): lambda S, alpha, k, mu: alpha * mu**2 * (math.log(S / k**2) - 1),
    ("turning-shell", "turn"): lambda B, M_s, N, q: N * q * B / (2 * M_s),
    ("turning-dipole", ""): lambda B, rho: B * rho / 2,
    ("turning-cylinder", "ratio"): lambda R, r: R / r,
    ("turning-planted", ""): lambda B, M, N, P: 16 * PI * M / (5 * N * B * P),
    ("thermal-right-handed", "factor"): lambda r: (1 + r ** (-2 / 3)) ** -0.5,
    ("thermal-missing-power", "conductivity"): lambda k, m_el: PI * m_el**2 / (4 * k),
    ("thermal-missing-power", "rate of decay"): lambda k, m_el: 4 * k**3 / (PI * m_el**2),
    ("thermal-effective", ""): lambda T, m: 3 * Z3 * T**2 / (2 * math.log(2) * m),
    ("relic-jump", "formula"): lambda epsilon_1: math.sqrt(epsilon_1),
    ("listings-square", "far below"): lambda cl, sigma, x: -(sigma**2) / x * math.log(1 - cl),
}


@pytest.fixture(scope="module")
def registered():
    """The answers that the executed chapters register, by label and part."""
    found = {}
    for chapter in BOOK.chapters():
        for cell in BOOK.executed_copy(chapter)["cells"]:
            for output in cell.get("outputs", []):
                view = output.get("data", {}).get("application/vnd.nuem.view+json", {})
                if view.get("kind") == "answer":
                    found[view["label"], view["part"]] = view
    return found


@pytest.mark.parametrize("which", NUMBERS, ids="/".join)
def test_a_pencil_finds_the_number(registered, which):
    view = registered[which]
    assert view["values"] == pytest.approx([NUMBERS[which]], rel=view["within"])


@pytest.mark.parametrize("which", FORMULAS, ids="/".join)
def test_a_pencil_finds_the_formula(registered, which):
    view = registered[which]
    by_hand = [FORMULAS[which](**dict(zip(view["symbols"], point, strict=True))) for point in view["points"]]
    assert view["values"] == pytest.approx(by_hand, rel=view["within"])
