"""Neutrinos of the Sun: the two branches that electron recoils of a few keV see, as spectra at the Earth.

The fusion of two protons, p + p → d + e⁺ + ν, has an allowed spectrum: with the energy E of the neutrino, and E_e and
p_e of the positron,

    dΦ/dE ∝ E² p_e E_e,   E + E_e = 2m_p − m_d,

without the Coulomb correction of the positron. Electron capture of beryllium-7 gives two lines. Both are what leaves
the Sun's core; which flavours arrive is another question (chapter on solar neutrinos in xenon).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nuem.errors import NuemError
from nuem.physics.recoil import Flux

_POINTS = 200


def protons(inputs: Any) -> Flux:
    """Neutrinos per cm², second and MeV from the fusion of two protons; `total` is `solar_pp_flux`.

    Args:
        inputs: of one vintage, such as `chapter.today`.

    Raises:
        NuemError: the masses leave no energy to the neutrino.

    >>> from types import SimpleNamespace
    >>> masses = {"proton_mass": 938.272, "solar_deuteron_mass": 1875.613, "electron_mass": 0.511}
    >>> spectrum = protons(SimpleNamespace(solar_pp_flux=6e10, **masses))
    >>> f"{spectrum.total:.3e}", round(spectrum.end, 2)
    ('6.000e+10', 0.42)
    """
    end = 2 * inputs.proton_mass - inputs.solar_deuteron_mass - inputs.electron_mass
    if not end > 0:
        raise NuemError(f"solar: the masses leave {end:g} MeV to the neutrino of two protons; change one back")
    energies = np.linspace(0, end, _POINTS + 2)[1:-1]
    positron = end - energies + inputs.electron_mass
    shape = Flux(energies, energies**2 * positron * np.sqrt(positron**2 - inputs.electron_mass**2))
    return Flux(energies, shape.density * (inputs.solar_pp_flux / shape.total))


def beryllium(inputs: Any) -> tuple[tuple[float, float], tuple[float, float]]:
    """The two lines of beryllium-7, each as neutrinos per cm² and second, and energy in MeV."""
    ground = inputs.solar_be7_ground_share
    return (
        (inputs.solar_be7_flux * ground, inputs.solar_be7_energy),
        (inputs.solar_be7_flux * (1 - ground), inputs.solar_be7_energy_excited),
    )
