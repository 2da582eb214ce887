"""Spectra that somebody tabulated: neutrinos as a flux for `nuem.physics.recoil`, and counts to be fitted again."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nuem.errors import NuemError, allowed
from nuem.physics.recoil import Flux
from nuem.physics.response import Efficiency
from nuem.review import yamlfile

_DATA = Path(__file__).parents[1] / "data"
REACTOR_FILE = _DATA / "reactor-antineutrinos.yml"
COUNTS_FILES = {"xenonnt": _DATA / "xenonnt-electron-recoils.yml"}


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


@dataclass(frozen=True)
class Counts:
    """Counts in bins, as published.

    Attributes:
        edges: array, of the bins, in keV of reconstructed energy.
        events: counted in each bin.
        background: expected without anything new, per tonne, year and keV.
        efficiency: of a reconstructed energy in keV.
        source, where: key in the bibliography, and the place.
    """

    edges: Any
    events: Any
    background: Any
    efficiency: Efficiency
    source: str
    where: str


def counts(name: str) -> Counts:
    """A published spectrum of counts by its name; its file says where the numbers come from.

    Raises:
        NuemError: there is no such spectrum, or its tables don't fit together.

    >>> int(counts("xenonnt").events.sum())
    433
    """
    if name not in COUNTS_FILES:
        raise NuemError(f"spectra: unknown spectrum {name!r}; {allowed(COUNTS_FILES, name)}")
    data = yamlfile.read(COUNTS_FILES[name], COUNTS_FILES[name].name)
    events, background = (np.array(data[table], dtype=float) for table in ("events", "background"))
    if events.shape != background.shape or np.any(events < 0) or np.any(background < 0):
        raise NuemError(
            f"{COUNTS_FILES[name].name}: events and background are two tables of equal length, of numbers ≥ 0"
        )
    edges = data["first_edge"] + data["width"] * np.arange(events.size + 1.0)
    efficiency = Efficiency(*np.array(data["efficiency"]).T)
    return Counts(edges, events, background, efficiency, data["source"], data["where"])
