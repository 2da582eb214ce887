"""Neutrinos on electrons with radiative corrections and photons, as sntools generates them for supernovae."""

from calls import answer
from scipy.integrate import quad
from sntools.interaction_channels import es

HBAR_C = 1.973269804e-11  # MeV cm


def electron(energy, above, flavour, antineutrino):
    """In cm², for recoils above a kinetic energy in MeV."""
    channel = es.Channel(("e" if flavour == "e" else "x") + ("b" if antineutrino else ""))
    highest = channel.bounds_eE(energy)[1] * (1 - 1e-9)  # its logarithms end there
    area = quad(lambda total: channel.dSigma_dE(energy, total), es.mE + above, highest, limit=200)[0]
    return area * HBAR_C**2


answer(electron)
