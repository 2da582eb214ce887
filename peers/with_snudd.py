"""Solar neutrinos in xenon and argon at tree level: the cross sections of SNuDD."""

import numpy as np
from calls import answer
from snudd.models import SM
from snudd.targets import Nucleus

HBAR_C = 1.973269804e-14  # GeV cm
NUCLEI = {"Ar-40": (18, 40), "Xe-132": (54, 132)}


def in_cm2_per_mev(matrix, flavour):
    return np.ravel(np.diagonal(matrix[0]))[["e", "mu", "tau"].index(flavour)].real * HBAR_C**2 / 1e3


def electron_at_tree_level(energy, recoil_energy, flavour, mixing):
    """Energies in MeV; the mixing is the one in its source."""
    matrix = SM().electron_cross_section_flavour(np.array([recoil_energy / 1e3]), np.array([energy / 1e3]))
    return in_cm2_per_mev(matrix, flavour)


def nucleus_at_tree_level(isotope, energy, share, mixing):
    """At a share of the largest recoil, for neutrinos of `energy` in MeV."""
    nucleus = Nucleus(*NUCLEI[isotope])
    energy = energy / 1e3
    recoil = share * 2 * energy**2 / (nucleus.mass + 2 * energy)
    return in_cm2_per_mev(nucleus.cross_section_flavour(np.array([recoil]), np.array([energy])), "e")


answer(electron_at_tree_level, nucleus_at_tree_level)
