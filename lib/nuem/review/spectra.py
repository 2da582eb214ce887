"""Spectra of neutrinos that somebody tabulated: what the sources print, as a flux for `nuem.physics.recoil`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nuem.errors import NuemError, allowed
from nuem.physics.recoil import Flux
from nuem.review import yamlfile

REACTOR_FILE = Path(__file__).parents[1] / "data" / "reactor-antineutrinos.yml"


@functools.cache
def _reactor_data() -> Mapping[str, Any]:
    return yamlfile.read(REACTOR_FILE, REACTOR_FILE.name)


_END = 8.0  # MeV, where the fits end
_STEP = 0.025  # MeV; the polynomials are smooth, and linear pieces of this width are exact to a part in ten thousand


def reactor(fractions: Mapping[str, float] | None = None) -> Flux:
    """Electron antineutrinos of a power reactor in equilibrium, per fission: Huber–Mueller above 2 MeV, Kopeikin below.

    The fits above 2 MeV describe electrons measured after about a day of irradiation. A reactor runs for months, so
    long-lived fission products add up to 6 % at 2 MeV and nothing above 4 MeV; we add what Mueller and others give for
    450 days. Kopeikin's total below 2 MeV contains them. Without them the density would fall by 3.6 % at 2 MeV; what is
    left is a step of 0.2 %.

    This is a calculation, not a measurement. Detectors of inverse β decay count 5 to 6 % fewer antineutrinos than it
    predicts above their threshold, and see a bump near 6 MeV (`reactor_measured_ratio` in the inputs). Below
    1.8 MeV, where seven in ten are, nobody has measured. The table ends at 8 MeV: beyond are less than one in ten
    thousand of all antineutrinos, but half a per cent of the inverse β decays.

    Args:
        fractions: share of each isotope in the fissions; without it, a typical mixture. It acts above 2 MeV only.

    Raises:
        NuemError: an isotope is unknown, or the fractions don't add up to one.

    >>> flux = reactor()
    >>> flux.end, 6 < flux.total < 8
    (8.0, True)
    """
    data = _reactor_data()
    above, late = data["above_two_mev"], data["late_fission_products"]
    if fractions is None:
        fractions = {isotope: data["fission_fractions"][isotope] for isotope in above}
    for isotope in fractions:
        if isotope not in above:
            raise NuemError(f"reactor: unknown isotope {isotope!r}; {allowed(above, isotope)}")
    if min(fractions.values()) < 0 or abs(sum(fractions.values()) - 1) > 1e-6:
        raise NuemError("reactor: fractions is not allowed; give numbers ≥ 0 that add up to 1")
    low = np.array(data["below_two_mev"]["table"])
    energies = np.linspace(low[-1, 0], _END, round((_END - low[-1, 0]) / _STEP) + 1)[1:]
    density = sum(
        share
        * np.exp(np.polynomial.polynomial.polyval(energies, above[isotope]["coefficients"]))
        * (1 + np.interp(energies, late["energies"], late["percent"][isotope], right=0) / 100)
        for isotope, share in fractions.items()
    )
    return Flux(np.concatenate([low[:, 0], energies]), np.concatenate([low[:, 1], density]))
