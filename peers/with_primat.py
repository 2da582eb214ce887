"""The standard universe and its helium, from the network of primat."""

from math import log

from calls import answer
from primat import PRIMAT


def effective_number():
    return PRIMAT({"verbose": False}).solve()["Neff"]


def helium_per_neutrino():
    more, less = (PRIMAT({"verbose": False, "DeltaNeff": extra}).solve()["YPBBN"] for extra in (0.1, -0.1))
    return (more - less) / 0.2


def deuterium_per_neutrino():
    more, less = (log(PRIMAT({"verbose": False, "DeltaNeff": extra}).solve()["DoH"]) for extra in (0.1, -0.1))
    return (more - less) / 0.2


answer(effective_number, helium_per_neutrino, deuterium_per_neutrino)
