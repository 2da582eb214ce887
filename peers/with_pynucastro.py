"""What stellar codes lose by plasmons: the fits of Itoh and others in pynucastro."""

from calls import answer
from pynucastro import Composition, Nucleus
from pynucastro.neutrino_cooling import sneut5

CARBON = Composition([Nucleus("c12")])
CARBON.set_equal()


def plasma_loss(density, temperature, coupling):
    """In erg/(g s); the coupling is the one in its source."""
    return sneut5(density, temperature, comp=CARBON, full_output=True)[1].splas


answer(plasma_loss)
