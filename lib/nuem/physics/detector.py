"""A detector that counts recoiling electrons beside a source that is switched on and off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nuem.physics import checks
from nuem.physics.arrays import Array
from nuem.physics.units import HOUR, Units

GERMANIUM, XENON = 32, 54  # electrons of an atom
# Of xenon, the inner shells and their electrons; the others are bound by less than a keV.
XENON_SHELLS = {"k": 2, "l1": 2, "l2": 2, "l3": 4, "m1": 2, "m2": 2, "m3": 4, "m4": 4, "m5": 6}


@dataclass(frozen=True)
class Detector:
    """What is exposed to the source, and for how long.

    Attributes:
        flux: of neutrinos with the source on, per cm² and second.
        mass: in kg.
        background: counts per keV, kg and day at large recoils.
        threshold, upper: first and last recoil that is used, in keV.
        on, off: seconds with the source on and off.
        atoms_per_kg, electrons_per_atom: of the target.
    """

    flux: float
    mass: float
    background: float
    threshold: float
    upper: float
    on: float
    off: float
    atoms_per_kg: float
    electrons_per_atom: int

    def __post_init__(self) -> None:
        checks.positive("detector", **vars(self))

    @property
    def electrons_per_kg(self) -> float:
        """Electrons of a kilogram, bound or not."""
        return self.electrons_per_atom * self.atoms_per_kg


_NAMES = {1: ("gemma", "gemma"), 2: ("gemma2", "gemma2"), 3: ("gemma2", "gemma3")}  # of the set-up, of the threshold


def gemma(inputs: Any, phase: int = 1, *, threshold: float | None = None) -> Detector:
    """GEMMA's germanium beside a reactor: as it was (1), and with two plans for it (2 and 3).

    The plans name flux, mass, background and threshold; what they leave open is as it was.

    Args:
        inputs: of a chapter, of one vintage.
        threshold: in keV, instead of that of the phase.

    Raises:
        NuemError: another phase, or an input that isn't positive.
    """
    checks.one_of("detector", map(str, _NAMES), phase=str(phase))
    setup, threshold_of = _NAMES[phase]
    units = Units(inputs)
    return Detector(
        flux=getattr(inputs, f"{setup}_flux"),
        mass=getattr(inputs, f"{setup}_mass"),
        background=getattr(inputs, f"{setup}_background"),
        threshold=getattr(inputs, f"{threshold_of}_threshold") if threshold is None else threshold,
        upper=inputs.gemma_upper_edge,
        on=inputs.gemma_hours_on * HOUR,
        off=inputs.gemma_hours_off * HOUR,
        atoms_per_kg=units.kilogram / (inputs.germanium_atomic_weight * units.atomic_mass),
        electrons_per_atom=GERMANIUM,
    )


def xenon_edges(inputs: Any) -> list[float]:
    """Binding energies of xenon's inner shells in keV, in the order of `XENON_SHELLS`."""
    return [getattr(inputs, f"xenon_{shell}_edge") for shell in XENON_SHELLS]


def electrons_in_xenon(inputs: Any, deposits: ArrayLike) -> Array:
    """Electrons of a xenon atom that can take each deposit, in keV: those bound by no more than it, as if free.

    >>> from types import SimpleNamespace
    >>> edges = SimpleNamespace(**{f"xenon_{shell}_edge": 34.6 if shell == "k" else 1.0 for shell in XENON_SHELLS})
    >>> electrons_in_xenon(edges, [0.5, 10.0, 40.0])
    array([26, 52, 54])
    """
    deposits = np.asarray(deposits, dtype=float)
    bound = [count * (deposits < edge) for count, edge in zip(XENON_SHELLS.values(), xenon_edges(inputs), strict=True)]
    return XENON - np.sum(bound, axis=0)
